"""Where the versions of an offline workspace lie: ``<workspace>/<project>/<number>/``."""

from __future__ import annotations

from pathlib import Path

from vision_readiness.project import VersionId
from vision_readiness_adapters.export_folder.folder import Folder, join


def version_folders(root: Path) -> dict[VersionId, Path]:
    """The folders three levels below ``root`` whose name is a number, by the version they are named for, in order.

    Nothing there gives an empty mapping.
    """
    folder = Folder(root)
    found = [
        (VersionId(workspace, project, int(number)), root / workspace / project / number)
        for workspace in folder.listing().folders
        for project in folder.listing(workspace).folders
        for number in folder.listing(join(workspace, project)).folders
        if number.isdecimal() and len(number) < 10
    ]
    return dict(sorted(found, key=lambda pair: (pair[0].workspace or "", pair[0].project, pair[0].number or 0)))
