from __future__ import annotations

import http.client
import socket
import time
from pathlib import Path

from tests.webhook.hostile.attacks import drip, is_open, time_of_a_request
from tests.webhook.hostile.live import Hasty, live

MANY = 100


def test_clients_that_hardly_speak_hold_nobody_up_and_are_let_go(tmp_path: Path) -> None:
    with live(tmp_path, Hasty) as service:
        slow = [service.connect() for _ in range(MANY)]
        began, beside = time.monotonic(), []
        while time.monotonic() < began + 2 * Hasty.head_seconds:
            for one in slow:
                drip(one, b"G")
            time_of_a_request(service)
            beside.append(sum(is_open(one) for one in slow))
            time.sleep(0.1)
        assert beside[0] > 0  # while those are waited for, whoever behaves is answered
        assert beside[-1] == 0
        for one in slow:
            one.close()


def test_a_body_thatdrips_is_not_waited_for(tmp_path: Path) -> None:
    with live(tmp_path, Hasty) as service, service.connect() as one:
        one.sendall(b"POST /runs/x/replay HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")  # 401 before its body
        assert one.recv(100).startswith(b"HTTP/1.1 4")
        until = time.monotonic() + 10
        while is_open(one) and time.monotonic() < until:
            drip(one, b"x")
            time.sleep(0.1)
        assert not is_open(one)


def test_a_connection_is_used_again_and_closed_when_its_next_requestdrips(tmp_path: Path) -> None:
    with live(tmp_path, Hasty) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        for _ in range(3):
            connection.request("GET", "/problems/not-found")
            assert connection.getresponse().read().startswith(b"{")
        one = connection.sock
        assert isinstance(one, socket.socket)
        one.sendall(b"G")
        assert is_open(one)
        time.sleep(2 * Hasty.head_seconds)
        assert not is_open(one)
        connection.close()
