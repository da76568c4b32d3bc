"""Projects on Roboflow, as a watcher sees them: two calls a project, and one for the list of projects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from vision_readiness.deliveries.watch import Mark, ModelSeen, ProjectSeen, Snapshot, VersionSeen
from vision_readiness.roboflow import RoboflowClient, Unavailable, trainings
from vision_readiness.roboflow.errors import NotFoundError, ScopeError
from vision_readiness.roboflow.projects import Project

_UNFINISHED = frozenset(
    {"queued", "pending", "starting", "running", "training", "in_progress", "failed", "error", "cancelled", "canceled"}
)
"""Words for a training without a model. Roboflow does not list its words; a hint too many does no harm."""


class WatchedRoboflow:
    """All projects of ``workspace`` that ``client`` sees, or one of them."""

    def __init__(self, client: RoboflowClient, workspace: str, project: str | None = None) -> None:
        self.client, self.workspace, self.project = client, workspace, project

    def __str__(self) -> str:
        return "/".join(filter(None, (self.workspace, self.project)))

    def close(self) -> None:
        """Close the connections to Roboflow."""
        close = getattr(self.client.transport, "close", None)
        if close is not None:
            close()

    def snapshot(self, taken: datetime) -> Snapshot:
        """What Roboflow lists now; a project of a workspace that cannot be read is noted. Raises ``RoboflowError``."""
        if self.project is not None:
            return Snapshot(taken=taken, projects=(self._seen(self.project),))
        seen, notes = [], []
        for row in self.client.projects(self.workspace):
            try:
                unread = ProjectSeen(workspace=self.workspace, project=row.slug, read=False)
            except ValidationError:
                notes.append(f"{row.id!r:.120} is not watched: its name cannot stand in an event.")
                continue
            try:
                seen.append(self._seen(row.slug))
            except (NotFoundError, ScopeError) as error:
                seen.append(unread)
                notes.append(f"{row.id} is not watched for now. {error}"[:500])
        return Snapshot(taken=taken, projects=tuple(seen), notes=tuple(notes))

    def _seen(self, project: str) -> ProjectSeen:
        listed = self.client.versions(self.workspace, project)
        ready = [row for row in listed.versions if row.is_ready and 0 < row.number < 10**9]
        models = {
            row.model.id: {"version": row.number, "at": row.model.end} for row in ready if row.model and row.model.id
        }
        return ProjectSeen(
            workspace=self.workspace,
            project=project,
            versions=tuple(VersionSeen(number=row.number, created=row.created) for row in ready),
            models=tuple(_fitting(models)),
            other_models=self._others(project) if listed.versions else (),
            datasets=(_dataset(listed.project),),
        )

    def _others(self, project: str) -> tuple[ModelSeen, ...] | None:
        """The models of all trainings, which Roboflow lists by project; ``None`` where it does not."""
        listed = self.client.optional(trainings.models(self.workspace, project))
        if isinstance(listed, Unavailable):
            return None
        return tuple(_fitting({one.model_id: {} for one in listed if (one.status or "").lower() not in _UNFINISHED}))


def _fitting(models: dict[str, dict[str, int | datetime | None]]) -> Iterator[ModelSeen]:
    """The models whose name an event can carry; the event of their version goes out all the same."""
    for name, told in models.items():
        try:
            yield ModelSeen.model_validate({"model": name, **told})
        except ValidationError:
            continue


def _dataset(project: Project) -> Mark:
    """Another revision for every change that Roboflow's counts or its moment of the last change tell of."""
    told = project.model_dump(mode="json", include={"updated", "images", "unannotated", "splits", "classes"})
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    return Mark(revision=digest, at=project.updated)
