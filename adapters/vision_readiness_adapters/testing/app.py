"""The fake as an ASGI app: who may ask, what is recorded, and which fault befalls a request."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vision_readiness.roboflow.redact import HIDDEN, SECRET_NAMES
from vision_readiness_adapters.testing import (
    annotation_routes,
    evaluation_routes,
    event_routes,
    image_routes,
    inference_routes,
    link_routes,
    reading_routes,
    training_routes,
)
from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, refusal
from vision_readiness_adapters.testing.behaviour import Behaviour, ErrorShape, Family, Fault, FaultKind
from vision_readiness_adapters.testing.faults import Receive, Send, altered, deliver
from vision_readiness_adapters.testing.service import Known, Refused, Row, Service
from vision_readiness_adapters.testing.shelf import Shelf
from vision_readiness_adapters.testing.state import Recorded, State


def about(service: Service, asked: Asked) -> Answer:
    """Every route, how it is known, and what in it is made up."""
    rows = [{"method": row.method, "path": row.path, "known": row.known.value, "scope": row.scope, "ours": row.ours}
            for row in ROUTES]  # fmt: skip
    return as_json({"fake": True, "workspaces": service.shelf.workspaces(), "routes": rows})


ROUTES: tuple[Row, ...] = (
    Row("GET", "/_about", about, Known.OURS, None, "this table", needs_key=False),
    *link_routes.ROUTES,
    *event_routes.ROUTES,
    *evaluation_routes.ROUTES,
    *image_routes.ROUTES,
    *annotation_routes.ROUTES,
    *training_routes.ROUTES,
    *inference_routes.ROUTES,
    *reading_routes.ROUTES,
)
"""In the order in which they are tried."""


class FakeRoboflow:
    """Roboflow over the offline workspace in ``folder``, as an ASGI app; any of ``keys`` is let in.

    ``behaviour`` may be replaced at any time; its faults then count from the beginning. ``requests`` are those that
    came in, without their secrets. Raises ``ExportError`` when the folder holds no version.
    """

    def __init__(
        self, folder: str | Path, behaviour: Behaviour | None = None, *, keys: Iterable[str] = ("fake-key",)
    ) -> None:
        self.service = Service(Shelf(folder), behaviour or Behaviour())
        self.keys = frozenset(keys)
        self.requests: list[Recorded] = []
        self._struck: Counter[Fault] = Counter()
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()
        self._app = Starlette(routes=[Route(row.path, self._endpoint(row), methods=[row.method]) for row in ROUTES])

    def __repr__(self) -> str:
        return f"<FakeRoboflow of {', '.join(self.service.shelf.workspaces())}: {len(self.requests)} requests>"

    @property
    def behaviour(self) -> Behaviour:
        """How it answers."""
        return self.service.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self.service.behaviour = behaviour
        self._struck.clear()
        self._recent.clear()

    def reset(self, behaviour: Behaviour | None = None) -> None:
        """Forgets what was asked and written; what was read from disk or measured is kept."""
        self.service.state = State()
        self.service.warm.clear()
        self.requests.clear()
        self.behaviour = behaviour or Behaviour()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request; ``BrokenOff`` leaves it to the server to reset the connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)  # type: ignore[arg-type]  # the same callables, named more loosely
            return
        fault = self._fault(scope["method"], scope["path"])
        late = fault is not None and fault.kind in (FaultKind.STALL, FaultKind.RESET)
        said = Answer() if late else await self._said(scope, receive)
        if fault is not None:
            said = altered(fault, said)
        self._record(scope, said, fault)
        is_archive = said.headers.get("content-type") == "application/zip"
        with_length = self.behaviour.content_length or not is_archive
        await deliver(said, send, receive, fault, with_length=with_length)

    async def _said(self, scope: dict[str, Any], receive: Receive) -> Answer:
        """What the app answers, whole."""
        if self._is_too_often():
            return refusal(429, "Too many requests.", headers={"retry-after": f"{self.behaviour.window_seconds:g}"})
        start: dict[str, Any] = {}
        body = bytearray()

        async def take(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, take)  # type: ignore[arg-type]  # the same callables, named more loosely
        if start["status"] == 404 and bytes(body) == b"Not Found":
            return refusal(404, f"There is no {scope['method']} {scope['path']}.")
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        headers.pop("content-length", None)
        return Answer(start["status"], bytes(body), headers)

    def _endpoint(self, row: Row) -> Any:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            names = {name: str(value) for name, value in request.path_params.items()}
            asked = Asked(row.method, request.url.path, names, request.query_params.multi_items(),
                          dict(request.headers), body, str(request.base_url).rstrip("/"))  # fmt: skip
            request.scope["key_in_body"] = "body" in _keys(asked)
            answer = self._refused(row, asked)
            if answer is None:
                answer = await run_in_threadpool(self._answer, row, asked)
            return Response(answer.body, answer.status, dict(answer.headers))

        return endpoint

    def _answer(self, row: Row, asked: Asked) -> Answer:
        """What a route answers; a body that it can make no sense of is refused, as every other mistake is."""
        with self._lock:
            try:
                return row.answer(self.service, asked)
            except Refused as refused:
                return refused.answer
            except (AttributeError, KeyError, TypeError, ValueError):
                return refusal(400, "The request cannot be read: a value in it is of another type.")

    def _refused(self, row: Row, asked: Asked) -> Answer | None:
        """Why the key may not; ``None`` where it may."""
        if not row.needs_key:
            return None
        read = self.behaviour.key_in[row.family]
        given = {place: key for place, key in _keys(asked).items() if place in read}
        if not any(key in self.keys for key in given.values()):
            if row.family is Family.INFERENCE:
                return refusal(401, "Unauthorized api_key", shape=ErrorShape.MESSAGE)
            told = next(iter(given.values()), None)
            return refusal(
                401, "This API key does not exist (or has been revoked).", shape=ErrorShape.OBJECT,
                hint="You may retrieve your API key via the Roboflow Dashboard.", extra={"key": told} if told else {},
            )  # fmt: skip
        scopes = self.behaviour.scopes
        if row.scope is None or scopes is None or row.scope in scopes:
            return None
        if self.behaviour.scope_status == 404:
            return refusal(404, "Unsupported request. The resource does not exist, or this key may not see it.",
                           shape=ErrorShape.OBJECT, code="GraphMethodException")  # fmt: skip
        return refusal(self.behaviour.scope_status, f"This key lacks the scope {row.scope}.", hint="Use another key.")

    def _fault(self, method: str, path: str) -> Fault | None:
        """The first fault that strikes; each that concerns the request counts it."""
        with self._lock:
            struck = None
            for fault in self.behaviour.faults:
                if fault.concerns(method, path):
                    self._struck[fault] += 1
                    if struck is None and fault.strikes(self._struck[fault]):
                        struck = fault
            return struck

    def _is_too_often(self) -> bool:
        most, now = self.behaviour.most_calls, time.monotonic()
        if most is None:
            return False
        with self._lock:
            while self._recent and self._recent[0] <= now - self.behaviour.window_seconds:
                self._recent.popleft()
            if len(self._recent) >= most:
                return True
            self._recent.append(now)
            return False

    def _record(self, scope: Mapping[str, Any], answer: Answer, fault: Fault | None) -> None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        key_in = {"header"} if "authorization" in headers else set()
        key_in |= {"query"} if any(name == "api_key" for name, _ in query) else set()
        key_in |= {"body"} if scope.get("key_in_body") else set()
        shown = tuple((name, HIDDEN if name.lower() in SECRET_NAMES else value) for name, value in query)
        kept = {name: HIDDEN if name in SECRET_NAMES else value for name, value in headers.items()}
        broken = fault is not None and fault.kind in (FaultKind.STALL, FaultKind.RESET, FaultKind.TRUNCATED)
        status, befell = None if broken else answer.status, fault.kind.value if fault is not None else None
        size = int(headers.get("content-length", 0))
        row = Recorded(scope["method"], scope["path"], shown, kept, frozenset(key_in), size, status, befell)
        self.requests.append(row)


def _keys(asked: Asked) -> dict[str, str]:
    """The keys that a request carries, by where: header, query, body."""
    bearer = asked.headers.get("authorization", "")
    given = {"query": asked.text("api_key")}
    if bearer.lower().startswith("bearer "):
        given["header"] = bearer[7:].strip()
    if asked.headers.get("content-type", "").startswith("application/json"):
        given["body"] = str(asked.json.get("api_key") or "")
    return {place: key for place, key in given.items() if key}
