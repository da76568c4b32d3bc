from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.deliveries import DeliveryError, Event, EventError, EventType, Subject, parse_event

NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
EVENT = Event(
    type=EventType.VERSION_CREATED, timestamp=NOW, data=Subject(workspace="acme", project="dock", version=3)
)  # fmt: skip
SLUGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,40}", fullmatch=True)
EVENTS = st.builds(
    Event,
    type=st.sampled_from(EventType),
    timestamp=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis takes naive bounds
    data=st.builds(Subject, workspace=SLUGS, project=SLUGS, version=st.integers(1, 999), revision=SLUGS | st.none()),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def body(data=None, /, **changed):
    whole = json.loads(EVENT.to_bytes()) | changed
    return json.dumps(whole | {"data": whole["data"] | data} if data else whole).encode()


@given(EVENTS)
def test_what_is_written_is_read_and_equal_events_are_equal_bytes(event):
    assert parse_event(event.to_bytes()) == event
    assert parse_event(event.to_bytes()).to_bytes() == event.to_bytes()


def test_an_event_as_it_travels():
    assert json.loads(EVENT.to_bytes()) == {
        "type": "version.created",
        "timestamp": "2026-11-20T12:00:00.250000Z",
        "data": {"workspace": "acme", "project": "dock", "version": 3, "model": None, "revision": None},
    }


def test_the_id_is_made_from_the_content_alone():
    elsewhere = EVENT.model_copy(update={"timestamp": NOW + timedelta(seconds=1)})
    assert EVENT.id == parse_event(body()).id == "evt_301a4e036fca057eb92578bdef0538ec15749589"
    assert elsewhere.id != EVENT.id


def test_moments_are_kept_in_utc():
    assert parse_event(body(timestamp="2026-11-20T14:00:00.25+02:00")) == EVENT
    offset = EVENT.timestamp.astimezone(timezone(timedelta(hours=9)))
    assert Event(type=EVENT.type, timestamp=offset, data=EVENT.data).to_bytes() == EVENT.to_bytes()


def test_fields_that_are_not_ours_are_passed_over():
    assert parse_event(body({"extra": [1]}, source="ci", nested={"a": {"b": 1}})) == EVENT


@pytest.mark.parametrize(
    "changed",
    [{"type": "version.deleted"}, {"type": 1}, {"timestamp": 1_763_640_000}, {"timestamp": "1763640000"},
     {"timestamp": "2026-11-20T12:00:00"}, {"timestamp": "2026-11-20"}, {"timestamp": "0001-01-01T00:00:00+10:00"},
     {"timestamp": None}, {"data": []}, {"data": None}],
)  # fmt: skip
def test_an_envelope_that_cannot_be_read(changed):
    with pytest.raises(EventError):
        parse_event(body(**changed))


@pytest.mark.parametrize(
    "data",
    [{"workspace": value} for value in ("", "a/b", "..", ".hidden", "a b", "é", "a\n", "x" * 201, 7, None)]
    + [{"version": value} for value in (0, -1, "3", 3.0, True, 10**9, 10**400, None)]
    + [{"model": value} for value in ("", "a//b", "/a", "../a", "a/../b", "a b", "a/b/c/d/e", "x" * 201)]
    + [{"revision": value} for value in ("", "a b", "<b>", "x" * 129, 7)],
)
def test_a_name_that_cannot_be_one(data):
    with pytest.raises(EventError):
        parse_event(body(data))


def test_model_trained_names_a_version_or_a_model():
    assert parse_event(body({"version": None, "model": "acme/dock/3"}, type="model.trained")).data.version is None
    with pytest.raises(EventError, match="names a version or a model"):
        parse_event(body({"version": None}, type="model.trained"))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 5_000, b"null", b'"\\ud800"', b"{}" + b" " * 65_536],
)  # fmt: skip
def test_hostile_bytes(raw):
    with pytest.raises(EventError):
        parse_event(raw)


def test_nesting_in_a_field_that_is_not_ours_ends_at_200():
    deep = EVENT.to_bytes()[:-1] + b',"x":' + b"[" * 199 + b"]" * 199 + b"}"
    assert parse_event(deep) == EVENT
    with pytest.raises(EventError, match="recursion"):
        parse_event(deep.replace(b"[[", b"[[[[", 1).replace(b"]]", b"]]]]", 1))


def test_what_was_sent_is_not_repeated():
    for raw in (body({"workspace": "<script>"}), body(type="<script>"), b"<script>"):
        with pytest.raises(EventError) as refused:
            parse_event(raw)
        assert "script" not in str(refused.value)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_refused_in_one_way(raw):
    with pytest.raises(DeliveryError):
        parse_event(raw)


@given(st.sampled_from(["type", "timestamp", "data"]), JSON)
def test_one_wrong_field_too(name, value):
    try:
        parse_event(body(**{name: value}))
    except EventError:
        return
    assert value == json.loads(EVENT.to_bytes())[name]
