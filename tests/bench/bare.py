"""The least that a receiver can do: a Starlette route that commits one SQLite row before it answers."""

from __future__ import annotations

import sqlite3
import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vision_readiness_webhook.listening import server_of
from vision_readiness_webhook.settings import Settings


def main(path: str, port: str) -> None:
    """Serve until killed."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE inbox (id INTEGER PRIMARY KEY, body BLOB)")

    async def receive(request: Request) -> Response:
        database.execute("INSERT INTO inbox (body) VALUES (?)", (await request.body(),))
        return JSONResponse({"ok": True}, status_code=202)

    app = Starlette(routes=[Route("/webhooks/roboflow", receive, methods=["POST"])])
    server_of(app, Settings(port=int(port), log_level="WARNING")).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
