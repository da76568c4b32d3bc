from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.deliveries import Authentication, Event, EventError, EventType, Subject, parse_hint, sink_block

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
LOOK_AGAIN = Event(type=EventType.DATASET_CHANGED, timestamp=NOW, data=Subject(workspace="acme", project="dock"))
JOB = {
    "type": "roboflow-batch-job-notification-v1",
    "event_id": "8f42708b-aeb7-4b73-9d83-cf18518b6d81",
    "job_id": "job-1",
    "job_state": "success",
    "delivery_attempt": 1,
}
STAGED = {
    "type": "roboflow-data-staging-notification-v1",
    "event_id": "8f42708b-aeb7-4b73-9d83-cf18518b6d82",
    "ingest_id": "i",
    "batch_id": "b",
    "shard_id": None,
    "notification": {"type": "ingest-status-notification-v1", "success": True, "error_details": {}},
    "delivery_attempt": 2,
}
SINK = {"type": "version.created", "workspace": "acme", "project": "dock", "version": "3"}


def hint(message, **where):
    return parse_hint(json.dumps(message).encode(), received=NOW, **where)


@pytest.mark.parametrize("message", [JOB, STAGED])
def test_roboflow_finished_something_so_the_project_is_looked_at_again(message):
    found = hint(message, workspace="acme", project="dock")
    assert (found.event, found.authenticated) == (LOOK_AGAIN, Authentication.WEAK)
    assert found.id == f"roboflow_{message['event_id']}"


def test_attempts_of_one_notification_have_one_id():
    again = hint(JOB | {"delivery_attempt": 2}, workspace="acme", project="dock")
    assert again.id == hint(JOB, workspace="acme", project="dock").id


@pytest.mark.parametrize(
    "message", [JOB | {"job_state": "fail"}, STAGED | {"notification": STAGED["notification"] | {"success": False}}]
)
def test_a_failure_is_no_event_and_says_so(message):
    found = hint(message, workspace="acme", project="dock")
    assert found.event is None
    assert "failed" in found.because


def test_roboflow_names_no_project_so_the_address_must():
    with pytest.raises(EventError, match="in the notifications URL"):
        hint(JOB, workspace="acme")
    with pytest.raises(EventError):
        hint(JOB, workspace="a/b", project="dock")


def test_a_webhook_sink_sends_what_its_block_says():
    block = sink_block("https://readiness.acme.example/webhooks/roboflow", "acme", "dock")
    found = hint(block["json_payload"])
    assert (found.event, found.authenticated) == (LOOK_AGAIN, Authentication.WEAK)
    assert block["headers"] == {"Authorization": "$inputs.readiness_token"}


def test_a_webhook_sink_may_name_a_version_as_text():
    found = hint(SINK, workspace="acme", project="dock")
    assert found.event == Event(
        type=EventType.VERSION_CREATED, timestamp=NOW, data=Subject(workspace="acme", project="dock", version=3)
    )


@pytest.mark.parametrize("where", [{"workspace": "other"}, {"project": "other"}])
def test_the_address_goes_before_the_body(where):
    with pytest.raises(EventError, match="another project"):
        hint(SINK, **where)


@pytest.mark.parametrize(
    "message",
    [SINK | {"version": None}, SINK | {"workspace": "a b"}, SINK | {"version": -1}, SINK | {"type": "<script>"},
     JOB | {"event_id": "a b"}, JOB | {"job_state": "running"}, {"type": JOB["type"]}, {}, [], None, "x"],
)  # fmt: skip
def test_anything_else_is_refused_and_not_repeated(message):
    with pytest.raises(EventError) as refused:
        hint(message, workspace="acme", project="dock")
    assert "script" not in str(refused.value)


@given(st.binary(max_size=300))
def test_whatever_comes_is_refused_in_one_way(raw):
    with pytest.raises(EventError):
        parse_hint(raw, received=NOW, workspace="acme", project="dock")


@pytest.mark.parametrize("raw", [b" " * 70_000, b"[" * 60_000])
def test_size_and_depth_are_limited(raw):
    with pytest.raises(EventError):
        parse_hint(raw, received=NOW)
