"""Exports of a version: built on request, then linked to."""

from __future__ import annotations

from typing import Any

from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.payload import Payload, Share, Text, mapping
from vision_readiness.roboflow.transport import Host, Request, path_of, query_of

DOWNLOAD_SECONDS = 3600.0
LARGEST_DOWNLOAD = 64 * 2**30


class Export(Payload):
    """How far an export is; with ``link`` it can be fetched. The link holds a key of its own: never show it."""

    format: Text = None
    link: Text = None
    progress: Share = None

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [("format", self.format), ("is_ready", self.is_ready), ("progress", self.progress)]

    @property
    def is_ready(self) -> bool:
        """Whether there is something to fetch."""
        return self.link is not None


def export(workspace: str, project: str, number: int, format_: str) -> Call[Export]:
    """Starts the export if need be and tells how far it is; every call when it is done gives a fresh link.

    ``GET /{ws}/{project}/{number}/{format}``, 202 while it is built:
    https://docs.roboflow.com/developer/rest-api/versions/exporting-data and roboflow-python, adapters/rfapi.py
    (2026-07). Formats: ``coco``, ``coco-segmentation``, ``yolov8``, ``folder``, ``multiclass`` ...
    """

    def read(body: Any) -> Export:
        whole = mapping(body)
        inner = mapping(whole.get("export"))
        return Export.model_validate({"format": format_, "progress": whole.get("progress"), **inner})

    path = path_of(workspace, project, number, format_)
    return Call(Request("GET", path, query=query_of(nocache=True)), read)


def download(link: str, *, begin: int = 0, etag: str | None = None, most_bytes: int = LARGEST_DOWNLOAD) -> Request:
    """The request for a link's bytes, from ``begin`` on; with ``etag`` only if it is still the same file.

    A server that cannot resume answers 200 and starts over. RFC 9110, 13.1.5 and 14.2.
    """
    resume = {"Range": f"bytes={begin}-"} if begin else {}
    same = {"If-Range": etag} if begin and etag else {}
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", **resume, **same}
    return Request(
        "GET", link, host=Host.LINK, headers=headers, deadline_seconds=DOWNLOAD_SECONDS, most_bytes=most_bytes
    )
