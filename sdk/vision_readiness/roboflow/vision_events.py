"""Vision Events: where a result is kept beside what cameras saw.

https://docs.roboflow.com/developer/python-sdk/vision-events (read 2026-11) and roboflow-python,
adapters/vision_events_api.py (2026-07)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasChoices, BeforeValidator, Field

from vision_readiness.errors import InputError
from vision_readiness.roboflow.call import Call, reading, reading_rows
from vision_readiness.roboflow.images import Metadata
from vision_readiness.roboflow.payload import Flag, Id, Moment, Payload, Text, Texts, rows_of
from vision_readiness.roboflow.transport import Request, path_of, query_of

MOST_METADATA, MOST_EVENTS = 100, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionEvent:
    """An event to write; ``id`` names it, so that it can be found again before it is written twice.

    Raises ``InputError`` for a moment without a time zone, or more than 100 entries of metadata.
    """

    id: UUID
    use_case: str
    at: datetime
    kind: str = "custom"
    data: Mapping[str, Any] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InputError("A Vision Event needs a moment with its time zone.")
        if len(self.metadata) > MOST_METADATA:
            raise InputError(f"A Vision Event holds {MOST_METADATA} entries of metadata, not {len(self.metadata)}.")

    def body(self) -> dict[str, Any]:
        """The JSON to send."""
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        named = {"eventId": str(self.id), "eventType": self.kind, "useCaseId": self.use_case, "timestamp": at}
        rest = {"eventData": dict(self.data), "customMetadata": dict(self.metadata)}
        return named | {name: value for name, value in rest.items() if value}


class WrittenEvent(Payload):
    """The receipt for an event."""

    event_id: Id


class WrittenEvents(Payload):
    """The receipt for several."""

    event_ids: Texts


class EventRow(Payload):
    """An event that is there."""

    event_id: Id
    event_type: Text = None
    at: Annotated[Moment, Field(alias="timestamp")] = None


class EventPage(Payload):
    """A page of events; ``next_cursor`` asks for the one after."""

    events: Annotated[tuple[EventRow, ...], BeforeValidator(lambda value: rows_of(EventRow, value))]
    next_cursor: Text = None
    has_more: Flag = None


class UseCase(Payload):
    """What groups events of one purpose."""

    id: Annotated[Id, Field(validation_alias=AliasChoices("id", "useCaseId"))]
    name: Text = None
    status: Text = None


def write_event(event: VisionEvent) -> Call[WrittenEvent]:
    """Writes an event. Whether a second of the same id is dropped no page says: look with ``events`` first.

    ``POST /vision-events``, answered 201. Scope ``vision-events:write``
    """
    request = Request("POST", path_of("vision-events"), json=event.body(), repeatable=False)
    return Call(request, reading(WrittenEvent))


def write_events(events: Sequence[VisionEvent]) -> Call[WrittenEvents]:
    """Writes up to 100 events. ``POST /vision-events/batch``, answered 201."""
    if not 0 < len(events) <= MOST_EVENTS:
        raise InputError(f"{len(events):,} events cannot be written at once: give 1 to {MOST_EVENTS}.")
    body = {"events": [event.body() for event in events]}
    request = Request("POST", path_of("vision-events", "batch"), json=body, repeatable=False)
    return Call(request, reading(WrittenEvents))


def events(
    use_case: str,
    *,
    kind: str | None = None,
    since: datetime | None = None,
    cursor: str | None = None,
    metadata: Sequence[Mapping[str, Any]] = (),
    limit: int = 100,
) -> Call[EventPage]:
    """A page of the events of a use case. ``POST /vision-events/query``."""
    wanted = {"eventType": kind, "startTime": since and since.isoformat(), "cursor": cursor}
    body: dict[str, Any] = {"useCaseId": use_case, "limit": limit}
    body |= {name: value for name, value in wanted.items() if value is not None}
    if metadata:
        body["customMetadataFilters"] = [dict(row) for row in metadata]
    return Call(Request("POST", path_of("vision-events", "query"), json=body), reading(EventPage))


def use_cases(status: str | None = None) -> Call[tuple[UseCase, ...]]:
    """The use cases; older servers call them solutions. ``GET /vision-events/use-cases``."""
    request = Request("GET", path_of("vision-events", "use-cases"), query=query_of(status=status))
    return Call(request, reading_rows(UseCase, "useCases", "solutions"))


def create_use_case(name: str) -> Call[UseCase]:
    """Makes a use case. Twice may make two: look in ``use_cases`` first. ``POST /vision-events/use-cases``, 201."""
    request = Request("POST", path_of("vision-events", "use-cases"), json={"name": name}, repeatable=False)
    return Call(request, reading(UseCase))
