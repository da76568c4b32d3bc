"""A client of the API with a token, and the ids of what a test can ask about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.webhook.api.described import check_fits
from tests.webhook.jobs_on_paper import JobsOnPaper
from tests.webhook.serving import Served, served, settings_in
from vision_readiness_webhook.access import Role


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody of a workspace who asks a service."""

    service: Served
    token: str

    async def ask(self, method: str, place: str, body: Any = None, **headers: str) -> httpx.Response:
        """The answer, which is as the OpenAPI promises."""
        given = {"authorization": f"Bearer {self.token}", **headers}
        more: dict[str, Any] = {} if body is None else {"json": body}
        answer = await self.service.client.request(method, place, headers=given, **more)
        check_fits(answer)
        return answer

    async def get(self, place: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", place, **headers)

    async def post(self, place: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.ask("POST", place, body, **headers)

    def other(self, role: Role, **whose: str) -> Asking:
        """Somebody else who asks the same service."""
        return Asking(self.service, self.service.token(role, **whose))


@asynccontextmanager
async def asking(
    folder: Path, role: Role = Role.DEPLOYER, *, works: bool = False, **settings: Any
) -> AsyncIterator[Asking]:
    """A deployer of acme at a service on ``folder``; its runs stay in the queue unless it ``works``."""
    given = {} if works else {"job_engine": JobsOnPaper()}
    async with served(folder, settings=settings_in(folder, **settings), **given) as service:
        yield Asking(service, service.token(role))
