from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.render.parts import ATTACKS
from vision_readiness.evaluate.rates import clustered_wilson
from vision_readiness.render.stress_charts import stress_chart, stress_panel
from vision_readiness.requirement import Metric, Requirement
from vision_readiness.stress.breaking import BreakingPoint, breaking_point
from vision_readiness.stress.curves import Curve, CurvePoint
from vision_readiness.stress.shifts import Quantity

PERCENT = re.compile(r'\b(?:x|x1|x2)="(-?[\d.]+)%"')
DRAWN = re.compile(r'points="([^"]*)"')
FALLING = (200.0, 140.0, 100.0, 70.0, 50.0, 35.0)


def point_of(
    rates: list[float | None],
    metric: Metric = Metric.RECALL,
    *,
    limit: float = 0.6,
    label: str = "person",
    quantities: tuple[float, ...] = FALLING,
    own: float | None = 180.0,
) -> BreakingPoint:
    points = tuple(
        CurvePoint(float(severity), float(severity), quantity, bounds(rate))
        for severity, (rate, quantity) in enumerate(zip(rates, quantities, strict=False))
    )
    curve = Curve(
        shift="darker", unit="stops less light", quantity=Quantity.BRIGHTNESS, label=label, metric=metric, points=points
    )
    seen = np.zeros(0) if own is None else np.full(50, own)
    return breaking_point(curve, Requirement(metric=metric, limit=limit, label=label), seen, 20)


def bounds(rate: float | None):
    trials = 0 if rate is None else 100
    return clustered_wilson((np.arange(trials) < round(100 * (rate or 0))).astype(np.int64), np.ones(trials, np.int64))


def drawn(svg: str) -> ET.Element:
    assert all(0 <= float(at) <= 100 for at in PERCENT.findall(svg))
    for line in DRAWN.findall(svg):
        assert all(0 <= float(at) <= 100 for place in line.split() for at in place.split(","))
    return ET.fromstring(svg)  # noqa: S314 - our own SVG


Rates = st.lists(st.none() | st.floats(0, 1), min_size=2, max_size=6)


@given(Rates, Rates, st.floats(0, 1), st.floats(-50, 400) | st.none())
def test_a_chart_stays_within_its_picture_whatever_the_figures(recall, precision, limit, own):
    both = [point_of(recall, limit=limit, own=own), point_of(precision, Metric.PRECISION, limit=limit, own=own)]
    chart = drawn(stress_chart(both))
    assert chart.attrib["role"] == "img"
    assert chart.attrib["aria-label"] == chart.findtext("title") == "Less light: recall and precision of person"


def test_a_chart_says_in_words_what_it_shows():
    both = [point_of([0.9, 0.9, 0.8, 0.4, 0.1, 0.0]), point_of([0.9, 0.9, 0.9, 0.8, None, None], Metric.PRECISION)]
    said = drawn(stress_chart(both)).findtext("desc") or ""
    assert "Recall from none to most: 90 %, 90 %, 80 %, 40 %, 10 %, 0 %." in said
    assert "Precision from none to most: 90 %, 90 %, 90 %, 80 %, no answers, no answers." in said
    assert "stops being at least 60 % at mean brightness 85" in said
    assert "until there are no answers, at mean brightness 50 (4 stops less light)" in said


def test_recall_and_precision_differ_by_more_than_colour():
    both = [point_of([0.9, 0.1]), point_of([0.9, 0.1], Metric.PRECISION)]
    marks = [path.attrib["d"] for path in drawn(stress_chart(both)).iter("path")]
    assert len(set(marks)) == 2
    style = files("vision_readiness.render").joinpath("templates", "depth.css").read_text("utf-8")
    assert "stroke-dasharray" in style.split(".line.precision")[1].split("}")[0]


def test_a_curve_is_drawn_in_pieces_where_there_is_no_rate():
    chart = stress_chart([point_of([0.9, None, 0.8, 0.7])])
    assert len(drawn(chart).findall("svg/polyline")) == 2


def test_a_break_is_marked_where_it_is():
    assert len(drawn(stress_chart([point_of([0.9, 0.8])])).findall("svg/path")) == 0
    marked = drawn(stress_chart([point_of([0.9, 0.3])])).findall("svg/path/..")
    assert [float(mark.attrib["x"][:-1]) for mark in marked] == [pytest.approx(50, abs=0.1)]


def test_the_pictures_people_have_stand_where_their_quantity_is():
    text = "".join(drawn(stress_chart([point_of([0.9, 0.8, 0.7], own=120)])).itertext())
    assert "darkest tenth 120" in text
    assert "darkest tenth" not in stress_chart([point_of([0.9, 0.8], own=None)])


def test_the_panel_names_what_breaks_first_and_opens_one_drawer():
    points = [point_of([0.9, 0.9, 0.1]), point_of([0.9, 0.1], label="forklift"), point_of([0.9, 0.9], label="pallet")]
    panel = stress_panel(points)
    assert panel.index("<code>forklift</code>") < panel.index("<code>person</code>")
    assert "3 pairs of requirement and shift were tried; 2 break on the way." in panel
    assert panel.count("<details") == 3
    assert panel.count('<details class="drawer" open>') == 1


def test_no_points_are_no_panel():
    assert stress_panel(()) == ""


@pytest.mark.parametrize("name", ATTACKS)
def test_names_cannot_attack(name: str):
    point = point_of([0.9, 0.1], label=name)
    hostile = replace(point, requirement=replace(point.requirement, where=((name, name),)))
    panel = stress_panel([hostile])
    whole = str(panel).replace(" open>", ">")
    ET.fromstring(f"<div>{whole}</div>")  # noqa: S314 - our own page, and whole in spite of the names
    assert "<script" not in panel
    assert not set(panel) & set("\u202e\u202c\x1b\x07\ud800\ufffe")
