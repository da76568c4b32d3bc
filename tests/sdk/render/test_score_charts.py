from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.render.parts import ATTACKS, score_bins, swept
from vision_readiness.evaluate.calibration import ScoreBin
from vision_readiness.evaluate.sweep import SweepPoint
from vision_readiness.render.score_charts import reliability_chart, sweep_chart
from vision_readiness.render.score_panels import ScorePanel, ThresholdPanel, bin_words, floor_words, is_off
from vision_readiness.requirement import Metric

PERCENT = re.compile(r'\b(?:x|x1|x2|cx|width)="(-?[\d.]+)%"')
DRAWN = re.compile(r'points="([^"]*)"')
Rate = st.floats(0, 1)


def drawn(svg: str) -> ET.Element:
    assert all(0 <= float(at) <= 100 for at in PERCENT.findall(svg))
    for line in DRAWN.findall(svg):
        assert all(0 <= float(at) <= 100 for place in line.split() for at in place.split(","))
    return ET.fromstring(svg)  # noqa: S314 - our own SVG


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in drawn(svg).iter() if element.tag == "text"]


def panel_of(points: tuple[SweepPoint, ...], threshold: float | None = 0.42, label: str = "person") -> ThresholdPanel:
    return ThresholdPanel(label, points, threshold, {Metric.RECALL: 0.9, Metric.PRECISION: 0.8})


@given(st.lists(st.tuples(Rate, Rate, Rate, st.booleans(), st.booleans()), min_size=41, max_size=41), st.none() | Rate)
def test_a_sweep_is_drawn_within_its_picture_whatever_the_figures(rows, threshold):
    points = []
    for n, (first, second, third, recalled, answered) in enumerate(rows):
        low, rate, high = sorted((first, second, third))
        points.append(
            SweepPoint(
                n / 40, rate if recalled else None, low, high, rate if answered else None, low, high, 1000 * rate
            )
        )
    assert drawn(sweep_chart(panel_of(tuple(points), threshold))).attrib["role"] == "img"


@given(st.lists(st.tuples(Rate, Rate, Rate, Rate, st.integers(1, 5000)), min_size=1, max_size=10), Rate)
def test_reliability_is_drawn_within_its_picture_whatever_the_figures(rows, floor):
    edges = sorted({floor, 1.0, *(n / 10 for n in range(1, 10) if n / 10 > floor)})
    bins = []
    for (low, high), (first, second, third, score, answers) in zip(itertools.pairwise(edges), rows, strict=False):
        lower, share, upper = sorted((first, second, third))
        bins.append(ScoreBin("person", low, high, answers, round(share * answers), lower, upper, score))
    if bins:
        assert len(list(drawn(reliability_chart(ScorePanel("person", tuple(bins)))).iter("circle"))) == len(bins)


def test_a_class_of_which_only_the_highest_score_is_given_is_drawn():
    one = ScoreBin("person", 1.0, 1.0, 3, 3, 0.4, 1.0, 1.0)
    assert drawn(reliability_chart(ScorePanel("person", (one,)))).attrib["aria-label"] == one.sentence


def test_each_bin_shows_how_many_answers_it_has():
    said = texts(reliability_chart(ScorePanel("person", score_bins("person"))))
    assert {"120", "96", "214", "310", "1.48k"} <= set(said)


def test_only_a_bar_that_surely_misses_the_line_is_in_full_colour():
    bins = score_bins("person")
    assert [is_off(one) for one in bins] == [False, False, False, True, True]
    assert reliability_chart(ScorePanel("person", bins)).count("scored off") == 2


def test_a_sweep_marks_the_threshold_now_and_both_floors():
    svg = sweep_chart(panel_of(swept()))
    assert "now 0.42" in texts(svg)
    assert [line.attrib["y1"] for line in drawn(svg).iter("line") if "floor" in line.attrib["class"]] == [
        "33.00",
        "46.00",
    ]
    assert "now" not in "".join(texts(sweep_chart(panel_of(swept(), None))))


def test_a_sweep_counts_wrong_answers_and_says_everything_in_words():
    svg = sweep_chart(panel_of(swept()))
    assert {"810", "630", "450", "270", "90"} <= set(texts(svg))
    said = drawn(svg).attrib["aria-label"]
    assert "at 0.5 finds 86 %, is right 65 %" in said
    assert "at 1.0 finds 0 %, is right nothing" in said


def test_where_there_are_no_answers_the_line_stops():
    (recall, precision) = list(drawn(sweep_chart(panel_of(swept()))).iter("polyline"))
    assert recall.attrib["points"].endswith("100,100 100,100")
    assert precision.attrib["points"].split()[-1].startswith("90,")


def test_a_bin_is_told_with_its_interval_and_what_the_score_says():
    bins = score_bins("person")
    assert bin_words(bins[0]) == "That is 45 % (40–50 %), as the score says, as far as so many can tell."
    assert bin_words(bins[3]) == "That is 61 % (56–66 %), less than the score says."
    assert bin_words(replace(bins[3], mean_score=0.2)).endswith("more than the score says.")


def test_the_telling_bin_is_the_one_surest_to_be_off():
    bins = score_bins("person")
    assert ScorePanel("person", bins).telling == bins[4]
    assert ScorePanel("person", bins[:3]).telling == bins[2]


def test_floors_are_told_in_words():
    assert floor_words(panel_of(swept())) == "Asked for: recall 90 %, precision 80 %."
    assert floor_words(replace(panel_of(swept()), floors={})) == "Nothing is asked of it over all images."


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_in_charts_are_escaped(attack: str):
    drawn(sweep_chart(panel_of(swept(), label=attack)))
    drawn(reliability_chart(ScorePanel(attack, score_bins(attack))))
