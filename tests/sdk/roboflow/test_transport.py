from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.roboflow.scripted import EVERY_CALL
from vision_readiness.errors import InputError
from vision_readiness.roboflow import Request, Response
from vision_readiness.roboflow.transport import path_of, query_of


@pytest.mark.parametrize("part", ["", ".", "..", "a\nb", "a\x00"])
def test_a_part_that_leads_elsewhere_is_refused(part):
    with pytest.raises(InputError, match="Roboflow address"):
        path_of("acme", part)


@given(st.text(min_size=1, max_size=20))
def test_a_name_stays_one_part_of_the_path(name):
    try:
        path = path_of("acme", name)
    except InputError:
        return
    assert path.count("/") == 2
    assert path.isascii()
    assert not set(path) & set("?#\\ ")


def test_a_query_leaves_out_what_is_not_given():
    assert query_of(limit=5, tag=None, nocache=True) == (("limit", "5"), ("nocache", "true"))


def test_the_same_json_gives_the_same_bytes():
    assert Request("POST", "/x", json={"b": 1, "a": "ü"}).content() == '{"b":1,"a":"ü"}'.encode()


@pytest.mark.parametrize("name", EVERY_CALL)
def test_no_call_is_shown_with_more_than_its_place(name):
    request = EVERY_CALL[name].request
    assert repr(request) == f"<Request {request.method} {request.path}>"


def test_only_calls_that_make_something_new_must_not_be_repeated():
    once = {name for name, call in EVERY_CALL.items() if not call.request.repeatable}
    assert once == {"create_job", "write_event", "write_events", "create_use_case"}


@pytest.mark.parametrize("value", [float("nan"), object(), "\ud800", {1, 2}])
def test_what_has_no_json_is_refused(value):
    with pytest.raises(InputError, match="cannot be sent"):
        Request("POST", "/x", json={"a": value}).content()


def test_the_request_id_is_found_under_any_of_its_names():
    assert Response(200, {"x-cloud-trace-context": "abc/1"}).request_id == "abc/1"
    assert Response(200).request_id is None
