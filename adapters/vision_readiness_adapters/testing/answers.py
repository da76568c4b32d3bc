"""What a route is asked, and what it answers: values on both sides, without any I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any

from vision_readiness_adapters.testing.behaviour import ErrorShape

HTML = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser.</body></html>"
EXPIRED = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>ExpiredToken</Code><Message>Expired.</Message></Error>'


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and headers in lower case; the content type is among them."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a route sees it: ``names`` are the parts of the path, ``query`` the pairs, ``origin`` the server."""

    method: str
    path: str
    names: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    origin: str

    def text(self, name: str, otherwise: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), otherwise)

    def texts(self, name: str) -> list[str]:
        """All values of a query parameter."""
        return [value for key, value in self.query if key == name]

    def number(self, name: str, otherwise: float) -> float:
        """A query parameter as a number; ``otherwise`` where it is missing or none."""
        try:
            return float(self.text(name, str(otherwise)))
        except ValueError:
            return otherwise

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty for anything else."""
        try:
            read = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    def form(self) -> dict[str, bytes]:
        """The parts of a ``multipart/form-data`` body by name; empty for any other."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return {}
        message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + self.body)
        parts = message.get_payload() if message.is_multipart() else []
        named = [
            (part.get_param("name", header="content-disposition"), part) for part in parts if not isinstance(part, str)
        ]
        return {str(name): bytes(part.get_payload(decode=True) or b"") for name, part in named if name}


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """``value`` as an answer in JSON."""
    return Answer(status, json.dumps(value).encode(), {"content-type": "application/json", **(headers or {})})


def refusal(
    status: int,
    message: str,
    *,
    shape: ErrorShape = ErrorShape.TEXT,
    code: str = "OAuthException",
    hint: str | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An answer that says what is wrong, in one of the shapes."""
    if shape is ErrorShape.HTML:
        return Answer(status, HTML.encode(), {"content-type": "text/html; charset=utf-8", **(headers or {})})
    told = {"message": message, "status": status, "type": code, "hint": hint, **(extra or {})}
    bodies: dict[ErrorShape, dict[str, Any]] = {
        ErrorShape.TEXT: {"error": message, **({"hint": hint} if hint else {})},
        ErrorShape.OBJECT: {"error": {name: value for name, value in told.items() if value is not None}},
        ErrorShape.CODE: {"error": code, "message": message},
        ErrorShape.MESSAGE: {"message": message},
        ErrorShape.DETAIL: {"detail": [{"loc": ["body"], "msg": message, "type": "value_error"}]},
    }
    return as_json(bodies[shape], status, headers)


def not_found(message: str) -> Answer:
    """404, as the management API writes it."""
    return refusal(404, message)
