from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.sdk.stress.lamps import Eye, at, lamps
from vision_readiness.evaluate.rates import clustered_wilson
from vision_readiness.policy import Policy
from vision_readiness.project import Condition
from vision_readiness.requirement import Metric, Outcome, Requirement
from vision_readiness.stress.breaking import BreakingPoint, breaking_point, breaking_points
from vision_readiness.stress.curves import Curve, CurvePoint, StressFigures
from vision_readiness.stress.run import stress
from vision_readiness.stress.shifts import SHIFTS, Quantity
from vision_readiness.testing import silent

POLICY = Policy(min_groups=5)
VALUES = list(range(112, 252, 2))
RECALL = Requirement(metric=Metric.RECALL, limit=0.5, label="lamp")
FAIL, OPEN, PASS = Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS


@pytest.fixture(scope="module")
def dark():
    """Lamps of every brightness, made darker; and the figures of an eye that needs 100."""
    dataset, images = lamps(VALUES)
    darker = [shift for shift in SHIFTS if shift.name == "darker"]
    facts = stress(Eye(100), dataset, images, np.arange(len(VALUES)), shifts=darker, progress=silent)
    return dataset, StressFigures.at(facts, at(0.0, len(VALUES)), dataset.classes, dataset.images.source)


def stops_until_lost(value):
    """How many stops a lamp can lose before it rounds to less than 100."""
    return 2.2 * np.log2(value / 99.5)


@pytest.mark.parametrize("limit", [0.25, 0.5, 0.75, 0.9])
def test_the_breaking_point_of_an_eye_is_where_it_goes_blind(dark, limit):
    dataset, figures = dark
    (point,) = breaking_points(figures, [replace(RECALL, limit=limit)], dataset.images, POLICY)
    truth = float(np.quantile([stops_until_lost(value) for value in VALUES], 1 - limit))
    assert point.breaks is not None
    assert point.breaks.severity == pytest.approx(truth, abs=1.0)  # a step is a stop
    assert point.unproven.severity <= point.breaks.severity <= point.fails.severity
    brightness = [at.quantity for at in point.curve.points]
    assert brightness == sorted(brightness, reverse=True)
    assert brightness[0] > point.breaks.quantity > brightness[-1]
    assert f"Recall of `lamp` stops being at least {100 * limit:.0f} % at mean brightness" in point.because
    assert "darkest tenth of the pictures" in point.because


def test_what_is_judged_at_severity_0_is_what_the_unchanged_images_show(dark):
    dataset, figures = dark
    (point,) = breaking_points(figures, [RECALL], dataset.images, POLICY)
    assert point.outcomes[0] is PASS
    assert point.outcomes[-1] is FAIL
    assert point.curve.points[0].bounds.hits == len(VALUES)


def test_a_situation_is_judged_on_its_own_images(dark):
    dataset, figures = dark
    dim = np.array(VALUES) < 160
    known = dataset.with_conditions({"lamp": Condition("declared", {"dim": dim, "bright": ~dim})})
    levels = [replace(RECALL, where=(("lamp", level),)) for level in ("dim", "bright")]
    first, second = breaking_points(figures, levels, known.images, POLICY)
    assert first.curve.points[0].bounds.trials == np.count_nonzero(dim)
    assert first.breaks.severity < second.breaks.severity
    assert first.because.startswith("Recall of `lamp`, lamp dim stops being at least 50 %")


def test_breaking_points_go_into_json_and_back(dark):
    dataset, figures = dark
    kind = TypeAdapter(tuple[BreakingPoint, ...])
    found = breaking_points(figures, [RECALL], dataset.images, POLICY)
    assert kind.validate_json(kind.dump_json(found)) == found


def test_requirements_nobody_can_stress_are_left_out(dark):
    dataset, figures = dark
    others = [
        Requirement(metric=Metric.AP50, limit=0.5, label="lamp"),
        Requirement(metric=Metric.P95_MS, limit=100, at_most=True),
        replace(RECALL, label="torch"),
        replace(RECALL, where=(("size", "small"),)),
    ]
    assert breaking_points(figures, others, dataset.images, POLICY) == ()


def test_the_targets_pictures_stand_instead_of_the_test_images(dark):
    dataset, figures = dark
    target = {Quantity.BRIGHTNESS: np.linspace(10, 90, 81)}
    (own,) = breaking_points(figures, [RECALL], dataset.images, POLICY)
    (there,) = breaking_points(figures, [RECALL], dataset.images, POLICY, target=target)
    assert own.beyond == 0
    assert own.room == pytest.approx(own.worst_tenth - own.breaks.quantity)
    assert own.room > 0
    assert there.worst_tenth == pytest.approx(18)
    assert there.room < 0
    assert there.beyond == pytest.approx((there.breaks.quantity - 10) / 80, abs=0.02)
    assert "of them are past the break" in there.because


def curve(rates, *, trials=200, metric=Metric.RECALL, quantity=Quantity.NOISE):
    points = tuple(
        CurvePoint(float(n), 10.0 * n, 10.0 * n, clustered_wilson(*_counts(rate, trials)))
        for n, rate in enumerate(rates)
    )
    return Curve(shift="noise", unit="of 255", quantity=quantity, label="lamp", metric=metric, points=points)


def _counts(rate, trials):
    if rate is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return (np.arange(trials) < round(rate * trials)).astype(np.int64), np.ones(trials, np.int64)


def broken(rates, requirement=RECALL, min_groups=20, **options):
    return breaking_point(curve(rates, **options), requirement, np.zeros(0), min_groups)


def test_the_break_lies_on_the_straight_line_between_two_severities():
    point = broken([0.9, 0.7, 0.3])
    assert (point.breaks.severity, point.breaks.strength, point.breaks.quantity) == pytest.approx((1.5, 15, 15))
    assert point.outcomes == (PASS, PASS, FAIL)


def test_what_never_breaks_says_how_far_it_was_tried():
    point = broken([0.9, 0.9, 0.8])
    assert (point.breaks, point.unproven, point.fails, point.silent) == (None, None, None, None)
    assert point.because == "Recall of `lamp` stays at least 50 % to the end: noise 20."


def test_what_is_broken_from_the_start_breaks_at_severity_0():
    point = broken([0.3, 0.2])
    assert point.breaks.severity == point.unproven.severity == point.fails.severity == 0
    assert point.because == "Recall of `lamp` is not at least 50 % even as the pictures are."


def test_a_model_that_falls_silent_has_no_precision_to_keep():
    precision = replace(RECALL, metric=Metric.PRECISION)
    point = broken([0.9, 0.9, None], precision, metric=Metric.PRECISION)
    assert (point.breaks, point.silent.severity) == (None, 2)
    assert point.outcomes == (PASS, PASS, OPEN)
    assert point.because.startswith("Precision of `lamp` stays at least 50 % until there are no answers, at noise 20.")


def test_a_rate_may_break_before_the_silence():
    point = broken([0.9, 0.2, None], replace(RECALL, metric=Metric.PRECISION), metric=Metric.PRECISION)
    assert point.breaks.severity < 1 < point.silent.severity
    assert "stops being at least 50 % at noise 6" in point.because


def test_what_was_never_answered_cannot_be_told():
    point = broken([None, None], replace(RECALL, metric=Metric.PRECISION), metric=Metric.PRECISION)
    assert point.because.startswith("Precision of `lamp` cannot be told: there are no answers even in the pictures")


def test_few_images_prove_nothing_at_any_severity():
    point = broken([0.9, 0.1], trials=10)
    assert point.outcomes == (OPEN, OPEN)
    assert point.unproven.severity == 0
    assert point.fails is None
    assert "It is not proven even as the pictures are." in point.because


def test_a_limit_from_above_breaks_upwards():
    most = Requirement(metric=Metric.RECALL, limit=0.5, at_most=True, label="lamp")
    point = broken([0.2, 0.4, 0.8], most)
    assert point.breaks.severity == pytest.approx(1.25)
    assert point.unproven.severity < point.breaks.severity < point.fails.severity
    assert "stops being at most 50 %" in point.because


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.floats(0.05, 0.95), st.integers(20, 300))
def test_proof_ends_before_the_break_and_the_break_before_the_failure(rates, limit, trials):
    point = broken(rates, replace(RECALL, limit=limit), trials=trials)
    if point.breaks is not None:
        assert point.unproven.severity <= point.breaks.severity + 1e-9
    if point.fails is not None:
        assert point.breaks.severity <= point.fails.severity + 1e-9
    first = next((n for n, outcome in enumerate(point.outcomes) if outcome is not PASS), None)
    assert (point.unproven is None) == (first is None)
    if first is not None:
        assert first - 1 <= point.unproven.severity <= first
