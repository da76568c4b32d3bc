"""A run while it goes on: the stage, how much is done, how long it takes; and what to do when it does not."""

from __future__ import annotations

from starlette.responses import Response

from vision_readiness.deliveries.events import Subject
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.reports import report_of_run
from vision_readiness_webhook.store.runs import find_run


def show(visit: Visit) -> Response:
    """The run as it is now; the page looks again by itself where scripts run, and has a link where they do not."""
    with visit.service.database.read() as connection:
        run = find_run(connection, visit.named("run"))
        kept = None if run is None or run.report_id is None else report_of_run(connection, run.run_id)
    if run is None or run.workspace != visit.actor.workspace:
        raise ProblemError(404, "not-found", "Run not found, or you have no access.")
    found = None if kept is None else kept.row
    return visit.page("progress.html.j2", run=run, found=found, eta=run.eta_seconds(visit.now), project=run.project)


def scan(visit: Visit) -> Response:
    """A new look at the version that the form names, the newest where it names none."""
    try:
        asked = Subject.model_validate(
            {
                "workspace": visit.actor.workspace,
                "project": visit.form.get("project", "").strip(),
                "version": int(visit.form.get("version", "").strip() or 0) or None,
            }
        )
    except ValueError:
        said = "Name the project as its address does, such as `dock-packages`, and the version by its number."
        raise ProblemError(422, "no-such-project", said) from None
    receipt = visit.actions.scan(asked.project, asked.version, again=str(visit.now))
    return visit.go("progress", receipt.run_id)
