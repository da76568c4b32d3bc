"""Deliveries as nobody should send them: a valid one, damaged in a way that a seed chooses."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette

from tests.webhook.serving import SECRET, created
from vision_readiness.deliveries import Secret, sign

Header = tuple[bytes, bytes]
Damage = Callable[[random.Random, list[Header], bytes], tuple[list[Header], bytes]]

_NAMES = [b"webhook-id", b"webhook-timestamp", b"webhook-signature"]
_VALUES = [
    b"",
    b" ",
    b"\x00",
    b"\xff\xfe",
    "٣".encode(),
    b"-1",
    b"1e9",
    b"nan",
    b"9" * 400,
    b"0x10",
    b"a.b",
    b"v1,",
    b"v1," + b"A" * 5000,
    b"v1,===",
    b"v2,AAAA v1a,AAAA",
    b"v1,AAAA " * 500,
    b"\r\nx: y",
    b"msg_\xc3\xa9",
    b"," * 100,
    "v1,–".encode(),
]
_BODIES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"',
    b"[" * 5000,
    b'{"a":' * 3000,
    b"\xff\xff",
    b'{"type":"version.created"}',
    b'{"type":5,"timestamp":"2026-11-20T12:00:00Z","data":{}}',
    b'{"type":"version.created","timestamp":"2026-11-20T12:00:00Z","data":{"workspace":"acme","project":"../x","version":1}}',
    b'{"type":"version.created","timestamp":"9999-12-31T23:59:59-23:59","data":{"workspace":"acme","project":"x","version":1}}',
    b'{"type":"version.created","timestamp":1,"data":{"workspace":"acme","project":"x","version":1}}',
    b'{"type":"version.created","timestamp":"2026-11-20T12:00:00Z","data":{"workspace":"acme","project":"x","version":1e99}}',
    b'{"type":"version.created","timestamp":"2026-11-20T12:00:00Z","data":{"workspace":"nobody","project":"x","version":1}}',
    b'{"type":"version.created","timestamp":"2026-11-20T12:00:00Z","data":{"workspace":"acme","project":"\\u0000","version":1}}',
    b'{"type":"version.created","timestamp":"2026-11-20T12:00:00Z","data":{"workspace":"\\ud800","project":"x","version":1}}',
]


def damaged(seed: int) -> Iterator[tuple[list[Header], bytes]]:
    """Headers and body of one delivery after another, none of which may be taken; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same for the same seed is what it is for
    while True:
        headers, body = _signed(created("yard-safety", chance.randrange(1, 99)).to_bytes(), datetime.now(UTC))
        yield chance.choice(_DAMAGES)(chance, headers, body)


def _signed(body: bytes, when: datetime, secret: str = SECRET) -> tuple[list[Header], bytes]:
    headers = sign(Secret.parse(secret), "evt_1", when, body)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()], body


def _without_a_header(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    gone = chance.choice(_NAMES)
    return [one for one in headers if one[0] != gone], body


def _twice(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    name = chance.choice(_NAMES)
    return [*headers, *(one for one in headers if one[0] == name)], body


def _another_value(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    name, value = chance.choice(_NAMES), chance.choice(_VALUES)
    return [(one, value if one == name else was) for one, was in headers], body


def _random_value(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    name, value = chance.choice(_NAMES), chance.randbytes(chance.randrange(1, 300))
    return [(one, value if one == name else was) for one, was in headers], body


def _flipped_byte(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    place = chance.randrange(len(body))
    return headers, body[:place] + bytes([body[place] ^ chance.randrange(1, 256)]) + body[place + 1 :]


def _other_body(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    return headers, chance.choice([*_BODIES, chance.randbytes(chance.randrange(2000))])


def _signed_nonsense(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    return _signed(chance.choice(_BODIES), datetime.now(UTC))


def _wrong_clock(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    skew = timedelta(seconds=chance.choice([-302, -301, 302, 303, -1e6, 1e6, 6e10]))
    return _signed(body, datetime.now(UTC) + skew)


def _other_secret(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    return _signed(body, datetime.now(UTC), "whsec_" + "QUFB" * 8)


def _odd_framing(chance: random.Random, headers: list[Header], body: bytes) -> tuple[list[Header], bytes]:
    length = chance.choice([b"-1", b"", b"1e3", b"9" * 30, "٣".encode(), b"+5", b"262145", b"0x10"])
    return [*headers, (b"content-length", length)], b"" if length == b"" else body


_DAMAGES: list[Damage] = [
    _without_a_header,
    _twice,
    _another_value,
    _random_value,
    _flipped_byte,
    _other_body,
    _signed_nonsense,
    _wrong_clock,
    _other_secret,
    _odd_framing,
]


async def deliver_raw(app: Starlette, headers: list[Header], body: bytes) -> int:
    """The status of the answer to a delivery."""
    return await ask_raw(app, "POST", "/webhooks/roboflow", headers, body)


async def ask_raw(app: Starlette, method: str, path: str, headers: list[Header], body: bytes) -> int:
    """The status of the answer to headers that no client would send."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    parts = [{"type": "http.request", "body": body, "more_body": False}]
    answers: list[dict[str, Any]] = []

    async def receive() -> Any:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answers.append(message)

    await app(scope, receive, send)
    return int(answers[0]["status"])
