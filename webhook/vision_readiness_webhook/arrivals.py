"""What an event asks for: the same of everybody who tells of the same state."""

from __future__ import annotations

from vision_readiness.deliveries import Event, EventType
from vision_readiness.report import digest_of
from vision_readiness_webhook.intake import Arrival
from vision_readiness_webhook.store.runs import Asked


def arrival_of(event: Event, delivery_id: str | None = None) -> Arrival:
    """The event as the intake takes it; an id of its own is made from its content."""
    return Arrival(asked_by(event), delivery_id or event.id, event.to_bytes().decode())


def asked_by(event: Event) -> Asked:
    """What an event asks for. Events that tell of the same state ask for the same, whoever sends them."""
    about = event.data
    told = (about.revision,) if about.revision else ()
    if event.type in {EventType.DATASET_CHANGED, EventType.SPEC_CHANGED} and not told:
        told = (digest_of(event.timestamp.isoformat()),)  # which change it was is not said: each counts
    return Asked(about.workspace, about.project, about.version, about.model, str(event.type), told)
