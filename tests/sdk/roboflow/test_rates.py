from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.roboflow.rates import MAP50, MAP50_95, Rate, either, fraction, percent


def test_percent_and_fractions_of_one_metric_meet():
    assert percent("62.87", MAP50) == fraction("0.6287", MAP50) == Rate(0.6287, MAP50)


def test_figures_of_two_metrics_are_never_equal():
    assert percent("62.87", MAP50) != percent("62.87", MAP50_95)


@pytest.mark.parametrize("value", ["54.7", -0.1, "n/a", None, True, "inf"])
def test_a_fraction_outside_0_to_1_is_not_taken_for_percent(value):
    assert fraction(value, MAP50) is None


def test_percent_above_100_is_no_rate():
    assert percent(100.5, MAP50) is None


def test_an_unfixed_unit_is_percent_above_1():
    assert either(81, MAP50) == either("0.81", MAP50) == Rate(0.81, MAP50)


@given(st.floats(0, 100))
def test_every_percentage_becomes_a_rate_from_0_to_1(value):
    rate = percent(value, MAP50)
    assert rate is not None
    assert 0 <= rate.value <= 1
