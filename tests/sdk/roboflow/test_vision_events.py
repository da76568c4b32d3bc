from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.sdk.roboflow.scripted import EVENT, EVERY_CALL, answer
from vision_readiness.errors import InputError
from vision_readiness.roboflow import vision_events


def test_an_event_is_sent_as_the_page_says():
    assert EVERY_CALL["write_event"].request.json == {
        "eventId": "00000000-0000-0000-0000-000000000007", "eventType": "custom", "useCaseId": "uc-1",
        "timestamp": "2026-01-01T00:00:00.000Z", "customMetadata": {"state": "ready"},
    }  # fmt: skip


def test_the_limits_hold_before_roboflow_refuses():
    with pytest.raises(InputError, match="100 entries"):
        replace(EVENT, metadata={str(number): 1 for number in range(101)})
    with pytest.raises(InputError, match="time zone"):
        replace(EVENT, at=datetime(2026, 1, 1))  # noqa: DTZ001 - that it has none is the point
    with pytest.raises(InputError, match="1 to 100"):
        vision_events.write_events([EVENT] * 101)


def test_use_cases_are_found_under_their_old_name():
    assert EVERY_CALL["use_cases"].value(answer({"solutions": [{"id": "uc-legacy"}]}))[0].id == "uc-legacy"


def test_events_are_read_by_page():
    page = EVERY_CALL["events"].value(answer({"events": [{"eventId": "e1"}, {}], "nextCursor": "c", "hasMore": True}))
    assert ([row.event_id for row in page.events], page.next_cursor) == (["e1"], "c")
