"""PROD6xx: what has to stand ready once the model runs."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.policy import Policy
from vision_readiness.reasons.reason import Owner, Severity, Shortfall, check
from vision_readiness.spec.model import DeploymentSpec, Fallback, Monitoring


def _sound() -> DeploymentSpec:
    return DeploymentSpec(
        monitoring=Monitoring(required=True, in_place="dashboard, operations on call"),
        fallback=Fallback(on_low_confidence="human_review", on_unknown_object="ignore"),
        rollback_owner="neha@acme.example",
    )


@check(
    "PROD601",
    "monitoring-not-in-place",
    severity=Severity.P1,
    unit="monitors",
    meaning="The spec requires monitoring and nothing watches the model yet.",
    fix="Set up monitoring of confidence, latency and errors, then write who watches it as `monitoring.in_place`.",
    owner=Owner.DEPLOYMENT,
    trips=lambda: _sound().model_copy(update={"monitoring": Monitoring(required=True)}),
    clean=_sound,
)
def monitoring_not_in_place(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.monitoring.required and spec.monitoring.in_place is None:
        yield Shortfall("monitoring", "Monitoring is required and not in place.")


@check(
    "PROD602",
    "no-rollback-owner",
    severity=Severity.P2,
    unit="people",
    meaning="Nobody is named who takes the model back when it goes wrong.",
    fix="Write the person's address as `rollback_owner` into the spec.",
    owner=Owner.PRODUCT,
    trips=DeploymentSpec,
    clean=_sound,
)
def no_rollback_owner(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.rollback_owner is None:
        yield Shortfall("rollback_owner", "Nobody is named who would take the model back.")


@check(
    "PROD603",
    "no-fallback",
    severity=Severity.P2,
    unit="rules",
    meaning="Nobody said what the system does when the model is unsure or meets something unknown.",
    fix="Write `fallback: {on_low_confidence: …, on_unknown_object: …}` into the spec.",
    owner=Owner.PRODUCT,
    trips=DeploymentSpec,
    clean=_sound,
)
def no_fallback(spec: DeploymentSpec, policy: Policy) -> Iterator[Shortfall]:
    if spec.fallback is None:
        yield Shortfall("fallback", "The spec does not say what happens when the model is unsure.")


CHECKS = (monitoring_not_in_place, no_rollback_owner, no_fallback)
