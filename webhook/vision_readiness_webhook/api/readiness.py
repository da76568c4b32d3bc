"""The three questions of a release: is the data fit, what does the model do, may it be deployed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from vision_readiness.project import Task
from vision_readiness.readiness import BlockedBy, NextAction, ReadinessState
from vision_readiness.reasons import CHECKS
from vision_readiness.report import Report, report_from_dict
from vision_readiness.report_tables import (
    ClassFigures,
    Confusion,
    CoverageCell,
    FailureExample,
    Identity,
    Interval,
    LatencyFigures,
    SplitRow,
)
from vision_readiness.requirement import RequirementResult
from vision_readiness.spec import DeploymentSpec, Fallback, Monitoring
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.api.deciding import (
    EVERY_CLASS,
    basis_in_force,
    basis_of,
    report_at,
    thresholds_of,
)
from vision_readiness_webhook.api.names import Device, Label, Milliseconds, Number, Score, Slug, VersionId, version_id
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, log, not_found
from vision_readiness_webhook.api.shown import Blocker, Ticket, blockers, unmet
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.registry import Mode
from vision_readiness_webhook.store.reports import Kept, newest_report, report_of_version
from vision_readiness_webhook.store.runs import RunState, list_runs

OF_THE_DATA = ("DATA", "LABEL", "SPLIT", "INPUT")
_CHECKED = tuple(one.reason.code for one in CHECKS if one.reason.code.startswith(OF_THE_DATA))


class ScanAsked(Given):
    """Whose data to look at."""

    dataset: Slug = Field(description="the project that holds the data set")
    version: Number
    task: Task | None = Field(None, description="what the data set is for; refused if it is for something else")
    again: bool = Field(False, description="compute again even where a report on exactly this is kept")


class ScanAnswer(Shown):
    """What is known of the data of a version.

    ``quality_score`` is 100 × the checks of the data set that ran and found nothing, of all there are: one that could
    not look does not count as passed. It is 0 where one blocks.
    """

    subject: Identity
    report_id: str
    report_url: str
    task: str
    state: ReadinessState
    because: str
    quality_score: int
    checks: int
    checks_passed: int
    checks_skipped: int
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]
    slices: tuple[CoverageCell, ...] = Field(description="each class in each level of each condition")
    splits: tuple[SplitRow, ...]
    next_action: NextAction


class ModelAsked(Given):
    """Which training to explain, and at which scores."""

    train: VersionId
    eval_set: Literal["test"] = Field(
        "test", description="thresholds are chosen on valid, so that only test can say how good they are"
    )
    threshold: tuple[str, ...] = Field((), max_length=200, description="`CLASS:SCORE`, or `SCORE` for every class")


class WeakClass(Shown):
    """A class of which a requirement is not met."""

    figures: ClassFigures
    unmet: tuple[RequirementResult, ...]


class ModelAnswer(Shown):
    """What a model does, in the test images that count. ``risk_score`` is the risk that *ready* would be wrong.

    ``redecided`` says that the scores asked for are not those of the report: it was decided again with them.
    """

    subject: Identity
    report_id: str
    report_url: str
    is_newest: bool
    redecided: bool
    state: ReadinessState
    deployable: bool
    headline: str
    risk_score: float
    thresholds: Mapping[str, float]
    weak_classes: tuple[WeakClass, ...]
    examples: tuple[FailureExample, ...]
    confusion: Confusion | None
    blockers: tuple[Blocker, ...]


class DeployAsked(Given):
    """What to deploy, where, and how; what is not said stays as the specification in force has it."""

    model: VersionId
    artefact: str | None = Field(None, max_length=300, description="`model` of the report, to be sure it is that one")
    target: Device | None = Field(None, description="the device it will run on")
    latency_ms: Milliseconds | None = Field(None, description="budget of the 95th percentile, end to end")
    threshold: Score | None = Field(None, description="the score for every class")
    thresholds: Mapping[Label, Score] = Field({}, max_length=2000, description="the score for single classes")


class ExpectedRates(Shown):
    """What a class did on the test images: what monitoring holds against."""

    label: str
    threshold: float | None
    recall: Interval
    precision: Interval


class Guardrails(Shown):
    """What has to stay so while it runs."""

    thresholds: Mapping[str, float]
    target: Mapping[str, Any]
    fallback: Fallback | None
    rollback_triggers: tuple[str, ...]
    rollback_owner: str | None


class MonitorConfig(Shown):
    """What to watch, and what is expected there."""

    monitoring: Monitoring
    expected: tuple[ExpectedRates, ...]
    expected_runtime: LatencyFigures | None


class DeployAnswer(Shown):
    """Whether it may be deployed as asked, decided now from kept evidence. ``ready`` is the state *ready* alone.

    Where ``mode`` is *enforce*, what is not deployable is answered as the problem ``not-deployable`` instead.
    """

    mode: Mode
    subject: Identity
    evidence_report_id: str
    decision_id: str
    ready: bool
    deployable: bool
    state: ReadinessState
    blocked_by: BlockedBy | None
    headline: str
    next_action: NextAction
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]
    guardrails: Guardrails
    monitor: MonitorConfig


def scan(call: Call[Nothing, ScanAsked]) -> Answer:
    """What is known of the data, or the run that will tell."""
    asked = call.body
    if call.service.registry.workspace(call.workspace) is None:
        raise not_found("workspace")
    with call.service.database.read() as connection:
        kept = report_of_version(connection, call.workspace, asked.dataset, asked.version)
    if kept is None or asked.again:
        return _ticket(call, kept)
    report = report_from_dict(kept.plain())
    if asked.task is not None and asked.task != report.task:
        raise ProblemError(422, "other-task", f"The version is for {report.task}.", task=report.task)
    return Answer(_scanned(call, report))


def _ticket(call: Call[Nothing, ScanAsked], kept: Kept | None) -> Answer:
    if not call.actor.role.covers(Role.EDITOR):
        said = f"To have it computed takes the role {Role.EDITOR}; yours is {call.actor.role}."
        raise ProblemError(403, "role-too-small", said)
    again = None if kept is None else kept.row.run_id
    receipt = Actions(call.service, call.actor).scan(call.body.dataset, call.body.version, again=again)
    url = call.url(f"/runs/{receipt.run_id}")
    return Answer(Ticket(run=receipt.run_id, url=url, new=receipt.is_new), 202, {"location": url})


def _scanned(call: Call[Any, Any], report: Report) -> ScanAnswer:
    found = [one for one in report.findings if one.code.startswith(OF_THE_DATA)]
    waived = {one.finding.code for one in report.waived}
    tripped = ({one.code for one in found} | waived) & set(_CHECKED)
    skipped = {one.code for one in report.skipped} & set(_CHECKED) - tripped
    passed = len(_CHECKED) - len(tripped) - len(skipped)
    blocking = [one for one in found if one.severity == "P0"]
    stage = next(one for one in report.stages if one.stage == "dataset")
    return ScanAnswer(
        subject=report.subject,
        report_id=report.id,
        report_url=call.url(f"/reports/{report.id}"),
        task=report.task,
        state=stage.state,
        because=stage.because,
        quality_score=0 if blocking else 100 * passed // len(_CHECKED),
        checks=len(_CHECKED),
        checks_passed=passed,
        checks_skipped=len(skipped),
        blockers=blockers(call, blocking),
        warnings=blockers(call, [one for one in found if one.severity != "P0"]),
        slices=report.coverage,
        splits=report.splits,
        next_action=report.next_action,
    )


def explain_model(call: Call[ModelAsked, Nothing]) -> Answer:
    """What the model does, at its own scores or at those asked for."""
    project, version = version_id(call.query.train)
    thresholds = thresholds_of(call.query.threshold)
    with call.service.database.read() as connection:
        kept = report_at(connection, call.workspace, project, version)
        standing = newest_report(connection, call.workspace, project)
        basis = basis_of(connection, kept) if thresholds else None
    report = report_from_dict(kept.plain())
    log(call, "model.viewed", project, {"report": kept.row.report_id, "thresholds": thresholds})
    if basis is not None:
        report = basis.report(call, basis.changed(thresholds=thresholds), call.now)
    is_newest = standing is not None and standing.row.run_id == kept.row.run_id
    return Answer(_explained(call, report, kept, is_newest=is_newest))


def _explained(call: Call[Any, Any], report: Report, kept: Kept, *, is_newest: bool) -> ModelAnswer:
    weak = []
    for figures in report.classes:
        asked = [one for one in report.requirements if one.requirement.label == figures.label]
        not_met = tuple(one for one in asked if one.outcome != "pass")
        if not_met:
            weak.append(WeakClass(figures=figures, unmet=not_met))
    return ModelAnswer(
        subject=report.subject,
        report_id=kept.row.report_id,
        report_url=call.url(f"/reports/{kept.row.report_id}"),
        is_newest=is_newest,
        redecided=report.id != kept.row.report_id,
        state=report.readiness_state,
        deployable=report.deployable,
        headline=report.headline,
        risk_score=report.failure_probability,
        thresholds=report.thresholds,
        weak_classes=tuple(weak),
        examples=report.examples,
        confusion=report.confusion,
        blockers=(*unmet(call, report), *blockers(call, [one for one in report.findings if one.severity == "P0"])),
    )


def deploy(call: Call[Nothing, DeployAsked]) -> Answer:
    """Whether the model may be deployed as asked: the target and the scores are applied first, then it is decided."""
    asked = call.body
    project, version = version_id(asked.model)
    with call.service.database.read() as connection:
        kept = report_at(connection, call.workspace, project, version)
        standing = newest_report(connection, call.workspace, project)
        unfinished = [RunState.QUEUED, RunState.RUNNING]
        begun = list_runs(connection, call.workspace, project=project, states=unfinished, most=100)
        if standing is None or standing.row.run_id != kept.row.run_id or asked.artefact not in {None, kept.row.model}:
            raise _stale(call, standing or kept)
        busy = [one.run_id for one in begun if one.version is None or one.version >= version]
        if busy:
            run = busy[0]
            said = "Readiness of this project is being computed again; what is known may be stale."
            raise ProblemError(409, "being-recomputed", said, run=run, url=call.url(f"/runs/{run}"))
        basis = basis_in_force(connection, kept)
    thresholds = {**asked.thresholds, **({} if asked.threshold is None else {EVERY_CLASS: asked.threshold})}
    spec = basis.changed(thresholds=thresholds, target=asked.target, p95_ms=asked.latency_ms)
    report = basis.report(call, spec, call.now)
    decided = {"report": kept.row.report_id, "decision": report.id, "state": report.readiness_state}
    log(call, "deploy.asked", project, {**decided, "asked": asked.model_dump(mode="json", exclude_defaults=True)})
    answer = _decided(call, report, spec, kept)
    if answer.mode is Mode.ENFORCE and not report.deployable:
        plain = answer.model_dump(mode="json", by_alias=True)
        raise ProblemError(409, "not-deployable", f"{report.headline} {report.next_action.sentence}", decision=plain)
    return Answer(answer)


def _stale(call: Call[Any, Any], newest: Kept) -> ProblemError:
    row = newest.row
    said = "This is not the newest version and model that is known, so it is not decided about."
    url = call.url(f"/reports/{row.report_id}")
    return ProblemError(409, "stale-model", said, newest={"version": row.version, "model": row.model, "report": url})


def _decided(call: Call[Any, Any], report: Report, spec: DeploymentSpec, kept: Kept) -> DeployAnswer:
    severe = [one for one in report.findings if one.severity == "P0"]
    expected = tuple(
        ExpectedRates(label=one.label, threshold=one.threshold, recall=one.recall, precision=one.precision)
        for one in report.classes
    )
    guardrails = Guardrails(
        thresholds=report.thresholds,
        target=report.target,
        fallback=spec.fallback,
        rollback_triggers=spec.rollout.rollback_triggers if spec.rollout else (),
        rollback_owner=spec.rollback_owner,
    )
    workspace = call.service.registry.workspace(call.workspace)
    if workspace is None:
        raise not_found("workspace")
    return DeployAnswer(
        mode=workspace.mode,
        subject=report.subject,
        evidence_report_id=kept.row.report_id,
        decision_id=report.id,
        ready=report.readiness_state is ReadinessState.READY,
        deployable=report.deployable,
        state=report.readiness_state,
        blocked_by=report.blocked_by,
        headline=report.headline,
        next_action=report.next_action,
        blockers=(*unmet(call, report), *blockers(call, severe)),
        warnings=blockers(call, [one for one in report.findings if one.severity != "P0"]),
        guardrails=guardrails,
        monitor=MonitorConfig(monitoring=spec.monitoring, expected=expected, expected_runtime=report.expected_runtime),
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "POST",
        "/vision-readiness/scan",
        "scan",
        "Quality of the data of a version: score, blockers and slices, or the run that will tell.",
        Role.SUPPORT,
        {200: ScanAnswer, 202: Ticket},
        scan,
        Nothing,
        ScanAsked,
        ("not-found", "other-task"),
    ),
    Operation(
        "GET",
        "/vision-readiness/model",
        "explain_model",
        "What a model does: weak classes, examples and risk, at its scores or at others.",
        Role.SUPPORT,
        {200: ModelAnswer},
        explain_model,
        ModelAsked,
        Nothing,
        ("not-found", "no-evidence"),
        decides=True,
    ),
    Operation(
        "POST",
        "/vision-readiness/deploy",
        "deploy",
        "Whether a model may be deployed on a target, with guardrails and what to watch; decided now.",
        Role.SUPPORT,
        {200: DeployAnswer},
        deploy,
        Nothing,
        DeployAsked,
        ("not-found", "stale-model", "being-recomputed", "no-evidence", "not-deployable"),
        decides=True,
    ),
)
