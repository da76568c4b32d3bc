from __future__ import annotations

import base64
import json
import socket

import httpx
import pytest

from tests.adapters.testing.hasty import KEY, talking
from vision_readiness.roboflow import projects, uploads
from vision_readiness.roboflow.errors import (
    BadRequestError,
    ConflictError,
    DeadlineError,
    KeyRejectedError,
    NoAnswerError,
    PlanError,
    RateLimitedError,
    RedirectedError,
    RoboflowError,
    ScopeError,
    ServerFailedError,
    UnreadableAnswerError,
    explain,
)
from vision_readiness.roboflow.transport import Request, Response
from vision_readiness_adapters.testing import Behaviour, ErrorShape, Family, Fault, FaultKind

WORKSPACE = "/acme"


def struck(serving, *faults, **quirks):
    serving.fake.behaviour = Behaviour(faults=faults, **quirks)


PLACES = ("header", "query", "body")
ASKED = {
    Family.API: "/acme/dock-packages/search",
    Family.EVENTS: "/vision-events/query",
    Family.INFERENCE: "/model/add",
}


def _asked_with_a_key_in(place, serving, family):
    sent = {
        "header": {"headers": {"authorization": f"Bearer {KEY}"}},
        "query": {"params": {"api_key": KEY}},
        "body": {},
    }
    body = {"model_id": "dock-packages/3", **({"api_key": KEY} if place == "body" else {})}
    return httpx.post(serving.url + ASKED[family], **sent[place], json=body, trust_env=False).status_code


@pytest.mark.parametrize("family", Family)
def test_a_family_of_routes_reads_the_key_where_the_service_certainly_does(serving, family):
    taken = {place for place in PLACES if _asked_with_a_key_in(place, serving, family) == 200}
    assert taken == Behaviour().key_in[family]
    assert [set(seen.key_in) for seen in serving.fake.requests] == [{place} for place in PLACES]
    assert KEY not in repr(serving.fake.requests)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("place", PLACES)
def test_where_the_key_is_read_can_be_told_otherwise(serving, family, place):
    struck(serving, key_in={**Behaviour().key_in, family: frozenset({place})})
    assert {where: _asked_with_a_key_in(where, serving, family) for where in PLACES} == {
        where: 200 if where == place else 401 for where in PLACES
    }


@pytest.mark.parametrize("key", [None, "another"])
def test_no_key_and_another_key_are_turned_away_as_the_service_does(serving, key):
    with talking(serving.url, key=key) as client, pytest.raises(KeyRejectedError, match="does not exist"):
        client.workspace("acme")


@pytest.mark.parametrize("status", [404, 403])
def test_a_missing_scope_may_look_as_if_there_were_nothing(serving, client, status):
    struck(serving, scopes=frozenset({"workspace:read"}), scope_status=status)
    assert client.workspace("acme").url == "acme"
    with pytest.raises(ScopeError) as caught:
        client.versions("acme", "dock-packages")
    assert caught.value.status == status


def test_more_calls_than_allowed_are_asked_to_wait(serving, client):
    struck(serving, most_calls=2, window_seconds=60)
    for _ in range(2):
        client.workspace("acme")
    with pytest.raises(RateLimitedError) as caught:
        client.workspace("acme")
    assert caught.value.retry_after == 60


def test_calls_are_allowed_again_after_a_while(serving, client):
    struck(serving, most_calls=1, window_seconds=0.001)
    for _ in range(5):
        client.workspace("acme")
    assert client.workspace("acme").url == "acme"


@pytest.mark.parametrize("shape", ErrorShape)
def test_an_error_is_understood_in_each_of_its_shapes(serving, client, shape):
    struck(serving, Fault(FaultKind.STATUS, status=400, shape=shape, times=None))
    answer = client.transport.send(Request("GET", WORKSPACE))
    expected = "a web page, 'Just a moment...'" if shape is ErrorShape.HTML else "Something went wrong."
    said = explain(Response(answer.status, answer.headers, answer.body)).message
    assert said == (f"body: {expected}" if shape is ErrorShape.DETAIL else expected)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, KeyRejectedError), (402, PlanError), (403, ScopeError), (409, ConflictError), (413, BadRequestError),
     (423, PlanError), (500, ServerFailedError), (503, ServerFailedError)],
)  # fmt: skip
def test_a_status_is_the_error_that_it_stands_for(serving, client, status, error):
    struck(serving, Fault(FaultKind.STATUS, status=status, times=None))
    with pytest.raises(error) as caught:
        client.workspace("acme")
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("kind", "error"),
    [(FaultKind.RESET, NoAnswerError), (FaultKind.TRUNCATED, NoAnswerError), (FaultKind.HTML, UnreadableAnswerError),
     (FaultKind.CUT, UnreadableAnswerError), (FaultKind.WRONG_TYPES, UnreadableAnswerError),
     (FaultKind.REDIRECT, RedirectedError), (FaultKind.EXPIRED, ScopeError)],
)  # fmt: skip
def test_a_fault_is_one_clear_error_and_then_over(serving, client, kind, error):
    struck(serving, Fault(kind, WORKSPACE, times=3))
    with pytest.raises(error, match=r"\S+"):
        client.workspace("acme")
    struck(serving)
    assert client.workspace("acme").url == "acme"


def test_a_request_that_is_never_answered_ends_with_the_deadline(serving):
    struck(serving, Fault(FaultKind.STALL, WORKSPACE, times=None, seconds=5))
    with talking(serving.url, seconds=0.2) as client, pytest.raises(DeadlineError):
        client.workspace("acme")


def test_a_slow_answer_is_whole(serving, client):
    struck(serving, Fault(FaultKind.SLOW, WORKSPACE, seconds=0.1))
    assert client.workspace("acme").url == "acme"


def test_a_reset_is_no_polite_end(serving):
    struck(serving, Fault(FaultKind.RESET))
    host, _, port = serving.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_a_fault_befalls_the_second_call_of_its_path_and_no_other(serving, client):
    struck(serving, Fault(FaultKind.STATUS, "/acme/dock-*", first=2, status=400))
    client.versions("acme", "dock-packages")
    client.workspace("acme")
    with pytest.raises(BadRequestError):
        client.versions("acme", "dock-packages")
    client.versions("acme", "dock-packages")
    assert [seen.fault for seen in serving.fake.requests] == [None, None, "status", None]


def test_a_fault_may_befall_one_method_only(serving, client):
    struck(serving, Fault(FaultKind.STATUS, method="POST", status=400, times=None))
    assert client.run(projects.key_owner()).workspace == "acme"
    with pytest.raises(BadRequestError):
        list(client.search("acme", "dock-packages"))


def test_what_passes_is_asked_for_again_as_late_as_it_is_told(serving, client):
    struck(serving, Fault(FaultKind.STATUS, status=429, retry_after="7", times=2))
    assert client.workspace("acme").url == "acme"
    assert client.transport.slept == [7.0, 7.0]


def test_an_upload_is_not_sent_twice_when_its_answer_is_lost(serving, client):
    struck(serving, Fault(FaultKind.TRUNCATED, "/vision-events", times=1))
    from tests.adapters.testing.every_call import event
    from vision_readiness.roboflow import vision_events

    with pytest.raises(RoboflowError):
        client.run(vision_events.write_event(event()))
    assert len(serving.fake.service.state.events) == 1
    assert len(serving.fake.requests) == 1


def test_everything_written_is_forgotten_on_reset(serving, client):
    from tests.adapters.testing.every_call import PROJECT, jpeg

    call = uploads.upload(PROJECT, "a.jpg", jpeg(), batch="b")
    assert client.run(call).duplicate is None
    serving.fake.reset()
    assert client.run(call).duplicate is None
    assert len(serving.fake.requests) == 1


def test_a_form_that_is_damaged_is_refused(client):
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        with pytest.raises(BadRequestError):
            client.send(Request("POST", "/dataset/dock-packages/upload", body=b"--y", headers={"Content-Type": kind}))


def test_json_that_is_none_is_as_empty(client):
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b"7", base64.b64encode(b"x")):
        answer = client.send(Request("POST", "/acme/dock-packages/search", body=body, headers=headers))
        assert json.loads(answer.body)["offset"] == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/acme/dock-packages/search", {"offset": "x"}),
        ("/acme/images/metadata", {"updates": [7]}),
        ("/vision-events/query", {"limit": "x"}),
        ("/infer/classification", {"image": 7, "max_detections": "x"}),
    ],
)
def test_a_value_of_another_type_is_refused(client, path, body):
    with pytest.raises(BadRequestError, match="another type"):
        client.send(Request("POST", path, json=body))
