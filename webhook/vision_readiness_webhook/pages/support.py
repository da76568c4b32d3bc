"""What support needs to explain a decision: the same version, codes and fixes, and no picture."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from vision_readiness.render.concerns import concerns
from vision_readiness.render.html import page_values
from vision_readiness_webhook.pages.newest import newest, report_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.given import saved_spec, waivers_in_force
from vision_readiness_webhook.store.runs import list_runs
from vision_readiness_webhook.store.schema import outbox

MOST_ROWS = 20


def show(visit: Visit) -> Response:
    """The project as support sees it; that it was looked at is on record."""
    kept = newest(visit)
    visit.actions.look_at(kept.row.report_id)
    report = report_of(kept)
    place = (visit.actor.workspace, visit.project)
    sent = sa.select(outbox).where(outbox.c.workspace == place[0], outbox.c.project == place[1])
    with visit.service.database.read() as connection:
        runs = list_runs(connection, place[0], project=place[1], most=MOST_ROWS)
        messages = connection.execute(sent.order_by(outbox.c.created_at.desc()).limit(MOST_ROWS)).mappings().all()
        saved = saved_spec(connection, *place)
        accepted = waivers_in_force(connection, *place)
    values: dict[str, Any] = {"runs": runs, "messages": messages, "saved": saved, "accepted": accepted}
    values |= {**page_values(report), "concerns": concerns(report), "row": kept.row, "project": visit.project}
    return visit.page("support.html.j2", **values)
