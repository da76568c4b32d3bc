"""Changes of rates between two models on the same images, against simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.evaluate.paired import rate_change


def test_models_alike_on_every_group_seen_are_not_proven_alike_by_a_handful():
    ones = np.ones(98, np.int64)
    same = rate_change((ones, ones), (ones, ones))
    assert same.change == 0
    assert same.spread == pytest.approx(2**0.5 / 100)
    assert not rate_change((ones[:5], ones[:5]), (ones[:5], ones[:5])).is_no_worse(0.05)


def test_one_group_has_no_bound_and_no_trial_no_change():
    one, none = np.array([3]), np.array([0])
    alone = rate_change((one, one), (none, one))
    assert (alone.change, alone.lower, alone.upper, alone.groups) == (1.0, None, None, 1)
    assert rate_change((one, one), (none, none)).change is None


def test_bounds_stay_where_a_change_can_be():
    ones, none = np.ones(3, np.int64), np.zeros(3, np.int64)
    assert rate_change((ones, ones), (none, ones)).upper == 1.0
    assert rate_change((none, ones), (ones, ones)).lower == -1.0


@pytest.mark.parametrize(("images", "worse"), [(40, 0.1), (150, 0.05), (150, 0.01)])
def test_a_fall_by_just_the_margin_passes_in_hardly_more_than_five_per_cent(images, worse):
    """2,000 seeded experiments; the limit is 5 % and three standard errors of the simulation."""
    random, passed = np.random.default_rng(7), 0
    ones = np.ones(images, np.int64)
    for _ in range(2000):
        kind = random.choice(3, images, p=[worse + 0.05, 0.05, 0.9 - worse])
        now, before = (kind != 0).astype(np.int64), (kind != 1).astype(np.int64)
        seen = rate_change((now, ones), (before, ones))
        passed += seen.is_no_worse(worse)
    assert passed / 2000 <= 0.065


def test_paired_intervals_hold_as_often_as_they_say():
    """90 of 100 intervals hold the change; of 600 runs between 519 and 561 do, or luck would be under 1 in 1,000."""
    rng, held, runs = np.random.default_rng(5), 0, 600
    for _ in range(runs):
        hard = rng.beta(6, 2, 120)
        trials = 1 + rng.poisson(2, 120)
        before, now = rng.binomial(trials, hard), rng.binomial(trials, np.clip(hard - 0.05, 0, 1))
        truth = float((trials * (np.clip(hard - 0.05, 0, 1) - hard)).sum() / trials.sum())
        found = rate_change((now, trials), (before, trials))
        held += found.lower <= truth <= found.upper
    assert 519 <= held <= runs  # given which groups are hard, the interval may only be too wide


def test_a_paired_interval_holds_the_change_over_new_images():
    rng, held, runs = np.random.default_rng(7), 0, 600
    for _ in range(runs):
        hard = rng.beta(6, 2, 150)
        gone = rng.random(150) < 0.1
        before, now = rng.binomial(3, hard), rng.binomial(3, np.where(gone, 0.2, hard))
        found = rate_change((now, np.full(150, 3)), (before, np.full(150, 3)))
        held += found.lower <= 0.1 * (0.2 - 0.75) <= found.upper
    assert 519 <= held <= 561


def test_errors_that_both_share_do_not_widen_the_interval():
    trials = np.ones(2000, np.int64)
    hard = (np.arange(2000) % 2).astype(np.int64)
    slightly = hard.copy()
    slightly[1] = 0
    paired = rate_change((slightly, trials), (hard, trials))
    apart = rate_change((np.roll(slightly, 1), trials), (hard, trials))
    assert paired.upper - paired.lower < 0.1 * (apart.upper - apart.lower)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), max_size=40), st.randoms())
def test_the_order_of_groups_changes_nothing(rows, random):
    def changed(rows):
        hits, others, extra = (np.array(column, np.int64) for column in zip(*rows, strict=True))
        return rate_change((hits, hits + extra), (others, others + extra))

    if rows:
        shuffled = random.sample(rows, len(rows))
        first, again = changed(rows), changed(shuffled)
        assert first.groups == again.groups
        assert first.change == pytest.approx(again.change)
        assert first.lower == pytest.approx(again.lower, abs=1e-12)
