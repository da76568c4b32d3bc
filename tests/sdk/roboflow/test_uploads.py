from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, answer
from vision_readiness.errors import InputError
from vision_readiness.roboflow import uploads


def form(request):
    """The parts of a form, read by someone else's parser."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.content(), policy=policy.HTTP).iter_parts()
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}


def test_an_image_is_sent_as_a_form():
    pixels = bytes(range(256)) * 4
    call = uploads.upload(
        "dock", 'a"\r\n.jpg', pixels, batch="captured", tags=["night", "rain"], metadata={"camera": 3}
    )
    parts = form(call.request)
    assert parts["file"] == pixels
    assert (parts["split"], parts["metadata"]) == (b"train", b'{"camera":3}')
    assert call.request.query == (("batch", "captured"), ("tag", "night"), ("tag", "rain"))


def test_the_same_image_is_sent_with_the_same_bytes():
    first, second = (uploads.upload("dock", "a.jpg", b"x", batch="b").request for _ in range(2))
    assert (first.content(), first.headers) == (second.content(), second.headers)


def test_an_image_that_was_there_is_told():
    uploaded = EVERY_CALL["upload"].value(answer({"duplicate": True, "id": "xxx"}))
    assert (uploaded.image_id, uploaded.duplicate) == ("xxx", True)


def test_an_image_above_the_limit_is_not_sent():
    with pytest.raises(InputError, match="20,000,000"):
        uploads.upload("dock", "a.jpg", bytes(20_000_001), batch="b")
