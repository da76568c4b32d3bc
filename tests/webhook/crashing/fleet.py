"""Deliveries sent to services that are killed meanwhile, what a receiver heard, and what the database holds at last."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import REPOSITORY
from tests.webhook.serving import SECRET, created
from vision_readiness.deliveries import Event, Secret, sign

SILENT_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Sending:
    """One delivery as its sender has it; a sender repeats until it reads 202."""

    delivery_id: str
    event: Event


def a_storm(deliveries: int, seed: int) -> list[Sending]:
    """Deliveries of new versions of many projects, nearly in order; two in five say again what was said."""
    rng = random.Random(seed)  # noqa: S311 - a plan that can be repeated
    projects = [f"line-{number}" for number in range(max(4, deliveries // 4))]
    newest = dict.fromkeys(projects, 0)
    sent: list[Sending] = []
    while len(sent) < deliveries:
        kind = rng.random()
        if sent and kind < 0.2:
            sent.append(rng.choice(sent[-20:]))
        elif sent and kind < 0.4:
            sent.append(Sending(f"again-{len(sent)}", rng.choice(sent[-20:]).event))
        else:
            project = rng.choice(projects)
            newest[project] += 1
            sent.append(Sending(f"delivery-{len(sent)}", created(project, newest[project])))
    return sent


@dataclass(slots=True)
class Heard:
    """What the receiver was told, in order: message ids with what they said."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[tuple[str, Heard]]:
    """The URL of somebody who listens, and what they heard."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.told.append((self.headers["webhook-id"], json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", heard
        finally:
            server.shutdown()
            thread.join()


@dataclass(slots=True)
class Host:
    """A machine on which the service is begun again whenever it was killed."""

    name: str
    folder: Path
    environment: dict[str, str]
    words: Sequence[str]
    code: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    edits: int = 0

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.webhook.crashing.service", *self.words]
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                command, env=self.environment, cwd=REPOSITORY, stdout=log, stderr=log
            )

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def edit(self) -> None:
        """Deploy other code: the function that every job runs in has another source than before."""
        self.edits += 1
        path = self.code / "vision_readiness_webhook" / "jobs.py"
        before = path.read_text("utf-8")
        line = "            DBOS.run_step("
        assert line in before
        path.write_text(before.replace(line, f"            str({self.edits})\n{line}", 1), "utf-8")

    def ready(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process is not None
            assert self.process.poll() is None, (self.folder / f"{self.name}.log").read_text()[-4000:]
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not come up")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(name: str, folder: Path, code: Path, url: str, port: int) -> dict[str, str]:
    told = {
        "DATA": str(folder / name),
        "DATABASE_URL": url,
        "WEBHOOK_SECRETS": SECRET,
        "PORT": str(port),
        "WORKER_NAME": name,
        "POLL_SECONDS": "0.05",
        "SILENT_SECONDS": str(SILENT_SECONDS),
        "WATCH_SECONDS": "0",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("VISION_READINESS_")}
    paths = [str(code), str(REPOSITORY / "sdk"), str(REPOSITORY / "adapters"), str(REPOSITORY)]
    named = {f"VISION_READINESS_{key}": value for key, value in told.items()}
    return {**inherited, **named, "PYTHONPATH": os.pathsep.join(paths)}


def deliver(
    hosts: Sequence[Host], sendings: Sequence[Sending], allowed: threading.Semaphore, stop: threading.Event
) -> dict[str, set[str]]:
    """The runs that each delivery was answered with: each is repeated until a host takes it, and begun when allowed."""
    answered: dict[str, set[str]] = {}
    rng = random.Random(7)  # noqa: S311 - a plan that can be repeated
    with httpx.Client(timeout=5) as client:
        for sending in sendings:
            allowed.acquire()
            while not stop.is_set():
                host = rng.choice(hosts)
                body = sending.event.to_bytes()
                headers = sign(Secret.parse(SECRET), sending.delivery_id, datetime.now(UTC), body)
                try:
                    answer = client.post(
                        f"http://127.0.0.1:{host.port}/webhooks/roboflow", content=body, headers=dict(headers)
                    )
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                assert answer.status_code == 202, answer.text
                answered.setdefault(sending.delivery_id, set()).add(answer.json()["run"])
                break
    return answered
