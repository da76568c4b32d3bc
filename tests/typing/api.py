"""The public names as a user meets them; checked by mypy in `make types`, never run."""

from __future__ import annotations

from typing import assert_type

from vision_readiness import (
    Action,
    Advisor,
    Agreement,
    BlockedBy,
    CameraProfile,
    Change,
    ClassRule,
    ConditionRule,
    DataPolicy,
    DeploymentSpec,
    DeploymentTarget,
    Evidence,
    EvidenceError,
    Fallback,
    Given,
    ImageSet,
    InputError,
    Metric,
    ModelError,
    Monitoring,
    Move,
    NotDeployableError,
    Outcome,
    OutputContract,
    Parts,
    Policy,
    Published,
    PublishError,
    ReadinessError,
    ReadinessState,
    Reason,
    Report,
    RequirementRule,
    Rollout,
    RuntimeFailure,
    Season,
    SourceError,
    SpecError,
    TaskError,
    ThresholdRule,
    Waiver,
    assume_spec,
    explain,
    gather,
    moves,
    read_spec,
    read_waivers,
    report_from_dict,
    report_schema,
    what_if,
    write_spec,
)
from vision_readiness.advisor import decide
from vision_readiness.compare import compare
from vision_readiness.gathering import Openers
from vision_readiness.ports import Clock, Progress, Source
from vision_readiness.publish import planned, write_back
from vision_readiness.publish.interface import Publisher
from vision_readiness.testing import SilentProgress, StillClock
from vision_readiness_adapters.given_answers import open_predictions
from vision_readiness_adapters.latency_file import load_latency
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.spec_file import open_spec, open_waivers


def a_release(folder: str) -> str:
    """A release that stops when the report says no."""
    try:
        report = Advisor.connect(folder).readiness("acme/dock", 3, spec="dock.yaml", waivers="accepted.yaml")
    except (SpecError, InputError, SourceError) as error:
        assert_type(error, SpecError | InputError | SourceError)
        return str(error)
    assert_type(report, Report)
    assert_type(report.readiness_state, ReadinessState)
    assert_type(report.blocked_by, BlockedBy | None)
    assert_type(report.next_action.action, Action)
    assert_type([result.outcome for result in report.requirements], list[Outcome])
    assert_type(report.to_dict(), dict[str, object])
    try:
        return report.raise_if_not_deployable().to_json()
    except NotDeployableError as stop:
        assert_type(stop.report, Report)
        return stop.report.headline
    except ReadinessError as error:
        return str(error)


PALLET = ClassRule(critical=False, threshold=ThresholdRule(precision_at_least=0.95, most="recall"))


def a_spec() -> DeploymentSpec:
    """A specification with every part."""
    spec = DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes={"person": ClassRule(min_recall=0.95, threshold=0.4), "pallet": PALLET},
        requirements=(
            RequirementRule(metric=Metric.RECALL, at_least=0.9, label="person", where={"lighting": "night"}),
        ),
        conditions={"lighting": ConditionRule(levels={"day": 0.6, "night": 0.4})},
        deployment_target=DeploymentTarget(device="jetson", kind="edge", p95_ms=100, cameras=2),
        seasons={"winter": Season(months=("December",))},
        camera=CameraProfile(mount="dock gate"),
        data=DataPolicy(sources=("dock 1",), retention="90 days"),
        agreement=Agreement(measured=0.91, how="two annotators, 200 images"),
        golden_set=ImageSet(tags=("set:golden",)),
        output=OutputContract(boxes="xyxy"),
        monitoring=Monitoring(required=True, in_place="dashboard"),
        fallback=Fallback(on_low_confidence="human_review"),
        rollout=Rollout(strategy="canary"),
    )
    assert_type(read_spec(write_spec(spec)), DeploymentSpec)
    return spec


def a_decision(source: Source, kept: bytes, accepted: str) -> Report:
    """A report from parts, and again from evidence that was kept."""
    clock: Clock = StillClock()
    progress: Progress = SilentProgress()
    advisor = Advisor(source, clock, progress, policy=Policy(min_test_images=100))
    assert_type(advisor.gather(source.version()), Evidence)
    parts: Parts = advisor.parts
    given: Given = {"model": "model.onnx", "calls": 0}
    assert_type(gather(source.version(), given, parts), Evidence)
    evidence = Evidence.from_bytes(kept)
    waivers = read_waivers(accepted)
    assert_type(waivers, tuple[Waiver, ...])
    assert_type(advisor.decide(evidence, spec=a_spec(), waivers=waivers), Report)
    assert_type(explain("SPLIT302"), Reason)
    assert_type(report_schema(), dict[str, object])
    assert_type(what_if(evidence, a_spec(), as_of=clock.now(), p95_ms=50), tuple[Report, Report])
    return decide(evidence, a_spec(), as_of=clock.now(), history=("an earlier look",))


def mistakes(advisor: Advisor) -> None:
    """What a type checker has to refuse; a line that it takes is itself an error."""
    advisor.readiness("acme/dock", 3, modle="model.onnx")  # type: ignore[call-arg]  # refused, as it should be
    advisor.readiness("acme/dock", 3, calls="none")  # type: ignore[arg-type]  # refused, as it should be
    advisor.gather(advisor.source.version(), file_name_pattern="(?P<camera>.)")  # type: ignore[call-arg]  # refused, as it should be
    advisor.publish(advisor.readiness(), reprot_url="https://reports.example/1")  # type: ignore[call-arg]  # refused, as it should be
    gather(advisor.source.version(), {"modle": "model.onnx"}, advisor.parts)  # type: ignore[typeddict-unknown-key]  # refused, as it should be


OPENERS: Openers = {
    "spec": open_spec,
    "waivers": open_waivers,
    "latency": load_latency,
    "model": open_onnx,
    "predictions": open_predictions,
}


def a_comparison(now: bytes, before: bytes, written: str) -> list[str]:
    """What got worse between two models, and a report of an earlier day beside today's."""
    try:
        both = Evidence.from_bytes(now), Evidence.from_bytes(before)
        spec = assume_spec(both[0].dataset, "acme/dock")
        changes = compare(*both, spec)
    except EvidenceError as error:
        return [str(error)]
    except (ModelError, TaskError) as error:
        assert_type(error, ModelError | TaskError)
        return [str(error)]
    assert_type(changes, tuple[Change, ...])
    assert_type(moves(both[0], spec, {"person": 0.4}), tuple[Move, ...])
    assert_type(report_from_dict({"written": written}), Report)
    return [change.label for change in changes if change.verdict == "worse"]


def a_write_back(advisor: Advisor, report: Report, publisher: Publisher) -> str:
    """What would be written back, and what was."""
    plan = write_back(report.to_dict(), report_url="https://reports.example/1")
    assert_type(planned(plan), Published)
    assert_type(advisor.publish(report), Published)
    assert_type(advisor.publish(report, dry_run=False, publisher=publisher, parts=["event", "tags"]), Published)
    try:
        return str(publisher.publish(plan).raise_if_incomplete().steps[0].state)
    except (PublishError, RuntimeFailure) as error:
        return str(error)
