"""The fake on a real socket of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from vision_readiness.errors import InputError
from vision_readiness_adapters.testing.app import FakeRoboflow
from vision_readiness_adapters.testing.behaviour import Behaviour
from vision_readiness_adapters.testing.faults import BrokenOff, Receive, Send

STARTED_WITHIN = 20.0


class Resetting:
    """An app that resets the connection of a request which is to be broken off."""

    def __init__(self, app: FakeRoboflow) -> None:
        self.app = app
        self.open: dict[tuple[str, int], asyncio.Transport] = {}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except BrokenOff:
            transport = self.open.get(tuple(scope["client"]))
            if transport is not None:
                _reset(transport)
            await asyncio.sleep(0)

    def protocol(self) -> type[H11Protocol]:
        """The protocol of uvicorn, telling which connection is whose."""
        held = self.open

        class Noted(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
                super().connection_made(transport)
                if self.client is not None:
                    held[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    held.pop(self.client, None)
                super().connection_lost(exc)

        return Noted


class Serving:
    """A fake that is being served: ``url`` without a slash at its end, ``fake`` to look into and change."""

    def __init__(self, fake: FakeRoboflow, url: str) -> None:
        self.fake, self.url = fake, url

    def __repr__(self) -> str:
        return f"<Serving {self.fake!r} at {self.url}>"


@contextmanager
def serve(
    folder: str | Path | FakeRoboflow,
    behaviour: Behaviour | None = None,
    *,
    key: str = "fake-key",
    port: int = 0,
    host: str = "127.0.0.1",
) -> Iterator[Serving]:
    """The fake over the workspace in ``folder``, served by a thread on a free port until the context ends.

    Raises ``InputError`` when the port cannot be had.
    """
    fake = folder if isinstance(folder, FakeRoboflow) else FakeRoboflow(folder, behaviour, keys=[key])
    with contextlib.closing(_listening(host, port)) as listener:
        server = uvicorn.Server(_config(fake))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait(lambda: server.started or not thread.is_alive())
        if not server.started:
            raise InputError("The fake Roboflow did not start: look for what the thread printed, and try again.")
        try:
            yield Serving(fake, f"http://{host}:{listener.getsockname()[1]}")
        finally:
            server.should_exit = server.force_exit = True
            thread.join(STARTED_WITHIN)


def _config(fake: FakeRoboflow) -> uvicorn.Config:
    app = Resetting(fake)
    return uvicorn.Config(
        app, http=app.protocol(), ws="none", loop="asyncio", lifespan="off", log_config=None, access_log=False,
        log_level="critical", server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip


def _listening(host: str, port: int) -> socket.socket:
    # Named as TCP, because asyncio sends at once (TCP_NODELAY) only on what is: else every answer waits for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InputError(f"{host}:{port} cannot be listened on ({error.strerror}): choose another --port.") from error
    listener.listen(64)
    return listener


def _wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while not ready() and time.monotonic() < until:
        time.sleep(0.005)


def _reset(transport: asyncio.Transport) -> None:
    """Closes with RST, not FIN, as a peer that dies does."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
