import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vision_readiness.evaluate.rates import clustered_wilson, design_effect, wilson

Z = 1.6448536269514722

NEEDED = {
    0.90: {0.92: 624, 0.94: 164, 0.96: 72, 0.98: 42, 1.0: 25},
    0.95: {0.96: 1299, 0.97: 331, 0.98: 147, 0.99: 87, 1.0: 52},
    0.99: {0.992: 6745, 0.994: 1794, 0.996: 748, 0.998: 446, 1.0: 268},
}
"""Independent detections at which the lower bound of an observed rate reaches a target, searched for one by one."""

GROUPS = st.lists(
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


def alone(hits, trials):
    """``hits`` of ``trials``, each in a group of its own."""
    return clustered_wilson(np.arange(trials) < hits, np.ones(trials, int))


def columns(groups):
    hits, trials = zip(*groups, strict=True)
    return np.array(hits), np.array(trials)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_independent_trials_give_wilsons_closed_form(case):
    hits, trials = case
    p, n = hits / trials, trials
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    bounds = alone(hits, trials)
    effect = max(1.0, n / (n - 1)) if n > 1 and 0 < hits < n else 1.0
    if effect == 1.0:
        assert bounds.lower == pytest.approx(max(0.0, centre - half), abs=1e-12)
        assert bounds.upper == pytest.approx(min(1.0, centre + half), abs=1e-12)
    assert (bounds.lower, bounds.upper) == pytest.approx(wilson(p, n / effect, 0.05), abs=1e-12)


@pytest.mark.parametrize(("target", "rate", "n"), [(t, r, n) for t, row in NEEDED.items() for r, n in row.items()])
def test_the_known_sample_sizes_prove_their_target(target, rate, n):
    assert wilson(int(rate * n + 1e-9) / n, n, 0.05)[0] >= target


@pytest.mark.parametrize("target", NEEDED)
def test_perfect_answers_prove_a_target_from_the_known_number_on(target):
    n = NEEDED[target][1.0]
    assert alone(n, n).lower >= target
    assert alone(n - 1, n - 1).lower < target


@given(GROUPS, st.floats(0.01, 0.99))
def test_the_lower_bound_clears_a_limit_exactly_when_its_p_value_is_small(groups, limit):
    bounds = clustered_wilson(*columns(groups))
    confident = bounds.probability_at_least(limit)
    if abs(confident - 0.95) > 1e-9:
        assert (bounds.lower >= limit) == (confident >= 0.95)


@given(GROUPS, st.floats(0, 1), st.floats(0, 1))
@example([(1, 2)], 5e-324, 0.5)  # so small that its variance is no number
def test_a_higher_limit_is_never_more_probable(groups, one, other):
    bounds = clustered_wilson(*columns(groups))
    assert bounds.probability_at_least(max(one, other)) <= bounds.probability_at_least(min(one, other)) + 1e-12


@given(GROUPS)
def test_bounds_hold_the_rate_and_groups_never_count_for_more_than_their_trials(groups):
    bounds = clustered_wilson(*columns(groups))
    assert 0 <= bounds.lower <= bounds.rate <= bounds.upper <= 1
    assert bounds.effective <= bounds.trials + 1e-9
    assert bounds.design_effect >= 1 - 1e-12


@given(GROUPS)
def test_the_same_evidence_twice_never_widens_the_interval(groups):
    once, twice = clustered_wilson(*columns(groups)), clustered_wilson(*columns(groups * 2))
    assert twice.upper - twice.lower <= once.upper - once.lower + 1e-12


@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_groups_changes_nothing(groups, random):
    mixed = groups.copy()
    random.shuffle(mixed)
    first, again = clustered_wilson(*columns(groups)), clustered_wilson(*columns(mixed))
    assert (first.lower, first.upper) == pytest.approx((again.lower, again.upper), abs=1e-12)


@given(GROUPS)
def test_groups_without_trials_say_nothing(groups):
    empty = [*groups, (0, 0), (0, 0)]
    assert clustered_wilson(*columns(empty)) == clustered_wilson(*columns(groups))


def test_where_all_agree_only_the_number_of_groups_counts():
    assert clustered_wilson(np.full(25, 40), np.full(25, 40)).lower == alone(25, 25).lower


def test_objects_that_err_together_prove_less():
    together = clustered_wilson(np.array([10, 0, 10, 10, 10]), np.full(5, 10))
    spread = clustered_wilson(np.full(5, 8), np.full(5, 10))
    assert together.rate == spread.rate
    assert together.lower < spread.lower
    assert together.effective == pytest.approx(50 / design_effect(np.array([10, 0, 10, 10, 10]), np.full(5, 10), 0.8))


def test_one_group_is_one_observation():
    assert clustered_wilson(np.array([30]), np.array([40])).effective == 1.0


def test_no_trials_prove_nothing():
    bounds = clustered_wilson(np.zeros(0, int), np.zeros(0, int))
    assert (bounds.rate, bounds.lower, bounds.upper, bounds.design_effect) == (None, 0.0, 1.0, None)
    assert bounds.probability_at_least(0.5) == 0.0
    assert bounds.probability_at_least(0.0) == 1.0


def test_a_limit_of_one_is_never_proven():
    assert alone(1000, 1000).probability_at_least(1.0) == 0.5
    assert alone(999, 1000).probability_at_least(1.0) == 0.0
    assert alone(1000, 1000).probability_at_least(1.01) == 0.0


def test_bounds_hold_as_often_as_they_say_on_clustered_errors():
    rng = np.random.default_rng(7)
    held = []
    for _ in range(400):
        chance = rng.beta(9, 1, 100)
        hits, trials = rng.binomial(5, chance), np.full(100, 5)
        held.append(clustered_wilson(hits, trials).lower <= 0.9)
    assert 0.92 <= np.mean(held) <= 0.98
