"""Roboflow in memory: a transport with answers by path, and a link whose bytes can break off or be resumed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision_readiness.roboflow import Host, Request, Response, RoboflowClient, Stream
from vision_readiness.roboflow.errors import NoAnswerError

LINK = "https://storage.example/export.zip?key=l1nk"
NOT_FOUND = Response(404, body=b'{"error": "nothing here"}')


def packed(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with ``files``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def packed_folder(root: Path) -> bytes:
    """A zip archive with all files below ``root``."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return packed({path.relative_to(root).as_posix(): path.read_bytes() for path in paths})


def said(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(status, headers, json.dumps(body).encode())


def linked(link: str = LINK) -> Response:
    return said({"export": {"format": "coco", "link": link}})


@dataclass
class Broken:
    """A link's answer: ``status`` and ``headers``, then ``body`` in pieces, then ``error`` if there is one."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None

    def stream(self) -> Stream:
        def chunks() -> Iterator[bytes]:
            for at in range(0, len(self.body), 1000):
                yield self.body[at : at + 1000]
            if self.error is not None:
                raise self.error

        return Stream(self.status, self.headers, chunks())


def cut(body: bytes, **headers: str) -> Broken:
    """An answer whose connection is reset after ``body``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Broken(body, 200, named, NoAnswerError("the connection was reset"))


def resumable(body: bytes) -> Callable[[Request], Broken]:
    """A server that has ``body``, and gives the rest of it to whoever names it rightly."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'

    def answer(request: Request) -> Broken:
        asked = request.headers.get("Range")
        if asked is None or request.headers.get("If-Range") != etag:
            return Broken(body, 200, {"etag": etag, "content-length": str(len(body))})
        begin = int(asked.removeprefix("bytes=").rstrip("-"))
        span = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        return Broken(body[begin:], 206, {"etag": etag, "content-range": span})

    return answer


@dataclass
class Served:
    """Answers by path, the last of a list ever after; ``links`` are what the links answer, in order."""

    routes: Mapping[str, Response | list[Response] | Callable[[Request], Response]]
    links: list[Broken | Callable[[Request], Broken]] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)
    now: float = 0.0

    def client(self) -> RoboflowClient:
        return RoboflowClient(self)

    def downloads(self) -> list[Request]:
        return [request for request in self.sent if request.host is Host.LINK]

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.sent)

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        held = self.routes.get(request.path, NOT_FOUND)
        if isinstance(held, Response):
            return held
        if callable(held):
            return held(request)
        return held.pop(0) if len(held) > 1 else held[0]

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        self.sent.append(request)
        held = self.links.pop(0) if len(self.links) > 1 else self.links[0]
        yield (held(request) if callable(held) else held).stream()

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def perf(self) -> float:
        return self.now

    def random(self) -> float:
        return 0.0
