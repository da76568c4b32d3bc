"""Exports kept on disk as Roboflow names them: ``<workspace>/<project>/<number>/``."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from vision_readiness.project import ProjectVersion, VersionId
from vision_readiness_adapters.errors import ExportError, NoSuchVersionError
from vision_readiness_adapters.export_folder import ExportFolder, is_export
from vision_readiness_adapters.export_folder.folder import FolderImages
from vision_readiness_adapters.export_folder.version_folders import version_folders


class OfflineWorkspace:
    """A ``Source`` with every version below ``root``; image keys are relative to ``root``.

    A version's folder is an export, with what else belongs to it (``version.json``, ``model.onnx``, ``spec.yaml``)
    beside the splits. Raises ``ExportError`` when there is no version.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).absolute()
        self.images = FolderImages(self.root)
        self._folders = version_folders(self.root)
        if not self._folders:
            raise ExportError(f"{self.root} holds no <workspace>/<project>/<number>/; check the path.")

    def __repr__(self) -> str:
        return f"OfflineWorkspace({str(self.root)!r})"

    def versions(self) -> tuple[VersionId, ...]:
        """The versions there are, by workspace, project and number."""
        return tuple(self._folders)

    def folder(self, version: VersionId) -> Path:
        """The folder of one of ``versions()``; raises ``NoSuchVersionError`` for any other."""
        if version not in self._folders:
            raise NoSuchVersionError(f"{self.root} holds no {version}; {self._nearest(version)}.")
        return self._folders[version]

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version of ``project`` with ``number``, the newest without; the project may be left out if it is alone.

        ``project`` is ``workspace/project`` or ``project``, and may end in a number. Raises ``NoSuchVersionError``
        with the nearest name when there is none, and what ``ExportFolder.version`` raises.
        """
        asked = None if project is None else VersionId.parse(project)
        if asked is not None and number is None:
            number = asked.number
        named = [found for found in self._folders if asked is None or _is_project(found, asked)]
        projects = {(found.workspace, found.project) for found in named}
        if len(projects) > 1:
            raise NoSuchVersionError(f"{self.root} holds {len(projects)} such projects; name one: {_listed(named)}.")
        matching = [found for found in named if number in (None, found.number)]
        if not matching:
            wanted = replace(asked, number=number) if asked else VersionId(None, "version", number)
            raise NoSuchVersionError(f"{self.root} holds no {wanted}; {self._nearest(wanted)}.")
        return self._read(matching[-1])

    def _read(self, name: VersionId) -> ProjectVersion:
        path = self.folder(name)
        version = ExportFolder(path, named=name).version()
        below = path.relative_to(self.root).as_posix()
        images = version.dataset.images
        keyed = replace(images, key=tuple(f"{below}/{key}" for key in images.key))
        return replace(version, dataset=replace(version.dataset, images=keyed))

    def _nearest(self, wanted: VersionId) -> str:
        names = [str(found) for found in self._folders]
        near = get_close_matches(str(wanted), names, n=3, cutoff=0.5)
        return f"did you mean {' or '.join(near)}?".rstrip("?") if near else f"there is {_listed(list(self._folders))}"


def open_workspace(where: str) -> OfflineWorkspace | None:
    """The offline workspace at ``where``; ``None`` when there is none."""
    path = Path(where).expanduser()
    try:
        if not path.is_dir() or is_export(path):
            return None
    except (OSError, ValueError):  # a name too long or with a NUL is not a folder
        return None
    return OfflineWorkspace(path) if any(is_export(place) for place in version_folders(path).values()) else None


def _is_project(found: VersionId, asked: VersionId) -> bool:
    return found.project == asked.project and asked.workspace in (None, found.workspace)


def _listed(versions: list[VersionId], most: int = 5) -> str:
    names = ", ".join(map(str, versions[:most]))
    return names if len(versions) <= most else f"{names} and {len(versions) - most} more"
