"""The workspace at a glance: every project where it stands, the cheapest to free first."""

from __future__ import annotations

from math import isfinite

from starlette.responses import Response

from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.pages.words import BADGES
from vision_readiness_webhook.store.reports import count_states, overview

ON_A_PAGE = 50
MOST_LETTERS = 100


def show(visit: Visit) -> Response:
    """The projects of the visitor's workspace, a page of them."""
    named = visit.asked("name")[:MOST_LETTERS]
    state = visit.asked("state")
    state = state if state in BADGES else ""
    after, today = _after(visit), visit.service.clock.now().date()
    with visit.service.database.read() as connection:
        workspace = visit.actor.workspace
        counts = count_states(connection, workspace, today=today, named=named)
        rows = overview(
            connection, workspace, after=after, most=ON_A_PAGE + 1, today=today, state=state or None, named=named
        )
    shown = rows[:ON_A_PAGE]
    following = None
    if len(rows) > len(shown):
        row, effort = shown[-1]
        following = visit.address(name=named, state=state, after=f"{effort!r} {row.project}")
    return visit.page(
        "overview.html.j2",
        rows=shown,
        counts=counts,
        today=today,
        total=sum(counts.values()),
        named=named,
        state=state,
        is_first=after is None,
        following=following,
    )


def _after(visit: Visit) -> tuple[float, str] | None:
    """Where the page before ended; anything else than that begins at the first."""
    effort, _, project = visit.asked("after").partition(" ")
    try:
        at = float(effort)
    except ValueError:
        return None
    return (at, project) if isfinite(at) else None
