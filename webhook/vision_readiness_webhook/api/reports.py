"""Reports over HTTP: one, those that stand, those before them, what changed, and what if."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from vision_readiness.compare import Change, compare
from vision_readiness.compare.what_if import Move, moves
from vision_readiness.errors import InputError
from vision_readiness.report import Report
from vision_readiness.report.change import ReportChange, report_change
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.api.cursor import Page, PageAsked, page_of, unpack
from vision_readiness_webhook.api.deciding import (
    EVERY_CLASS,
    basis_in_force,
    basis_of,
    project_known,
    thresholds_of,
)
from vision_readiness_webhook.api.names import Device, Milliseconds, ReportId
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, not_found
from vision_readiness_webhook.api.shown import (
    Decided,
    ReportShown,
    RunShown,
    decided,
    moment,
    report_shown,
    run_shown,
)
from vision_readiness_webhook.store.given import saved_spec, waivers_in_force
from vision_readiness_webhook.store.reports import find_report, history, overview
from vision_readiness_webhook.store.runs import RunState, list_runs


class SpecShown(Shown):
    """Who saved the specification in force, and when; ``digest`` tells one from another."""

    digest: str
    author: str
    created_at: datetime


class WaiverShown(Shown):
    """A risk that a person accepted."""

    waiver_id: str
    code: str
    subject: str
    person: str
    reason: str
    expires: date


class ProjectAnswer(Shown):
    """Where a project stands."""

    standing: ReportShown
    unfinished: tuple[RunShown, ...]
    spec: SpecShown | None = Field(description="null where none was saved here")
    waivers: tuple[WaiverShown, ...]


class CompareAsked(Given):
    """Which report to compare with."""

    with_: ReportId = Field(alias="with", description="the id of an earlier report of the project")


class CompareAnswer(Shown):
    """What the report that stands says differently; ``figures`` are ``null`` where no comparison would be fair."""

    before: ReportShown
    after: ReportShown
    is_worse: bool
    change: ReportChange
    figures: tuple[Change, ...] | None
    no_figures_because: str | None


class WhatIfAsked(Given):
    """What to change for a moment."""

    threshold: tuple[str, ...] = Field((), max_length=200, description="`CLASS:SCORE`, or `SCORE` for every class")
    target: Device | None = Field(None, description="another device")
    p95_ms: Milliseconds | None = Field(None, description="another budget of the 95th percentile")


class WhatIfAnswer(Shown):
    """The decision as it stands and as it would be, and what each class that moves would do."""

    report_id: str
    before: Decided
    after: Decided
    moves: tuple[Move, ...]


def show_report(call: Call[Nothing, Nothing]) -> Answer:
    """The report as it was decided, in the schema of today; that it was looked at is on record."""
    return Answer(Actions(call.service, call.actor).look_at(call.path["report_id"]).report().to_json())


def list_projects(call: Call[PageAsked, Nothing]) -> Answer:
    """The report that stands for each project, the cheapest way out first."""
    place = unpack(call.query.cursor, float, str) if call.query.cursor else None
    limit = call.query.limit
    with call.service.database.read() as connection:
        rows = overview(connection, call.workspace, after=place, most=limit + 1, today=call.now.date())
    shown, following = page_of(rows, limit, lambda row: (row[1], row[0].project))
    return Answer(Page[ReportShown](items=tuple(report_shown(call, row) for row, _ in shown), next=following))


def show_project(call: Call[Nothing, Nothing]) -> Answer:
    """Where the project stands, what is being computed, and what people said."""
    project = call.path["project"]
    unfinished = [RunState.QUEUED, RunState.RUNNING]
    with call.service.database.read() as connection:
        kept = project_known(connection, call.workspace, project)
        begun = list_runs(connection, call.workspace, project=project, states=unfinished, most=20)
        saved = saved_spec(connection, call.workspace, project)
        accepted = waivers_in_force(connection, call.workspace, project)
    waivers = [
        WaiverShown(
            waiver_id=waiver_id,
            code=one.code,
            subject=one.subject,
            person=one.person,
            reason=one.reason,
            expires=one.expires,
        )
        for waiver_id, one in accepted.items()
    ]
    spec = SpecShown(digest=saved.digest, author=saved.author, created_at=moment(saved.created_at)) if saved else None
    return Answer(
        ProjectAnswer(
            standing=report_shown(call, kept.row),
            unfinished=tuple(run_shown(call, one) for one in begun),
            spec=spec,
            waivers=tuple(waivers),
        )
    )


def list_history(call: Call[PageAsked, Nothing]) -> Answer:
    """The reports of the project, newest first."""
    before = unpack(call.query.cursor, int)[0] if call.query.cursor else None
    limit, project = call.query.limit, call.path["project"]
    with call.service.database.read() as connection:
        rows = history(connection, call.workspace, project, before=before, most=limit + 1)
    if not rows and before is None:
        raise not_found("project")
    shown, following = page_of(rows, limit, lambda row: (row.sequence,))
    return Answer(Page[ReportShown](items=tuple(report_shown(call, row) for row in shown), next=following))


def compare_reports(call: Call[CompareAsked, Nothing]) -> Answer:
    """What the report that stands says differently from an earlier one."""
    with call.service.database.read() as connection:
        after = project_known(connection, call.workspace, call.path["project"])
        before = find_report(connection, call.workspace, call.query.with_)
        if before is None or before.row.project != after.row.project:
            raise not_found("report")
        now, then = basis_of(connection, after), basis_of(connection, before)
    change = report_change(after.report(), before.report())
    figures, because = None, None
    try:
        figures = compare(now.evidence, then.evidence, now.spec)
    except InputError as error:
        because = " ".join(str(error).split())
    return Answer(
        CompareAnswer(
            before=report_shown(call, before.row),
            after=report_shown(call, after.row),
            is_worse=change.is_worse,
            change=change,
            figures=figures,
            no_figures_because=because,
        )
    )


def decide_what_if(call: Call[WhatIfAsked, Nothing]) -> Answer:
    """The decision as it would be with other scores, another device or another budget."""
    thresholds = thresholds_of(call.query.threshold)
    with call.service.database.read() as connection:
        kept = project_known(connection, call.workspace, call.path["project"])
        basis = basis_in_force(connection, kept)
    wanted = basis.changed(thresholds=thresholds, target=call.query.target, p95_ms=call.query.p95_ms)
    labels = basis.evidence.dataset.classes if EVERY_CLASS in thresholds else tuple(thresholds)
    moved = moves(basis.evidence, basis.spec, {label: wanted.rule(label).fixed_threshold or 0.0 for label in labels})
    before, after = (basis.report(call, spec, call.now) for spec in (basis.spec, wanted))
    return Answer(
        WhatIfAnswer(
            report_id=kept.row.report_id, before=decided(call, before), after=decided(call, after), moves=moved
        )
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/reports/{report_id}",
        "show_report",
        "A report, whole.",
        Role.SUPPORT,
        {200: Report},
        show_report,
        Nothing,
        Nothing,
    ),
    Operation(
        "GET",
        "/projects",
        "list_projects",
        "Where every project stands, the cheapest way out first.",
        Role.SUPPORT,
        {200: Page[ReportShown]},
        list_projects,
        PageAsked,
        Nothing,
    ),
    Operation(
        "GET",
        "/projects/{project}",
        "show_project",
        "Where a project stands, what is being computed, and what people said.",
        Role.SUPPORT,
        {200: ProjectAnswer},
        show_project,
        Nothing,
        Nothing,
    ),
    Operation(
        "GET",
        "/projects/{project}/history",
        "list_history",
        "The reports of a project, newest first.",
        Role.SUPPORT,
        {200: Page[ReportShown]},
        list_history,
        PageAsked,
        Nothing,
    ),
    Operation(
        "GET",
        "/projects/{project}/compare",
        "compare_reports",
        "What the report that stands says differently from an earlier one.",
        Role.SUPPORT,
        {200: CompareAnswer},
        compare_reports,
        CompareAsked,
        Nothing,
        ("no-evidence",),
        decides=True,
    ),
    Operation(
        "GET",
        "/projects/{project}/what-if",
        "decide_what_if",
        "The decision with other scores, another device or another budget; nothing is kept.",
        Role.SUPPORT,
        {200: WhatIfAnswer},
        decide_what_if,
        WhatIfAsked,
        Nothing,
        ("no-evidence",),
        decides=True,
    ),
)
