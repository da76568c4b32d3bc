from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.roboflow.scripted import answer
from vision_readiness.errors import InputError, SourceError
from vision_readiness.roboflow import Host, Request, Response, RoboflowError, errors
from vision_readiness.roboflow.errors import error_of, explain

REQUEST = Request("GET", "/acme/dock/3")


@pytest.mark.parametrize(
    ("body", "message", "code", "hint"),
    [
        ({"error": "No such project.", "hint": "Look."}, "No such project.", None, "Look."),
        ({"error": {"message": "Gone.", "type": "T", "hint": "Look."}}, "Gone.", "T", "Look."),
        ({"error": "model_eval_not_found", "message": "Nope."}, "Nope.", "model_eval_not_found", None),
        ({"message": "Model is loading."}, "Model is loading.", None, None),
        ({"detail": [{"loc": ["body", "image"], "msg": "Field required", "input": "s3cret"}]},
         "body.image: Field required", None, None),
        ({"detail": "Not Found"}, "Not Found", None, None),
    ],
)  # fmt: skip
def test_every_shape_of_error_is_understood(body, message, code, hint):
    said = explain(answer(body, 400))
    assert (said.message, said.code, said.hint) == (message, code, hint)


def test_a_web_page_is_told_by_its_title():
    page = b"<!DOCTYPE html><html><head><title>502 Bad\nGateway</title></head><body>secret</body></html>"
    assert explain(Response(502, {}, page)).message == "a web page, '502 Bad Gateway'"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(301, errors.RedirectedError), (400, errors.BadRequestError), (401, errors.KeyRejectedError),
     (402, errors.PlanError), (403, errors.ScopeError), (404, errors.NotFoundError), (408, errors.ServerFailedError),
     (409, errors.ConflictError), (413, errors.BadRequestError), (422, errors.BadRequestError),
     (423, errors.PlanError), (429, errors.RateLimitedError), (500, errors.ServerFailedError),
     (503, errors.ServerFailedError), (100, errors.UnreadableAnswerError), (799, errors.UnreadableAnswerError)],
)  # fmt: skip
def test_every_status_has_its_error(status, kind):
    assert type(error_of(REQUEST, answer({"error": "x"}, status))) is kind


def test_a_404_for_a_missing_scope_is_about_the_key():
    body = {"error": {"message": "Unsupported", "type": "GraphMethodException"}}
    error = error_of(REQUEST, answer(body, 404))
    assert isinstance(error, errors.ScopeError)
    assert "scope" in str(error)


def test_the_429_of_an_uploaded_model_is_a_conflict():
    error = error_of(Request("GET", "/acme/dock/3/uploadModel"), answer({}, 429))
    assert isinstance(error, errors.ConflictError)
    assert not error.failure.may_pass


def test_an_error_says_what_happened_and_what_to_do():
    error = error_of(REQUEST, answer({"error": "Too many."}, 429, x_request_id="abc-1", retry_after="3"))
    assert str(error) == (
        "Roboflow answered 429 to GET /acme/dock/3 (request id abc-1): Too many. It asks to wait 3 s."
        " Wait and try again, with fewer calls at once."
    )
    assert (error.status, error.request_id, error.retry_after) == (429, "abc-1", 3.0)


def test_a_link_is_named_without_its_query():
    link = Request("GET", "https://app.roboflow.com/ds/x?key=s3cret", host=Host.LINK)
    assert "s3cret" not in str(error_of(link, answer({}, 403))) + repr(link)


def test_all_are_source_errors_and_those_of_the_input_say_so():
    tree = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RoboflowError)]
    assert all(issubclass(kind, SourceError) for kind in tree)
    assert {kind.__name__ for kind in tree if issubclass(kind, InputError)} == {
        "KeyRejectedError", "ScopeError", "NotFoundError",
    }  # fmt: skip
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in tree)


def test_an_error_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(error_of(REQUEST, answer({"error": "x"}, 429, retry_after="3"))))  # noqa: S301 - our own
    assert (error.status, error.retry_after, type(error)) == (429, 3.0, errors.RateLimitedError)


@given(st.binary(max_size=300), st.integers(300, 599))
def test_every_body_makes_one_printable_line(body, status):
    message = str(error_of(REQUEST, Response(status, {}, body)))
    assert message.isprintable()
    assert len(message) < 900
