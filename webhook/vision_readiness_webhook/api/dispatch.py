"""From operations to routes: who asks, is it well said, do it off the event loop, answer with an ETag."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.to_thread
from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vision_readiness.deliveries.events import reason
from vision_readiness_webhook.access import Actor, Role, require
from vision_readiness_webhook.api.idempotency import Sent, fingerprint, once
from vision_readiness_webhook.api.names import PATTERNS
from vision_readiness_webhook.api.operation import Answer, Call, Operation, not_found
from vision_readiness_webhook.door import read_body
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.service import Service

DECIDING_AT_A_TIME = 2
"""How many requests compute at the same moment: the door and short answers are not to wait for them."""

NOBODY = Actor("", "", Role.SUPPORT)
"""Who asks for what everybody may read; no row of any workspace is theirs."""

MOST_ERRORS = 20
_KEY = re.compile(r"[!-~]{1,200}")


def routes_of(service: Service, operations: Sequence[Operation[Any, Any]]) -> list[Route]:
    """A route for each path, which answers each method that an operation has there."""
    deciding = anyio.CapacityLimiter(DECIDING_AT_A_TIME)
    by_path: dict[str, dict[str, Operation[Any, Any]]] = defaultdict(dict)
    for operation in operations:
        by_path[operation.path][operation.method] = operation
    return [
        Route(path, _Endpoint(service, here, deciding).answer, methods=list(here), name=next(iter(here.values())).name)
        for path, here in by_path.items()
    ]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """What answers at one path."""

    service: Service
    operations: Mapping[str, Operation[Any, Any]]
    deciding: anyio.CapacityLimiter = field(repr=False)

    async def answer(self, request: Request) -> Response:
        operation = self.operations["GET" if request.method == "HEAD" else request.method]
        if operation.endpoint is not None:
            return await operation.endpoint(request)
        actor = NOBODY if operation.role is None else await require(request, operation.role)
        raw = await read_body(request, self.service.settings.max_body_bytes) if operation.changes else b""
        call = Call(
            self.service,
            actor,
            _path(request.path_params),
            _query(operation, request.query_params),
            _body(operation, request, raw),
            self.service.settings.url + request.app.state.prefix,
            self.service.clock.now(),
        )
        key = _key(request) if operation.changes else None
        limiter = self.deciding if operation.decides else None
        sent = await anyio.to_thread.run_sync(_done, operation, call, key, _told(request, raw), limiter=limiter)
        return _response(request, operation, sent)


def _done(operation: Operation[Any, Any], call: Call[Any, Any], key: str | None, told: str) -> Sent:
    """The answer, given now or when the same was asked with this key before."""

    def answer() -> Sent:
        assert operation.handle is not None  # noqa: S101 - what has an endpoint does not come here
        return _sent(operation.handle(call))

    if key is None:
        return answer()
    now = call.now.timestamp()
    return once(call.service.database, call.actor, key, told, now, answer)


def _sent(answer: Answer) -> Sent:
    body = answer.body.model_dump_json(by_alias=True) if isinstance(answer.body, BaseModel) else answer.body
    return Sent(answer.status, body or "", answer.headers)


def _response(request: Request, operation: Operation[Any, Any], sent: Sent) -> Response:
    headers = {**sent.headers, "cache-control": "no-store" if operation.changes else "private, no-cache"}
    headers |= {"vary": "Authorization, Cookie", "x-content-type-options": "nosniff"}
    media_type = headers.pop("content-type", operation.media_types[0])
    if sent.status == 204:
        return Response(status_code=204, headers=headers)
    body = sent.body.encode()
    if not operation.changes and sent.status == 200:
        headers["etag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if _is_known(request.headers.get("if-none-match", ""), headers["etag"]):
            return Response(status_code=304, headers=headers)
    return Response(body, sent.status, headers, media_type=media_type)


def _is_known(asked: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names the ETag; its comparison is the weak one (RFC 9110, 13.1.2)."""
    return asked.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in asked.split(",")]


def _told(request: Request, raw: bytes) -> str:
    return fingerprint(request.method, f"{request.url.path}?{request.url.query}", raw)


def _key(request: Request) -> str | None:
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise ProblemError(400, "bad-idempotency-key", "A key is 1 to 200 printable ASCII characters, and comes once.")
    return keys[0]


def _path(given: Mapping[str, str]) -> Mapping[str, str]:
    """The parts of the path; what cannot be a name is answered as what is not there."""
    for name, value in given.items():
        if not re.fullmatch(PATTERNS[name], value):
            raise not_found()
    return given


def _query(operation: Operation[Any, Any], given: QueryParams) -> Any:
    """The query as a value; a parameter that is not a list comes at most once."""
    lists = {name for name, one in operation.query.model_fields.items() if str(one.annotation).startswith("tuple[")}
    plain: dict[str, Any] = {}
    for name in given:
        values = given.getlist(name)
        if name not in lists and len(values) > 1:
            raise ProblemError(422, "not-valid", f"The parameter {name[:100]} came {len(values)} times; once is right.")
        plain[name] = values if name in lists else values[0]
    try:
        return operation.query.model_validate(plain)
    except ValidationError as error:
        raise not_valid(error, "query") from None


def _body(operation: Operation[Any, Any], request: Request, raw: bytes) -> Any:
    if not operation.takes_body:
        return operation.body()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "not-a-json-request", "Send the body as `Content-Type: application/json`.")
    try:
        return operation.body.model_validate_json(raw)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise ProblemError(400, "not-json", "The body could not be read as JSON.") from None
        raise not_valid(error, "body") from None


def not_valid(error: ValidationError, where: str) -> ProblemError:
    """What pydantic objects to, without the values it objects to."""
    objections = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [
        {"where": ".".join(map(str, (where, *one["loc"])))[:200], "problem": one["msg"][:300]}
        for one in objections[:MOST_ERRORS]
    ]
    return ProblemError(422, "not-valid", f"{where}: {reason(error)[:300]}.", errors=errors)
