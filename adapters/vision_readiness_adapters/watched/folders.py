"""An offline workspace, as a watcher sees it: the files of each version by name, size and time, unopened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from vision_readiness.deliveries.watch import Mark, ModelSeen, ProjectSeen, Snapshot, VersionSeen
from vision_readiness.errors import SourceError
from vision_readiness.project import VersionId
from vision_readiness_adapters.export_folder import is_export
from vision_readiness_adapters.export_folder.version_folders import version_folders

MODEL, SPEC, NOTES = "model.onnx", "spec.yaml", "version.json"


class WatchedFolder:
    """Every version in ``<root>/<workspace>/<project>/<number>/``, or those of one ``workspace`` or ``project``."""

    def __init__(self, root: str | Path, workspace: str | None = None, project: str | None = None) -> None:
        self.root, self.workspace, self.project = Path(root).absolute(), workspace, project

    def __str__(self) -> str:
        return str(self.root)

    def snapshot(self, taken: datetime) -> Snapshot:
        """What lies there now; what vanished is left out, and a name that no event can carry is noted.

        Raises ``SourceError`` for a disk that does not answer.
        """
        try:
            return self._looked(taken)
        except OSError as error:
            raise SourceError(f"{self.root} cannot be read ({error.strerror}).") from None

    def _looked(self, taken: datetime) -> Snapshot:
        by_project: dict[tuple[str, str], list[tuple[VersionId, Path]]] = {}
        for version, folder in version_folders(self.root).items():
            wanted = self.workspace in (None, version.workspace) and self.project in (None, version.project)
            if wanted and version.number and is_export(folder):
                by_project.setdefault((version.workspace or "", version.project), []).append((version, folder))
        seen, notes = [], []
        for (workspace, project), versions in by_project.items():
            try:
                seen.append(_seen(workspace, project, versions))
            except ValidationError:
                notes.append(f"{workspace!r:.80}/{project!r:.80} is not watched: its name cannot stand in an event.")
        return Snapshot(taken=taken, projects=tuple(seen), notes=tuple(notes))


def _seen(workspace: str, project: str, versions: list[tuple[VersionId, Path]]) -> ProjectSeen:
    named = [(version.number or 0, folder) for version, folder in versions]
    models = [mark for number, folder in named for mark in _mark(number, [folder / MODEL])]
    return ProjectSeen(
        workspace=workspace,
        project=project,
        versions=tuple(VersionSeen(number=number) for number, _ in named),
        models=tuple(ModelSeen(model=MODEL, **mark.model_dump()) for mark in models),
        specs=tuple(mark for number, folder in named for mark in _mark(number, [folder / SPEC])),
        datasets=tuple(mark for number, folder in named for mark in _mark(number, _files(folder))),
    )


def _files(folder: Path) -> Iterator[Path]:
    """The files of an export, and not what else belongs to its version; links are not followed."""
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if where != str(folder) or name not in (MODEL, SPEC, NOTES):
                yield Path(where, name)


def _mark(number: int, files: Iterator[Path] | list[Path]) -> Iterator[Mark]:
    """One mark for all ``files``, none where there are none; what vanishes while it is looked at counts as gone."""
    digest, latest = hashlib.sha256(), None
    for path in files:
        try:
            told = path.stat(follow_symlinks=False)
        except OSError:
            continue
        digest.update(f"{path}\0{told.st_size}\0{told.st_mtime_ns}\0".encode(errors="surrogateescape"))
        latest = max(told.st_mtime, latest or 0.0)
    if latest is not None:
        at = datetime.fromtimestamp(min(max(latest, 0.0), 4e9), UTC)
        yield Mark(revision=digest.hexdigest()[:32], version=number, at=at)
