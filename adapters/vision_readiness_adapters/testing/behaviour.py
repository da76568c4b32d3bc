"""How the fake answers: quirks that hold for all requests, and faults that befall some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType


class ErrorShape(StrEnum):
    """The shapes in which the service has been seen to say what is wrong."""

    TEXT = "text"
    """``{"error": "text"}``, the management API's oldest."""
    OBJECT = "object"
    """``{"error": {"message", "type", "hint"}}``, the management API's newer."""
    CODE = "code"
    """``{"error": "code", "message": "text"}``, evaluations."""
    MESSAGE = "message"
    """``{"message": "text"}``, an inference server."""
    DETAIL = "detail"
    """``{"detail": [{"loc", "msg", "type"}]}``, FastAPI."""
    HTML = "html"
    """A web page, from the edge."""


class Family(StrEnum):
    """Routes that read the key at the same places."""

    API = "api"
    """Management: the header by its page on authentication, the query by every official client."""
    EVENTS = "events"
    """Vision events: the official client sends the header alone."""
    INFERENCE = "inference"
    """Hosted endpoints, dedicated deployments and servers: a header is read from 1.5.0 on."""


READ_BY_ALL: Mapping[Family, frozenset[str]] = MappingProxyType({
    Family.API: frozenset({"header", "query"}),
    Family.EVENTS: frozenset({"header"}),
    Family.INFERENCE: frozenset({"query", "body"}),
})  # fmt: skip
"""Where a key is certainly read: docs.roboflow.com/developer/rest-api/authenticate; roboflow 1.7.3,
adapters/vision_events_api.py; inference 1.4.1, core/interfaces/http/http_api.py (read 2026-11)."""


class FaultKind(StrEnum):
    """What can befall a request."""

    STATUS = "status"
    """Answered ``status`` in ``shape``, with ``retry_after`` where given."""
    STALL = "stall"
    """Never answered; closed after ``seconds``."""
    SLOW = "slow"
    """Answered whole, in ten pieces over ``seconds``."""
    RESET = "reset"
    """The connection is reset before an answer."""
    TRUNCATED = "truncated"
    """The connection is closed in the middle of the answer."""
    CUT = "cut"
    """Half of the body, delivered as if it were all: JSON that ends early, a zip without its directory."""
    HTML = "html"
    """A web page in place of the body, with status 200."""
    WRONG_TYPES = "wrong types"
    """JSON in which every object is a list and every list a text; other bodies become a JSON number."""
    REDIRECT = "redirect"
    """Sent to another host."""
    EXPIRED = "expired"
    """What a store answers when a link's time is over: 403 and XML."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls the requests to ``path`` (``*`` stands for anything), from the ``first`` on for ``times``.

    Requests are counted for each fault by itself, from 1; ``times`` of ``None`` is for ever.
    """

    kind: FaultKind
    path: str = "*"
    method: str | None = None
    first: int = 1
    times: int | None = 1
    status: int = 503
    shape: ErrorShape = ErrorShape.TEXT
    retry_after: str | None = None
    seconds: float = 30.0

    def concerns(self, method: str, path: str) -> bool:
        """Whether a request counts for this fault."""
        return self.method in (None, method) and fnmatchcase(path, self.path)

    def strikes(self, count: int) -> bool:
        """Whether it befalls the request that is the ``count``-th it concerns.

        >>> [count for count in range(1, 6) if Fault(FaultKind.RESET, first=2, times=2).strikes(count)]
        [2, 3]
        """
        return count >= self.first and (self.times is None or count < self.first + self.times)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the service answers while nothing goes wrong on the way; each field is a quirk that was read or documented.

    ``nested_versions`` puts a project's versions into ``project`` instead of beside it. ``numbers_as_text`` writes
    the numbers of settings as text. The first ``generating_answers`` about a version say that it is being generated,
    and the first ``export_answers`` about an export that it is being built; progress goes over 1 in both.
    ``missing_version_status`` is 500 or 404. ``evaluations_status`` is 200, or why there is nothing: 402 and 403 (plan,
    key), 404 (none), 409 (running). ``training_results`` adds figures of the project's ``model.onnx`` to a version
    that has none. ``health_shape`` is ``published`` or ``dumped``. ``content_length`` and ``ranges`` are those of an
    archive. ``scopes`` are what the key may, all when ``None``; without one the answer is ``scope_status``. More than
    ``most_calls`` within ``window_seconds`` are answered 429. A task is over after ``task_answers`` that it is not.
    ``key_in`` says at which places (header, query, body) each family reads the key.
    """

    nested_versions: bool = False
    numbers_as_text: bool = True
    shuffled_classes: bool = True
    generating_answers: int = 0
    export_answers: int = 1
    missing_version_status: int = 500
    evaluations_status: int = 200
    training_results: bool = False
    health_shape: str = "dumped"
    content_length: bool = True
    ranges: bool = True
    scopes: frozenset[str] | None = None
    scope_status: int = 404
    most_calls: int | None = None
    window_seconds: float = 1.0
    task_answers: int = 1
    key_in: Mapping[Family, frozenset[str]] = field(default_factory=lambda: READ_BY_ALL)
    faults: tuple[Fault, ...] = ()
