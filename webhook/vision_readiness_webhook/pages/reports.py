"""Reports of a project: whole, and two of them side by side."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.changes import changes_between
from vision_readiness_webhook.pages.newest import newest, no_project, report_of, values_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.reports import Kept, find_report, history

MOST_REPORTS = 50


def show(visit: Visit) -> Response:
    """A report with all that it rests on; that it was looked at is on record."""
    kept = visit.actions.look_at(visit.named("report"))
    if kept.row.project != visit.project:
        raise _no_report()
    is_newest = newest(visit).row.run_id == kept.row.run_id
    return visit.page("whole_report.html.j2", **values_of(visit, kept, report_of(kept)), is_newest=is_newest)


def show_newest(visit: Visit) -> Response:
    """On to the report that stands for the project now."""
    return visit.go("app", visit.project, "reports", newest(visit).row.report_id)


def compare(visit: Visit) -> Response:
    """Two reports of the project side by side, by default the newest and the one before it."""
    with visit.service.database.read() as connection:
        rows = history(connection, visit.actor.workspace, visit.project, before=None, most=MOST_REPORTS)
        if not rows:
            raise no_project()
        now = visit.asked("now") or rows[0].report_id
        before = visit.asked("before") or rows[min(1, len(rows) - 1)].report_id
        after, earlier = (_found(connection, visit, one) for one in (now, before))
    changes = changes_between(report_of(after), report_of(earlier))
    values: dict[str, Any] = {"rows": rows, "now_id": now, "before_id": before, "changes": changes}
    return visit.page("comparison.html.j2", project=visit.project, **values)


def _found(connection: sa.Connection, visit: Visit, report_id: str) -> Kept:
    kept = find_report(connection, visit.actor.workspace, report_id)
    if kept is None or kept.row.project != visit.project:
        raise _no_report()
    return kept


def _no_report() -> ProblemError:
    return ProblemError(404, "not-found", "Report not found, or you have no access.")
