"""TARGET5xx: latency, memory, cost and preprocessing parity on the device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import needs
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall
from vision_readiness.spec.operation import DeploymentTarget

check = Family(Stage.DEPLOYMENT).check


@dataclass(frozen=True, slots=True, eq=False)
class TargetCase:
    """What the checks of a deployment target look at; ``conflicts`` are about how an image becomes a tensor.

    ``artefact`` is the digest of the artefact that was judged, ``None`` where only its answers are known.
    """

    target: DeploymentTarget | None
    latency: LatencyFacts | None = None
    conflicts: tuple[str, ...] = ()
    artefact: str | None = "0" * 64


def _sound() -> TargetCase:
    latency = LatencyFacts("this-machine", "0" * 64, np.full(300, 0.01), {}, 10, 0)
    return TargetCase(DeploymentTarget(device="this-machine", p95_ms=100), latency)


def _with_latency(**changes: object) -> TargetCase:
    latency = LatencyFacts("this-machine", "0" * 64, np.full(300, 0.01), {}, 10, 0)
    return replace(_sound(), latency=replace(latency, **changes))  # type: ignore[arg-type]  # names are checked by replace


@check(
    "TARGET504",
    "unstable-latency",
    severity=Severity.P2,
    unit="calls",
    meaning="The time of a call drifted during the run, as on a machine that is busy or heats up.",
    fix="Measure again on the idle device, for longer.",
    sentence="The latency on {subject} did not settle over {of} calls.",
    owner=Owner.DEPLOYMENT,
    action=Action.MEASURE_ON_TARGET,
    needs=(needs.LATENCY,),
    trips=lambda: _with_latency(unstable=True),
    clean=_sound,
)
def unstable_latency(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    if case.latency and case.latency.unstable:
        yield Shortfall(subject=case.latency.device, of=len(case.latency.seconds))


@check(
    "TARGET505",
    "preprocessing-conflict",
    severity=Severity.P1,
    unit="settings",
    meaning="Two sources disagree on how an image becomes the model's input; one of them is silently wrong.",
    fix="Find out how training did it, and give that as a sidecar file or a flag.",
    sentence="{conflict:capital}.",
    owner=Owner.DEPLOYMENT,
    action=Action.ESCALATE,
    trips=lambda: replace(_sound(), conflicts=("the sidecar says letterbox, the version says stretch",)),
    clean=_sound,
)
def preprocessing_conflict(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    for conflict in case.conflicts:
        yield Shortfall(subject="preprocessing", numbers={"conflict": conflict.rstrip(".")})


@check(
    "TARGET506",
    "failed-calls",
    severity=Severity.P1,
    unit="calls",
    meaning="Calls failed while the latency was measured; they are not in its percentiles.",
    fix="Find out why the runtime fails under load before it does so in production.",
    sentence="{measured} of {of} calls failed.",
    owner=Owner.DEPLOYMENT,
    action=Action.ESCALATE,
    needs=(needs.LATENCY,),
    trips=lambda: _with_latency(failures=3),
    clean=_sound,
)
def failed_calls(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    if case.latency and case.latency.failures:
        calls = len(case.latency.seconds) + case.latency.failures
        yield Shortfall(subject=case.latency.device, measured=case.latency.failures, limit=0, of=calls)


@check(
    "TARGET507",
    "no-target",
    severity=Severity.P1,
    unit="targets",
    meaning="No target device is named, so it is not known whether the model is fast enough there.",
    fix="Write `deployment_target: {device: …, p95_ms: …}` into the spec.",
    sentence="The spec names no device to deploy to.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: TargetCase(None),
    clean=_sound,
)
def no_target(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    if case.target is None:
        yield Shortfall(subject="deployment_target")


@check(
    "TARGET508",
    "no-budget",
    severity=Severity.P1,
    unit="budgets",
    meaning="The target has no time budget, so a model of any speed would pass.",
    fix="Write the budget into the spec, such as `p95_ms: 100`: the camera's frame interval is a good start.",
    sentence="The spec gives no time budget for {subject}.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: TargetCase(DeploymentTarget(device="this-machine")),
    clean=_sound,
)
def no_budget(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    target = case.target
    if target and not (target.p50_ms or target.p95_ms or target.p99_ms or target.frames_per_second):
        yield Shortfall(subject=target.device)


@check(
    "TARGET509",
    "timed-artefact-unknown",
    severity=Severity.P1,
    unit="artefacts",
    meaning="The predictions came in a file, so the artefact that was timed may not be the one that gave them.",
    fix="Judge the artefact itself with `--model`, or make sure that both runs used the same file.",
    sentence="The predictions came in a file; the artefact that was timed is {timed}.",
    owner=Owner.DEPLOYMENT,
    action=Action.MEASURE_ON_TARGET,
    trips=lambda: replace(_sound(), artefact=None),
    clean=_sound,
)
def timed_artefact_unknown(case: TargetCase, policy: Policy) -> Iterator[Shortfall]:
    if case.latency and case.artefact is None:
        yield Shortfall(subject=case.latency.device, numbers={"timed": case.latency.artefact[:12]})


CHECKS = (unstable_latency, preprocessing_conflict, failed_calls, no_target, no_budget, timed_artefact_unknown)
