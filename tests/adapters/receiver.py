"""Whoever receives a callback: a socket of this machine that answers what it is told to, well or badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """Takes connections on this machine and answers each with ``answer``; keeps what it was sent."""

    answer: bytes | Callable[[], Iterable[bytes]]
    port: int = 0
    seen: list[bytes] = field(default_factory=list)
    sent_back: int = 0

    def serve(self, connection):
        with connection:
            request = b""
            while b"\r\n\r\n" not in request or not request.endswith(b"}"):
                piece = connection.recv(65_536)
                if not piece:
                    return
                request += piece
            self.seen.append(request)
            try:
                for piece in [self.answer] if isinstance(self.answer, bytes) else self.answer():
                    connection.sendall(piece)
                    self.sent_back += len(piece)
            except OSError:
                return

    def header(self, name):
        lines = self.seen[0].split(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}[name]


@contextmanager
def receiving(answer: bytes | Callable[[], Iterable[bytes]] = OK, wrap=None) -> Iterator[Receiver]:
    receiver = Receiver(answer)
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver.port = server.getsockname()[1]

        def accept():
            while True:
                try:
                    connection, _ = server.accept()
                    connection = wrap(connection) if wrap else connection
                except ssl.SSLError:
                    continue
                except OSError:
                    return
                threading.Thread(target=receiver.serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield receiver
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
