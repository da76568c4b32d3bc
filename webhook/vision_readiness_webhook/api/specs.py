"""The specification of a project: read, tried out, saved."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import StringConstraints

from vision_readiness.errors import InputError, SpecError
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.actions import MAX_SPEC_BYTES
from vision_readiness_webhook.api.acting import accepted, actions_of, run_url
from vision_readiness_webhook.api.names import Digest
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, not_found
from vision_readiness_webhook.api.shown import Decided, decided, moment
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.given import saved_spec

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


def show_spec(call: Call[Nothing, Nothing]) -> Answer:
    """The specification that was saved last."""
    with call.service.database.read() as connection:
        saved = saved_spec(connection, call.workspace, call.path["project"])
    if saved is None:
        raise not_found("specification")
    return Answer(
        SpecAnswer(text=saved.text, digest=saved.digest, author=saved.author, created_at=moment(saved.created_at))
    )


def put_spec(call: Call[Nothing, SpecGiven]) -> Answer:
    """The specification, in force from now on."""
    saved, receipt = actions_of(call).save_spec(call.path["project"], call.body.text, expected=call.body.replaces)
    return accepted(SpecTicket(digest=saved.digest, run=receipt.run_id, url=run_url(call, receipt)))


def try_spec(call: Call[Nothing, SpecTried]) -> Answer:
    """What the specification would decide."""
    try:
        report = actions_of(call).preview_spec(call.path["project"], call.body.text)
    except (InputError, SpecError) as error:
        raise ProblemError(422, "not-a-specification", " ".join(str(error).split())) from None
    return Answer(decided(call, report))


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
)
