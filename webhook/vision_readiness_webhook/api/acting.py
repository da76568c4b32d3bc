"""What every action of a person over HTTP has in common."""

from __future__ import annotations

from typing import Any

from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.api.operation import Answer, Call
from vision_readiness_webhook.intake import Receipt


def actions_of(call: Call[Any, Any]) -> Actions:
    """What the person who calls can do."""
    return Actions(call.service, call.actor)


def run_url(call: Call[Any, Any], receipt: Receipt) -> str:
    """Where the run that an action led to can be followed."""
    return call.url(f"/runs/{receipt.run_id}")


def accepted(ticket: Any) -> Answer:
    """202, with the address of what was begun."""
    return Answer(ticket, 202, {"location": ticket.url})
