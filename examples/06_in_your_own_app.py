"""Readiness inside your own Starlette or FastAPI application: mount it, and enter its lifespan in yours.

A mounted application's lifespan does not run by itself. Without the line marked below the door would be shut and no
job would ever start.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from vision_readiness.deliveries import Event, Secret, sign
from vision_readiness_webhook import Settings, create_app, lifespan
from vision_readiness_webhook.access import Actor, Role

SIGNING_KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"  # yours comes from the environment


async def authenticate(request: Request) -> Actor | None:
    """Whoever your own application knows. Here: somebody with the right header."""
    person = request.headers.get("x-signed-in-as")
    return Actor("acme", person, Role.VIEWER) if person else None


settings = Settings(data=Path(tempfile.mkdtemp()), webhook_secrets=SIGNING_KEY, poll_seconds=0.05)
readiness = create_app(settings, prefix="/readiness", authenticate=authenticate)


@asynccontextmanager
async def my_lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    async with lifespan(readiness):  # the line that matters
        yield


async def home(request: Request) -> PlainTextResponse:
    return PlainTextResponse("my own page")


app = Starlette(routes=[Route("/", home), Mount("/readiness", readiness)], lifespan=my_lifespan)


async def main() -> None:
    """What a version that arrives leads to, asked without a socket."""
    now = datetime.now(UTC)
    event = Event.model_validate(
        {
            "type": "version.created",
            "timestamp": now,
            "data": {"workspace": "acme", "project": "yard-safety", "version": 5},
        }
    )
    headers = dict(sign(Secret.parse(SIGNING_KEY), event.id, now, event.to_bytes()))
    async with my_lifespan(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://me") as me:
        print((await me.get("/")).text)
        accepted = (await me.post("/readiness/webhooks/roboflow", content=event.to_bytes(), headers=headers)).json()
        run = {"state": "queued"}
        while run["state"] in {"queued", "running"}:
            await asyncio.sleep(0.2)
            run = (await me.get(f"/readiness/runs/{accepted['run']}", headers={"x-signed-in-as": "neha"})).json()
        print(f"The run {run['state']}: {accepted['url']}")


asyncio.run(main())
