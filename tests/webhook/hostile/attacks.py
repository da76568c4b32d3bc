"""What hostile clients do on a socket: speak slowly, send too much."""

from __future__ import annotations

import http.client
import socket
import time

from tests.webhook.hostile.live import Live

MEGABYTE = 2**20
LARGE = 100 * MEGABYTE
PLACES = ["/webhooks/roboflow", "/webhooks/roboflow/acme/yard-safety", "/vision-readiness/scan", "/login"]


def send_large(service: Live, place: str, *, chunked: bool) -> tuple[int | None, int]:
    """The status of the answer to ``LARGE`` bytes, and how many of them the other side took."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGE}"
    head = f"POST {place} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {service.token()}\r\n{length}\r\n\r\n"
    piece = b"a" * 65_536
    frame = b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
    taken, until = 0, time.monotonic() + 20
    with service.connect() as one:
        one.sendall(head.encode())
        one.settimeout(0.2)
        try:
            while taken < LARGE and time.monotonic() < until:
                one.sendall(frame)
                taken += len(piece)
        except OSError:
            pass
        return _status(one), taken


def _status(one: socket.socket) -> int | None:
    try:
        one.settimeout(5)
        line = one.recv(200).split(b" ")
        return int(line[1]) if len(line) > 1 else None
    except OSError:
        return None


def time_of_a_request(service: Live) -> float:
    """Seconds until a client that behaves is answered."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    connection.request("GET", "/problems/not-found")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - began


def drip(one: socket.socket, data: bytes) -> None:
    """Send a little, if the other side still takes it."""
    try:
        one.sendall(data)
    except OSError:
        return


def is_open(one: socket.socket) -> bool:
    """Whether the other side still holds the connection."""
    one.setblocking(False)
    try:
        while one.recv(65_536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False
    finally:
        one.setblocking(True)
