"""A call: the request to make, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from vision_readiness.roboflow.errors import UnreadableAnswerError, error_of
from vision_readiness.roboflow.payload import Payload
from vision_readiness.roboflow.redact import plain
from vision_readiness.roboflow.transport import Request, Response

T = TypeVar("T")
P = TypeVar("P", bound=Payload)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What to ask, and ``read``, which makes a value of the JSON that comes back (``None`` for an empty body)."""

    request: Request
    read: Callable[[Any], T]

    def value(self, response: Response) -> T:
        """The value of ``response``; raises the error of the tree that it stands for."""
        if not 200 <= response.status < 300:
            raise error_of(self.request, response)
        body = self._json(response)
        try:
            return self.read(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = plain(".".join(map(str, first["loc"])), 80) or "the whole"
            problem = f"{where}: {first['type'].replace('_', ' ')}"
        raise self._unreadable(response, f"cannot be read ({problem})")

    def _json(self, response: Response) -> Any:
        if not response.body.strip():
            return None
        try:
            return json.loads(response.body, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            what = plain(response.headers.get("content-type", "an unknown type"), 60)
        raise self._unreadable(response, f"is no whole JSON, but {len(response.body):,} bytes of {what}")

    def _unreadable(self, response: Response, what: str) -> UnreadableAnswerError:
        return UnreadableAnswerError(
            f"Roboflow's answer to {plain(str(self.request))} {what}. {UnreadableAnswerError.NEXT}",
            status=response.status,
            request_id=response.request_id,
        )


def reading(model: type[P], inside: str | None = None) -> Callable[[Any], P]:
    """Reads an object into ``model``; with ``inside``, from that field where there is one."""

    def read(body: Any) -> P:
        within = body.get(inside) if inside is not None and isinstance(body, Mapping) else None
        return model.model_validate(within if isinstance(within, Mapping) else body)

    return read


def reading_rows(model: type[P], *fields: str) -> Callable[[Any], tuple[P, ...]]:
    """Reads the list in the first of ``fields`` that holds one; rows that cannot be read are left out."""
    from vision_readiness.roboflow.payload import rows_of

    def read(body: Any) -> tuple[P, ...]:
        if isinstance(body, list):
            return rows_of(model, body)
        whole = _Object.model_validate(body).model_extra or {}
        found = next((whole[name] for name in fields if isinstance(whole.get(name), list)), [])
        return rows_of(model, found)

    return read


class _Object(Payload, extra="allow"):
    """Any JSON object."""
