"""What a name on the command line means to a watcher."""

from __future__ import annotations

from pathlib import Path

from vision_readiness.errors import InputError
from vision_readiness.roboflow import RoboflowClient, version_id_of
from vision_readiness_adapters.export_folder import is_export
from vision_readiness_adapters.roboflow_settings import read_settings
from vision_readiness_adapters.watched.folders import WatchedFolder
from vision_readiness_adapters.watched.roboflow_projects import WatchedRoboflow

FOLDER = "folder:"


def open_watched(where: str) -> WatchedRoboflow | WatchedFolder:
    """A workspace or project on Roboflow, or the folder of an offline workspace, which goes first if there is one.

    ``roboflow:`` and ``folder:`` before the name say which is meant. Raises ``InputError``.
    """
    if where.lower().startswith(FOLDER) or _is_folder(where):
        name = where[len(FOLDER) :] if where.lower().startswith(FOLDER) else where
        if not _is_folder(name) or is_export(Path(name).expanduser()):
            raise InputError(f"{name!r} is not an offline workspace: give a folder of <workspace>/<project>/<number>/.")
        return WatchedFolder(Path(name).expanduser())
    return _on_roboflow(where)


def _is_folder(name: str) -> bool:
    try:
        return bool(name.strip()) and Path(name).expanduser().is_dir()
    except (OSError, ValueError, RuntimeError):  # a name too long, with a NUL, or of the home of nobody
        return False


def _on_roboflow(where: str) -> WatchedRoboflow:
    from vision_readiness_adapters.roboflow_http import LiveTransport
    from vision_readiness_adapters.roboflow_source import no_key

    named = version_id_of(where)
    if named is None or named.number is not None:
        raise InputError(f"{where!r:.120} names no workspace and no project: give workspace or workspace/project.")
    workspace, project = (named.workspace, named.project) if named.workspace else (named.project, None)
    settings = read_settings(workspace)
    if settings.key is None:
        raise no_key(where, is_path_like=True)
    return WatchedRoboflow(RoboflowClient(LiveTransport(settings)), workspace, project)
