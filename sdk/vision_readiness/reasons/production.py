"""PROD6xx: what has to stand ready once the model runs."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall
from vision_readiness.spec.model import DeploymentSpec
from vision_readiness.spec.operation import Fallback, Monitoring, Rollout

check = Family(Stage.DEPLOYMENT).check


def _sound() -> DeploymentSpec:
    return DeploymentSpec(
        monitoring=Monitoring(
            required=True,
            in_place="dashboard, operations on call",
            signals=("scores", "brightness", "p95 latency"),
            review="uncertain frames to the labelling team within two days",
            retrain="every quarter",
        ),
        fallback=Fallback(
            on_low_confidence="human_review", on_unknown_object="ignore", on_degradation="previous version"
        ),
        rollout=Rollout(strategy="shadow", rollback_triggers=("p95 over 150 ms for ten minutes",)),
        rollback_owner="neha@acme.example",
    )


@check(
    "PROD601",
    "monitoring-not-in-place",
    severity=Severity.P1,
    unit="monitors",
    meaning="The spec requires monitoring and nothing watches the model yet.",
    fix="Set up monitoring of confidence, latency and errors, then write who watches it as `monitoring.in_place`.",
    sentence="Monitoring is required and not in place.",
    owner=Owner.DEPLOYMENT,
    action=Action.ENABLE_MONITORING,
    trips=lambda: _sound().model_copy(update={"monitoring": Monitoring(required=True)}),
    clean=_sound,
)
def monitoring_not_in_place(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.monitoring.required and spec.monitoring.in_place is None:
        yield Shortfall(subject="monitoring")


@check(
    "PROD602",
    "no-rollback-owner",
    severity=Severity.P2,
    unit="people",
    meaning="Nobody is named who takes the model back when it goes wrong.",
    fix="Write the person's address as `rollback_owner` into the spec.",
    sentence="Nobody is named who would take the model back.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=DeploymentSpec,
    clean=_sound,
)
def no_rollback_owner(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.rollback_owner is None:
        yield Shortfall(subject="rollback_owner")


@check(
    "PROD603",
    "no-fallback",
    severity=Severity.P2,
    unit="rules",
    meaning="Nobody said what the system does when the model is unsure or meets something unknown.",
    fix="Write `fallback: {on_low_confidence: …, on_unknown_object: …}` into the spec.",
    sentence="The spec does not say what happens when the model is unsure.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=DeploymentSpec,
    clean=_sound,
)
def no_fallback(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.fallback is None:
        yield Shortfall(subject="fallback")


@check(
    "PROD604",
    "fallback-incomplete",
    severity=Severity.P2,
    unit="paragraphs",
    meaning="The fallback leaves out a failure mode: low confidence, unknown objects, or getting worse over time.",
    fix="Write what is missing into `fallback`: on_low_confidence, on_unknown_object, on_degradation.",
    sentence="The fallback does not say what happens {missing:list}.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: _sound().model_copy(update={"fallback": Fallback(on_low_confidence="human_review")}),
    clean=_sound,
)
def fallback_incomplete(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    missing = [key for key in Fallback.model_fields if spec.fallback and getattr(spec.fallback, key) is None]
    if missing:
        yield Shortfall(subject="fallback", numbers={"missing": tuple(key.replace("_", " ") for key in missing)})


@check(
    "PROD605",
    "no-rollout-plan",
    severity=Severity.P2,
    unit="paragraphs",
    meaning="Nobody wrote how a version reaches production step by step, or what takes it back.",
    fix="Write `rollout: {strategy: shadow, rollback_triggers: […]}` into the spec.",
    sentence={
        "strategy": "The spec does not say how a version is rolled out.",
        "triggers": "The spec does not say what would take a version back.",
    },
    owner=Owner.DEPLOYMENT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: _sound().model_copy(update={"rollout": None}),
    clean=_sound,
)
def no_rollout_plan(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    rollout = spec.rollout or Rollout()
    if rollout.strategy is None:
        yield Shortfall(subject="rollout", form="strategy")
    if not rollout.rollback_triggers:
        yield Shortfall(subject="rollout", form="triggers")


@check(
    "PROD606",
    "no-feedback-loop",
    severity=Severity.P2,
    unit="paragraphs",
    meaning="Nobody wrote what is watched, who labels what the model was unsure of, or when it is trained again.",
    fix="Write `monitoring: {signals: […], review: …, retrain: …}` into the spec.",
    sentence="The spec leaves out {missing:list} of monitoring.",
    owner=Owner.DEPLOYMENT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: _sound().model_copy(update={"monitoring": Monitoring(in_place="dashboard")}),
    clean=_sound,
)
def no_feedback_loop(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    missing = tuple(key for key in ("signals", "review", "retrain") if not getattr(spec.monitoring, key))
    if missing:
        yield Shortfall(subject="monitoring", numbers={"missing": missing})


CHECKS = (
    monitoring_not_in_place,
    no_rollback_owner,
    no_fallback,
    fallback_incomplete,
    no_rollout_plan,
    no_feedback_loop,
)
