"""The outbox over HTTP: what was told to whom, what nobody took, and that once more."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import Field

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.cursor import Page, PageAsked, page_of, unpack
from vision_readiness_webhook.api.names import Slug
from vision_readiness_webhook.api.operation import Answer, Call, Nothing, Operation, Shown, not_found
from vision_readiness_webhook.api.shown import moment
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.store.schema import outbox


class MessagesAsked(PageAsked):
    """Which messages."""

    project: Slug | None = None
    state: MessageState | None = Field(None, description="those in this state; `dead` are the dead letters")


class MessageShown(Shown):
    """One result for one address, of which no more is shown than its host: an address can be a secret."""

    message_id: str
    project: str
    run_id: str
    run_url: str
    channel: str
    host: str
    state: MessageState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    finished_at: datetime | None
    detail: str | None


def list_messages(call: Call[MessagesAsked, Nothing]) -> Answer:
    """The messages of the workspace, the last left first."""
    asked = call.query
    rows = sa.select(outbox).where(outbox.c.workspace == call.workspace)
    if asked.project is not None:
        rows = rows.where(outbox.c.project == asked.project)
    if asked.state is not None:
        rows = rows.where(outbox.c.state == asked.state)
    if asked.cursor:
        place = unpack(asked.cursor, float, str)
        rows = rows.where(sa.tuple_(outbox.c.created_at, outbox.c.message_id) < sa.tuple_(*map(sa.literal, place)))
    rows = rows.order_by(outbox.c.created_at.desc(), outbox.c.message_id.desc()).limit(asked.limit + 1)
    with call.service.database.read() as connection:
        found = connection.execute(rows).all()
    shown, following = page_of(found, asked.limit, lambda row: (row.created_at, row.message_id))
    return Answer(Page[MessageShown](items=tuple(_shown(call, row) for row in shown), next=following))


def replay_message(call: Call[Nothing, Nothing]) -> Answer:
    """The message, to be sent once more; one that a newer report has made stale is not."""
    message_id = call.path["message_id"]
    mine = sa.and_(outbox.c.message_id == message_id, outbox.c.workspace == call.workspace)
    with call.service.database.write() as connection:
        if connection.execute(sa.select(outbox.c.message_id).where(mine)).first() is None:
            raise not_found("message")
        done = call.service.outbox.again(connection, message_id)
        row = connection.execute(sa.select(outbox).where(mine)).one()
        if not done:
            raise ProblemError(409, "not-replayable", f"The message is {row.state}.")
        person, now = call.actor.person, call.now.timestamp()
        add_entry(connection, call.workspace, person, "message.replayed", row.project, now, {"message": message_id})
    return Answer(_shown(call, row), 202)


def _shown(call: Call[Any, Any], row: Any) -> MessageShown:
    return MessageShown(
        message_id=row.message_id,
        project=row.project,
        run_id=row.run_id,
        run_url=call.url(f"/runs/{row.run_id}"),
        channel=row.channel,
        host=_host(row.address),
        state=MessageState(row.state),
        attempts=row.attempts,
        created_at=moment(row.created_at),
        next_at=None if row.next_at is None else moment(row.next_at),
        finished_at=None if row.finished_at is None else moment(row.finished_at),
        detail=row.detail,
    )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/outbox",
        "list_messages",
        "What was told to whom, the last first; `?state=dead` are the dead letters.",
        Role.SUPPORT,
        {200: Page[MessageShown]},
        list_messages,
        MessagesAsked,
        Nothing,
    ),
    Operation(
        "POST",
        "/outbox/{message_id}/replay",
        "replay_message",
        "Have a dead letter sent once more.",
        Role.EDITOR,
        {202: MessageShown},
        replay_message,
        Nothing,
        Nothing,
        ("not-replayable",),
    ),
)
