"""What is known of the data of a version, or the run that will tell."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from vision_readiness.project import Task
from vision_readiness.readiness import NextAction, ReadinessState, Stage
from vision_readiness.reasons import CHECKS, REASONS
from vision_readiness.report import Report
from vision_readiness.report.tables import (
    CoverageCell,
    Identity,
    SplitRow,
)
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.api.names import Number, Slug
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, not_found
from vision_readiness_webhook.api.shown import Blocker, Ticket, findings
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.reports import Kept, report_of_version

OF_THE_DATA = {code for code, reason in REASONS.items() if reason.stage is Stage.DATASET}
_CHECKED = tuple(check.code for check in CHECKS if check.code in OF_THE_DATA)


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


def scan(call: Call[Nothing, ScanAsked]) -> Answer:
    """What is known of the data, or the run that will tell."""
    asked = call.body
    if call.service.registry.workspace(call.workspace) is None:
        raise not_found("workspace")
    with call.service.database.read() as connection:
        kept = report_of_version(connection, call.workspace, asked.dataset, asked.version)
    if kept is None or asked.again:
        return _ticket(call, kept)
    report = kept.report()
    if asked.task is not None and asked.task != report.data.task:
        raise ProblemError(422, "other-task", f"The version is for {report.data.task}.", task=report.data.task)
    return Answer(_scanned(call, report))


def _ticket(call: Call[Nothing, ScanAsked], kept: Kept | None) -> Answer:
    if not call.actor.role.covers(Role.EDITOR):
        said = f"To have it computed needs the role {Role.EDITOR}; yours is {call.actor.role}."
        raise ProblemError(403, "role-too-small", said)
    again = None if kept is None else kept.row.run_id
    receipt = Actions(call.service, call.actor).scan(call.body.dataset, call.body.version, again=again)
    url = call.url(f"/runs/{receipt.run_id}")
    return Answer(Ticket(run=receipt.run_id, url=url, new=receipt.is_new), 202, {"location": url})


def _scanned(call: Call[Any, Any], report: Report) -> ScanAnswer:
    found = [one for one in report.findings if one.code in OF_THE_DATA]
    waived = {one.finding.code for one in report.waived}
    tripped = ({one.code for one in found} | waived) & set(_CHECKED)
    skipped = {one.code for one in report.skipped} & set(_CHECKED) - tripped
    passed = len(_CHECKED) - len(tripped) - len(skipped)
    blocking = [one for one in found if one.severity == "P0"]
    stage = next(one for one in report.stages if one.stage is Stage.DATASET)
    return ScanAnswer(
        subject=report.subject,
        report_id=report.id,
        report_url=call.url(f"/reports/{report.id}"),
        task=report.data.task,
        state=stage.state,
        because=stage.because,
        quality_score=0 if blocking else 100 * passed // len(_CHECKED),
        checks=len(_CHECKED),
        checks_passed=passed,
        checks_skipped=len(skipped),
        blockers=findings(call, blocking),
        warnings=findings(call, [one for one in found if one.severity != "P0"]),
        slices=report.figures.coverage,
        splits=report.data.splits,
        next_action=report.next_action,
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
)
