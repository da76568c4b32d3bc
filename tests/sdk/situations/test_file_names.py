from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, gathered
from vision_readiness.errors import SpecError
from vision_readiness.project import Condition
from vision_readiness.situations import with_situations
from vision_readiness.situations.file_names import MAX_LEVELS, conditions_from_names, with_names


def test_named_groups_of_a_pattern_are_conditions():
    keys = ["night-x/dock-1_day_1.jpg", "valid/dock-2_night_2.jpg", "valid/other.jpg", "dock-2_3.jpg"]
    found = conditions_from_names(keys, r"(?P<camera>dock-\d)(?:_(?P<lighting>day|night))?")
    assert {condition.origin for condition in found.values()} == {"file name"}
    levels = {name: {k: m.tolist() for k, m in condition.members.items()} for name, condition in found.items()}
    assert levels == {
        "camera": {"dock-1": [True, False, False, False], "dock-2": [False, True, False, True]},
        "lighting": {"day": [True, False, False, False], "night": [False, True, False, False]},
    }
    assert found["camera"].members["dock-1"].dtype == np.bool_


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(?P<camera>", "not a regular expression"), ("dock-1", "names no group"), (r"(?P<camera>\d+)", "levels")],
)
def test_a_pattern_that_cannot_be_used_is_an_error_that_says_why(pattern, words):
    with pytest.raises(SpecError, match=words):
        conditions_from_names([f"{n}.jpg" for n in range(MAX_LEVELS + 1)], pattern)


def test_a_pattern_that_matches_nothing_gives_no_condition():
    assert conditions_from_names(["a.jpg"], r"(?P<camera>dock-\d)") == {}


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        (r"(?P<date>\d{4}-\d\d-\d\d)", ["2026-01-15_a.jpg", "2026-07-02_b.jpg", "a_c.jpg"]),
        (r"(?P<date>\d{8})", ["a20260115.jpg", "b20260702.jpg", "c20261399.jpg"]),
        (r"_(?P<month>[a-z]+)", ["a_jan.jpg", "b_july.jpg", "c_spring.jpg"]),
    ],
)
def test_a_date_in_a_file_name_gives_the_month(pattern, keys):
    (found,) = conditions_from_names(keys, pattern).items()
    assert found[0] == "month"
    assert {month: np.flatnonzero(mask).tolist() for month, mask in found[1].members.items()} == {
        "January": [0],
        "July": [1],
    }


def test_a_day_for_every_image_is_no_identifier():
    keys = [f"2026-{month:02}-{day:02}.jpg" for month in (1, 2, 3, 4, 5) for day in range(1, 29)]
    (found,) = conditions_from_names(keys, r"(?P<date>\d{4}-\d\d-\d\d)").values()
    assert len(found.members) == 5


def known_by(evidence, origin, **members):
    """``evidence`` that knows one more condition, ``lamp``, by ``origin``; as it is in the first image alone."""
    first = np.arange(len(evidence.images)) == 0
    conditions = {**evidence.images.conditions, "lamp": Condition(origin, dict.fromkeys(members["levels"], first))}
    return replace(evidence, images=replace(evidence.images, conditions=conditions))


PATTERN = r"^(?P<lamp>.)"


def lamp(evidence, pattern=PATTERN):
    return with_names(evidence, a_spec(file_name_pattern=pattern)).images.conditions.get("lamp")


@pytest.mark.parametrize("origin", ["declared", "tag"])
def test_what_is_declared_or_tagged_wins_over_file_names(origin):
    assert lamp(known_by(gathered(), origin, levels=["dim"])).members.keys() == {"dim"}


@pytest.mark.parametrize("origin", ["measured", "EXIF", "file name"])
def test_file_names_win_over_what_is_measured_and_over_an_earlier_pattern(origin):
    found = lamp(known_by(gathered(), origin, levels=["dim"]))
    assert found.origin == "file name"
    assert "dim" not in found.members


def test_a_changed_pattern_takes_back_what_the_earlier_one_found():
    once = with_names(gathered(), a_spec(file_name_pattern=PATTERN))
    assert lamp(once, r"^(?P<belt>.)") is None
    assert with_names(once, a_spec()) is once


def test_situations_made_twice_are_as_made_once():
    spec = a_spec(file_name_pattern=r"^(?P<camera>.)")
    once = with_situations(gathered(), spec)
    twice = with_situations(once, spec)
    assert {name: list(one.members) for name, one in twice.images.conditions.items()} == {
        name: list(one.members) for name, one in once.images.conditions.items()
    }
    assert "camera" in once.images.conditions
