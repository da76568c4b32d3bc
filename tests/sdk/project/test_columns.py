import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vision_readiness.project.columns import put_together, take_apart


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, eq=False)
class Inner:
    score: NDArray[np.float64]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Outer:
    colour: Colour
    inner: Inner | None
    by_name: Mapping[str, NDArray[np.bool_]]
    by_colour: Mapping[Colour, int]
    pairs: tuple[tuple[str, str], ...] = ()
    numbers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


TEXT = st.text(st.characters(), max_size=20)  # halves of characters and NULs too
COLUMN = st.lists(st.booleans(), max_size=5).map(lambda values: np.array(values, dtype=bool))
VALUES = st.builds(
    Outer,
    colour=st.sampled_from(Colour),
    inner=st.none()
    | st.builds(
        Inner,
        score=st.lists(st.floats(allow_nan=True), max_size=5).map(np.array).map(lambda column: column.astype(float)),
        names=st.lists(TEXT, max_size=4).map(tuple),
    ),
    by_name=st.dictionaries(TEXT, COLUMN, max_size=4),
    by_colour=st.dictionaries(st.sampled_from(Colour), st.integers(0, 9)),
    pairs=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    numbers=st.dictionaries(TEXT, st.dictionaries(TEXT, st.floats(allow_nan=False, allow_infinity=False), max_size=2)),
)


def apart(value):
    columns = {}
    return take_apart(value, columns), columns


@given(VALUES)
def test_what_is_taken_apart_is_put_together_again(value):
    plain, columns = apart(value)
    again = put_together(Outer, json.loads(json.dumps(plain, sort_keys=True)), columns)
    plain_again, columns_again = apart(again)
    assert plain_again == plain
    assert list(again.by_name) == list(value.by_name)
    assert [type(key) for key in again.by_colour] == [Colour] * len(value.by_colour)
    assert list(columns_again) == list(columns)
    for name, column in columns.items():
        np.testing.assert_array_equal(columns_again[name], column)
        assert columns_again[name].dtype == column.dtype


@given(VALUES)
def test_columns_are_named_by_their_place_and_never_by_what_people_wrote(value):
    for name in apart(value)[1]:
        assert name.replace(".", "").replace("_", "").isascii()
        assert name.isprintable()
        assert "/" not in name


def test_a_column_of_another_kind_is_refused():
    plain, columns = apart(Inner(np.array([0.5]), ("a",)))
    with pytest.raises(TypeError):
        put_together(Inner, plain, {**columns, "score": np.array(["half"])})


def test_a_column_that_is_not_there_is_refused():
    plain, _ = apart(Inner(np.array([0.5]), ("a",)))
    with pytest.raises(KeyError):
        put_together(Inner, plain, {})


@pytest.mark.parametrize(
    "plain",
    [{"score": "score"}, {"score": "score", "names": 3}, {"score": "score", "names": ["a"], "more": 1}, [], None],
)
def test_a_value_of_another_shape_is_refused(plain):
    with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
        put_together(Inner, plain, {"score": np.array([0.5])})
