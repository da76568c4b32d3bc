"""Roboflow over the network: the client's ``Transport`` on httpx.

The key, and the query of a link, are added below everything that logs: httpx and httpcore show them in no message at
any level, and they are in no error, repr or traceback. What Roboflow answers to a call that failed is passed on with
the key taken out.

On inference hosts the key stands in the header and in the query, because servers before 1.5.0 read only the second:
inference 1.8.3, core/env.py, ``api_key_transport="both"`` (read 2026-11). The management API is asked by the header,
as its page on authentication recommends, and once more with the query as well where it refuses that.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from vision_readiness.roboflow.client import MOST_OF_AN_ERROR, RoboflowClient
from vision_readiness.roboflow.errors import DeadlineError, NoAnswerError, RoboflowError, UnreadableAnswerError
from vision_readiness.roboflow.redact import plain, without
from vision_readiness.roboflow.transport import Host, Request, Response, Stream
from vision_readiness_adapters.roboflow_settings import Secret, Settings, read_settings

PHASES: Mapping[str, float] = {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 10.0}
"""The most seconds that each phase of a request may take; the deadline may leave less."""

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEY_REFUSED = frozenset({401, 403})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


def open_roboflow(workspace: str | None = None, *, api_key: str | None = None) -> RoboflowClient:
    """A client of the live service, with ``api_key``, else the key that ``read_settings`` finds for ``workspace``."""
    settings = read_settings(workspace)
    return RoboflowClient(LiveTransport(settings if api_key is None else settings.with_key(api_key)))


class LiveTransport:
    """Requests over the network to the addresses in ``settings``. Safe in several threads, and picklable."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        agent = {"User-Agent": f"vision-readiness/{version('vision-readiness')}"}
        self._client = httpx.Client(transport=_Carrier(), headers=agent, follow_redirects=False, trust_env=False)
        self._api_reads_query = False
        self._refused_both: set[int] = set()

    def __repr__(self) -> str:
        return f"LiveTransport({self.settings!r})"

    def __reduce__(self) -> tuple[Callable[[Settings], LiveTransport], tuple[Settings]]:
        return LiveTransport, (self.settings,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_client"):
            self.close()

    def close(self) -> None:
        """Close the connections; no request can be made afterwards."""
        self._client.close()

    def send(self, request: Request) -> Response:
        """The whole answer; raises ``NoAnswerError``, or ``UnreadableAnswerError`` above ``request.most_bytes``."""
        with self.stream(request) as stream:
            return Response(stream.status, stream.headers, b"".join(stream.chunks), hide=self._hide)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        """The answer as it comes; of one that is not a success only the beginning, with the key taken out."""
        until = self.perf() + request.deadline_seconds
        answer = self._open(request, until)
        try:
            headers = _headers(answer)
            chunks = self._chunks(request, answer, until)
            if answer.status_code >= 300:
                headers = {name: self._hide(value) for name, value in headers.items()}
                chunks = iter([self._hide(_beginning(chunks)).encode()])
            yield Stream(answer.status_code, headers, chunks)
        finally:
            answer.close()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        return time.monotonic()

    def random(self) -> float:
        """A number in [0, 1)."""
        return random.random()  # noqa: S311 - spreads retries and names calls; it keeps nothing secret

    def _hide(self, text: str | bytes) -> str:
        shown = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
        return without(shown, [self.settings.key.reveal()] if self.settings.key is not None else [])

    def _open(self, request: Request, until: float) -> httpx.Response:
        """The answer with its body unread; a link is followed, anything else is not."""
        url = self._address(request)
        for _ in range(MOST_REDIRECTS):
            answer = self._ask_keyed(request, url, until)
            if request.host is not Host.LINK or answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            url = _next(request, url, answer.headers.get("location", ""))
        raise UnreadableAnswerError(
            f"{plain(str(request))} is sent on more than {MOST_REDIRECTS} times: ask for a new link."
        )

    def _address(self, request: Request) -> str:
        if request.host is Host.LINK:
            return _checked(request.path)
        base = self.settings.api_url if request.host is Host.API else self.settings.inference_url
        return f"{base}{request.path}" + (f"?{urlencode(request.query, errors='replace')}" if request.query else "")

    def _ask_keyed(self, request: Request, url: str, until: float) -> httpx.Response:
        """The answer; a refusal of the key in the header is asked about once more, and what came of it remembered."""
        if self._api_reads_query or request.host is not Host.API:
            return self._ask(request, url, until, in_query=request.host is not Host.LINK)
        answer = self._ask(request, url, until)
        status = answer.status_code
        if self.settings.key is None or status not in _KEY_REFUSED - self._refused_both:
            return answer
        answer.close()
        answer = self._ask(request, url, until, in_query=True)
        self._api_reads_query = answer.status_code not in _KEY_REFUSED
        if not self._api_reads_query:
            self._refused_both.add(status)
        return answer

    def _ask(self, request: Request, url: str, until: float, *, in_query: bool = False) -> httpx.Response:
        cargo = _Cargo(url, None if request.host is Host.LINK else self.settings.key, in_query, until)
        try:
            shown = urlunsplit(urlsplit(url)._replace(query="", fragment=""))
            asked = self._client.build_request(
                request.method,
                shown,
                headers=request.all_headers(),
                content=request.content(),
                extensions={"cargo": cargo},
            )
            return self._client.send(asked, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            problem = _problem(request, error)
        raise problem  # outside, so that no frame of the network library, which holds the headers, hangs on to it

    def _chunks(self, request: Request, answer: httpx.Response, until: float) -> Iterator[bytes]:
        received = 0
        problem: RoboflowError | None = None
        try:
            for chunk in answer.iter_bytes():
                received += len(chunk)
                if received > request.most_bytes:
                    problem = _too_large(request)
                elif self.perf() > until:
                    problem = _too_late(request)
                if problem is not None:
                    break
                yield chunk
        except httpx.HTTPError as error:
            problem = _problem(request, error)
        if problem is not None:
            raise problem


@dataclass(frozen=True, slots=True, repr=False)
class _Cargo:
    """What the logging side of httpx does not get to see."""

    url: str
    key: Secret | None
    in_query: bool
    until: float

    def __repr__(self) -> str:
        return "<cargo>"


class _Remaining(dict[str, float]):
    """httpcore's timeouts, each cut to what the deadline leaves when it is asked for."""

    def __init__(self, until: float) -> None:
        super().__init__(PHASES)
        self._until = until

    def get(self, phase: str, default: float | None = None) -> float | None:  # type: ignore[override]  # one reader
        limit = super().get(phase, default)
        return None if limit is None else max(0.001, min(limit, self._until - time.monotonic()))


class _Carrier(httpx.BaseTransport):
    """Sends what it is given with its cargo, through the proxy that the machine's settings name for the host."""

    def __init__(self) -> None:
        self._ways: dict[str | None, httpx.HTTPTransport] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        cargo: _Cargo = request.extensions["cargo"]
        headers, address = request.headers.copy(), httpx.URL(cargo.url)
        if cargo.key is not None:
            headers["Authorization"] = f"Bearer {cargo.key.reveal()}"
            if cargo.in_query:
                address = address.copy_add_param("api_key", cargo.key.reveal())
        full = httpx.Request(
            request.method,
            address,
            headers=headers,
            stream=request.stream,
            extensions={"timeout": _Remaining(cargo.until)},
        )
        return self._way(full.url).handle_request(full)

    def close(self) -> None:
        for way in self._ways.values():
            way.close()

    def _way(self, url: httpx.URL) -> httpx.HTTPTransport:
        proxies = getproxies()
        proxy = None if not proxies or proxy_bypass(url.host) else proxies.get(url.scheme, proxies.get("all"))
        with self._lock:  # two threads would open two, and one of them would be lost with its connections
            if proxy not in self._ways:
                self._ways[proxy] = httpx.HTTPTransport(proxy=proxy)
            return self._ways[proxy]


def _headers(answer: httpx.Response) -> dict[str, str]:
    """The headers of what is passed on; a length that was that of the compressed bytes is left out."""
    headers = dict(answer.headers.items())
    if headers.pop("content-encoding", "identity") != "identity":
        headers.pop("content-length", None)
    return headers


def _beginning(chunks: Iterator[bytes]) -> bytes:
    taken = bytearray()
    for chunk in chunks:
        taken += chunk
        if len(taken) >= MOST_OF_AN_ERROR:
            break
    return bytes(taken[:MOST_OF_AN_ERROR])


def _next(request: Request, url: str, location: str) -> str:
    try:
        joined = urljoin(url, location) if location else ""
    except ValueError:  # a bracket that is not closed, for one
        joined = ""
    target = _checked(joined)
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        raise UnreadableAnswerError(f"{plain(str(request))} is sent on without https: ask for a new link.")
    return target


def _checked(url: str) -> str:
    try:
        address = urlsplit(url)
        usable = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise UnreadableAnswerError("Roboflow gave a link that is not a web address: ask for a new one.")
    return url


def _problem(request: Request, error: Exception) -> RoboflowError:
    """The error of the tree for one of httpx's, whose own text may hold an address and is left out."""
    if isinstance(error, httpx.TimeoutException):
        return _too_late(request, sent=not isinstance(error, _NOT_SENT))
    if isinstance(error, httpx.InvalidURL | UnicodeError):
        return UnreadableAnswerError(f"The address of {request.method} {request.host} cannot be written as one.")
    if isinstance(error, httpx.DecodingError):
        return UnreadableAnswerError(f"Roboflow's answer to {plain(str(request))} is compressed wrongly. Try again.")
    what = {"ConnectError": "cannot be reached", "ProxyError": "cannot be reached through the proxy"}
    how = what.get(type(error).__name__, "broke off before it was answered whole")
    return NoAnswerError(
        f"{plain(str(request))} {how}. {NoAnswerError.NEXT}",
        sent=not isinstance(error, _NOT_SENT),
        repeatable=request.repeatable,
    )


def _too_late(request: Request, *, sent: bool = True) -> DeadlineError:
    message = f"{plain(str(request))} was not answered in time. {DeadlineError.NEXT}"
    return DeadlineError(message, sent=sent, repeatable=request.repeatable)


def _too_large(request: Request) -> UnreadableAnswerError:
    most = f"{request.most_bytes / 2**20:,.0f} MB"
    return UnreadableAnswerError(f"Roboflow's answer to {plain(str(request))} is above {most}: ask for less.")
