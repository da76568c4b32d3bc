"""A call: the request to make, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from vision_readiness.roboflow.errors import UnreadableAnswerError, error_of, explain
from vision_readiness.roboflow.payload import Payload, rows_of
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
            problem = f"{plain('.'.join(map(str, first['loc'])), 80) or 'the whole'}: {first['type'].replace('_', ' ')}"
        except ValueError as error:  # raised by what reads, in its own words
            problem = str(error)
        said = explain(response).message if isinstance(body, dict) else None
        raise self._unreadable(response, f"cannot be read ({problem})" + (f"; it says: {said}" if said else ""))

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
    """Reads the list that is the answer, or stands in the first of ``fields`` there is; ``null`` is an empty one.

    Rows that cannot be read are left out; an answer without such a list is an error, and not an empty one.
    """

    def read(body: Any) -> tuple[P, ...]:
        held = next((body[name] for name in fields if name in body), body) if isinstance(body, Mapping) else body
        if held is not None and not isinstance(held, list):
            raise ValueError(f"{fields[0]}: missing")
        return rows_of(model, held)

    return read
