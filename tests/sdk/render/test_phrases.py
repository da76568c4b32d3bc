from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sdk.render import reports
from tests.sdk.render.reports import but
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.guide.capture import SampleEstimate
from vision_readiness.render.phrases import (
    badge,
    capture_words,
    cell_words,
    change,
    estimate_words,
    example_words,
    plain,
    rollout_words,
    tally_words,
    target_words,
    time_words,
)
from vision_readiness.report.tables import CoverageCell, Interval
from vision_readiness.requirement import Outcome


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ready", "READY"),
        ("warning", "WARNING"),
        ("monitor_required", "MONITOR REQUIRED"),
        ("retrain", "RETRAIN REQUIRED"),
        ("blocked", "BLOCKED"),
        ("not_proven", "NOT PROVEN"),
    ],
)
def test_each_state_has_its_badge(name: str, words: str):
    assert badge(reports.ALL[name]()) == words


def test_the_call_to_action_follows_the_state():
    assert rollout_words(reports.ready()) == "Deploy with monitoring to Jetson Orin Nano"
    assert rollout_words(reports.warning()) == "Review the warnings, then deploy to Jetson Orin Nano"
    assert rollout_words(reports.monitor_required()) == "Set up monitoring, then deploy to Jetson Orin Nano"


def test_a_target_is_told_with_its_cameras_and_its_budget():
    assert target_words(reports.ready().rollout.target) == (
        "Jetson Orin Nano · 2 cameras at 5 frames a second each · 95 % of frames within 100 ms"
    )
    assert target_words({}) == "No target device is named"


def test_the_tally_never_calls_an_open_requirement_met():
    assert tally_words(reports.ready()) == "Meets all 6 requirements"
    assert tally_words(reports.blocked()) == "Of 7 requirements 5 pass, 1 fails, 1 is not proven"
    assert tally_words(but(reports.ready(), requirements=())) == "There are no requirements"


def test_a_capture_item_says_what_how_many_and_where():
    (item,) = reports.blocked().plan.capture
    assert capture_words(item) == "~160 more test objects of person, lighting night (~80 images)"


def test_a_cell_with_too_little_evidence_says_how_many_images_there_are():
    few, none = Interval(1.0, 0.3, 1.0, 2, 2), Interval(None, None, None, 0)
    cell = CoverageCell("person", "camera", "dock-3", 3, 2, few, few, 0.9, Outcome.INCONCLUSIVE)
    assert cell_words(cell) == ("3 images", "2 of 2")
    assert cell_words(replace(cell, images=0, recall=none)) == ("no images", "")
    assert cell_words(replace(cell, recall=none)) == ("3 images", "none to find")
    assert cell_words(replace(cell, images=60, outcome=Outcome.PASS)) == ("100 %", "of 2")


def test_an_example_says_what_went_wrong():
    missed = FailureExample("a.jpg", FailureKind.MISSED, "forklift", (0, 0, 9, 9))
    assert example_words(missed) == "forklift missed"
    confused = replace(missed, kind=FailureKind.CONFUSED, answered="pallet", score=0.5)
    assert example_words(confused) == "forklift taken for pallet (score 0.50)"
    assert example_words(replace(confused, kind=FailureKind.FALSE_ALARM)) == "false alarm: pallet (score 0.50)"


def test_a_time_without_an_upper_bound_says_so():
    assert time_words(Interval(96.0, 91.0, None, 400)) == ("96 ms", "at least 91 ms")
    assert time_words(Interval(None, None, None, 0)) == ("not known", "")


def test_a_change_has_its_sign_and_absence_is_said():
    assert (change(0.012), change(-0.09), change(-0.0001), change(None)) == ("+1.2", "−9.0", "0.0", "not known")  # noqa: RUF001 - the sign that is shown


def test_any_value_becomes_one_line():
    assert plain({"a": [1, None], "b": {"c": True}}) == "a: 1, not known; b: c: yes"


def test_what_all_together_takes_is_said_as_an_estimate():
    plan = SampleEstimate(
        proves=("a", "b", "c"), have=200, more_images=540, chance=0.903, dearest="b", unreachable=("d",)
    )
    assert estimate_words(plan) == (
        "All 3 together take ~540 more test images, mixed as the 200 now: an estimate that holds with a chance of "
        "90 %. Likeliest to stay open: b. 1 other is not proven by such images."
    )
    few = estimate_words(replace(plan, more_valid_images=120))
    assert "It takes ~120 more valid images as well: the thresholds were chosen on too few objects" in few
    one = estimate_words(replace(plan, proves=("b",), more_images=1, unreachable=()))
    assert one.startswith("It takes ~1 more test image, mixed")
    assert "other" not in one
