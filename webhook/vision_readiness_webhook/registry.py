"""The workspaces that are served: where each is read from, and what may leave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision_readiness.advisor import Advisor
from vision_readiness.deliveries.watcher import Watched
from vision_readiness.ports import Cache, Progress
from vision_readiness.predict.interface import Model
from vision_readiness.project import ProjectVersion
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.remote_openers import open_hosted, open_package, open_server
from vision_readiness_adapters.watched import WatchedFolder, open_watched
from vision_readiness_webhook.errors import SettingsError


class Mode(StrEnum):
    """How far the service goes: compute silently, tell people, or have releases wait for it."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Callback(_Part):
    """Where the results of a workspace are sent; ``secret_variable`` names what holds the secret that signs them."""

    url: str
    secret_variable: str


class Workspace(_Part):
    """One workspace. ``source`` is a folder or ``roboflow:``; nothing leaves while ``mode`` is observe.

    ``measure`` is how a model that is not beside the data is asked: ``no`` shows what Roboflow reports of it,
    ``hosted`` costs credits, ``package`` runs it here, a URL is an inference server.
    """

    name: str = ""
    source: str = "roboflow:"
    mode: Mode = Mode.WARN
    measure: str = "no"
    publish: bool = False
    watch: bool = True
    callbacks: tuple[Callback, ...] = ()
    slack_variable: str | None = None
    secrets_variable: str | None = None
    hints_variable: str | None = None
    latency_calls: int = Field(default=300, ge=0)

    @property
    def is_remote(self) -> bool:
        """Whether it is read from Roboflow."""
        return self.source.startswith("roboflow:") or "://" in self.source


class Registry(Protocol):
    """Knows the workspaces, and opens them."""

    def workspaces(self) -> Sequence[Workspace]:
        """All of them, by name."""
        ...

    def workspace(self, name: str) -> Workspace | None:
        """The one of that name."""
        ...

    def advisor(self, workspace: Workspace, progress: Progress) -> Advisor:
        """An advisor on its source. Raises what ``Advisor.connect`` raises."""
        ...

    def watched(self, workspace: Workspace, project: str | None = None) -> Watched:
        """What a watcher looks at: all its projects, or one. Raises ``InputError`` for what cannot be looked at."""
        ...

    def model(self, workspace: Workspace, version: ProjectVersion) -> Model | None:
        """What answers for the version, as the workspace has it measured; ``None`` for what is beside the data."""
        ...


@contextmanager
def let_go(opened: object) -> Iterator[None]:
    """Close what was opened and holds connections, when the block ends."""
    try:
        yield
    finally:
        close = getattr(opened, "close", None)
        if close is not None:
            close()


@dataclass(frozen=True, slots=True)
class StaticRegistry:
    """The workspaces it was given; sources are opened as the command line opens them."""

    known: Mapping[str, Workspace] = field(default_factory=dict)
    cache: Cache | None = None

    def workspaces(self) -> Sequence[Workspace]:
        return [self.known[name] for name in sorted(self.known)]

    def workspace(self, name: str) -> Workspace | None:
        return self.known.get(name)

    def advisor(self, workspace: Workspace, progress: Progress) -> Advisor:
        return Advisor.connect(workspace.source, progress=progress, cache=self.cache)

    def watched(self, workspace: Workspace, project: str | None = None) -> Watched:
        if not workspace.is_remote:
            return WatchedFolder(workspace.source, workspace.name, project)
        return open_watched("/".join(filter(None, (f"roboflow:{workspace.name}", project))))

    def model(self, workspace: Workspace, version: ProjectVersion) -> Model | None:
        if workspace.measure == "no" or "model" in version.beside:
            return None
        if workspace.measure == "hosted":
            return open_hosted(version=version)
        if workspace.measure == "package":
            return open_package(version=version)
        return open_server(workspace.measure, version=version)


def read_registry(path: Path | None, cache: Cache | None = None) -> StaticRegistry:
    """The workspaces in the YAML file, by name; the bundled offline one without a file. Raises ``SettingsError``."""
    if path is None:
        bundled = Workspace(name="acme", source=str(bundled_workspace()))
        return StaticRegistry({"acme": bundled}, cache)
    return StaticRegistry({name: _workspace(name, plain, path) for name, plain in _read(path).items()}, cache)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        plain = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}): check VISION_READINESS_WORKSPACES.") from None
    except yaml.YAMLError:
        plain = None
    found = plain.get("workspaces") if isinstance(plain, dict) else None
    if not isinstance(found, dict) or not found:
        raise SettingsError(f"{path} has no mapping `workspaces:` of names to settings; see docs/service.md.")
    return found


def _workspace(name: str, plain: Any, path: Path) -> Workspace:
    try:
        read = Workspace.model_validate({"name": str(name), **(plain or {})})
    except (ValidationError, TypeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": "is not a mapping"}
        place = ".".join(map(str, (name, *first["loc"])))
        raise SettingsError(f"{path}: workspaces.{place}: {first['msg']}.") from None
    if read.is_remote:
        return read
    return read.model_copy(update={"source": str((path.parent / read.source).absolute())})
