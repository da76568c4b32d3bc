"""The outbox: a result is stored in the transaction that made it, and sent once per channel and address.

A message that became stale while it waited is not sent; one that nobody takes ends in the dead letters.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import uuid4

import sqlalchemy as sa

from vision_readiness.deliveries import pause_before
from vision_readiness.errors import InputError
from vision_readiness.ports import Clock
from vision_readiness.report import Report
from vision_readiness_webhook.freshness import newer_than
from vision_readiness_webhook.jobs import JobEngine
from vision_readiness_webhook.metrics import Metrics
from vision_readiness_webhook.registry import Mode, Registry, Workspace
from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.reports import Kept, newest_report, report_of_run
from vision_readiness_webhook.store.runs import Run
from vision_readiness_webhook.store.schema import outbox
from vision_readiness_webhook.tracing import span

SEND = "send"
"""The kind of job that sends a message."""

log = logging.getLogger(__name__)


class MessageState(StrEnum):
    """Where a message is. An address that is ``gone`` wants nothing more, and is left alone from then on."""

    PENDING = "pending"
    DELIVERED = "delivered"
    STALE = "stale"
    GONE = "gone"
    REFUSED = "refused"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Message:
    """One result for one address."""

    message_id: str
    workspace: str
    project: str
    run_id: str
    channel: str
    address: str
    attempts: int
    created_at: float


@dataclass(frozen=True, slots=True)
class Sent:
    """How an attempt ended; ``retry_seconds`` is ``None`` where another would be in vain."""

    state: MessageState
    detail: str = ""
    retry_seconds: float | None = None


class Channel(Protocol):
    """One way of telling somebody."""

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        """Whom to tell of the report; nobody where nothing changed that they want to hear."""
        ...

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        """Tell them. Sending the same message twice must be seen as once by whoever gets it."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """Fills and empties the outbox through ``channels`` by name."""

    database: Database
    registry: Registry
    jobs: JobEngine
    clock: Clock
    channels: Mapping[str, Channel]
    metrics: Metrics = field(default_factory=Metrics)

    def fill(
        self, connection: sa.Connection, workspace: Workspace, run: Run, report: Report, last: Kept | None
    ) -> None:
        """Leave the report for everybody who is to be told; in ``observe`` that is nobody."""
        if workspace.mode is Mode.OBSERVE:
            return
        for name, channel in sorted(self.channels.items()):
            for address in channel.addresses(workspace, report, last):
                if not _is_gone(connection, workspace.name, name, address):
                    self._leave(connection, run, name, address)

    def _leave(self, connection: sa.Connection, run: Run, channel: str, address: str) -> None:
        message_id = uuid4().hex
        row = {
            "message_id": message_id,
            "workspace": run.workspace,
            "project": run.project,
            "run_id": run.run_id,
            "channel": channel,
            "address": address,
            "state": MessageState.PENDING,
            "attempts": 0,
            "created_at": self.clock.now().timestamp(),
        }
        if insert_new(connection, outbox, row):
            self.jobs.enqueue(connection, SEND, message_id, f"{message_id}-0")

    def again(self, connection: sa.Connection, message_id: str) -> bool:
        """Whether the message was a dead letter, or refused; it is then sent once this transaction is committed."""
        ended = outbox.c.state.in_([MessageState.DEAD, MessageState.REFUSED])
        waiting = {"state": MessageState.PENDING, "finished_at": None, "next_at": self.clock.now().timestamp()}
        mine = outbox.update().where(outbox.c.message_id == message_id, ended).values(**waiting)
        row = connection.execute(mine.returning(outbox.c.attempts)).first()
        if row is not None:
            self.jobs.enqueue(connection, SEND, message_id, f"{message_id}-{row.attempts}")
        return row is not None

    def send(self, message_id: str) -> None:
        """One attempt at the message; the next is enqueued in the transaction that says how this one ended."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(outbox).where(outbox.c.message_id == message_id)).mappings().first()
            if row is None or row["state"] != MessageState.PENDING:
                return
            message = Message(**{name: row[name] for name in Message.__dataclass_fields__})
            kept = report_of_run(connection, message.run_id)
            newest = newest_report(connection, message.workspace, message.project)
        about = {"run": message.run_id, "workspace": message.workspace, "project": message.project}
        with span("send", channel=message.channel, **about), self.metrics.publishing(message.channel):
            sent = self._attempt(message, kept, newest)
        self._note(message, sent)
        self.metrics.told(sent.state)

    def _attempt(self, message: Message, kept: Kept | None, newest: Kept | None) -> Sent:
        workspace = self.registry.workspace(message.workspace)
        channel = self.channels.get(message.channel)
        if kept is None or workspace is None or channel is None:
            return Sent(MessageState.REFUSED, "What it was to be sent with is not there any more.")
        if newest is None or newest.row.run_id != message.run_id:
            return Sent(MessageState.STALE, "A newer report stands for the project.")
        try:
            newer = newer_than(self.registry, workspace, kept.row, self.clock.now())
            return channel.send(workspace, message, kept) if newer is None else Sent(MessageState.STALE, newer)
        except InputError as error:
            return Sent(MessageState.REFUSED, str(error))
        except Exception as error:  # a channel that falls is tried again as one that does not answer
            log.exception("message %s could not be sent by %s", message.message_id, message.channel)
            pause = pause_before(message.attempts + 2, message.message_id)
            return Sent(MessageState.PENDING, f"{type(error).__name__}: the log says more.", pause)

    def _note(self, message: Message, sent: Sent) -> None:
        now = self.clock.now().timestamp()
        attempts = message.attempts + 1
        again = sent.state is MessageState.PENDING and sent.retry_seconds is not None
        state = sent.state if again or sent.state is not MessageState.PENDING else MessageState.DEAD
        values: dict[str, Any] = {"state": state, "attempts": attempts, "detail": sent.detail[:500]}
        values |= {"next_at": now + (sent.retry_seconds or 0)} if again else {"finished_at": now, "next_at": None}
        mine = (outbox.c.message_id == message.message_id) & (outbox.c.attempts == message.attempts)
        with self.database.write() as connection:
            changed = outbox.update().where(mine, outbox.c.state == MessageState.PENDING).values(**values)
            if connection.execute(changed).rowcount and again:
                job = f"{message.message_id}-{attempts}"
                self.jobs.enqueue(connection, SEND, message.message_id, job, delay_seconds=sent.retry_seconds or 0)


def _is_gone(connection: sa.Connection, workspace: str, channel: str, address: str) -> bool:
    """Whether the last message there was answered so."""
    here = [outbox.c.workspace == workspace, outbox.c.channel == channel, outbox.c.address == address]
    last = sa.select(outbox.c.state).where(*here).order_by(outbox.c.created_at.desc()).limit(1)
    return connection.execute(last).scalar() == MessageState.GONE
