import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.benchmark.percentiles import (
    at_most,
    binomial_cdf,
    calls_for,
    percentile_bounds,
    within_budget,
)
from vision_readiness.requirement import Outcome

quantiles = st.sampled_from([0.5, 0.9, 0.95, 0.99])
times = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=200).map(np.array)


@pytest.mark.parametrize(
    ("quantile", "alpha", "calls"),
    [
        (0.50, 0.05, (5, 8, 11)),
        (0.90, 0.05, (29, 46, 61)),
        (0.95, 0.05, (59, 93, 124)),
        (0.99, 0.05, (299, 473, 628)),
        (0.999, 0.05, (2995, 4742, 6294)),
        (0.50, 0.01, (7, 11, 14)),
        (0.90, 0.01, (44, 64, 81)),
        (0.95, 0.01, (90, 130, 165)),
        (0.99, 0.01, (459, 662, 838)),
    ],
)
def test_the_fewest_calls_are_those_of_the_published_table(quantile, alpha, calls):
    assert tuple(calls_for(slow, quantile, alpha) for slow in range(3)) == calls


def test_more_slow_calls_need_more_calls():
    assert (calls_for(5, 0.95), calls_for(10, 0.95)) == (208, 336)
    assert (calls_for(5, 0.99), calls_for(10, 0.99)) == (1049, 1693)


@pytest.mark.parametrize(("n", "p"), [(0, 0.3), (1, 0.5), (20, 0.05), (300, 0.99), (5000, 0.001)])
def test_the_binomial_tail_agrees_with_exact_sums(n, p):
    exact = np.cumsum([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(min(n, 60) + 1)])
    assert np.allclose(binomial_cdf(n, p)[: len(exact)], exact, atol=1e-11)
    assert at_most(n, n, p) == 1.0
    assert at_most(-1, n, p) == 0.0


def test_too_few_calls_give_no_upper_bound():
    assert percentile_bounds(np.ones(58), 0.95).upper is None
    assert percentile_bounds(np.ones(59), 0.95).upper == 1.0
    assert percentile_bounds(np.ones(298), 0.99).upper is None


def test_no_calls_give_no_percentile():
    bounds = percentile_bounds(np.zeros(0), 0.95)
    assert (bounds.value, bounds.lower, bounds.upper, bounds.n) == (None, None, None, 0)


@given(times, quantiles)
def test_bounds_stand_around_the_value(seconds, quantile):
    bounds = percentile_bounds(seconds, quantile)
    assert bounds.value is not None
    assert bounds.lower is None or bounds.lower <= bounds.value
    assert bounds.upper is None or bounds.upper >= bounds.value


@given(times, quantiles, st.floats(0.001, 1.0))
def test_the_verdict_is_what_the_bounds_say(seconds, quantile, budget):
    bounds = percentile_bounds(seconds, quantile)
    verdict = within_budget(seconds, quantile, budget)
    assert (verdict.outcome is Outcome.PASS) == (bounds.upper is not None and bounds.upper <= budget)
    assert (verdict.outcome is Outcome.FAIL) == (bounds.lower is not None and bounds.lower > budget)
    assert (verdict.outcome is Outcome.PASS) == (verdict.p_value <= 0.05)


@given(times, quantiles, st.randoms(use_true_random=False))
def test_the_order_of_the_calls_changes_nothing(seconds, quantile, random):
    shuffled = list(seconds)
    random.shuffle(shuffled)
    assert percentile_bounds(np.array(shuffled), quantile) == percentile_bounds(seconds, quantile)


def test_the_upper_bound_holds_as_often_as_it_says():
    generator = np.random.default_rng(7)
    true_p95 = math.exp(1.6448536269514722)
    uppers = [percentile_bounds(generator.lognormal(size=200), 0.95).upper for _ in range(1000)]
    covered = np.mean([upper is not None and upper >= true_p95 for upper in uppers])
    assert covered >= 0.94  # 95 % claimed, 1000 runs, two standard errors of slack


def test_an_inconclusive_budget_says_how_many_calls_are_missing():
    verdict = within_budget(np.full(40, 0.05), 0.95, 0.1)
    assert (verdict.outcome, verdict.calls_needed) == (Outcome.INCONCLUSIVE, 19)
    assert verdict.p_value == pytest.approx(0.95**40)


def test_the_missing_calls_reckon_with_slow_ones_to_come():
    seconds = np.array([0.2] * 2 + [0.05] * 78)
    verdict = within_budget(seconds, 0.95, 0.1)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.calls_needed is not None
    longer = np.resize(seconds, 80 + verdict.calls_needed)
    assert within_budget(longer, 0.95, 0.1).outcome is Outcome.PASS


def test_too_many_slow_calls_promise_nothing():
    verdict = within_budget(np.array([0.2] * 4 + [0.05] * 76), 0.95, 0.1)
    assert (verdict.outcome, verdict.calls_needed) == (Outcome.INCONCLUSIVE, None)


def test_a_share_just_within_the_budget_asks_for_no_endless_run():
    seconds = np.array([0.2] * 499 + [0.05] * 9501)
    assert within_budget(seconds, 0.95, 0.1).calls_needed is None


def test_slow_calls_throughout_fail():
    assert within_budget(np.full(100, 0.2), 0.95, 0.1).outcome is Outcome.FAIL


def test_no_calls_prove_nothing():
    verdict = within_budget(np.zeros(0), 0.95, 0.1)
    assert (verdict.outcome, verdict.p_value, verdict.calls_needed) == (Outcome.INCONCLUSIVE, 1.0, 59)
