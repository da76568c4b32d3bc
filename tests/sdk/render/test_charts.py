from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.render.parts import ATTACKS, budget, interval, latency, rate
from vision_readiness.render.charts import interval_bar, interval_picture, latency_histogram, share_bar
from vision_readiness.report.tables import Interval
from vision_readiness.requirement import Metric

PERCENT = re.compile(r'(?:x|x1|x2|cx|width)="(-?[\d.]+)%"')
Rate = st.floats(0, 1)


def drawn(svg: str) -> ET.Element:
    assert all(0 <= float(at) <= 100 for at in PERCENT.findall(svg))
    return ET.fromstring(svg)  # noqa: S314 - our own SVG


@given(Rate, Rate, Rate, Rate)
def test_an_interval_is_drawn_within_its_picture_whatever_the_figures(
    first: float, second: float, third: float, limit: float
):
    lower, value, upper = sorted((first, second, third))
    result = rate(Metric.RECALL, "person", limit, Interval(value, lower, upper, 10, 5))
    assert drawn(interval_bar(result)).attrib["role"] == "img"
    assert "needs at least" in drawn(interval_picture(result)).attrib["aria-label"]


@pytest.mark.parametrize("limit", [1.0, 100.0, 5000.0])
def test_a_budget_is_drawn_from_zero(limit: float):
    assert "0.0 ms" in interval_picture(budget(Metric.P95_MS, limit, 82, 3))


def test_nothing_is_drawn_where_nothing_was_measured():
    nothing = replace(rate(Metric.RECALL, "person", 0.9, interval(1, 2, 0.1)), measured=None, lower=None, upper=None)
    assert interval_bar(nothing) == interval_picture(nothing) == ""
    assert latency_histogram(replace(latency(), histogram_ms=())) == ""


def test_the_histogram_marks_every_quantile_and_the_budget():
    text = "".join(drawn(latency_histogram(latency())).itertext())
    assert all(said in text for said in ("p50 58 ms", "p95 82 ms", "p99 96 ms", "budget 100 ms for p95"))


def test_a_budget_far_away_does_not_squeeze_the_calls_together():
    far = drawn(latency_histogram(replace(latency(), limits_ms={"p95_ms": 5000.0})))
    near = drawn(latency_histogram(replace(latency(), limits_ms={})))
    widths = [[float(bar.attrib["width"][:-1]) for bar in svg.findall("rect")] for svg in (far, near)]
    assert widths[0] == widths[1]
    assert "budget 5,000 ms for p95 →" in "".join(far.itertext())


def test_a_histogram_of_one_bin_is_drawn():
    one = replace(latency(), histogram_ms=((58.0, 400),), limits_ms={})
    assert drawn(latency_histogram(one)).findall(".//rect")


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_in_charts_are_escaped(attack: str):
    assert drawn(share_bar(0.5, attack)).attrib["aria-label"]
    drawn(latency_histogram(replace(latency(), limits_ms={attack: 100.0})))
