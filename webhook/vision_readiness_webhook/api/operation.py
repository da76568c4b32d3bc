"""One operation of the API: what it takes, what it answers and who may, as a value that a route is made from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from vision_readiness_webhook.access import Actor, Role
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.service import Service


class Given(BaseModel):
    """What a client sends: a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(frozen=True)


class Nothing(Given):
    """No query, or no body."""


Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One request, checked. ``base`` is where the service is, as links name it; ``now`` is when the request came."""

    service: Service
    actor: Actor
    path: Mapping[str, str]
    query: Q
    body: B
    base: str
    now: datetime

    @property
    def workspace(self) -> str:
        """The workspace of whoever asks; nothing of another one is ever looked up."""
        return self.actor.workspace

    def url(self, place: str) -> str:
        """The address of a place of the service, such as ``/runs/…``."""
        return self.base + place


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a value that fits the schema of its status, or its JSON."""

    body: BaseModel | str | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation(Generic[Q, B]):
    """``answers`` holds the type of the body by status; ``problems`` those that the handler itself may raise.

    ``role`` is ``None`` for what anybody may ask. ``decides`` marks what computes for long enough to be held to a few
    at a time. An ``endpoint`` does everything by itself, and the rest only describes it.
    """

    method: str
    path: str
    name: str
    summary: str
    role: Role | None
    answers: Mapping[int, Any]
    handle: Callable[[Call[Q, B]], Answer] | None
    query: type[Q]
    body: type[B]
    problems: tuple[str, ...] = ()
    decides: bool = False
    media_types: tuple[str, ...] = ("application/json",)
    endpoint: Callable[[Request], Awaitable[Response]] | None = None

    @property
    def takes_body(self) -> bool:
        return self.body is not Nothing

    @property
    def changes(self) -> bool:
        return self.method != "GET"


def not_found(what: str = "page") -> ProblemError:
    """The answer for what is not there, or is another workspace's."""
    return ProblemError(404, "not-found", f"{what.capitalize()} not found, or you have no access.")


def log(call: Call[Any, Any], action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Put on record that somebody looked or asked."""
    with call.service.database.write() as connection:
        add_entry(connection, call.workspace, call.actor.person, action, subject, call.now.timestamp(), detail)
