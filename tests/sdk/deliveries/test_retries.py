from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.deliveries.retries import SCHEDULE_SECONDS, pause_before

MINUTE, HOUR = 60, 3600


def test_the_schedule_is_that_of_the_specification():
    assert (
        *(0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
    ) == SCHEDULE_SECONDS


@given(st.integers(1, 10), st.text(max_size=20))
def test_jitter_adds_up_to_a_tenth_and_is_the_same_every_time(attempt, seed):
    planned = SCHEDULE_SECONDS[attempt - 1]
    assert planned <= pause_before(attempt, seed) <= 1.1 * planned
    assert pause_before(attempt, seed) == pause_before(attempt, seed)


def test_deliveries_that_failed_together_come_back_apart():
    assert len({pause_before(3, f"evt_{number}") for number in range(50)}) == 50


def test_what_the_receiver_asks_for_makes_a_pause_longer_up_to_a_day():
    assert [pause_before(2, "a", asked) for asked in (60.0, 1e9)] == [60.0, 86_400.0]
    assert pause_before(2, "a", 0.5) == pause_before(2, "a")


def test_after_the_last_attempt_there_is_none():
    assert pause_before(10, "a") is not None
    assert pause_before(11, "a") is None
