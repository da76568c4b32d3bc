from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, answer
from vision_readiness.roboflow import Response
from vision_readiness.roboflow.errors import BadRequestError, UnreadableAnswerError


def test_an_answer_without_its_list_is_no_empty_list():
    with pytest.raises(UnreadableAnswerError, match="batches: missing"):
        EVERY_CALL["batches"].value(answer({"jobs": []}))
    assert EVERY_CALL["batches"].value(answer({"batches": None})) == ()


def test_a_web_page_with_status_200_is_told_by_its_type():
    page = Response(200, {"content-type": "text/html"}, b"<html>key=s3cret</html>")
    with pytest.raises(UnreadableAnswerError, match="23 bytes of text/html") as caught:
        EVERY_CALL["version"].value(page)
    assert "s3cret" not in str(caught.value)


def test_what_is_missing_is_named_and_no_value_is_shown():
    with pytest.raises(UnreadableAnswerError, match="evalId: missing") as caught:
        EVERY_CALL["evaluation"].value(answer({"key": "s3cret"}))
    assert "s3cret" not in str(caught.value)


def test_a_write_that_is_denied_with_status_200_did_not_happen():
    with pytest.raises(BadRequestError, match="POST /acme/dock/images/i1/tags asks for: no such image"):
        EVERY_CALL["tag"].value(answer({"success": False, "message": "no such image"}))


@pytest.mark.parametrize("name", EVERY_CALL)
def test_an_error_with_status_200_is_an_error(name):
    with pytest.raises(BadRequestError, match="no plan"):
        EVERY_CALL[name].value(answer({"error": "no plan"}))
