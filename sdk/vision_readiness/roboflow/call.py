"""A call: the request to make, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from vision_readiness.roboflow.errors import BadRequestError, RoboflowError, UnreadableAnswerError, error_of, explain
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
        read = self._read(response)
        if isinstance(read, RoboflowError):
            raise read
        return read

    def _read(self, response: Response) -> T | RoboflowError:
        """The value, or the error to raise: raised elsewhere, so that no frame that holds the answer hangs on to it."""
        try:
            body = json.loads(response.body, parse_constant=lambda _: None) if response.body.strip() else None
        except (ValueError, RecursionError):
            kind = plain(response.hide(response.headers.get("content-type", "an unknown type")), 60)
            return self._unreadable(response, f"is not complete JSON, but {len(response.body):,} bytes of {kind}")
        if _is_denied(body):
            return self._denied(response)
        try:
            return self.read(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = plain(response.hide(".".join(map(str, first["loc"]))), 80) or "the whole"
            return self._unreadable(response, f"cannot be read ({where}: {first['type'].replace('_', ' ')})")
        except ValueError as error:  # raised by what reads, in its own words
            return self._unreadable(response, f"cannot be read ({error})")

    def _denied(self, response: Response) -> RoboflowError:
        because = explain(response).message or "it does not say why"
        did_not = f"Roboflow did not do what {plain(str(self.request))} asks for: {because.rstrip('. ')}."
        return self._error(BadRequestError, did_not, response)

    def _unreadable(self, response: Response, what: str) -> RoboflowError:
        return self._error(UnreadableAnswerError, f"Roboflow's answer to {plain(str(self.request))} {what}.", response)

    def _error(self, kind: type[RoboflowError], what: str, response: Response) -> RoboflowError:
        found = response.request_id
        request_id = None if found is None else plain(response.hide(found), 80)
        return kind(f"{what} {kind.NEXT}", status=response.status, request_id=request_id)


def _is_denied(body: Any) -> bool:
    """Whether a 2xx answer is a refusal all the same: it denies success, or is nothing but an error."""
    if not isinstance(body, dict):
        return False
    return body.get("success") is False or ("error" in body and not set(body) - {"error", "message", "hint", "status"})


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
