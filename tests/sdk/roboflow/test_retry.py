from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.roboflow.retry import Failure, RetryPolicy, retry_after

POLICY = RetryPolicy()
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


def pause(failure, attempt=1, remaining=1000.0, chance=0.0):
    return POLICY.pause(failure, attempt, remaining, chance)


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_twice_more(status):
    failure = Failure(status)
    assert [pause(failure, attempt) for attempt in (1, 2, 3)] == [0.5, 1.0, None]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 423, 301, 501, 507])
def test_what_stays_is_not_tried_again(status):
    assert pause(Failure(status)) is None


def test_a_429_that_is_a_conflict_is_not_tried_again():
    assert pause(Failure(429, conflict=True)) is None


@pytest.mark.parametrize(("failure", "again"), [(Failure(503), False), (Failure(429), True), (Failure(None), False),
                                                (Failure(None, sent=False), True)])  # fmt: skip
def test_what_must_not_happen_twice_is_tried_again_only_if_it_did_not_happen(failure, again):
    once = Failure(failure.status, sent=failure.sent, repeatable=False)
    assert (pause(once) is not None) is again


def test_what_the_server_asks_for_goes_first_up_to_two_minutes():
    assert [pause(Failure(503, retry_after=asked)) for asked in (3.0, 120.0, 121.0)] == [3.0, 120.0, None]


def test_a_pause_that_would_pass_the_deadline_is_not_made():
    assert pause(Failure(503), remaining=0.4) is None


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 10))
def test_jitter_takes_at_most_a_quarter_and_pauses_stay_below_eight_seconds(chance, attempt):
    longest = min(8.0, 0.5 * 2 ** (attempt - 1))
    assert 0.75 * longest <= RetryPolicy(retries=10).pause(Failure(500), attempt, 1000, chance) <= longest


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "1"}, 1.0), ({"retry-after": "0.25"}, 0.25), ({"retry-after-ms": "250"}, 0.25),
     ({"retry-after-ms": "x", "retry-after": "2"}, 2.0),
     ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": DATE}, 30.0),
     ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": DATE}, 0.0),
     ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT"}, None), ({"retry-after": "-1"}, None),
     ({"retry-after": "inf"}, None), ({"retry-after": "1e9"}, None), ({"retry-after": "soon"}, None), ({}, None)],
)  # fmt: skip
def test_retry_after_is_read_in_every_form(headers, seconds):
    assert retry_after(headers) == seconds


@given(st.text(), st.text())
def test_no_retry_after_raises(asked, date):
    assert retry_after({"retry-after": asked, "retry-after-ms": date, "date": date}) is not False
