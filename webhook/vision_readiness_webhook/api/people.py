"""What people did about reports: steps towards fixes, and the log of everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.acting import actions_of
from vision_readiness_webhook.api.cursor import Page, PageAsked, page_of, unpack
from vision_readiness_webhook.api.names import Line
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown
from vision_readiness_webhook.api.shown import moment
from vision_readiness_webhook.audit import entries
from vision_readiness_webhook.store.people import FixStep


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


def note_fix(call: Call[Nothing, FixGiven]) -> Answer:
    """Nothing but that it was noted."""
    actions_of(call).fix_step(call.path["report_id"], call.body.fix, call.body.step)
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


OPERATIONS: tuple[Operation[Any, Any], ...] = (
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
        ("no-such-fix",),
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
