from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.render.parts import budget, interval, rate
from vision_readiness.render.words import harmless, measured_words, more_words, requirement_words, short
from vision_readiness.requirement import Metric, Outcome, Requirement

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@given(ANY_TEXT)
def test_harmless_text_is_one_printable_line_that_can_be_written(text: str):
    clean = harmless(text)
    assert len(clean.splitlines()) <= 1
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in clean)
    assert not any(unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI") for letter in clean)
    clean.encode()
    assert harmless(clean) == clean


def test_names_in_other_scripts_are_left_as_they_are():
    assert harmless("नेहा 安全帽 خوذة 👷🏽\u200d♀️") == "नेहा 安全帽 خوذة 👷🏽\u200d♀️"


@given(ANY_TEXT, st.integers(1, 20))
def test_short_text_is_never_longer_than_asked(text: str, most: int):
    assert len(short(text, most)) <= most


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        (
            Requirement(metric=Metric.PRECISION, limit=0.8, label="person"),
            "Is right at least 80 % of the time when it says person",
        ),
        (Requirement(metric=Metric.AP50, limit=0.6), "Average precision at IoU 50 % of all classes at least 60 %"),
        (
            Requirement(metric=Metric.FALSE_ALARMS, limit=5, at_most=True),
            "At most 5 false alarms per 1,000 empty images",
        ),
        (Requirement(metric=Metric.FRAMES_PER_SECOND, limit=10), "At least 10 frames a second"),
        (Requirement(metric=Metric.MEMORY_MB, limit=512, at_most=True), "At most 512 MB of memory"),
        (Requirement(metric=Metric.P99_MS, limit=150, at_most=True), "99 % of frames within 150 ms"),
    ],
)
def test_every_metric_is_asked_for_in_a_sentence(requirement: Requirement, words: str):
    assert requirement_words(requirement) == words


def test_what_was_seen_comes_with_sample_and_interval():
    assert measured_words(rate(Metric.RECALL, "forklift", 0.9, interval(61, 100, 0.08))) == "61 of 100 (53–69 %)"
    assert measured_words(budget(Metric.P95_MS, 100, 82, 3)) == "82 ms (79–85 ms)"
    one_sided = replace(rate(Metric.RECALL, "person", 0.95, interval(291, 298, 0.0195)), upper=None)
    assert measured_words(one_sided) == "291 of 298 (at least 95.7 %)"


def test_only_what_is_not_proven_asks_for_more_evidence():
    result = rate(Metric.RECALL, "person", 0.95, interval(40, 41, 0.05), more=160)
    assert more_words(result) == "160 more objects (about 80 images)"
    assert more_words(replace(result, more=None)) == "not known"
    assert more_words(replace(result, outcome=Outcome.PASS)) == "nothing"
    assert more_words(replace(result, outcome=Outcome.FAIL)) == "better data or a better model"
