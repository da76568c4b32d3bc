"""A connection that goes to addresses which were checked, and to no other, and ends at a moment whatever happens."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence

import httpcore
from httpcore import SOCKET_OPTION

PHASES = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 1.0}
"""The most seconds that each step may take; the deadline may leave less."""

_PIECE = 4096


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to ``addresses``, one after the other, whatever name httpcore asks for; the name stays for TLS."""

    def __init__(self, addresses: Sequence[str], until: float) -> None:
        self._addresses = addresses
        self._until = until
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError()
        for address in self._addresses:
            try:
                left = remaining(self._until, timeout, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
                return _Bounded(stream, self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


class _Bounded(httpcore.NetworkStream):
    """A stream whose every step ends by ``until``: httpcore reads a header that drips with one timeout per drop."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(self._until, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[at : at + _PIECE], remaining(self._until, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = remaining(self._until, timeout, httpcore.ConnectTimeout)
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def remaining(until: float, timeout: float | None, late: type[Exception]) -> float:
    """Seconds until ``until`` on the monotonic clock, at most ``timeout``; raises ``late`` when none are left."""
    left = until - time.monotonic()
    if left <= 0:
        raise late
    return left if timeout is None else min(left, timeout)
