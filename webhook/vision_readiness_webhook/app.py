"""The service as a Starlette application, alone or mounted in another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from vision_readiness.ports import Clock
from vision_readiness_webhook import api
from vision_readiness_webhook.access import Authenticate, by_token
from vision_readiness_webhook.door import Door
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.health import health_routes
from vision_readiness_webhook.jobs import JobEngine
from vision_readiness_webhook.keyring import open_keyring
from vision_readiness_webhook.links import open_links
from vision_readiness_webhook.outbox import Channel
from vision_readiness_webhook.pages import routes as page_routes
from vision_readiness_webhook.pages.visit import problem_page
from vision_readiness_webhook.picture_routes import picture_routes
from vision_readiness_webhook.problems import PROBLEMS, problem_response
from vision_readiness_webhook.registry import Registry
from vision_readiness_webhook.service import Service, build_service
from vision_readiness_webhook.settings import Settings


def create_app(
    settings: Settings | None = None,
    *,
    prefix: str = "",
    authenticate: Authenticate | None = None,
    registry: Registry | None = None,
    job_engine: JobEngine | None = None,
    channels: Mapping[str, Channel] | None = None,
    clock: Clock | None = None,
) -> Starlette:
    """The application; every part that is given takes the place of the usual one.

    ``prefix`` is the path that another application mounts it under, for links and cookies; its own routes do not begin
    with it. The lifespan of a mounted application does not run by itself: enter ``lifespan(app)`` in that of the other.
    Raises ``SettingsError`` and ``DatabaseError``.
    """
    service = build_service(
        settings, prefix=prefix, registry=registry, job_engine=job_engine, channels=channels, clock=clock
    )
    door = Door(service, open_keyring(service.settings, service.registry))
    routes: list[BaseRoute] = [*api.routes(service, door), *picture_routes(), *health_routes(), *page_routes(service)]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=_HANDLERS)
    app.router.redirect_slashes = False  # a redirect would go to whatever the header Host says
    app.state.service = service
    app.state.prefix = prefix
    app.state.links = open_links(service.database)
    app.state.authenticate = authenticate or by_token(service.database, service.clock)
    return app


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """The life of the service behind ``app``: jobs run and the door is open while it is entered."""
    service: Service = app.state.service
    await asyncio.to_thread(service.start)
    try:
        yield
    finally:
        await asyncio.to_thread(service.stop)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for these alone
    return problem_response(error, request.app.state.service.settings.url + request.app.state.prefix)


async def _refusal(request: Request, error: Exception) -> Response:
    """What Starlette says of an address or a method, in our words."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these alone
    name = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "not-valid")
    refusal = ProblemError(PROBLEMS[name].status, name, PROBLEMS[name].meaning, headers=error.headers)
    if "text/html" in request.headers.get("accept", ""):
        return problem_page(request, refusal, None)
    return await _problem(request, refusal)


async def _fell(request: Request, error: Exception) -> Response:
    problem = PROBLEMS["internal-error"]
    return await _problem(request, ProblemError(problem.status, "internal-error", problem.meaning))


_HANDLERS: Mapping[Any, Any] = {ProblemError: _problem, HTTPException: _refusal, Exception: _fell}
