"""The event of a report, written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from vision_readiness.publish import Step, StepResult
from vision_readiness.publish.interface import EventNote
from vision_readiness.roboflow import RoboflowClient, vision_events
from vision_readiness.roboflow.vision_events import EventRow, VisionEvent

LOOK_BACK = timedelta(days=30)
"""How long before this report's moment an event of the same report is looked for; a plan may allow less."""


def write_note(client: RoboflowClient, step: Step, note: EventNote) -> StepResult:
    """The result for the event, which is looked up by its id in its use case; a missing use case is created."""
    cases = client.run(vision_events.use_cases())
    case = next((row for row in cases if row.name == note.use_case), None)
    if case is None:
        case = client.run(vision_events.create_use_case(note.use_case))
    if any(row.event_id == str(note.event_id) for row in _events(client, case.id, note)):
        return StepResult(step, there=1)
    client.run(
        vision_events.write_event(VisionEvent(id=note.event_id, use_case=case.id, at=note.at, metadata=note.metadata))
    )
    return StepResult(step, done=1)


def _events(client: RoboflowClient, use_case: str, note: EventNote) -> Iterator[EventRow]:
    """The events of a use case, page after page; a cursor that comes again is the last."""
    followed: set[str | None] = {None}
    cursor: str | None = None
    while True:
        page = client.run(vision_events.events(use_case, since=note.at - LOOK_BACK, cursor=cursor))
        yield from page.events
        cursor = page.next_cursor
        if not page.has_more or cursor in followed:
            return
        followed.add(cursor)
