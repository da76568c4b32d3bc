"""Risks that somebody accepts, and takes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.acting import accepted, actions_of, run_url
from vision_readiness_webhook.api.names import Label, ReasonCode, Words
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown
from vision_readiness_webhook.api.shown import Ticket


class RiskGiven(Given):
    """A risk that you accept, and why, until when."""

    code: ReasonCode
    subject: Label
    reason: Words
    expires: date


class RiskTicket(Shown):
    """The risk is accepted; the run decides again under it."""

    waiver_id: str
    run: str
    url: str


def accept_risk(call: Call[Nothing, RiskGiven]) -> Answer:
    """The risk, accepted by whoever asks."""
    asked = call.body
    waiver_id, receipt = actions_of(call).accept_risk(
        call.path["project"], asked.code, asked.subject, asked.reason, asked.expires
    )
    return accepted(RiskTicket(waiver_id=waiver_id, run=receipt.run_id, url=run_url(call, receipt)))


def withdraw_risk(call: Call[Nothing, Nothing]) -> Answer:
    """The run that decides again without the accepted risk."""
    receipt = actions_of(call).withdraw_risk(call.path["project"], call.path["waiver_id"])
    return accepted(Ticket(run=receipt.run_id, url=run_url(call, receipt), new=receipt.is_new))


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "POST",
        "/projects/{project}/waivers",
        "accept_risk",
        "Accept a risk in your name, with a reason and a day on which that ends.",
        Role.DEPLOYER,
        {202: RiskTicket},
        accept_risk,
        Nothing,
        RiskGiven,
        ("no-such-risk", "no-such-reason", "not-waivable", "already-expired", "no-reason"),
    ),
    Operation(
        "DELETE",
        "/projects/{project}/waivers/{waiver_id}",
        "withdraw_risk",
        "Accept a risk no longer.",
        Role.DEPLOYER,
        {202: Ticket},
        withdraw_risk,
        Nothing,
        Nothing,
    ),
)
