from __future__ import annotations

from tests.sdk.roboflow.scripted import EVERY_CALL, answer


def test_an_export_is_building_until_it_has_a_link():
    building = EVERY_CALL["export"].value(answer({"progress": "0.4"}, 202))
    done = EVERY_CALL["export"].value(answer({"export": {"format": "coco", "link": "https://x.test/ds/1?key=s3cret"}}))
    assert (building.is_ready, building.progress) == (False, 0.4)
    assert done.is_ready
    assert not EVERY_CALL["export"].value(answer({"export": {"link": None}})).is_ready


def test_an_export_is_shown_without_its_link():
    done = EVERY_CALL["export"].value(answer({"export": {"link": "https://x.test/ds/1?key=s3cret"}}))
    assert "s3cret" not in repr(done) + str(done)
