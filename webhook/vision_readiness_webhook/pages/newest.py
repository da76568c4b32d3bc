"""The report that stands for a project, and what every page about it is filled with."""

from __future__ import annotations

from typing import Any

from vision_readiness.render.html import page_values
from vision_readiness.report import Report
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.picture_routes import picture_links
from vision_readiness_webhook.store.reports import Kept, newest_report


def newest(visit: Visit) -> Kept:
    """The report that stands for the project in the address; raises ``ProblemError`` where there is none."""
    with visit.service.database.read() as connection:
        kept = newest_report(connection, visit.actor.workspace, visit.project)
    if kept is None:
        raise no_project()
    return kept


def report_of(kept: Kept) -> Report:
    """The report as a value."""
    return kept.report()


def values_of(visit: Visit, kept: Kept, report: Report) -> dict[str, Any]:
    """What a page about the report is filled with; its pictures are for those who may see them."""
    rollout = visit.address("app", visit.project, "rollout")
    shown = picture_links(visit.request, kept.row.workspace, kept.row.evidence_key) if visit.may("viewer") else {}
    values = page_values(report, shown, on=visit.service.clock.now().date())
    return {**values, "rollout_address": rollout, "row": kept.row, "project": visit.project}


def no_project() -> ProblemError:
    """What is said of a project that is not there."""
    return ProblemError(404, "not-found", "Project not found, or it was never scanned.")
