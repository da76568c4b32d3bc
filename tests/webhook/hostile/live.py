"""The service on a real socket, in a thread of the test."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from tests.webhook.api.asking import JobsOnPaper
from tests.webhook.serving import Served, settings_in
from vision_readiness_webhook import create_app
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.listening import Impatient, server_of


@dataclass(frozen=True, slots=True)
class Live:
    """A service that listens on 127.0.0.1."""

    app: Starlette
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, role: Role = Role.DEPLOYER, workspace: str = "acme") -> str:
        return Served(self.app, None).token(role, workspace)  # type: ignore[arg-type]  # no client is needed for that

    def connect(self, timeout: float = 5.0) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)


class Hasty(Impatient):
    """Waits for a second only, so that a test need not wait for ten."""

    head_seconds = 1.0
    linger_seconds = 0.2


@contextmanager
def live(folder: Path, http: type[Impatient] = Impatient, **settings: Any) -> Iterator[Live]:
    """The service at a free port, its runs left in the queue."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = settings_in(folder, port=port, log_level="CRITICAL", **settings)
    app = create_app(given, job_engine=JobsOnPaper())
    server = server_of(app, given, http)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield Live(app, port)
    finally:
        server.should_exit = True
        thread.join(20)
