from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.roboflow.scripted import EVERY_CALL
from vision_readiness.project import Split
from vision_readiness.roboflow import Response, RoboflowError
from vision_readiness.roboflow.payload import count, counts, flag, moment, number, share, split_counts, text, texts

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["acme/dock/3", "62.87", "1e999", "", "2026-01-01", "999999999999999999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
FIELDS = [
    "workspace", "project", "version", "versions", "id", "name", "images", "s", "classes", "model", "models",
    "train", "results", "class_map", "epochs", "preprocessing", "augmentation", "image", "enabled", "generating",
    "progress", "export", "link", "trainings", "trainingId", "metrics", "latency", "hardware", "map50", "evals",
    "evalId", "summary", "perThreshold", "matrix", "stats", "clusters", "recommendations", "batches", "jobs",
    "created", "_seconds", "status", "taskId", "success", "error", "message", "underCap", "events", "eventId",
    "useCases", "labels", "class", "tags",
]  # fmt: skip
LIKE_ROBOFLOW = st.recursive(
    ANY_JSON,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8) | st.lists(inner, max_size=3),
    max_leaves=20,
)
NAMES = st.sampled_from(sorted(EVERY_CALL))


def outcome(name, response):
    """What a call makes of an answer: a value, or an error of the tree. Anything else is raised."""
    try:
        return repr(EVERY_CALL[name].value(response))
    except RoboflowError as error:
        return str(error)


@settings(max_examples=400)
@given(name=NAMES, body=ANY_JSON | LIKE_ROBOFLOW, status=st.sampled_from([200, 200, 200, 202, 301, 400, 500, 700]))
def test_no_json_raises_anything_outside_the_error_tree(name, body, status):
    response = Response(status, {"content-type": "application/json"}, json.dumps(body).encode())
    assert outcome(name, response)


@given(name=NAMES, body=st.binary(max_size=60) | st.sampled_from([b"<html><title>502</title>", b"[" * 9000, b"NaN"]))
def test_no_bytes_raise_anything_outside_the_error_tree(name, body):
    assert outcome(name, Response(200, {}, body)).isprintable()


@pytest.mark.parametrize("body", [None, True, 3, "text", [], {}, [{}], [[None]], {"version": 1}, {"a": {"b": []}}])
def test_no_shape_raises_anything_outside_the_error_tree(body):
    for name in EVERY_CALL:
        assert outcome(name, Response(200, {}, json.dumps(body).encode())), name


@pytest.mark.parametrize(
    ("written", "read"),
    [("62.87", 62.87), (3, 3.0), (" 4 ", 4.0), ("1e3", 1000.0), ("nan", None), ("1_0", None), (True, None),
     (float("inf"), None), (10**400, None), ({}, None), ("", None), ("٣", None)],
)  # fmt: skip
def test_a_number_is_read_from_text_and_nothing_else_is_one(written, read):
    assert number(written) == read


def test_counts_are_whole_and_not_negative():
    assert [count(value) for value in ("7", 7.0, 7.5, -1, None)] == [7, 7, None, None, None]


def test_progress_is_held_between_0_and_1():
    assert [share(value) for value in (0.4, "1.48", -2, None)] == [0.4, 1.0, 0.0, None]


def test_flags_are_read_from_text_and_numbers():
    assert [flag(value) for value in (True, "false", 1, "0", "yes", None)] == [True, False, True, False, None, None]


def test_an_id_may_be_a_number():
    assert [text(value) for value in ("4", 4, True, "", 1.5)] == ["4", "4", None, None, None]


@pytest.mark.parametrize(
    "written",
    [1630335698.746, "1630335698.746", 1630335698746, "2021-08-30T15:01:38.746Z", "2021-08-30T17:01:38.746+02:00",
     {"_seconds": 1630335698, "_nanoseconds": 746000000}, {"_seconds": "1630335698", "_nanoseconds": "746000000"}],
)  # fmt: skip
def test_every_way_to_write_a_moment_is_the_same_moment(written):
    assert moment(written) == datetime(2021, 8, 30, 15, 1, 38, 746000, UTC)


@pytest.mark.parametrize("written", ["soon", 1e300, {"_seconds": None}, [], None, "0001-01-01T00:00:00+14:00"])
def test_what_is_no_moment_is_absent(written):
    assert moment(written) is None


def test_the_order_of_objects_is_not_kept_because_it_is_not_stable():
    assert list(counts({"b": "2", "a": 1, "c": "many"})) == ["a", "b"]
    assert texts({"b": 1, "a": 2}) == ("a", "b")
    assert texts(["b", "a"]) == ("b", "a")


def test_a_split_that_is_left_out_has_no_images():
    assert split_counts({"train": "70", "val": 2}) == {Split.TRAIN: 70, Split.VALID: 2, Split.TEST: 0}
    assert split_counts({}) == {}
