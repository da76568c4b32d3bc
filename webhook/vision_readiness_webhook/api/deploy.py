"""Whether a model may be deployed as asked: decided now, from kept evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from vision_readiness.readiness import BlockedBy, NextAction, ReadinessState
from vision_readiness.report import Report, deployable_on
from vision_readiness.report.tables import (
    Identity,
    Interval,
    LatencyFigures,
)
from vision_readiness.spec import DeploymentSpec, Fallback, Monitoring
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.deciding import (
    EVERY_CLASS,
    basis_in_force,
    report_at,
)
from vision_readiness_webhook.api.names import Device, Label, Milliseconds, Score, VersionId, version_id
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, log, not_found
from vision_readiness_webhook.api.shown import Blocker, blockers, findings
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.registry import Mode
from vision_readiness_webhook.store.reports import Kept, newest_report
from vision_readiness_webhook.store.runs import RunState, list_runs


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
    if answer.mode is Mode.ENFORCE and not answer.deployable:
        plain = answer.model_dump(mode="json", by_alias=True)
        raise ProblemError(409, "not-deployable", f"{report.headline} {report.next_action.sentence}", decision=plain)
    return Answer(answer)


def _stale(call: Call[Any, Any], newest: Kept) -> ProblemError:
    row = newest.row
    said = "This is not the newest version and model that is known, so it is not decided about."
    url = call.url(f"/reports/{row.report_id}")
    return ProblemError(409, "stale-model", said, newest={"version": row.version, "model": row.model, "report": url})


def _decided(call: Call[Any, Any], report: Report, spec: DeploymentSpec, kept: Kept) -> DeployAnswer:
    expected = tuple(
        ExpectedRates(label=one.label, threshold=one.threshold, recall=one.recall, precision=one.precision)
        for one in report.figures.classes
    )
    guardrails = Guardrails(
        thresholds=report.scores.thresholds,
        target=report.rollout.target,
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
        deployable=deployable_on(report, call.now.date()),
        state=report.readiness_state,
        blocked_by=report.blocked_by,
        headline=report.headline,
        next_action=report.next_action,
        blockers=blockers(call, report),
        warnings=findings(call, [one for one in report.findings if one.severity != "P0"]),
        guardrails=guardrails,
        monitor=MonitorConfig(monitoring=spec.monitoring, expected=expected, expected_runtime=report.expected_runtime),
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (
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
