"""What can go wrong with Roboflow, as one tree; every message says what to do next, and none holds a secret.

vision_readiness.errors.SourceError
  RoboflowError           anything below; carries status, request_id, retry_after, code, hint and said, if any
    NoAnswerError         no answer came: refused, reset, cut off, unknown host
      DeadlineError       no whole answer within the time allowed
    UnreadableAnswerError an answer that is not what its page promises: a web page, cut JSON, an id that is missing
    RedirectedError       3xx: the address is not an API of Roboflow
    BadRequestError       400, 405, 413, 422 ...: Roboflow does not take the request as it stands
    KeyRejectedError      401: no key, or one that is not known; also an InputError: exit code 2
    PlanError             402, 423: credits, plan or a paused workspace
    ScopeError            403, or 404 with GraphMethodException: the key may not; also an InputError
    NotFoundError         404, or a version that its project does not list; also an InputError
    ConflictError         409, and the 429 of uploadModel: it exists, or it is not finished
    RateLimitedError      429: too many calls
    ServerFailedError     408 and 5xx: Roboflow's own trouble
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from vision_readiness.errors import InputError, SourceError
from vision_readiness.roboflow.redact import plain
from vision_readiness.roboflow.retry import Failure, retry_after
from vision_readiness.roboflow.transport import Request, Response

SETTINGS = "app.roboflow.com -> Settings -> API Keys"


class RoboflowError(SourceError):
    """Anything that went wrong with Roboflow."""

    NEXT: ClassVar[str] = "Try again; if it goes on, ask Roboflow's support."

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        code: str | None = None,
        hint: str | None = None,
        said: str | None = None,
        repeatable: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.code = code
        self.hint = hint
        self.said = said
        self.repeatable = repeatable

    @property
    def failure(self) -> Failure:
        """What the decision to try again needs to know."""
        return Failure(self.status, self.retry_after, conflict=False, repeatable=self.repeatable)


class NoAnswerError(RoboflowError):
    """No answer came; ``sent`` says whether the request may have arrived all the same."""

    NEXT = "Check the network, and ROBOFLOW_API_URL if it is set."

    def __init__(self, message: str, *, sent: bool = True, repeatable: bool = True) -> None:
        super().__init__(message, repeatable=repeatable)
        self.sent = sent

    @property
    def failure(self) -> Failure:
        return Failure(None, sent=self.sent, repeatable=self.repeatable)


class DeadlineError(NoAnswerError):
    """No whole answer came in time."""

    NEXT = "Try again, or allow more time."


class UnreadableAnswerError(RoboflowError):
    """An answer that is not what its page promises; the same request would bring it again."""

    NEXT = "Check that ROBOFLOW_API_URL names an API of Roboflow; if it does, the API has changed: report it."

    @property
    def failure(self) -> Failure:
        return Failure(None, conflict=True)


class RedirectedError(RoboflowError):
    """The call was sent elsewhere; the key is not carried along."""

    NEXT = "Check ROBOFLOW_API_URL: it must name the API itself, with https."


class BadRequestError(RoboflowError):
    """Roboflow does not take the request as it stands."""

    NEXT = "Check the names and values that were given."


class KeyRejectedError(RoboflowError, InputError):
    """No key, or one that is not known."""

    NEXT = f"Set ROBOFLOW_API_KEY to a private key of the workspace ({SETTINGS})."


class PlanError(RoboflowError):
    """Credits, plan or a paused workspace; trying again does not help."""

    NEXT = "See the workspace's plan and credits at app.roboflow.com -> Settings -> Usage; local runs need neither."


class ScopeError(RoboflowError, InputError):
    """The key is known, and may not do this."""

    NEXT = f"Give the key the scope it lacks, or use one that has it ({SETTINGS})."


class NotFoundError(RoboflowError, InputError):
    """Roboflow holds no such thing, or not for this key."""

    NEXT = "Check the names against the app's URL: workspace/project/version; the key must be of that workspace."


class ConflictError(RoboflowError):
    """It exists already, or something it needs is not finished."""

    NEXT = "Look at what is there, then change or await it."

    @property
    def failure(self) -> Failure:
        return Failure(self.status, conflict=True)


class RateLimitedError(RoboflowError):
    """Too many calls in too short a time."""

    NEXT = "Wait and try again, with fewer calls at once."


class ServerFailedError(RoboflowError):
    """Roboflow's own trouble."""

    NEXT = "Try again later; status.roboflow.com tells of known trouble."


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the body of an error says: a ``code`` for programs, a ``message`` and a ``hint`` for people."""

    message: str | None = None
    code: str | None = None
    hint: str | None = None


def error_of(request: Request, response: Response) -> RoboflowError:
    """The error that ``response``, whose status is not 2xx, stands for."""
    said = explain(response)
    kind = _kind(request, response.status, said)
    asked = retry_after(response.headers)
    request_id = None if response.request_id is None else plain(response.hide(response.request_id), 80)
    parts = [
        f"Roboflow answered {response.status} to {plain(str(request))}",
        f" (request id {request_id})" if request_id else "",
        f": {said.message.rstrip('. ')}" if said.message else "",
        f". {said.hint.rstrip('. ')}" if said.hint else "",
        f". It asks to wait {asked:g} s" if asked else "",
        f". {kind.NEXT}",
    ]
    return kind(
        "".join(parts),
        status=response.status,
        request_id=request_id,
        retry_after=asked,
        code=said.code,
        hint=said.hint,
        said=said.message,
        repeatable=request.repeatable,
    )


def explain(response: Response) -> Explanation:
    """What the body says, in any of the shapes in use.

    ``{"error": "text", "hint"}`` and ``{"error": {"message", "type", "hint"}}`` (management API),
    ``{"error": "code", "message"}`` (evaluations), ``{"message"}`` (inference), ``{"detail": [...]}`` (FastAPI),
    and text or a web page from the edge.
    https://docs.roboflow.com/developer/rest-api (read 2026-08)

    >>> explain(Response(404, body=b'{"error": "model_eval_not_found", "message": "no such eval"}'))
    Explanation(message='no such eval', code='model_eval_not_found', hint=None)
    """
    text = response.hide(response.body[:65536].decode("utf-8", errors="replace"))
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return Explanation(_of_text(text))
    if not isinstance(body, dict):
        return Explanation(_of_text(text))
    error, message, hint = body.get("error"), body.get("message"), body.get("hint")
    if isinstance(error, dict):
        return Explanation(_text(error.get("message")), _text(error.get("type")), _text(error.get("hint")))
    if _text(error) and _text(message):
        return Explanation(_text(message), _text(error), _text(hint))
    return Explanation(_text(error) or _text(message) or _of_detail(body.get("detail")), None, _text(hint))


def _kind(request: Request, status: int, said: Explanation) -> type[RoboflowError]:
    if status == 404 and said.code == "GraphMethodException":
        return ScopeError  # roboflow-python, adapters/devicesapi.py (2026-07): so a missing scope shows itself
    if status == 429 and "uploadModel" in request.path:
        return ConflictError  # roboflow-python, core/version.py (2026-07): the version has a model already
    by_status: dict[int, type[RoboflowError]] = {
        401: KeyRejectedError, 402: PlanError, 403: ScopeError, 404: NotFoundError, 408: ServerFailedError,
        409: ConflictError, 423: PlanError, 429: RateLimitedError,
    }  # fmt: skip
    if status in by_status:
        return by_status[status]
    by_hundred = {3: RedirectedError, 4: BadRequestError, 5: ServerFailedError}
    return by_hundred.get(status // 100, UnreadableAnswerError)


def _text(value: Any) -> str | None:
    return plain(value) or None if isinstance(value, str) else None


def _of_text(text: str) -> str | None:
    """A web page is told by its title alone."""
    title = re.search(r"(?is)<title[^>]*>(.{0,200}?)</title", text)
    if title:
        return f"a web page, {plain(title[1])!r}"
    return "a web page" if re.match(r"(?i)\s*<(!doctype|html|head|body)", text) else plain(text) or None


def _of_detail(detail: Any) -> str | None:
    """FastAPI names the field and what is wrong with it; what was sent stays out."""
    if not isinstance(detail, list):
        return _text(detail)
    rows = [row for row in detail[:3] if isinstance(row, dict)]
    parts = [
        (".".join(map(str, row["loc"])) if isinstance(row.get("loc"), list) else "", row.get("msg")) for row in rows
    ]
    return plain("; ".join(f"{where}: {what}" if where else str(what) for where, what in parts)) or None
