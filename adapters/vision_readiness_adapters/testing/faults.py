"""What befalls a request on its way, over ASGI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from vision_readiness_adapters.testing.answers import EXPIRED, HTML, Answer, refusal
from vision_readiness_adapters.testing.behaviour import Fault, FaultKind

Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
PIECES = 10
NOWHERE = "http://127.0.0.1:1/"
"""Where a redirect leads: a port of this machine on which nothing listens."""


class BrokenOff(Exception):  # noqa: N818 - what the server is to do, not what went wrong in it
    """Raised where the connection is to be reset without an answer."""


def altered(fault: Fault, answer: Answer) -> Answer:
    """What is answered in place of ``answer``, where the fault is in what is said and not in how it comes."""
    match fault.kind:
        case FaultKind.STATUS:
            headers = {} if fault.retry_after is None else {"retry-after": fault.retry_after}
            message = {401: "This API key does not exist (or has been revoked)."}.get(
                fault.status, "Something went wrong."
            )
            return refusal(fault.status, message, shape=fault.shape, headers=headers)
        case FaultKind.HTML:
            return Answer(200, HTML.encode(), {"content-type": "text/html; charset=utf-8"})
        case FaultKind.REDIRECT:
            return Answer(302, b"", {"location": NOWHERE})
        case FaultKind.EXPIRED:
            return Answer(403, EXPIRED.encode(), {"content-type": "application/xml"})
        case FaultKind.WRONG_TYPES:
            return replace(answer, body=json.dumps(_wrong(answer)).encode())
        case FaultKind.CUT:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case _:
            return answer


async def deliver(answer: Answer, send: Send, receive: Receive, fault: Fault | None, *, with_length: bool) -> None:
    """Sends an answer as the fault has it; raises ``BrokenOff`` for a reset.

    Without a length it goes out in chunks. A truncated one is announced whole and left off in the middle, which makes
    the server close the connection.
    """
    kind = fault.kind if fault is not None else None
    if fault is not None and kind is FaultKind.STALL:
        await _until_gone(receive, fault.seconds)
        raise BrokenOff
    if kind is FaultKind.RESET:
        raise BrokenOff
    headers = dict(answer.headers)
    if with_length:
        headers["content-length"] = str(len(answer.body))
    await send({"type": "http.response.start", "status": answer.status, "headers": _encoded(headers)})
    if kind is FaultKind.TRUNCATED:
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        return
    pieces = PIECES if kind is FaultKind.SLOW else 1
    size = max(1, -(-len(answer.body) // pieces))
    for begin in range(0, max(1, len(answer.body)), size):
        if fault is not None and kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds / pieces)
        await send({"type": "http.response.body", "body": answer.body[begin : begin + size], "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive, seconds: float) -> None:
    """Waits for the caller to hang up."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


def _wrong(answer: Answer) -> Any:
    try:
        read = json.loads(answer.body)
    except ValueError:
        return 7
    return _turned(read)


def _turned(value: Any) -> Any:
    if isinstance(value, dict):
        return [_turned(held) for held in value.values()]
    return "a list stood here" if isinstance(value, list) else value


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
