from __future__ import annotations

import resource
import socket
import time
from pathlib import Path

import pytest

from tests.webhook.hostile.live import Hasty, Live, live

MEGABYTE = 2**20
LARGE = 100 * MEGABYTE
PLACES = ["/webhooks/roboflow", "/webhooks/roboflow/acme/yard-safety", "/vision-readiness/scan", "/login"]


@pytest.mark.parametrize("place", PLACES)
def test_a_hundred_megabytes_are_refused_before_they_are_sent(tmp_path: Path, place: str) -> None:
    with live(tmp_path, Hasty) as service:
        status, taken = _send(service, place, chunked=False)
        assert status in {401, 403, 413, 415}
        assert taken < 8 * MEGABYTE  # what the sockets of both sides hold


@pytest.mark.parametrize("place", PLACES)
def test_a_body_of_unknown_length_is_cut_off_and_memory_stays_flat(tmp_path: Path, place: str) -> None:
    with live(tmp_path, Hasty) as service:
        _send(service, place, chunked=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(3):
            status, taken = _send(service, place, chunked=True)
            assert status in {None, 401, 403, 413, 415}  # None: cut off before it read the answer
            assert taken < 8 * MEGABYTE
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert grown < 20


def _send(service: Live, place: str, *, chunked: bool) -> tuple[int | None, int]:
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
