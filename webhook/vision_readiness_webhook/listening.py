"""The server: uvicorn, with less patience for clients that open connections and then hardly speak."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from vision_readiness_webhook.settings import Settings

MOST_CONNECTIONS = 800
"""Below the 1,024 files that a process may usually open; one more is answered 503."""


class Impatient(H11Protocol):
    """HTTP/1.1 that waits ``head_seconds`` for the head of a request, and not for what nobody reads of its body.

    uvicorn's own timeout begins after an answer and ends with the next byte, so that a byte a second holds a
    connection for ever. https://github.com/encode/uvicorn/blob/0.34.0/uvicorn/protocols/http/h11_impl.py
    """

    head_seconds: ClassVar[float] = 10.0
    linger_seconds: ClassVar[float] = 1.0

    _deadline: asyncio.TimerHandle | None = None
    _answering = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._answering:
            self._wait(self.head_seconds)
        super().data_received(data)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._answering = not self.cycle.response_complete
            self._wait(None)

    def on_response_complete(self) -> None:
        self._answering = False
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:  # who is answered already need not send the rest
            self.flow.pause_reading()
            self._wait(self.linger_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def server_of(app: Any, settings: Settings, http: type[H11Protocol] = Impatient) -> uvicorn.Server:
    """A server of ``app``, not yet running."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=http,
        limit_concurrency=MOST_CONNECTIONS,
        log_level=settings.log_level.lower(),
        server_header=False,
        log_config=None,
    )
    return uvicorn.Server(config)
