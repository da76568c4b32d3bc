from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.requirement import Metric, Requirement

NAMES = st.one_of(
    st.sampled_from(
        ["", "person", "a/b", "min", "min=0.9", "against:x", "lighting=night", "100 %", "%2F", "ß", "\ud800"]
    ),
    st.text(max_size=8),
)
REQUIREMENTS = st.builds(
    Requirement,
    metric=st.sampled_from(Metric),
    limit=st.floats(allow_nan=False, allow_infinity=False),
    fails_below=st.none() | st.floats(0, 1),
    at_most=st.booleans(),
    label=st.none() | NAMES,
    where=st.lists(st.tuples(NAMES, NAMES), max_size=2, unique=True).map(lambda pairs: tuple(sorted(pairs))),
    critical=st.booleans(),
    origin=NAMES,
    against=st.none() | NAMES,
)


def asked(one):
    return (one.metric, one.label, one.where, one.at_most, one.against)


def limits(one):
    return (one.limit, one.fails_below)


@given(REQUIREMENTS, REQUIREMENTS)
def test_ids_are_equal_where_what_is_asked_and_how_much_are_equal_and_nowhere_else(one, other):
    assert (one.question == other.question) == (asked(one) == asked(other))
    assert (one.id == other.id) == ((asked(one), limits(one)) == (asked(other), limits(other)))


@given(REQUIREMENTS, st.floats(allow_nan=False, allow_infinity=False))
def test_another_limit_is_another_requirement_of_the_same_question(one, limit):
    other = replace(one, limit=limit, critical=not one.critical, origin="elsewhere")
    assert other.question == one.question
    assert (other.id == one.id) == (limit == one.limit)
    assert one.id.startswith(f"{one.question}=")


@given(REQUIREMENTS)
def test_an_id_is_one_word_of_plain_letters(one):
    assert one.id.isascii()
    assert not set(one.id) & set(" \t\n\"'<>&")


def test_the_order_of_a_situation_is_nothing_that_is_asked():
    where = (("lighting", "night"), ("camera", "dock-1"))
    one = Requirement(metric=Metric.RECALL, limit=0.9, label="person", where=where)
    assert one.id == replace(one, where=where[::-1]).id == "recall/person/camera=dock-1/lighting=night/min=0.9"


def test_a_whole_limit_has_one_id_however_it_is_written():
    assert Requirement(metric=Metric.P95_MS, limit=100, at_most=True).id == "p95_ms/max=100"
    assert Requirement(metric=Metric.P95_MS, limit=100.0, at_most=True).id == "p95_ms/max=100"
    assert Requirement(metric=Metric.RECALL, limit=0.95, fails_below=0.85).id == "recall/min=0.95/fails=0.85"
