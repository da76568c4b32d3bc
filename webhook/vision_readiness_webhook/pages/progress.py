"""A run while it goes on: the stage, how much is done, how long it takes; and what to do when it does not."""

from __future__ import annotations

from starlette.responses import Response

from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.runs import find_run


def show(visit: Visit) -> Response:
    """The run as it is now; the page looks again by itself where scripts run, and has a link where they do not."""
    with visit.service.database.read() as connection:
        run = find_run(connection, str(visit.request.path_params["run"]))
    if run is None or run.workspace != visit.actor.workspace:
        raise ProblemError(404, "not-found", "There is no such run here, or it is not yours to see.")
    return visit.page("progress.html.j2", run=run, eta=run.eta_seconds(visit.now), project=run.project)
