from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, Scripted, answer
from vision_readiness.errors import InputError
from vision_readiness.roboflow import RoboflowClient, images
from vision_readiness.roboflow.images import ImageUpdate


def rows(first, last):
    return [{"id": f"i{number}"} for number in range(first, last)]


def found(transport):
    return [row.id for row in RoboflowClient(transport).search("acme", "dock", tag="night")]


def test_a_search_goes_through_its_pages():
    transport = Scripted(
        [answer({"results": rows(0, 250), "total": 260}), answer({"results": rows(250, 260), "total": 260})]
    )
    assert len(found(transport)) == 260
    assert [request.json["offset"] for request in transport.sent] == [0, 250]
    assert transport.sent[0].json["tag"] == "night"


def test_a_search_without_a_total_ends_with_the_page_that_is_empty():
    assert len(found(Scripted([answer({"results": rows(0, 3)}), answer({"results": []})]))) == 3


def test_a_server_that_gives_the_same_page_for_ever_is_left():
    transport = Scripted([answer({"results": rows(0, 3), "total": 10**9})])
    assert found(transport) == ["i0", "i1", "i2"]
    assert len(transport.sent) == 2


def test_a_workspace_is_searched_by_token_until_one_comes_again():
    transport = Scripted([answer({"results": rows(0, 1), "continuationToken": "t"})])
    assert len(list(RoboflowClient(transport).search_workspace("acme", "tag:night"))) == 2
    assert transport.sent[1].json["continuationToken"] == "t"


def test_labels_are_names_however_they_come():
    body = {"results": [{"id": "a", "labels": ["cat", {"class": "dog"}, 3, None, {"label": "fox"}]}]}
    assert EVERY_CALL["search"].value(answer(body)).results[0].labels == ("cat", "dog", "3", "fox")


def test_an_image_is_read_with_its_boxes():
    body = {"image": {"id": "i", "created": 1616161616, "annotation": {"width": "640", "boxes": [
        {"label": "person", "x": "100", "y": 150}, {"x": 1}]}, "urls": {"original": "u"}}}  # fmt: skip
    image = EVERY_CALL["image"].value(answer(body))
    assert image.annotation.width == 640
    assert [(box.label, box.x) for box in image.annotation.boxes] == [("person", 100.0)]
    assert image.created.year == 2021


def test_an_update_sends_only_what_changes():
    update = ImageUpdate(image_id="i", metadata={"why": "missed", "n": 3, "ok": True}, add_tags=("fix",))
    call = images.update_images("acme", [update])
    assert call.request.json == {
        "updates": [{"imageId": "i", "metadata": {"why": "missed", "n": 3, "ok": True}, "addTags": ["fix"]}]
    }
    assert images.update_image("acme", update).request.json == {
        "metadata": {"why": "missed", "n": 3, "ok": True}, "addTags": ["fix"],
    }  # fmt: skip


@pytest.mark.parametrize("many", [0, 1001])
def test_a_batch_holds_1_to_1000(many):
    with pytest.raises(InputError, match="1 to 1,000"):
        images.update_images("acme", [ImageUpdate(image_id="i")] * many)
