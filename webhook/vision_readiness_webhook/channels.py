"""Channels of results: callbacks that users name, Slack, and Roboflow. A repeated message counts once.

A callback carries the message's id as ``webhook-id``, the same for every attempt. Slack is told on a change of state
only, and gets words and a link, never an image.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from vision_readiness import Report
from vision_readiness.deliveries import Secret, pause_before
from vision_readiness.publish import write_back
from vision_readiness.render.slack import slack_message
from vision_readiness_adapters.callback_http import CallbackSender, Sending
from vision_readiness_adapters.callback_http import Sent as Answer
from vision_readiness_adapters.write_back import RoboflowPublisher, open_publisher
from vision_readiness_webhook.outbox import Message, MessageState, Sent
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store.reports import Kept, ReportRow

REPORTED = "readiness.reported"
"""The type of the event that callbacks get."""


def report_url(base: str, row: ReportRow) -> str:
    """Where people read the report."""
    return f"{base}/app/{quote(row.project, safe='')}/reports/{row.report_id}"


def readiness_event(kept: Kept, url: str) -> dict[str, Any]:
    """What a callback is told: the state, why, what to do next, and where the whole report is."""
    row = kept.row
    report = kept.report()
    return {
        "type": REPORTED,
        "timestamp": datetime.fromtimestamp(row.created_at, UTC).isoformat(timespec="seconds"),
        "data": {
            "workspace": row.workspace,
            "project": row.project,
            "version": row.version,
            "model": row.model,
            "report_id": row.report_id,
            "readiness_state": row.state,
            "deployable": report.deployable,
            "blocked_by": row.blocked_by,
            "headline": row.headline,
            "next_action": asdict(report.next_action),
            "score": row.score,
            "url": url,
        },
    }


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The ``callbacks`` of a workspace, each signed with the secret that its variable holds."""

    sender: CallbackSender
    base: str
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        return [callback.url for callback in workspace.callbacks]

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        named = next((one for one in workspace.callbacks if one.url == message.address), None)
        if named is None:
            return Sent(MessageState.REFUSED, "The workspace does not name this callback any more.")
        secrets = Secret.parse_all(self.environment.get(named.secret_variable, ""))
        body = _bytes(readiness_event(kept, report_url(self.base, kept.row)))
        answer = self.sender.send(message.address, secrets, message.message_id, body, now=datetime.now(UTC))
        return became(answer, message)


@dataclass(frozen=True, slots=True)
class Slack:
    """An incoming webhook of Slack; its URL is a secret and stays in the variable that the workspace names."""

    sender: CallbackSender
    base: str
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        if workspace.slack_variable is None or (last is not None and last.row.state == report.readiness_state):
            return []
        return [workspace.slack_variable if last is None else f"{workspace.slack_variable} {last.row.state}"]

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        variable, _, previous = message.address.partition(" ")
        url = self.environment.get(variable, "").strip()
        if not url:
            return Sent(MessageState.REFUSED, f"{variable} holds no URL.")
        report = kept.report()
        told = slack_message(report, url=report_url(self.base, kept.row), previous_state=previous or None)
        answer = self.sender.send(url, _UNSIGNED, message.message_id, _bytes(told), now=datetime.now(UTC))
        return became(answer, message)


_UNSIGNED: Sequence[Secret] = ()


@dataclass(frozen=True, slots=True)
class RoboflowEvents:
    """A Vision Event in the workspace on Roboflow, where its ``publish`` is on: the report's digest stands once."""

    base: str
    open: Callable[[str], RoboflowPublisher] = open_publisher

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        return ["vision event"] if workspace.publish and workspace.is_remote else []

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        plan = write_back(kept.report(), report_url=report_url(self.base, kept.row))
        with self.open(workspace.name) as publisher:
            published = publisher.publish(plan)
        if published.complete:
            return Sent(
                MessageState.DELIVERED, "The event stands." if published.changed else "The event stood already."
            )
        because = " ".join(because for step in published.steps for because in step.because)
        return Sent(MessageState.PENDING, because, pause_before(message.attempts + 2, message.message_id))


def became(answer: Answer, message: Message) -> Sent:
    """What an attempt means for the message; the pause before the next is the schedule of Standard Webhooks."""
    if answer.outcome is Sending.DELIVERED:
        return Sent(MessageState.DELIVERED, answer.because)
    if answer.outcome is Sending.RETRY:
        pause = pause_before(message.attempts + 2, message.message_id, answer.retry_after)
        return Sent(MessageState.PENDING, answer.because, pause)
    gone = answer.outcome is Sending.GONE
    return Sent(MessageState.GONE if gone else MessageState.REFUSED, answer.because)


def _bytes(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
