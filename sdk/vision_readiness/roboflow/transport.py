"""What the client hands to the network and gets back, and the port between the two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from vision_readiness.errors import InputError

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-amzn-requestid", "x-cloud-trace-context", "cf-ray")


class Host(StrEnum):
    """Where a request goes. The key travels to the first two, and only there."""

    API = "api"
    """Management: ``https://api.roboflow.com``."""
    INFERENCE = "inference"
    """Hosted inference: ``https://serverless.roboflow.com``."""
    LINK = "link"
    """An absolute address that an answer named, such as an export's; ``path`` holds it whole."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One call to make. It never holds the key: the transport adds that on the way out.

    ``repeatable`` says that doing it twice is the same as doing it once; other requests are sent again only when
    they certainly were not carried out. ``deadline_seconds`` is for the whole call, retries and waiting included.
    An answer above ``most_bytes`` is refused. ``json`` and ``body`` exclude each other; with ``body`` the content
    type stands in ``headers``.
    """

    method: str
    path: str
    host: Host = Host.API
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes | None = None
    json: Any = None
    repeatable: bool = True
    idempotency_key: str | None = None
    deadline_seconds: float = 60.0
    most_bytes: int = 64 * 2**20

    def __repr__(self) -> str:
        return f"<Request {self}>"

    def __str__(self) -> str:
        """Method and place, without query: ``GET /acme/dock/3``."""
        if self.host is not Host.LINK:
            return f"{self.method} {self.path}"
        address = urlsplit(self.path)
        return f"{self.method} {address.scheme}://{address.hostname}{address.path}"

    def content(self) -> bytes | None:
        """The bytes to send; ``None`` for none. The same ``json`` gives the same bytes."""
        return self.body if self.json is None else json_bytes(self.json)

    def all_headers(self) -> dict[str, str]:
        """The headers, with those that follow from the other fields."""
        headers = {"Accept": "application/json", **self.headers}
        if self.json is not None:
            headers["Content-Type"] = "application/json"
        if self.idempotency_key is not None:
            headers["Idempotency-Key"] = self.idempotency_key
        return headers


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """What came back, whole; the names of ``headers`` are in lower case.

    ``hide`` takes out of a text what the transport knows to be secret, before any of it is shown.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""
    hide: Callable[[str], str] = field(default=str, compare=False)

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.body)} bytes>"

    @property
    def request_id(self) -> str | None:
        """What Roboflow's support finds the call by, where a header says it."""
        return next((self.headers[name] for name in _REQUEST_ID_HEADERS if self.headers.get(name)), None)


@dataclass(frozen=True, slots=True, repr=False)
class Stream:
    """An answer that is read while it comes: ``chunks`` can be gone through once."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    def __repr__(self) -> str:
        return f"<Stream {self.status}>"


class Transport(Protocol):
    """Sends requests, and provides the waiting, the time and the chance that sending again needs.

    An answer of any status is a value; no answer raises ``NoAnswerError``. Nothing is sent twice, and no redirect is
    followed but those of a link.
    """

    def send(self, request: Request) -> Response:
        """The whole answer, within ``request.deadline_seconds`` and ``request.most_bytes``."""
        ...

    def stream(self, request: Request) -> AbstractContextManager[Stream]:
        """The answer as it comes; its connection is closed with the context. Going through it may raise, too."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        ...

    def random(self) -> float:
        """A number in [0, 1), for jitter and idempotency keys."""
        ...


def json_bytes(value: Any) -> bytes:
    """``value`` as JSON in UTF-8; raises ``InputError`` for what has no such form, such as NaN."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        raise InputError("A value cannot be sent to Roboflow: give text, finite numbers and booleans.") from None


def path_of(*parts: str | int) -> str:
    """The path of ``parts``, each escaped. Raises ``InputError`` for a part that would lead elsewhere.

    >>> path_of("acme", "dock 7", 3)
    '/acme/dock%207/3'
    """
    names = [str(part) for part in parts]
    for name in names:
        if name in ("", ".", "..") or not name.isprintable():
            raise InputError(f"{name!r} cannot be part of a Roboflow address; give names as the app's URL shows them.")
    return "/" + "/".join(quote(name, safe="", errors="replace") for name in names)


def query_of(**values: str | float | bool | None) -> tuple[tuple[str, str], ...]:
    """The query of ``values``, without those that are ``None``.

    >>> query_of(limit=50, nocache=True, tag=None)
    (('limit', '50'), ('nocache', 'true'))
    """
    given = ((name, value) for name, value in values.items() if value is not None)
    return tuple((name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in given)
