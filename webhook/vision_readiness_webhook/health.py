"""Liveness, readiness and metrics, for whoever operates the service."""

from __future__ import annotations

import asyncio
import os
from tempfile import NamedTemporaryFile

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vision_readiness_webhook.service import Service

ANSWER_SECONDS = 5.0


def health_routes() -> list[Route]:
    """The routes for probes and for Prometheus; nothing they say belongs to a workspace."""
    return [Route("/healthz", lives), Route("/readyz", ready), Route("/metrics", metrics)]


async def lives(request: Request) -> Response:
    """200 as long as the process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """200 when the database answers, jobs run and the data folder can be written; else 503 with what is wrong."""
    service: Service = request.app.state.service
    checks = {"database": _database, "jobs": _jobs, "disk": _disk}
    found = {}
    for name, check in checks.items():
        try:
            await asyncio.wait_for(asyncio.to_thread(check, service), ANSWER_SECONDS)
            found[name] = "ok"
        except Exception:  # noqa: BLE001 - whatever it is, the probe is told that it is not ready
            found[name] = "failed"
    good = set(found.values()) == {"ok"}
    return JSONResponse({"status": "ok" if good else "failed", **found}, 200 if good else 503)


async def metrics(request: Request) -> Response:
    """The metrics of this process."""
    service: Service = request.app.state.service
    text = await asyncio.to_thread(service.metrics.text)
    return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})


def _database(service: Service) -> None:
    with service.database.read() as connection:
        connection.execute(sa.select(1))


def _jobs(service: Service) -> None:
    if not service.jobs.is_alive():
        raise RuntimeError("no jobs are taken")


def _disk(service: Service) -> None:
    service.settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=service.settings.folder, prefix="ready-") as file:
        file.write(b"1")
        file.flush()
        os.fsync(file.fileno())
