"""The files that pages bring along: the report's style and ours, and a script for who has scripts on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from vision_readiness.render.html import style_sheet

KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
OURS = ("pages.css", "progress.js", "icon.svg")
HEADERS = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


@cache
def contents() -> Mapping[str, bytes]:
    """Every file by its name."""
    folder = files("vision_readiness_webhook.pages").joinpath("static")
    return {"report.css": style_sheet().encode(), **{name: folder.joinpath(name).read_bytes() for name in OURS}}


@cache
def versioned() -> Mapping[str, str]:
    """The last part of each file's address, which changes when the file does, so that it may be kept for ever."""
    return {name: f"{name}?{hashlib.sha256(content).hexdigest()[:12]}" for name, content in contents().items()}


async def serve(request: Request) -> Response:
    """The file, or 404."""
    name = request.path_params["name"]
    content = contents().get(name)
    if content is None:
        return Response("File not found.\n", 404, media_type="text/plain")
    return Response(content, headers=HEADERS, media_type=KINDS[name.rpartition(".")[2]])
