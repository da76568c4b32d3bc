"""What can have happened that calls for a fresh look: our events, as they travel.

An event is a hint, never evidence: who gets one reads the state from Roboflow before computing anything.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from vision_readiness.deliveries.errors import EventError

MAX_BYTES = 65_536
"""Longest body that is read; the specification advises senders to stay below 20 kB."""


class EventType(StrEnum):
    """What happened."""

    VERSION_CREATED = "version.created"
    MODEL_TRAINED = "model.trained"
    SPEC_CHANGED = "spec.changed"
    DATASET_CHANGED = "dataset.changed"


def _written(value: Any) -> Any:
    """A moment comes as text or as a datetime; pydantic would take a number for seconds or milliseconds by its size."""
    if not isinstance(value, str | datetime) or (isinstance(value, str) and value[:5].isdigit()):
        raise ValueError("a moment is ISO 8601 with its offset from UTC")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:  # year 1 and year 9999
        raise ValueError("a moment lies within the calendar") from None


_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
Slug = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=f"^{_NAME}$")]
ModelName = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=f"^{_NAME}(/{_NAME}){{0,3}}$")]
Revision = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_.:+=-]{1,128}$")]
Number = Annotated[int, Field(strict=True, ge=1, lt=10**9)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]


class Subject(BaseModel):
    """What it happened to; what is not known, or has no part in it, is ``None``.

    ``revision`` tells one state of what changed from another: a digest, or the moment of the last change.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    workspace: Slug
    project: Slug
    version: Number | None = None
    model: ModelName | None = None
    revision: Revision | None = None


class Event(BaseModel):
    """Something happened, at ``timestamp`` by the sender's account."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: EventType
    timestamp: Moment
    data: Subject

    @model_validator(mode="after")
    def _names_its_subject(self) -> Event:
        if self.type is EventType.VERSION_CREATED and self.data.version is None:
            raise ValueError("version.created names a version")
        if self.type is EventType.MODEL_TRAINED and self.data.version is None and self.data.model is None:
            raise ValueError("model.trained names a version or a model")
        return self

    @property
    def id(self) -> str:
        """The delivery id, made from the content: the same event has the same id, whoever sends it how often."""
        return f"evt_{hashlib.sha256(self.to_bytes()).hexdigest()[:40]}"

    def to_bytes(self) -> bytes:
        """The JSON that travels: keys sorted, nothing between them, the same for equal events."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()


def parse_event(body: bytes) -> Event:
    """The event in ``body``; fields that are not ours are passed over. Raises ``EventError``, which repeats no input.

    >>> parse_event(b'{"type": "version.created", "timestamp": "2026-11-20T12:00:00Z", '
    ...             b'"data": {"workspace": "acme", "project": "dock", "version": 3}}').data.version
    3
    """
    if len(body) > MAX_BYTES:
        raise EventError(f"An event has at most {MAX_BYTES} bytes.")
    try:
        return Event.model_validate_json(body)  # whose parser stops at 200 levels
    except ValidationError as error:
        raise EventError(f"Not an event: {reason(error)}.") from None


def reason(error: ValidationError) -> str:
    """What pydantic objects to first, without the value it objects to."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"].startswith("union_tag"):  # its message repeats the tag
        return "type: none of those that are known"
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]
