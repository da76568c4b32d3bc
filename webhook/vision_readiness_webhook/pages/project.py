"""One project: where it stands, what to do, how it came here; and its reports, whole and side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from vision_readiness import explain
from vision_readiness.errors import InputError
from vision_readiness.readiness import Action
from vision_readiness.reasons import REASONS
from vision_readiness.render.concerns import concerns
from vision_readiness.render.html import page_values
from vision_readiness.report import Report, report_from_dict
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.changes import Changes, changes_between
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.picture_routes import picture_links
from vision_readiness_webhook.store.given import spec_in_force, waivers_in_force
from vision_readiness_webhook.store.people import FixStep, Step, decisions_of, steps_of
from vision_readiness_webhook.store.reports import Kept, find_report, history, newest_report
from vision_readiness_webhook.store.runs import Run, list_runs
from vision_readiness_webhook.store.schema import outbox

MOST_REPORTS = 50
MOST_RUNS = 20
STEPS: Mapping[Action, tuple[FixStep, ...]] = {
    **dict.fromkeys((Action.RETRAIN, Action.TRAIN), (FixStep.RETRAIN_STARTED,)),
    **dict.fromkeys(
        (Action.FIX_DATASET, Action.COLLECT_DATA, Action.LABEL_MORE), (FixStep.RELABEL_STARTED, FixStep.RETRAIN_STARTED)
    ),
}
"""What can be begun for a fix, by what it asks for; every other is only opened and done."""


def show(visit: Visit) -> Response:
    """The project as it stands now."""
    kept = newest(visit)
    visit.actions.look_at(kept.row.report_id)
    report = report_of(kept)
    with visit.service.database.read() as connection:
        rows = history(connection, visit.actor.workspace, visit.project, before=None, most=MOST_REPORTS)
        steps = steps_of(connection, visit.actor.workspace, visit.project)
        decided = decisions_of(connection, visit.actor.workspace, visit.project)
        last = next(iter(list_runs(connection, visit.actor.workspace, project=visit.project, most=1)), None)
    return visit.page(
        "project.html.j2",
        **values_of(visit, kept, report),
        rows=rows,
        steps=steps_by_fix(steps),
        begun=STEPS,
        decided=decided,
        last_run=last,
        risky=any(one.code in REASONS and REASONS[one.code].waivable for one in concerns(report)),
    )


def whole_report(visit: Visit) -> Response:
    """A report with all that it rests on."""
    kept = visit.actions.look_at(visit.named("report"))
    if kept.row.project != visit.project:
        raise ProblemError(404, "not-found", "There is no such report here, or it is not yours to see.")
    report = report_of(kept)
    is_newest = newest(visit).row.run_id == kept.row.run_id
    return visit.page("whole_report.html.j2", **values_of(visit, kept, report), is_newest=is_newest)


def newest_report_page(visit: Visit) -> Response:
    """The whole report that stands for the project now."""
    return visit.go("app", visit.project, "reports", newest(visit).row.report_id)


def compare(visit: Visit) -> Response:
    """Two reports of the project side by side, by default the newest and the one before it."""
    with visit.service.database.read() as connection:
        rows = history(connection, visit.actor.workspace, visit.project, before=None, most=MOST_REPORTS)
        if not rows:
            raise _no_project()
        wanted = (
            visit.asked("now") or rows[0].report_id,
            visit.asked("before") or rows[min(1, len(rows) - 1)].report_id,
        )
        now, before = (_found(connection, visit, one) for one in wanted)
    changed: Changes = changes_between(report_of(now), report_of(before))
    return visit.page(
        "comparison.html.j2", project=visit.project, rows=rows, now_id=wanted[0], before_id=wanted[1], changes=changed
    )


def fix(visit: Visit) -> Response:
    """One fix of the newest report in full; that it was opened is on record when it was opened with the button."""
    kept = newest(visit)
    report = report_of(kept)
    named = visit.named("number")
    number = int(named) if named.isascii() and named.isdecimal() and len(named) < 5 else 0
    if not 1 <= number <= len(report.fixes):
        raise ProblemError(404, "not-found", "There is no such fix any more: a newer report has other ones.")
    asked = report.fixes[number - 1]
    if visit.request.method == "POST":
        return _step(visit, kept, asked.title, number)
    with visit.service.database.read() as connection:
        steps = steps_by_fix(steps_of(connection, visit.actor.workspace, visit.project))
    reason = None
    if asked.code is not None:
        try:
            reason = explain(asked.code)
        except InputError:
            reason = None
    examples = [one for one in report.examples if one.label in asked.subject]
    return visit.page(
        "fix.html.j2",
        **values_of(visit, kept, report),
        fix=asked,
        number=number,
        begun=STEPS.get(asked.action, ()),
        reason=reason,
        steps=steps.get(asked.title, []),
        examples=examples[:12],
        findings=[one for one in report.findings if one.code == asked.code],
    )


def support(visit: Visit) -> Response:
    """What support needs to explain a decision: the same version, codes and fixes, and no picture."""
    kept = newest(visit)
    visit.actions.look_at(kept.row.report_id)
    report = report_of(kept)
    place = (visit.actor.workspace, visit.project)
    with visit.service.database.read() as connection:
        done: list[Run] = list(list_runs(connection, place[0], project=place[1], most=MOST_RUNS))
        sent = outbox.c.workspace == place[0], outbox.c.project == place[1]
        told = connection.execute(sa.select(outbox).where(*sent).order_by(outbox.c.created_at.desc()).limit(MOST_RUNS))
        messages = told.mappings().all()
        saved = spec_in_force(connection, *place)
        accepted = waivers_in_force(connection, *place)
    return visit.page(
        "support.html.j2",
        **values_of(visit, kept, report),
        concerns=concerns(report),
        runs=done,
        messages=messages,
        saved=saved,
        accepted=accepted,
    )


def newest(visit: Visit) -> Kept:
    """The report that stands for the project in the address; raises ``ProblemError`` where there is none."""
    with visit.service.database.read() as connection:
        kept = newest_report(connection, visit.actor.workspace, visit.project)
    if kept is None:
        raise _no_project()
    return kept


def report_of(kept: Kept) -> Report:
    """The report as a value."""
    return report_from_dict(kept.plain())


def values_of(visit: Visit, kept: Kept, report: Report) -> dict[str, Any]:
    """What every page about a report is filled with."""
    rollout = visit.address("app", visit.project, "rollout")
    shown = picture_links(visit.request, kept.row.workspace, kept.row.evidence_key) if visit.may("viewer") else {}
    return {**page_values(report, shown), "rollout_address": rollout, "row": kept.row, "project": visit.project}


def steps_by_fix(steps: tuple[Step, ...]) -> Mapping[str, list[Step]]:
    """What was done about each fix, newest first."""
    by_fix: dict[str, list[Step]] = {}
    for step in steps:
        by_fix.setdefault(step.fix, []).append(step)
    return by_fix


def _step(visit: Visit, kept: Kept, title: str, number: int) -> Response:
    if not visit.actor.role.covers(Role.EDITOR):
        raise ProblemError(403, "role-too-small", "To say what was done takes the role editor.")
    try:
        step = FixStep(visit.form.get("step", ""))
    except ValueError:
        raise ProblemError(422, "no-such-step", "Choose one of the steps on the page.") from None
    visit.actions.fix_step(kept.row.report_id, title, step)
    return visit.go("app", visit.project, "fixes", number)


def _found(connection: sa.Connection, visit: Visit, report_id: str) -> Kept:
    kept = find_report(connection, visit.actor.workspace, report_id)
    if kept is None or kept.row.project != visit.project:
        raise ProblemError(404, "not-found", "There is no such report of this project, or it is not yours to see.")
    return kept


def _no_project() -> ProblemError:
    return ProblemError(404, "not-found", "There is no such project here, or nothing was computed for it yet.")
