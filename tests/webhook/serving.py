"""The service as a test runs it: in this process, on a database of its own, asked without a socket."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from tests.apart import apart
from vision_readiness.deliveries import Event, Secret, sign
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.disk_cache import DiskCache
from vision_readiness_webhook import Settings, create_app, lifespan
from vision_readiness_webhook.access import Role, create_token
from vision_readiness_webhook.registry import StaticRegistry, Workspace

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"  # noqa: S105 - known to whoever reads this


@dataclass(frozen=True, slots=True)
class Served:
    """A running service and somebody who asks it things."""

    app: Starlette
    client: httpx.AsyncClient

    async def deliver(self, event: Event, *, delivery_id: str | None = None) -> httpx.Response:
        now = datetime.now(UTC)
        body = event.to_bytes()
        headers = sign(Secret.parse(SECRET), delivery_id or event.id, now, body)
        return await self.client.post("/webhooks/roboflow", content=body, headers=dict(headers))

    def token(self, role: Role = Role.DEPLOYER, workspace: str = "acme", person: str = "neha@acme.example") -> str:
        with self.app.state.service.database.write() as connection:
            return create_token(connection, workspace, person, role, time.time())

    async def ended(self, run_id: str, token: str, *, seconds: float = 180) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while True:
            answer = await self.client.get(f"/runs/{run_id}", headers={"authorization": f"Bearer {token}"})
            plain: dict[str, Any] = answer.json()
            if plain["state"] not in {"queued", "running"} or time.monotonic() > until:
                return plain
            await asyncio.sleep(0.05)


def settings_in(folder: Path, **more: Any) -> Settings:
    return Settings(**{"data": folder, "webhook_secrets": SECRET, "poll_seconds": 0.05, "watch_seconds": 0, **more})


def bundled(**more: Any) -> Workspace:
    """The workspace that comes with the package, timed no longer than a 95th percentile needs."""
    return Workspace(**{"name": "acme", "source": str(bundled_workspace()), "latency_calls": 100, **more})


@cache
def _scanned() -> Path:
    """Where the tests of one run keep what they know of images, so that each is decoded once."""
    folder = Path(tempfile.mkdtemp(prefix="vision-readiness-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@asynccontextmanager
async def served(folder: Path, **given: Any) -> AsyncIterator[Served]:
    given.setdefault("registry", StaticRegistry({"acme": bundled()}, DiskCache(_scanned())))
    app = create_app(given.pop("settings", None) or settings_in(folder), **given)
    async with lifespan(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield Served(app, client)


def running(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run an asynchronous test."""
    apart(lambda: asyncio.run(test()))


def created(project: str, version: int, workspace: str = "acme") -> Event:
    return Event.model_validate(
        {
            "type": "version.created",
            "timestamp": datetime(2026, 11, 20, 12, tzinfo=UTC),
            "data": {"workspace": workspace, "project": project, "version": version},
        }
    )
