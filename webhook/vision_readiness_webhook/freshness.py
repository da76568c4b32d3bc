"""Whether a report is still about the newest there is: asked at the source, at the moment it would be sent."""

from __future__ import annotations

from datetime import datetime

from vision_readiness.errors import SourceError
from vision_readiness_webhook.registry import Registry, Workspace, let_go
from vision_readiness_webhook.store.reports import ReportRow


def newer_than(registry: Registry, workspace: Workspace, row: ReportRow, now: datetime) -> str | None:
    """What is newer at the source than the report, in a sentence; ``None`` for nothing.

    Raises what the source raises: who cannot look does not know, and has to try again.
    """
    watched = registry.watched(workspace, row.project)
    with let_go(watched):
        seen = watched.snapshot(now)
    for project in seen.projects:
        if project.name != (row.workspace, row.project):
            continue
        if not project.read:
            raise SourceError(f"{row.project} cannot be looked at, so whether its report is stale is not known.")
        latest = max((one.number for one in project.versions), default=None)
        if latest is not None and row.version is not None and latest > row.version:
            return f"Version {latest} is there by now."
        models = [*project.models, *(project.other_models or ())]
        mine = [one for one in models if one.version in (None, row.version) and one.at is not None]
        if any(one.at is not None and one.at.timestamp() > row.created_at for one in mine):
            return "A model was trained since."
    return None
