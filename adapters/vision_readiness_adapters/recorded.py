"""Roboflow from disk: the client's ``Transport`` over answers that were recorded, and what records them.

A folder for each call, of any name: ``request.json`` says what it answers, ``1.json`` (status and headers) and
``1.body`` (the bytes) are the first answer, ``2.json`` the second. The last one is given ever after.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from vision_readiness.roboflow.errors import NotFoundError, UnreadableAnswerError
from vision_readiness.roboflow.redact import SECRET_NAMES, plain, redact, without
from vision_readiness.roboflow.transport import Host, Request, Response, Stream, Transport

CHUNK_BYTES = 2**16
_KEPT_HEADERS = frozenset(
    {
        *("content-type", "etag", "accept-ranges", "content-range", "date", "retry-after", "retry-after-ms"),
        *("x-request-id", "x-processing-time", "x-remote-processing-time", "x-model-cold-start", "x-model-load-time"),
    }
)
_TEXT_TYPES = re.compile(r"(?i)(application/(.*\+)?(json|xml)|text/)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What tells calls apart: never a secret, nor the order of the query. ``body`` is the SHA-256 of what was sent."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: str | None = None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """What tells ``request`` from others."""
        path, query = request.path, request.query
        if request.host is Host.LINK:
            address = urlsplit(path)
            path, query = f"{address.scheme}://{address.netloc}{address.path}", tuple(parse_qsl(address.query))
        kept = tuple(sorted((name, value) for name, value in query if name.lower() not in SECRET_NAMES))
        sent = request.content()
        digest = None if sent is None else hashlib.sha256(sent).hexdigest()
        return cls(request.method, request.host.value, path, kept, digest)

    def matches(self, other: Asked) -> bool:
        """Whether they ask the same; a recording that says nothing of a body answers any."""
        same = (self.method, self.host, self.path, self.query) == (other.method, other.host, other.path, other.query)
        return same and self.body in (None, other.body)


class RecordedTransport:
    """The answers in ``folder``; one that is missing is a ``NotFoundError``. Time passes only by sleeping.

    Raises ``UnreadableAnswerError`` for a damaged recording.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._seconds = 0.0
        self._given: dict[Path, int] = {}
        self._calls = {path.parent: _asked(path) for path in sorted(self.folder.glob("*/request.json"))}

    def __repr__(self) -> str:
        return f"RecordedTransport({str(self.folder)!r})"

    def send(self, request: Request) -> Response:
        """The next answer that was recorded for ``request``."""
        answer = self._next(request)
        status, headers = _head(answer)
        return Response(status, headers, _bytes(answer.with_suffix(".body")))

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        """The next answer that was recorded for ``request``, in pieces."""
        answer = self.send(request)
        pieces = (answer.body[at : at + CHUNK_BYTES] for at in range(0, len(answer.body), CHUNK_BYTES))
        yield Stream(answer.status, answer.headers, pieces)

    def sleep(self, seconds: float) -> None:
        """Let time pass, at once."""
        self._seconds += seconds

    def perf(self) -> float:
        """The seconds slept."""
        return self._seconds

    def random(self) -> float:
        """No chance: always 0."""
        return 0.0

    def _next(self, request: Request) -> Path:
        asked = Asked.of(request)
        found = [call for call, recorded in self._calls.items() if recorded.matches(asked)]
        exact = [call for call in found if self._calls[call] == asked]
        for call in (*exact, *found):
            number = self._given.get(call, 0) + 1
            there = [call / f"{candidate}.json" for candidate in (number, number - 1)]
            answer = next((path for path in there if path.is_file()), None)
            if answer is not None:
                self._given[call] = int(answer.stem)
                return answer
        raise NotFoundError(
            f"{self.folder} holds no recorded answer to {plain(str(request))}: record it again with this call.",
            status=404,
        )


@dataclass(frozen=True, slots=True)
class Recorder:
    """A ``Transport`` that keeps in ``folder`` what comes through ``transport``, with all secrets taken out.

    ``secrets`` are taken out wherever they stand; keys and signatures in links, and fields that are called so, are
    taken out in any case. The bytes of archives and images are kept as they are. An answer that breaks off is not kept.
    """

    transport: Transport
    folder: Path
    secrets: Sequence[str] = field(default=(), repr=False)

    def send(self, request: Request) -> Response:
        """The answer, kept."""
        response = self.transport.send(request)
        self._keep(request, response)
        return response

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        """The answer as it comes, kept once it has come whole."""
        with self.transport.stream(request) as stream:
            taken = bytearray()

            def pieces() -> Iterator[bytes]:
                for chunk in stream.chunks:
                    taken.extend(chunk)
                    yield chunk
                self._keep(request, Response(stream.status, stream.headers, bytes(taken)))

            yield Stream(stream.status, stream.headers, pieces())

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.transport.sleep(seconds)

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        return self.transport.perf()

    def random(self) -> float:
        """A number in [0, 1)."""
        return self.transport.random()

    def _keep(self, request: Request, response: Response) -> None:
        asked = Asked.of(request)
        folder = self.folder / _name(asked)
        folder.mkdir(parents=True, exist_ok=True)
        said = {"method": asked.method, "host": asked.host, "path": asked.path, "query": [*map(list, asked.query)]}
        _write(folder / "request.json", {**said, "body": asked.body}, self.secrets)
        number = 1 + sum(1 for _ in folder.glob("[0-9]*.json"))
        (folder / f"{number}.body").write_bytes(self._clean(response))
        headers = {name: value for name, value in sorted(response.headers.items()) if name in _KEPT_HEADERS}
        _write(folder / f"{number}.json", {"status": response.status, "headers": headers}, self.secrets)

    def _clean(self, response: Response) -> bytes:
        text_type = _TEXT_TYPES.match(response.headers.get("content-type", "text/plain"))
        if text_type is None:
            return response.body
        try:
            return redact(response.body.decode(), self.secrets).encode()
        except UnicodeDecodeError:
            return response.body


def _write(path: Path, values: Mapping[str, Any], secrets: Sequence[str]) -> None:
    path.write_text(without(json.dumps(values, indent=1, sort_keys=True), secrets) + "\n", encoding="utf-8")


def _name(asked: Asked) -> str:
    words = re.sub(r"[^A-Za-z0-9.]+", "-", asked.path).strip("-.")[:60]
    return f"{asked.method}-{words}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:8]}"


def _asked(path: Path) -> Asked:
    try:
        said = json.loads(path.read_bytes())
        pairs = tuple(sorted((str(name), str(value)) for name, value in said.get("query") or []))
        return Asked(said["method"], said.get("host", Host.API.value), said["path"], pairs, said.get("body"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problem = _damaged(path)
    raise problem


def _head(path: Path) -> tuple[int, Mapping[str, str]]:
    try:
        said = json.loads(path.read_bytes())
        return int(said["status"]), {str(name).lower(): str(value) for name, value in said.get("headers", {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problem = _damaged(path)
    raise problem


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError:
        problem = _damaged(path)
    raise problem


def _damaged(path: Path) -> UnreadableAnswerError:
    return UnreadableAnswerError(f"The recording {path} is damaged: record it again.")
