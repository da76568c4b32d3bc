"""Workspaces and their projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from vision_readiness.project import Task
from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.payload import (
    Counts,
    Flag,
    Id,
    Moment,
    Payload,
    SplitCounts,
    Text,
    count,
    rows_of,
)
from vision_readiness.roboflow.transport import Request, path_of, query_of
from vision_readiness.roboflow.versions import VersionRow


class KeyOwner(Payload):
    """Whose key it is."""

    workspace: Id


class Project(Payload):
    """A project, without its versions. ``images`` are sources, before any augmentation.

    ``annotation`` is the name of the annotation group; an export's synthetic root category is named after it.
    ``version_count`` is known where Roboflow gives a number instead of the versions.
    """

    id: Id
    type: Text = None
    name: Text = None
    created: Moment = None
    updated: Moment = None
    images: Annotated[int | None, BeforeValidator(count)] = None
    unannotated: Annotated[int | None, BeforeValidator(count)] = None
    annotation: Text = None
    public: Flag = None
    multilabel: Flag = None
    splits: SplitCounts = Field(default_factory=dict)
    classes: Counts = Field(default_factory=dict)
    version_count: Annotated[int | None, BeforeValidator(count), Field(alias="versions")] = None

    @property
    def slug(self) -> str:
        """The project's name in addresses: ``dock`` of ``acme/dock``."""
        return self.id.rpartition("/")[2]

    @property
    def workspace(self) -> str | None:
        """``acme`` of ``acme/dock``."""
        return self.id.rpartition("/")[0] or None

    @property
    def task(self) -> Task | None:
        """The task, where it is one that is judged here."""
        if self.type == "classification":  # older projects carry the kind beside the type
            return Task.MULTILABEL if self.multilabel else Task.CLASSIFICATION
        return Task(self.type) if self.type in set(Task) else None


class Workspace(Payload):
    """A workspace with its projects."""

    url: Id
    name: Text = None
    projects: Annotated[tuple[Project, ...], BeforeValidator(lambda value: rows_of(Project, value))] = ()


class ProjectVersions(Payload):
    """A project with the versions that Roboflow lists for it, newest first."""

    project: Project
    versions: Annotated[tuple[VersionRow, ...], BeforeValidator(lambda value: rows_of(VersionRow, value))] = ()

    def numbers(self) -> tuple[int, ...]:
        """The versions' numbers, ascending."""
        return tuple(sorted({row.number for row in self.versions}))


def key_owner() -> Call[KeyOwner]:
    """The workspace that the key belongs to; a key that is not known is answered 401.

    ``GET /``: https://docs.roboflow.com/developer/rest-api/using-the-rest-api (read 2026-08)
    """
    return Call(Request("GET", "/"), reading(KeyOwner))


def workspace(name: str) -> Call[Workspace]:
    """A workspace; in its projects ``versions`` is a count.

    ``GET /{ws}``: roboflow-python, tests/__init__.py (2026-07)
    """
    return Call(Request("GET", path_of(name)), reading(Workspace, "workspace"))


def project(workspace: str, project: str) -> Call[ProjectVersions]:
    """A project and its versions, which stand beside ``project`` (the official SDK) or in it (the page).

    ``GET /{ws}/{project}``: https://docs.roboflow.com/developer/rest-api/get-a-project-and-list-versions and
    roboflow-python, core/project.py (2026-07)
    """

    def read(body: Any) -> ProjectVersions:
        whole = body if isinstance(body, Mapping) else {}
        inner = whole.get("project")
        if not isinstance(inner, Mapping):
            return ProjectVersions.model_validate(body)
        beside, within = whole.get("versions"), inner.get("versions")
        named = {**inner, "id": inner.get("id") or f"{workspace}/{project}"}
        rows = beside if isinstance(beside, list) else within
        return ProjectVersions.model_validate({"project": named, "versions": rows})

    return Call(Request("GET", path_of(workspace, project), query=query_of(nocache=True)), read)
