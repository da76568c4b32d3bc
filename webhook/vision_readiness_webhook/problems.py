"""Every kind of refusal in one table, from which responses, their pages and the OpenAPI are made."""

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
        "Invalid JSON",
        "The body is not valid JSON.",
        "Send one JSON object in UTF-8, each key once.",
    ),
    "not-an-event": Problem(
        400,
        "The delivery is not an event",
        "The signature is valid, but the body is not one of the known events.",
        "Send version.created, model.trained, spec.changed or dataset.changed, as the OpenAPI has it.",
    ),
    "form-unreadable": Problem(
        400,
        "The form cannot be read",
        "The body is not a form as browsers send it.",
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
        "Not signed in",
        "The request carries no token that opens a workspace, or one that expired or was revoked.",
        "Send `Authorization: Bearer vr_…`. `vision-readiness-webhook token` makes one.",
    ),
    "signature-refused": Problem(
        401,
        "Invalid signature",
        "The delivery is not signed with a known secret, or its timestamp is more than five minutes off.",
        "Sign the raw bytes as Standard Webhooks says, and check the clock of the sender.",
    ),
    "role-too-small": Problem(
        403,
        "Your role does not allow this",
        "The role of the token allows less than this request needs.",
        "Ask whoever runs the service for a token with the role that the answer names.",
    ),
    "form-expired": Problem(
        403,
        "The form belongs to another session",
        "The request has a cookie, but not the CSRF token of a page of this session.",
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
        "Not found",
        "Not found, or you have no access. Which of the two is not disclosed.",
        "Check the id, and whose token you send.",
    ),
    "no-such-fix": Problem(
        404,
        "The report proposes no such fix",
        "What was done is kept for a fix of the report, and none of it is called so.",
        "Take the title from `fixes` of that very report.",
    ),
    "no-such-risk": Problem(
        404,
        "Nothing of the kind stands in the report",
        "A risk is accepted for a code and a subject that the newest report of the project holds.",
        "Take both from `requirements` or `findings`; a class may stand for all of its requirements.",
    ),
    "method-not-allowed": Problem(
        405,
        "Method not allowed",
        "The address exists, but does not support this method.",
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
        "A newer version or model exists",
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
        "The evidence is no longer kept",
        "The report is kept, but what it was decided from is not, so it cannot be decided again.",
        'Have it gathered again: `POST /vision-readiness/scan` with `"again": true`.',
    ),
    "changed-meanwhile": Problem(
        409,
        "Changed by someone else",
        "What you wanted to replace has changed since you read it.",
        "Read what is there now, and send your change again.",
    ),
    "extends": Problem(
        409,
        "The specification extends another",
        "It takes part of what it says from a file, which the editor of single values cannot see.",
        "Change it in its files, or save a whole one.",
    ),
    "not-deployable": Problem(
        409,
        "The rollout is refused",
        "A question that stands before a rollout is answered no: `path` holds every question with its answer, or"
        " `decision` the whole answer of a workspace that enforces.",
        "Do what the answer says. The refusal is on record.",
    ),
    "not-replayable": Problem(
        409,
        "This cannot be repeated",
        "Only a run that ended, or a message that was refused or given up, can be repeated.",
        "Wait until it is over.",
    ),
    "too-large": Problem(
        413,
        "The request is too large",
        "The service reads no more than its setting VISION_READINESS_MAX_BODY_BYTES allows.",
        "Send a smaller request.",
    ),
    "not-a-json-request": Problem(
        415,
        "Unsupported media type",
        "Bodies here are JSON.",
        "Send `Content-Type: application/json`.",
    ),
    "not-a-form": Problem(
        415,
        "Unsupported media type",
        "This address accepts the form of a page.",
        "Load the page, and send its form; programs have the API, `/openapi.json`.",
    ),
    "not-valid": Problem(
        422,
        "Invalid request",
        "A value is missing, of the wrong kind or out of range; `errors` names each with its place.",
        "Compare it with `/openapi.json`.",
    ),
    "not-decidable": Problem(
        422,
        "Nothing can be decided from this",
        "The evidence does not fit the request.",
        "Do what the answer says.",
    ),
    "not-a-specification": Problem(
        422,
        "The specification cannot be read",
        "It is not a YAML mapping with the keys of a specification.",
        "Mend what the answer names; docs/spec.md lists every key.",
    ),
    "no-such-project": Problem(
        422,
        "Invalid project name",
        "A scan is requested by the name of a project and the number of a version.",
        "Name the project as its address does, such as `dock-packages`.",
    ),
    "no-such-reason": Problem(
        422,
        "Unknown reason code",
        "A risk is accepted for a code that a report can hold.",
        "Take the code from the report.",
    ),
    "not-confirmed": Problem(
        422,
        "Confirmation is missing",
        "In this state whoever decides has to confirm that warnings were read, or that somebody monitors.",
        "Confirm what the answer says, word by word.",
    ),
    "no-such-step": Problem(
        422,
        "Unknown step",
        "What was done about a fix is one of a few steps.",
        "Choose one of those on the page.",
    ),
    "not-waivable": Problem(
        422,
        "This cannot be accepted as a risk",
        "Unusable input and leaked images leave nothing to judge, so nobody can waive them.",
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
        "The idempotency key belongs to another request",
        "The same idempotency key came with another method, address or body.",
        "Make a new key for each thing you want done.",
    ),
    "internal-error": Problem(
        500,
        "Internal error",
        "The service failed; no change was left half done.",
        "Send it again. If it fails again, the log of the service says why.",
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
