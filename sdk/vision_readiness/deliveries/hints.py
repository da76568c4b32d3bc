"""Messages of senders that cannot sign: Roboflow's notifications, and a Workflow's Webhook Sink.

They carry a token in ``Authorization`` (``verify_token``), which proves neither body nor moment, and say little. So
each becomes an event that is marked as weakly authenticated: a reason to look at the project again, and nothing more.

Roboflow's notifications name neither workspace nor project, so the address that is given as ``--notifications-url``
must: two of its path segments or query parameters, which the receiver passes on here.
https://github.com/roboflow/inference/blob/main/docs/workflows/batch_processing/about.md (read 2026-03)
https://docs.roboflow.com/workflows/blocks/blocks/data-storage/webhook-sink (read 2026-08)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from vision_readiness.deliveries.errors import EventError
from vision_readiness.deliveries.events import MAX_BYTES, Event, EventType, Subject, reason

TOKEN_INPUT = "$inputs.readiness_token"  # noqa: S105 - the place of a token, which no workflow definition should hold


class Authentication(StrEnum):
    """What shows where an event came from."""

    SIGNED = "signed"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Hint:
    """A message of a sender that cannot sign; when it tells of nothing new, ``event`` is ``None``.

    ``because`` says in a sentence where it came from, or why it is not an event.
    """

    id: str
    event: Event | None
    because: str
    authenticated: Authentication = Authentication.WEAK


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


_EventId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class _BatchJob(_Message):
    type: Literal["roboflow-batch-job-notification-v1"]
    event_id: _EventId
    job_state: Literal["success", "fail"]

    @property
    def brings_news(self) -> bool:
        return self.job_state == "success"


class _Ingest(_Message):
    success: bool


class _Staging(_Message):
    type: Literal["roboflow-data-staging-notification-v1"]
    event_id: _EventId
    notification: _Ingest

    @property
    def brings_news(self) -> bool:
        return self.notification.success


class _Sink(_Message):
    """What ``sink_block`` sends; a Workflow may write a number as text, and has no clock."""

    type: Literal[EventType.VERSION_CREATED, EventType.MODEL_TRAINED, EventType.SPEC_CHANGED, EventType.DATASET_CHANGED]
    workspace: str
    project: str
    version: int | None = None
    model: str | None = None
    revision: str | None = None


_MESSAGE: TypeAdapter[_BatchJob | _Staging | _Sink] = TypeAdapter(
    Annotated[_BatchJob | _Staging | _Sink, Field(discriminator="type")]
)


def parse_hint(body: bytes, *, received: datetime, workspace: str | None = None, project: str | None = None) -> Hint:
    """The hint in ``body``, which arrived at ``received``, an aware moment; raises ``EventError``.

    ``workspace`` and ``project`` are what the address of the delivery names. Roboflow's notifications need both; what a
    Webhook Sink names in its body must agree with them where they are given. A job or an upload that succeeded becomes
    ``dataset.changed`` without a revision, and one that failed becomes no event. The id is Roboflow's ``event_id``,
    which stays the same over its attempts; a Webhook Sink does not try again, and each of its messages has its own.
    """
    if len(body) > MAX_BYTES:
        raise EventError(f"A notification has at most {MAX_BYTES} bytes.")
    try:
        message = _MESSAGE.validate_json(body)
        if isinstance(message, _Sink):
            return _from_sink(message, body, received, workspace, project)
        if workspace is None or project is None:
            raise EventError(
                "Roboflow's notification names no project. Name workspace and project in the notifications URL."
            )
        subject = Subject(workspace=workspace, project=project)
    except ValidationError as error:
        raise EventError(f"Unknown notification: {reason(error)}.") from None
    delivery = f"roboflow_{message.event_id}"
    if not message.brings_news:
        return Hint(delivery, None, "Roboflow says that it failed: there is nothing new to look at.")
    event = Event(type=EventType.DATASET_CHANGED, timestamp=received, data=subject)
    return Hint(delivery, event, f"Roboflow sent {message.type}.")


def _from_sink(message: _Sink, body: bytes, received: datetime, workspace: str | None, project: str | None) -> Hint:
    if (workspace or message.workspace, project or message.project) != (message.workspace, message.project):
        raise EventError("The body names another project than the address does.")
    event = Event(type=message.type, timestamp=received, data=Subject(**message.model_dump(exclude={"type"})))
    told = hashlib.sha256(received.isoformat().encode() + body).hexdigest()[:40]
    return Hint(f"sink_{told}", event, "A Webhook Sink sent it.")


def sink_block(url: str, workspace: str, project: str, event: EventType = EventType.DATASET_CHANGED) -> dict[str, Any]:
    """A Webhook Sink step for a Workflow definition that sends ``event`` as ``parse_hint`` reads it.

    The token stays out of the definition: the Workflow gets it as its parameter ``readiness_token``. The cooldown holds
    for video only; behind an HTTP API the sink fires with every request, so put it behind a condition.
    """
    return {
        "type": "roboflow_core/webhook_sink@v1",
        "name": "vision_readiness",
        "url": url,
        "method": "POST",
        "headers": {"Authorization": TOKEN_INPUT},
        "json_payload": {"type": event.value, "workspace": workspace, "project": project},
        "request_timeout": 5,
        "cooldown_seconds": 300,
        "fire_and_forget": True,
    }
