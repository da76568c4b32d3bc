"""The live transport for tests: it does not wait between attempts, and gives up soon."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

from vision_readiness.roboflow import RoboflowClient
from vision_readiness_adapters.roboflow_http import LiveTransport
from vision_readiness_adapters.roboflow_settings import Secret, Settings

KEY = "Zq9vEryS3cretKey_42"


class Hasty(LiveTransport):
    """A transport whose calls have ``seconds`` at most; ``slept`` are the pauses that were asked for."""

    def __init__(self, url: str, *, key: str | None = KEY, seconds: float = 30.0) -> None:
        super().__init__(Settings(url, url, Secret(key) if key else None))
        self.seconds = seconds
        self.slept: list[float] = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def send(self, request):
        return super().send(replace(request, deadline_seconds=min(request.deadline_seconds, self.seconds)))

    @contextmanager
    def stream(self, request):
        with super().stream(replace(request, deadline_seconds=min(request.deadline_seconds, self.seconds))) as stream:
            yield stream


@contextmanager
def talking(url: str, *, key: str | None = KEY, seconds: float = 30.0):
    """A client of what is served at ``url``."""
    with Hasty(url, key=key, seconds=seconds) as transport:
        yield RoboflowClient(transport)
