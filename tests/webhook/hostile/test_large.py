from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.webhook.hostile.attacks import MEGABYTE, PLACES, send_large
from tests.webhook.hostile.live import Hasty, live


@pytest.mark.parametrize("place", PLACES)
def test_a_hundred_megabytes_are_refused_before_they_are_sent(tmp_path: Path, place: str) -> None:
    with live(tmp_path, Hasty) as service:
        status, taken = send_large(service, place, chunked=False)
        assert status in {401, 403, 413, 415}
        assert taken < 8 * MEGABYTE  # what the sockets of both sides hold


@pytest.mark.parametrize("place", PLACES)
def test_a_body_of_unknown_length_is_cut_off_and_memory_stays_flat(tmp_path: Path, place: str) -> None:
    with live(tmp_path, Hasty) as service:
        send_large(service, place, chunked=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(3):
            status, taken = send_large(service, place, chunked=True)
            assert status in {None, 401, 403, 413, 415}  # None: cut off before it read the answer
            assert taken < 8 * MEGABYTE
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert grown < 20
