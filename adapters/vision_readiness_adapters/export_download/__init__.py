"""Exports from Roboflow onto this disk: awaited, downloaded, unpacked with care, and kept for the next time."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from vision_readiness_adapters.errors import DamagedArchiveError
from vision_readiness_adapters.export_download.archive import Limits
from vision_readiness_adapters.export_download.download import download
from vision_readiness_adapters.export_download.gauge import Gauge
from vision_readiness_adapters.export_download.link import EXPORT_SECONDS, await_link
from vision_readiness_adapters.export_download.store import (
    ExportStore,
    Wanted,
    clear_exports,
    kept_exports,
    store_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vision_readiness.ports import Progress
    from vision_readiness.roboflow import RoboflowClient

__all__ = ["ExportStore", "Gauge", "Limits", "Wanted", "clear_exports", "fetch_export", "kept_exports", "store_folder"]

DOWNLOADS = 2
"""How often an archive is downloaded from its beginning before it is called damaged."""


def fetch_export(
    client: RoboflowClient,
    wanted: Wanted,
    store: ExportStore,
    progress: Progress,
    *,
    within_seconds: float = EXPORT_SECONDS,
) -> Path:
    """The folder of the export: the one that is kept, else a fresh one that is whole before it can be seen.

    ``within_seconds`` is how long Roboflow may take to build it. Of an interrupted download nothing is kept.
    Raises ``DownloadError`` and ``RoboflowError``.
    """
    kept = store.kept(wanted)
    if kept is not None:
        return kept
    with store.locked(wanted.version):
        kept = store.kept(wanted)  # another process may have brought it meanwhile
        return kept if kept is not None else _fetch(client, wanted, store, progress, within_seconds)


def _fetch(
    client: RoboflowClient, wanted: Wanted, store: ExportStore, progress: Progress, within_seconds: float
) -> Path:
    with closing(Gauge(progress, f"Roboflow builds {wanted.version}")) as gauge:
        links = [await_link(client, wanted, gauge.show, within_seconds)]

    def link() -> str:
        return links.pop() if links else await_link(client, wanted, lambda _: None, within_seconds)

    with store.incoming(wanted.version) as archive:
        for downloads_left in reversed(range(DOWNLOADS)):
            with closing(Gauge(progress, f"downloading {wanted.version}")) as gauge:
                download(client, link, archive, gauge.show, store.limits.archive_bytes)
            try:
                return store.take_in(archive, wanted, progress)
            except DamagedArchiveError:
                if not downloads_left:
                    raise
            archive.unlink(missing_ok=True)
    raise AssertionError("the last download ends in a folder or an error")
