"""Every way in which a request can be told no, in one table: answers, their pages and the OpenAPI are made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from vision_readiness_webhook.errors import ProblemError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal: its status, its title, what it means and what to do about it."""

    status: int
    title: str
    meaning: str
    mend: str


PROBLEMS: Mapping[str, Problem] = {
    "not-json": Problem(
        400,
        "The body is no JSON",
        "What was sent could not be read as JSON.",
        "Send one JSON object in UTF-8, each key once.",
    ),
    "not-an-event": Problem(
        400,
        "The delivery is no event",
        "The signature holds, but the body is none of the events that are known here.",
        "Send version.created, model.trained, spec.changed or dataset.changed, as the OpenAPI has it.",
    ),
    "form-unreadable": Problem(
        400,
        "The form cannot be read",
        "What was sent is no form as browsers send them.",
        "Load the page again.",
    ),
    "bad-idempotency-key": Problem(
        400,
        "The idempotency key cannot be used",
        "A key is 1 to 200 printable ASCII characters, and comes once.",
        "Make a random one for each thing you want done, such as a UUID.",
    ),
    "not-signed-in": Problem(
        401,
        "Nobody is signed in",
        "The request carries no token that opens a workspace, or one that expired or was revoked.",
        "Send `Authorization: Bearer vr_…`. `vision-readiness-webhook token` makes one.",
    ),
    "signature-refused": Problem(
        401,
        "The signature does not hold",
        "The delivery is not signed by a secret that is known here, or its time is more than five minutes off.",
        "Sign the raw bytes as Standard Webhooks says, and check the clock of the sender.",
    ),
    "role-too-small": Problem(
        403,
        "The role does not allow this",
        "The token belongs to a person who may look, but not do this.",
        "Ask whoever runs the service for a token with the role that the answer names.",
    ),
    "form-expired": Problem(
        403,
        "The form is of another session",
        "What a browser sends by itself changes nothing; the word that a page of this session holds was not sent.",
        "Load the page again, or send a token instead of a cookie.",
    ),
    "not-named": Problem(
        403,
        "The specification does not name you",
        "Only the people whom `rollout.sign_off` names can sign.",
        "Ask one of them, or have the specification changed.",
    ),
    "not-found": Problem(
        404,
        "There is nothing here",
        "There is no such thing, or it belongs to a workspace that is not yours. Which of the two is not said.",
        "Check the id, and whose token you send.",
    ),
    "method-not-allowed": Problem(
        405,
        "The method is not for this address",
        "The address exists; what you want to do with it does not.",
        "The header Allow lists the methods, `/openapi.json` what they do.",
    ),
    "too-slow": Problem(
        408,
        "The body did not arrive in time",
        "A request has ten seconds to arrive whole.",
        "Send it again over a connection that lasts.",
    ),
    "key-in-use": Problem(
        409,
        "A request with this key is being answered",
        "Another request with the same idempotency key has begun and not ended.",
        "Wait a little, and send the same again: it is answered as the first one was.",
    ),
    "stale-model": Problem(
        409,
        "A newer version or model stands",
        "What you ask about is not the newest that is known of the project, so nothing is decided about it.",
        "Ask about the one that the answer names.",
    ),
    "being-recomputed": Problem(
        409,
        "Readiness is being computed again",
        "Something changed and is being looked at, so what is known is about to be replaced.",
        "Follow the run that the answer names, and ask again when it is over.",
    ),
    "no-evidence": Problem(
        409,
        "The evidence is not there",
        "The report is kept, but what it was decided from is not, so it cannot be decided again.",
        'Have it gathered again: `POST /vision-readiness/scan` with `"again": true`.',
    ),
    "changed-meanwhile": Problem(
        409,
        "Somebody else was faster",
        "What was to be replaced is not what you saw.",
        "Look at what is there now, and send your change again.",
    ),
    "extends": Problem(
        409,
        "The specification extends another",
        "It takes part of what it says from a file, which the editor of single values cannot see.",
        "Change it in its files, or save a whole one.",
    ),
    "not-deployable": Problem(
        409,
        "It cannot be rolled out",
        "A question that stands before a rollout is answered no: `path` holds every question with its answer, or"
        " `decision` the whole answer of a workspace that enforces.",
        "Do what the answer says. The refusal is on record.",
    ),
    "not-replayable": Problem(
        409,
        "This cannot be done again",
        "Only what is over can be: a run that ended, a message that was refused or given up.",
        "Wait until it is over.",
    ),
    "too-large": Problem(
        413,
        "The request is too large",
        "The service reads no more than its setting VISION_READINESS_MAX_BODY_BYTES allows.",
        "Send less: nothing here needs much.",
    ),
    "not-a-json-request": Problem(
        415,
        "The body is of another kind",
        "Bodies here are JSON.",
        "Send `Content-Type: application/json`.",
    ),
    "not-a-form": Problem(
        415,
        "The body is of another kind",
        "This address takes the form of a page.",
        "Load the page, and send its form; programs have the API, `/openapi.json`.",
    ),
    "not-valid": Problem(
        422,
        "The request does not say what it has to",
        "A value is missing, of the wrong kind or out of range; `errors` names each with its place.",
        "Compare it with `/openapi.json`.",
    ),
    "not-decidable": Problem(
        422,
        "Nothing can be decided from this",
        "The evidence and what was asked do not go together.",
        "Do what the answer says.",
    ),
    "not-a-specification": Problem(
        422,
        "The specification cannot be read",
        "It is no YAML mapping of the keys of a specification.",
        "Mend what the answer names; docs/spec.md lists every key.",
    ),
    "no-such-project": Problem(
        422,
        "That is no name of a project",
        "A look is asked for by the name of a project and the number of a version.",
        "Name the project as its address does, such as `dock-packages`.",
    ),
    "no-such-reason": Problem(
        422,
        "There is no such reason code",
        "A risk is accepted for a code that a report can hold.",
        "Take the code from the report.",
    ),
    "not-confirmed": Problem(
        422,
        "It was not confirmed",
        "In this state a rollout takes the word of whoever decides it: that warnings were read, that somebody watches.",
        "Confirm what the answer says, word by word.",
    ),
    "no-such-step": Problem(
        422,
        "There is no such step",
        "What was done about a fix is one of a few steps.",
        "Choose one of those on the page.",
    ),
    "not-waivable": Problem(
        422,
        "This cannot be accepted as a risk",
        "Unusable input and leaked images leave nothing that could be judged, so nobody can waive them.",
        "Mend the data, and have the version looked at again.",
    ),
    "already-expired": Problem(
        422,
        "The day has passed",
        "A risk is accepted until a day that is still to come.",
        "Give a later day.",
    ),
    "no-reason": Problem(
        422,
        "The reason is missing",
        "An accepted risk is printed on every report with its reason.",
        "Say why the risk is accepted.",
    ),
    "other-task": Problem(
        422,
        "The data set is for another task",
        "The version was read, and is for another task than the one you named.",
        "Leave `task` out, or name the one that the answer names.",
    ),
    "key-of-another": Problem(
        422,
        "The key belongs to another request",
        "The same idempotency key came with another method, address or body.",
        "Make a new key for each thing you want done.",
    ),
    "internal-error": Problem(
        500,
        "The service fell over",
        "That is our fault; nothing was changed by half.",
        "Send it again. If it falls again, the log of the service says where.",
    ),
}
"""By the name that a ``ProblemError`` gives and that ends the address of its page."""


def problem_response(error: ProblemError, base: str) -> Response:
    """The error as RFC 9457 has it; ``type`` is the address of its page below ``base``."""
    plain = {"type": problem_url(error.problem, base), "title": PROBLEMS[error.problem].title, "status": error.status}
    text = json.dumps({**plain, "detail": error.detail, **error.more}, sort_keys=True)
    return Response(text, error.status, error.headers, media_type=MEDIA_TYPE)


def problem_url(name: str, base: str) -> str:
    """Where the page of a problem is."""
    return f"{base}/problems/{name}"
