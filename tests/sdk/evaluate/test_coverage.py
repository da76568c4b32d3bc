"""What makes the bounds hold as often as they say; ``make bench-stats`` measures how often they do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.test_rates import GROUPS, alone, columns
from vision_readiness.evaluate.average_precision import HALF_A_STEP, average_precision
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.rates import clustered_wilson, design_effect
from vision_readiness.project import Predictions, Task
from vision_readiness.testing import a_dataset


def binomial(n, rate):
    """The probability of each number of hits."""
    steps = np.log(np.arange(n, 0, -1) / np.arange(1, n + 1)) + np.log(rate / (1 - rate))
    return np.exp(n * np.log1p(-rate) + np.concatenate([[0.0], np.cumsum(steps)]))


@pytest.mark.parametrize("n", [20, 30, 50, 100, 200])
@pytest.mark.parametrize("rate", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_bounds_of_independent_trials_hold_in_93_of_100_cases_at_least(n, rate):
    chance = binomial(n, rate)
    bounds = [alone(hits, n) for hits in range(n + 1)]
    assert chance @ np.array([one.lower <= rate for one in bounds]) >= 0.93
    assert chance @ np.array([one.upper >= rate for one in bounds]) >= 0.93


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_misses_are_bounded_as_hits_are(case):
    hits, n = case
    found, missed = alone(hits, n), alone(n - hits, n)
    assert (found.lower, found.upper) == pytest.approx((1 - missed.upper, 1 - missed.lower), abs=1e-12)


@given(GROUPS, st.floats(0.01, 0.99))
def test_the_upper_bound_is_under_a_limit_exactly_when_its_p_value_is_small(groups, limit):
    bounds = clustered_wilson(*columns(groups))
    confident = bounds.probability_at_most(limit)
    if abs(confident - 0.95) > 1e-9:
        assert (bounds.upper <= limit) == (confident >= 0.95)


def test_nothing_seen_proves_no_limit_from_above():
    assert clustered_wilson(np.zeros(0, int), np.zeros(0, int)).probability_at_most(0.5) == 0.0


def test_few_errors_leave_it_open_whether_errors_come_together():
    trials = np.full(100, 5)
    effects = [design_effect(trials - (np.arange(100) < errors), trials, 1 - errors / 500) for errors in (0, 1, 5, 50)]
    assert effects[0] == 5.0
    assert effects == sorted(effects, reverse=True)
    assert effects[-1] < 1.1


def test_one_error_more_does_not_make_a_sample_worth_five_times_as_much():
    trials = np.full(100, 5)
    faultless, one_missed = (clustered_wilson(trials - (np.arange(100) < errors), trials) for errors in (0, 1))
    assert one_missed.effective < 2 * faultless.effective


def test_bounds_of_average_precision_allow_for_the_grid_of_recalls():
    box = (0.0, 0.0, 10.0, 10.0)
    dataset = a_dataset({f"test/{n}.jpg": [("cat", box)] for n in range(40)})
    rows = np.arange(40, dtype=np.int32)
    answers = Predictions(np.ones(40, bool), rows, np.zeros(40, np.int32), np.full(40, 0.9), np.tile(box, (40, 1)))
    average = average_precision(match(dataset, answers), rows, replicates=50)
    assert average.lower[0].tolist() == pytest.approx([1 - HALF_A_STEP] * 3)
    assert average.upper[0].tolist() == [1.0] * 3


def test_a_classifier_has_no_grid_of_recalls():
    dataset = a_dataset({f"test/{n}.jpg": ["cat"] for n in range(40)}, task=Task.CLASSIFICATION, classes=["cat", "dog"])
    rows = np.arange(40, dtype=np.int32)
    answers = Predictions(np.ones(40, bool), rows, np.zeros(40, np.int32), np.full(40, 0.9), np.zeros((40, 4)))
    average = average_precision(match(dataset, answers), rows, replicates=50)
    assert average.lower[0].tolist() == pytest.approx([1.0] * 3)
