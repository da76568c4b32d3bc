"""A visit: somebody who is signed in asks for a page, and gets HTML under a policy that runs no code but ours."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from vision_readiness.render.html import environment_of
from vision_readiness.render.words import harmless
from vision_readiness_webhook.access import Actor, Role, require
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.door import read_body
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.intake import Receipt
from vision_readiness_webhook.pages import pictures, static, words
from vision_readiness_webhook.service import Service
from vision_readiness_webhook.store.runs import RunState, find_run

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "private, no-store",
}
PATIENCE_SECONDS = 3.0
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 5000
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of ``actor``; ``form`` holds what was sent, each field once."""

    service: Service
    request: Request
    actor: Actor
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def actions(self) -> Actions:
        return Actions(self.service, self.actor)

    @property
    def project(self) -> str:
        """The project in the address."""
        return self.named("project")

    def named(self, part: str) -> str:
        """A part of the address; raises ``ProblemError`` 404 for what can be nobody's name."""
        name = str(self.request.path_params[part])
        if not NAME.fullmatch(name):
            raise ProblemError(404, "not-found", "Not found, or you have no access.")
        return name

    @property
    def now(self) -> float:
        return self.service.clock.now().timestamp()

    def asked(self, name: str) -> str:
        """A word of the query, empty where there is none."""
        return self.request.query_params.get(name, "").replace("\x00", "").strip()

    def may(self, role: str) -> bool:
        """Whether the visitor has at least the role."""
        return self.actor.role.covers(Role(role))

    def address(self, *parts: object, **query: object) -> str:
        """The address of a page here."""
        return address(self.request, *parts, **query)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page that ``template`` makes of ``values``."""
        known = {"actor": self.actor, "may": self.may, "now": self.now}
        return page(self.request, template, status, **known, **values)

    def follow(self, receipt: Receipt) -> Response:
        """On to the project once the run is over, which to decide again takes a moment; else to where the run is."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self.service.database.read() as connection:
                run = find_run(connection, receipt.run_id)
            if run is not None and run.state is RunState.SUCCEEDED:
                return self.go("app", run.project)
            if run is None or run.state.is_over or time.monotonic() > until:
                return self.go("progress", receipt.run_id)
            time.sleep(0.1)

    def go(self, *parts: object, **query: object) -> Response:
        """Sends the browser on, by GET."""
        return RedirectResponse(self.address(*parts, **query), 303, HEADERS)


View = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def visited(service: Service, view: View, role: Role) -> Endpoint:
    """The endpoint that lets those with ``role`` see ``view``, and sends everybody else to sign in."""

    async def endpoint(request: Request) -> Response:
        actor = None
        try:
            form = await read_form(request, service.settings.max_body_bytes)
            actor = await require(request, role, form=form)
            return await run_in_threadpool(view, Visit(service, request, actor, form))
        except ProblemError as error:
            if error.status == 401:
                return RedirectResponse(address(request, "login", next=_wanted(request)), 303, HEADERS)
            return problem_page(request, error, actor)

    return endpoint


async def read_form(request: Request, most: int) -> Mapping[str, str]:
    """The fields of a form by name, nothing for what sends none; raises ``ProblemError`` for any other body."""
    if request.method != "POST":
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ProblemError(415, "not-a-form", "Send the form of this page.")
    body = await read_body(request, most)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ProblemError(400, "form-unreadable", "The form cannot be read; load the page again.") from None
    return {name: value.replace("\x00", "") for name, value in pairs}


def address(request: Request, *parts: object, **query: object) -> str:
    """The address of a page of the service that got the request; what of ``query`` is empty is left out."""
    path = f"{request.app.state.prefix}/" + "/".join(quote(str(part), safe="", errors="replace") for part in parts)
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{path}{'?' if given else ''}{urlencode(given, errors='replace')}"


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """What ``template`` makes of ``values``, and of where the request came from."""
    here = {"address": lambda *parts, **query: address(request, *parts, **query), "here": request.url.path}
    known = {"actor": None, "tone": "", "now": 0.0, **here, **values}
    return HTMLResponse(_environment().get_template(template).render(known), status, HEADERS)


def problem_page(request: Request, error: ProblemError, actor: Actor | None) -> Response:
    """What went wrong, and what to do about it."""
    return page(request, "problem.html.j2", error.status, actor=actor, error=error)


def _wanted(request: Request) -> str:
    """Where to go on once signed in: what was asked for, unless that changes something."""
    if request.method != "GET":
        return ""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def written(text: str) -> Markup:
    """What stands in a field: escaped, and line by line harmless, but else as it was written, for it is sent back."""
    return Markup("\n").join(harmless(line) for line in text.replace("\r", "").split("\n"))


@cache
def _environment() -> Environment:
    environment = environment_of("vision_readiness_webhook.pages")
    environment.filters["written"] = written
    environment.globals.update(said=words, drawn=pictures, static=static.versioned())
    return environment
