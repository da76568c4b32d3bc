"""The gate in front of a rollout: its questions, signatures, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from vision_readiness.readiness import ReadinessState
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.acting import actions_of
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown
from vision_readiness_webhook.api.shown import moment
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.rollout import Gate, Question, to_confirm


class GateAnswer(Shown):
    """Every question that stands before a rollout, answered now; it ``opens`` where all hold."""

    opens: bool
    state: ReadinessState
    questions: tuple[Question, ...]
    missing: tuple[str, ...] = Field(description="who still has to sign")
    signed: tuple[str, ...]
    to_confirm: str | None = Field(description="what whoever rolls out has to give their word for")


class RolloutAnswer(Shown):
    """A rollout was decided, for these reasons."""

    decision_id: str
    report_id: str
    person: str
    decided_at: datetime
    path: Sequence[dict[str, Any]]


class RolloutGiven(Given):
    """Your word, where the state of the report asks for one: ``to_confirm`` of the gate, word by word."""

    confirmed: str | None = Field(None, max_length=500)


def show_gate(call: Call[Nothing, Nothing]) -> Answer:
    """Whether the report may be rolled out now, question by question."""
    return Answer(_gate(actions_of(call).gate(call.path["report_id"])))


def sign_off(call: Call[Nothing, Nothing]) -> Answer:
    """The gate, once whoever asks has signed."""
    return Answer(_gate(actions_of(call).sign_off(call.path["report_id"])))


def roll_out(call: Call[Nothing, RolloutGiven]) -> Answer:
    """The decision to roll out; a refusal is kept too."""
    report_id = call.path["report_id"]
    word = to_confirm(actions_of(call).gate(report_id).report)
    if word and call.body.confirmed != word:
        raise ProblemError(422, "not-confirmed", f"Confirm it first: {word}", to_confirm=word)
    made = actions_of(call).roll_out(report_id, confirmed=word)
    return Answer(
        RolloutAnswer(
            decision_id=made.decision_id,
            report_id=made.report_id,
            person=made.person,
            decided_at=moment(made.decided_at),
            path=[dict(one) for one in made.path],
        ),
        201,
    )


def _gate(gate: Gate) -> GateAnswer:
    return GateAnswer(
        opens=gate.opens,
        state=gate.report.readiness_state,
        questions=gate.questions,
        missing=gate.missing,
        signed=gate.signed,
        to_confirm=to_confirm(gate.report) or None,
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/reports/{report_id}/gate",
        "show_gate",
        "Whether the report may be rolled out now, question by question.",
        Role.SUPPORT,
        {200: GateAnswer},
        show_gate,
        Nothing,
        Nothing,
        decides=True,
    ),
    Operation(
        "POST",
        "/reports/{report_id}/sign-offs",
        "sign_off",
        "Sign the report, as one of those whom the specification names.",
        Role.DEPLOYER,
        {200: GateAnswer},
        sign_off,
        Nothing,
        Nothing,
        ("not-named", "not-deployable"),
        decides=True,
    ),
    Operation(
        "POST",
        "/reports/{report_id}/rollouts",
        "roll_out",
        "Decide to roll out what the report is about; a refusal is on record too.",
        Role.DEPLOYER,
        {201: RolloutAnswer},
        roll_out,
        Nothing,
        RolloutGiven,
        ("not-deployable", "not-confirmed"),
        decides=True,
    ),
)
