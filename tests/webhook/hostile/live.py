"""The service on a real socket, in a thread of the test."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.webhook.api.asking import JobsOnPaper
from tests.webhook.serving import SECRET, settings_in
from vision_readiness_webhook import create_app
from vision_readiness_webhook.access import Role, create_token
from vision_readiness_webhook.listening import Impatient, server_of
from vision_readiness_webhook.settings import PREFIX
from vision_readiness_webhook.store import Database, open_database


@dataclass(frozen=True, slots=True)
class Live:
    """A service that listens on 127.0.0.1, and where it remembers; ``pid`` is ``None`` in the process of the test."""

    database: Database
    port: int
    pid: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, role: Role = Role.DEPLOYER, workspace: str = "acme") -> str:
        with self.database.write() as connection:
            return create_token(connection, workspace, "neha@acme.example", role, time.time())

    def connect(self, timeout: float = 5.0) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def megabytes(self) -> float:
        """What the process of the service has in memory."""
        status = Path(f"/proc/{self.pid or 'self'}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Hasty(Impatient):
    """Waits for a second only, so that a test need not wait for ten."""

    head_seconds = 1.0
    linger_seconds = 0.2


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def live(folder: Path, http: type[Impatient] = Impatient, **settings: Any) -> Iterator[Live]:
    """The service at a free port, its runs left in the queue."""
    given = settings_in(folder, port=free_port(), log_level="CRITICAL", **settings)
    app = create_app(given, job_engine=JobsOnPaper())
    server = server_of(app, given, http)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield Live(app.state.service.database, given.port)
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def live_process(folder: Path, database_url: str = "") -> Iterator[Live]:
    """The service as people start it, in a process of its own."""
    port = free_port()
    told = {"DATA": str(folder), "PORT": str(port), "WEBHOOK_SECRETS": SECRET, "DATABASE_URL": database_url}
    told |= {"LOG_LEVEL": "CRITICAL", "WATCH_SECONDS": "0"}
    environment = {**os.environ, **{PREFIX + name: value for name, value in told.items()}}
    command = [sys.executable, "-m", "vision_readiness_webhook"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own words
        try:
            until = time.monotonic() + 60
            while not _answers(port) and time.monotonic() < until:
                time.sleep(0.1)
            database = open_database(settings_in(folder, database_url=database_url).database)
            yield Live(database, port, process.pid)
            database.close()
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
