"""One project: where it stands, what to do, how it came here."""

from __future__ import annotations

from starlette.responses import Response

from vision_readiness_webhook.pages.fixes import BEGUN, steps_by_fix
from vision_readiness_webhook.pages.newest import newest, report_of, values_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.risks import risks_of
from vision_readiness_webhook.store.people import decisions_of, steps_of
from vision_readiness_webhook.store.reports import history
from vision_readiness_webhook.store.runs import list_runs

MOST_REPORTS = 50


def show(visit: Visit) -> Response:
    """The project as it stands now; that it was looked at is on record."""
    kept = newest(visit)
    visit.actions.look_at(kept.row.report_id)
    report = report_of(kept)
    place = (visit.actor.workspace, visit.project)
    with visit.service.database.read() as connection:
        rows = history(connection, *place, before=None, most=MOST_REPORTS)
        steps = steps_of(connection, *place)
        decided = decisions_of(connection, *place)
        last = next(iter(list_runs(connection, place[0], project=place[1], most=1)), None)
    return visit.page(
        "project.html.j2",
        **values_of(visit, kept, report),
        rows=rows,
        steps=steps_by_fix(steps, report.fixes),
        begun=BEGUN,
        decided=decided,
        last_run=last,
        risky=any(risk.waivable for risk in risks_of(report)),
    )
