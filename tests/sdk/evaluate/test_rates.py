import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from vision_readiness.evaluate.rates import RateBounds, bounds_of_rows, clustered_wilson, design_effect, wilson

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
HITS_OF = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def alone(hits, trials):
    """``hits`` of ``trials``, each in a group of its own."""
    return clustered_wilson(np.arange(trials) < hits, np.ones(trials, int))


def columns(groups):
    hits, trials = zip(*groups, strict=True)
    return np.array(hits), np.array(trials)


@given(HITS_OF, st.sampled_from([0.001, 0.02, 0.05, 0.2]))
@example((81, 263), 0.025)
@example((1, 2), 0.05)
def test_bounds_are_scipys_with_the_correction_towards_the_nearer_end(case, alpha):
    hits, n = case
    lower, upper = wilson(hits / n, n, alpha)
    plain, corrected = (binomtest(hits, n).proportion_ci(1 - 2 * alpha, method) for method in ("wilson", "wilsoncc"))
    assert lower == pytest.approx((plain if hits > n / 2 else corrected).low, abs=1e-9)
    assert upper == pytest.approx((plain if hits < n / 2 else corrected).high, abs=1e-9)


@given(st.floats(0.501, 0.999), st.floats(1.0, 5000.0))
def test_away_from_the_nearer_end_the_bound_is_wilsons_closed_form(rate, n):
    centre, half = rate + Z * Z / (2 * n), Z * math.sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n))
    assert wilson(rate, n, 0.05)[0] == pytest.approx((centre - half) / (1 + Z * Z / n), abs=1e-12)
    assert wilson(1 - rate, n, 0.05)[1] == pytest.approx(1 - (centre - half) / (1 + Z * Z / n), abs=1e-12)


@pytest.mark.parametrize(
    ("hits", "n", "wilsons", "corrected"),
    [
        (81, 263, (0.2553, 0.3662), (0.2535, 0.3682)),
        (15, 148, (0.0624, 0.1605), (0.0598, 0.1644)),
        (0, 20, (0.0, 0.1611), (0.0, 0.2005)),
        (1, 29, (0.0061, 0.1718), (0.0018, 0.1963)),
    ],
)
def test_the_bounds_are_those_of_newcombes_table(hits, n, wilsons, corrected):
    """Newcombe (1998), table I: methods 3 and 4 at 95 % on both sides."""
    assert wilson(hits / n, n, 0.025) == pytest.approx((corrected[0], wilsons[1]), abs=5e-5)
    assert wilson(1 - hits / n, n, 0.025) == pytest.approx((1 - wilsons[1], 1 - corrected[0]), abs=5e-5)


@given(HITS_OF)
def test_each_in_a_group_of_its_own_is_worth_one_trial_less_than_there_are(case):
    hits, n = case
    bounds = alone(hits, n)
    worth = n - 1 if 0 < hits < n else n
    assert bounds.effective == pytest.approx(worth, rel=1e-12)
    assert (bounds.hits, bounds.trials, bounds.groups, bounds.rate) == (hits, n, n, hits / n)
    assert (bounds.lower, bounds.upper) == wilson(bounds.rate, bounds.effective, 0.05)


@pytest.mark.parametrize(
    ("hits", "trials", "effect"),
    [
        ([8, 9, 10], [10, 10, 10], 10 / 9 + (10 - 10 / 9) / 4),
        ([10, 0, 10, 10, 10], [10] * 5, 12.5),
        ([8, 8, 8, 8, 8], [10] * 5, 1 + 9 / 11),
        ([3, 4, 0, 2], [4, 4, 1, 3], 1 + (3.5 - 1) / 4),
        ([4, 0, 3, 0], [4, 4, 3, 1], (4 / 3) * 10.125 / 12**2 / (35 / 144 / 12)),
        ([5, 5], [5, 5], 5.0),
        ([4, 5], [5, 5], 10 / 9 + (5 - 10 / 9) / 2),
        ([0, 0, 0], [2, 4, 6], 56 / 12),
        ([7], [9], 9.0),
    ],
)
def test_the_design_effect_of_counts_that_are_reckoned_by_hand(hits, trials, effect):
    """The variance between groups over that of independent trials, moved to Kish's by one error more."""
    hits, trials = np.array(hits), np.array(trials)
    assert design_effect(hits, trials, hits.sum() / trials.sum()) == pytest.approx(effect, rel=1e-12)


@given(st.floats(0.02, 0.98), st.floats(2.0, 3000.0), st.floats(0.02, 0.98))
def test_the_probability_is_the_level_at_which_the_bound_meets_the_limit(rate, effective, limit):
    bounds = RateBounds(rate, 0.0, 1.0, 0, 1, 1, effective)
    confident = bounds.probability_at_least(limit)
    if 1e-6 < confident < 1 - 1e-6 and wilson(rate, effective, 1 - confident)[0] > 0:
        assert wilson(rate, effective, 1 - confident)[0] == pytest.approx(limit, abs=1e-6)
    confident = bounds.probability_at_most(limit)
    if 1e-6 < confident < 1 - 1e-6 and wilson(rate, effective, 1 - confident)[1] < 1:
        assert wilson(rate, effective, 1 - confident)[1] == pytest.approx(limit, abs=1e-6)


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
@example([(1, 2)], 5e-324, 0.5)  # so small that its variance is not a number
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


def test_rows_are_counted_by_the_group_they_lie_in():
    right = np.array([True, False, True, True, False, True])
    bounds = bounds_of_rows(right, np.array([7, 7, 2, 7, 900, 2]), alpha=0.2)
    assert bounds == clustered_wilson(np.array([2, 2, 0]), np.array([2, 3, 1]), alpha=0.2)
    assert (bounds.hits, bounds.trials, bounds.groups) == (4, 6, 3)
    usual = bounds_of_rows(right, np.array([7, 7, 2, 7, 900, 2]))
    assert usual == clustered_wilson(np.array([2, 2, 0]), np.array([2, 3, 1]), alpha=0.05)
    assert usual == clustered_wilson(np.array([2, 2, 0]), np.array([2, 3, 1]))


def test_a_limit_that_nothing_is_under_or_over():
    some = alone(7, 10)
    assert [some.probability_at_least(limit) for limit in (-0.1, 0.0, 1.0, 1.1)] == [1.0, 1.0, 0.0, 0.0]
    assert [some.probability_at_most(limit) for limit in (-0.1, 0.0, 1.0, 1.1)] == [0.0, 0.0, 1.0, 1.0]
    assert alone(0, 10).probability_at_least(5e-324) == 0.5
    assert alone(0, 10).probability_at_most(0.0) == 0.5


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
