from __future__ import annotations

from datetime import UTC, datetime

from tests.sdk.roboflow.scripted import EVERY_CALL, answer


def test_times_are_read_as_firestore_writes_them():
    body = {"batches": [{"id": "b", "images": 115, "uploaded": {"_seconds": 1669146024, "_nanoseconds": 818000000}}]}
    assert EVERY_CALL["batches"].value(answer(body))[0].uploaded == datetime(2022, 11, 22, 19, 40, 24, 818000, UTC)


def test_a_job_is_read_in_both_its_spellings():
    new = EVERY_CALL["job"].value(answer({"id": "j", "numImages": 161, "sourceBatch": "a/b"}))
    old = EVERY_CALL["create_job"].value(
        answer({"success": True, "job": {"id": "j", "num_images": 161, "batch": "a/b"}})
    )
    assert (new.images, new.batch) == (old.images, old.batch) == (161, "a/b")


def test_a_job_asks_for_its_people():
    assert EVERY_CALL["create_job"].request.json == {
        "name": "night", "batch": "b1", "num_images": 3, "labelerEmail": "a@b.c", "reviewerEmail": "d@e.f",
    }  # fmt: skip
