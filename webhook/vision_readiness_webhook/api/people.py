"""What people do, over HTTP: specifications, accepted risks, fixes, signatures and rollouts. All of it is on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from vision_readiness.errors import InputError, SpecError
from vision_readiness.readiness import ReadinessState
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.actions import MAX_SPEC_BYTES, Actions
from vision_readiness_webhook.api.cursor import Page, PageAsked, page_of, unpack
from vision_readiness_webhook.api.names import Digest, Label, Line, ReasonCode, Words
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, not_found
from vision_readiness_webhook.api.shown import Decided, Ticket, decided, moment
from vision_readiness_webhook.audit import entries
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.intake import Receipt
from vision_readiness_webhook.rollout import Gate, Question, to_confirm
from vision_readiness_webhook.store.given import spec_in_force
from vision_readiness_webhook.store.people import FixStep

SpecText = Annotated[str, StringConstraints(max_length=MAX_SPEC_BYTES, pattern=r"^[^\x00]*$")]


class SpecGiven(Given):
    """A specification in YAML; ``replaces`` is the digest of the one that is meant, ``""`` for none."""

    text: SpecText
    replaces: Digest | None = None


class SpecTried(Given):
    """A specification in YAML, to see what it would decide."""

    text: SpecText


class SpecAnswer(Shown):
    """The specification that was saved last."""

    text: str
    digest: str
    author: str
    created_at: datetime


class SpecTicket(Shown):
    """The specification is in force; the run decides again under it."""

    digest: str
    run: str
    url: str


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


class FixGiven(Given):
    """How far you went with a fix of the report; ``fix`` is its title."""

    fix: Line
    step: FixStep


class EntryShown(Shown):
    """One line of the audit log, chained to the one before it."""

    position: int
    at: datetime
    person: str
    action: str
    subject: str
    detail: dict[str, Any]
    previous: str
    digest: str


def show_spec(call: Call[Nothing, Nothing]) -> Answer:
    """The specification that was saved last."""
    with call.service.database.read() as connection:
        saved = spec_in_force(connection, call.workspace, call.path["project"])
    if saved is None:
        raise not_found("specification")
    return Answer(
        SpecAnswer(text=saved.text, digest=saved.digest, author=saved.author, created_at=moment(saved.created_at))
    )


def put_spec(call: Call[Nothing, SpecGiven]) -> Answer:
    """The specification, in force from now on."""
    saved, receipt = _actions(call).save_spec(call.path["project"], call.body.text, expected=call.body.replaces)
    return _accepted(call, SpecTicket(digest=saved.digest, run=receipt.run_id, url=_run_url(call, receipt)))


def try_spec(call: Call[Nothing, SpecTried]) -> Answer:
    """What the specification would decide."""
    try:
        report = _actions(call).preview_spec(call.path["project"], call.body.text)
    except (InputError, SpecError) as error:
        raise ProblemError(422, "not-a-specification", " ".join(str(error).split())) from None
    return Answer(decided(call, report))


def accept_risk(call: Call[Nothing, RiskGiven]) -> Answer:
    """The risk, accepted by whoever asks."""
    asked = call.body
    waiver_id, receipt = _actions(call).accept_risk(
        call.path["project"], asked.code, asked.subject, asked.reason, asked.expires
    )
    return _accepted(call, RiskTicket(waiver_id=waiver_id, run=receipt.run_id, url=_run_url(call, receipt)))


def withdraw_risk(call: Call[Nothing, Nothing]) -> Answer:
    """The run that decides again without the accepted risk."""
    receipt = _actions(call).withdraw_risk(call.path["project"], call.path["waiver_id"])
    return _accepted(call, Ticket(run=receipt.run_id, url=_run_url(call, receipt), new=receipt.is_new))


def show_gate(call: Call[Nothing, Nothing]) -> Answer:
    """Whether the report may be rolled out now, question by question."""
    return Answer(_gate(_actions(call).gate(call.path["report_id"])))


def sign_off(call: Call[Nothing, Nothing]) -> Answer:
    """The gate, once whoever asks has signed."""
    return Answer(_gate(_actions(call).sign_off(call.path["report_id"])))


def roll_out(call: Call[Nothing, RolloutGiven]) -> Answer:
    """The decision to roll out; a refusal is kept too."""
    report_id = call.path["report_id"]
    word = to_confirm(_actions(call).gate(report_id).report)
    if word and call.body.confirmed != word:
        raise ProblemError(422, "not-confirmed", f"Confirm it first: {word}", to_confirm=word)
    made = _actions(call).roll_out(report_id, confirmed=word)
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


def note_fix(call: Call[Nothing, FixGiven]) -> Answer:
    """Nothing but that it was noted."""
    _actions(call).fix_step(call.path["report_id"], call.body.fix, call.body.step)
    return Answer(None, 204)


def show_log(call: Call[PageAsked, Nothing]) -> Answer:
    """The audit log of the workspace, the last line first."""
    before = unpack(call.query.cursor, int)[0] if call.query.cursor else None
    limit = call.query.limit
    with call.service.database.read() as connection:
        rows = entries(connection, call.workspace, before=before, most=limit + 1)
    shown, following = page_of(rows, limit, lambda row: (row.position,))
    lines = tuple(
        EntryShown(
            position=one.position,
            at=moment(one.at),
            person=one.person,
            action=one.action,
            subject=one.subject,
            detail=one.told(),
            previous=one.previous,
            digest=one.digest,
        )
        for one in shown
    )
    return Answer(Page[EntryShown](items=lines, next=following))


def _actions(call: Call[Any, Any]) -> Actions:
    return Actions(call.service, call.actor)


def _gate(gate: Gate) -> GateAnswer:
    return GateAnswer(
        opens=gate.opens,
        state=gate.report.readiness_state,
        questions=gate.questions,
        missing=gate.missing,
        signed=gate.signed,
        to_confirm=to_confirm(gate.report) or None,
    )


def _run_url(call: Call[Any, Any], receipt: Receipt) -> str:
    return call.url(f"/runs/{receipt.run_id}")


def _accepted(call: Call[Any, Any], ticket: Any) -> Answer:
    return Answer(ticket, 202, {"location": ticket.url})


_SPEC = ("not-found", "not-a-specification")

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/projects/{project}/spec",
        "show_spec",
        "The specification that was saved last.",
        Role.SUPPORT,
        {200: SpecAnswer},
        show_spec,
        Nothing,
        Nothing,
    ),
    Operation(
        "PUT",
        "/projects/{project}/spec",
        "put_spec",
        "Save a specification: it is in force from now on, and everything is decided again under it.",
        Role.EDITOR,
        {202: SpecTicket},
        put_spec,
        Nothing,
        SpecGiven,
        (*_SPEC, "changed-meanwhile"),
    ),
    Operation(
        "POST",
        "/projects/{project}/spec/preview",
        "try_spec",
        "What a specification would decide, from kept evidence; nothing is kept.",
        Role.VIEWER,
        {200: Decided},
        try_spec,
        Nothing,
        SpecTried,
        (*_SPEC, "no-evidence"),
        decides=True,
    ),
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
        ("no-such-reason", "not-waivable", "already-expired", "no-reason"),
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
    Operation(
        "POST",
        "/reports/{report_id}/fixes",
        "note_fix",
        "Note how far you went with a fix.",
        Role.EDITOR,
        {204: None},
        note_fix,
        Nothing,
        FixGiven,
    ),
    Operation(
        "GET",
        "/audit",
        "show_log",
        "Who did what, the last first; each line is chained to the one before it.",
        Role.SUPPORT,
        {200: Page[EntryShown]},
        show_log,
        PageAsked,
        Nothing,
    ),
)
