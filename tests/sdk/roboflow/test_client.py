from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, Scripted, answer
from vision_readiness.roboflow import Host, Request, RoboflowClient, Unavailable, projects
from vision_readiness.roboflow.errors import (
    ConflictError,
    DeadlineError,
    KeyRejectedError,
    NoAnswerError,
    NotFoundError,
    PlanError,
    RateLimitedError,
    ServerFailedError,
)
from vision_readiness.roboflow.exports import download
from vision_readiness.roboflow.tasks import TaskHandle

OWNER = {"workspace": "acme"}
LISTED = {"project": {"id": "acme/dock"}, "versions": [{"id": "acme/dock/1"}, {"id": "acme/dock/4"}]}


def owner(transport):
    return RoboflowClient(transport).run(projects.key_owner()).workspace


def by_path(answers):
    return Scripted([lambda request: answers[request.path]])


def test_trouble_that_passes_is_not_noticed():
    transport = Scripted([answer({}, 503), NoAnswerError("reset"), answer(OWNER)])
    assert owner(transport) == "acme"
    assert transport.slept == [0.5, 1.0]


def test_trouble_that_stays_is_told_after_two_retries():
    transport = Scripted([answer({"error": "down"}, 503, x_request_id="r1")])
    with pytest.raises(ServerFailedError, match="down") as caught:
        owner(transport)
    assert (len(transport.sent), caught.value.request_id) == (3, "r1")


@pytest.mark.parametrize(("status", "kind"), [(402, PlanError), (423, PlanError), (401, KeyRejectedError)])
def test_what_waiting_does_not_change_is_told_at_once(status, kind):
    transport = Scripted([answer({}, status)])
    with pytest.raises(kind):
        owner(transport)
    assert len(transport.sent) == 1


def test_jitter_takes_off_up_to_a_quarter():
    transport = Scripted([answer({}, 500), answer(OWNER)], chance=0.5)
    assert owner(transport) == "acme"
    assert transport.slept == [0.4375]


def test_a_server_may_ask_for_two_minutes_and_no_more():
    transport = Scripted([answer({}, 429, retry_after="40"), answer(OWNER)])
    assert (owner(transport), transport.slept) == ("acme", [40.0])
    with pytest.raises(RateLimitedError, match="wait 121 s"):
        owner(Scripted([answer({}, 429, retry_after="121")]))


def test_the_deadline_holds_for_all_attempts_together():
    transport = Scripted([answer({}, 503)], seconds_each=40.0)
    with pytest.raises(ServerFailedError):
        owner(transport)
    assert [round(request.deadline_seconds, 1) for request in transport.sent] == [60.0, 19.5]


def test_a_write_has_one_key_over_its_attempts_and_a_read_has_none():
    transport = Scripted([answer({}, 503), answer({"success": True})], chance=0.3)
    RoboflowClient(transport).run(EVERY_CALL["tag"])
    keys = {request.idempotency_key for request in transport.sent}
    assert len(transport.sent) == 2
    assert len(keys) == 1
    assert None not in keys
    reading = Scripted([answer(OWNER)])
    owner(reading)
    assert reading.sent[0].idempotency_key is None


def test_what_must_not_happen_twice_is_not_sent_twice():
    transport = Scripted([answer({}, 503)])
    with pytest.raises(ServerFailedError):
        RoboflowClient(transport).run(EVERY_CALL["create_job"])
    assert len(transport.sent) == 1


@pytest.mark.parametrize("status", [404, 500])
def test_a_missing_version_is_not_found_and_the_others_are_named(status):
    transport = by_path({"/acme/dock/3": answer({}, status), "/acme/dock": answer(LISTED)})
    with pytest.raises(NotFoundError, match=r"acme/dock has no version 3; there is 1, 4\."):
        RoboflowClient(transport).version("acme", "dock", 3)


def test_a_500_for_a_version_that_is_listed_is_trouble_of_the_server():
    transport = by_path({"/acme/dock/4": answer({"error": "boom"}, 500), "/acme/dock": answer(LISTED)})
    with pytest.raises(ServerFailedError, match="boom"):
        RoboflowClient(transport).version("acme", "dock", 4)


def test_a_missing_project_is_what_is_missing():
    transport = by_path({"/acme/dock/4": answer({}, 500), "/acme/dock": answer({"error": "no project dock"}, 404)})
    with pytest.raises(NotFoundError, match="no project dock"):
        RoboflowClient(transport).version("acme", "dock", 4)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423])
def test_an_evaluation_that_is_not_to_be_had_is_a_value(status):
    found = RoboflowClient(Scripted([answer({"error": "plan"}, status)])).evaluations("acme", project="dock")
    assert isinstance(found, Unavailable)
    assert not found.is_pending
    assert "plan" in str(found)


def test_an_evaluation_that_is_not_done_is_pending():
    client = RoboflowClient(Scripted([answer({"error": "model_eval_not_done", "message": "running"}, 409)]))
    found = client.optional(EVERY_CALL["map_results"])
    assert isinstance(found, Unavailable)
    assert found.is_pending


def test_trouble_of_the_server_is_no_missing_evaluation():
    with pytest.raises(ServerFailedError):
        RoboflowClient(Scripted([answer({}, 500)])).health("acme", "dock")


def test_evaluations_are_held_to_a_version_here_because_roboflow_takes_one_filter():
    rows = [{"evalId": "a", "versionId": "3", "modelId": "m"}, {"id": "b", "versionId": 4}, {"status": "done"}]
    transport = Scripted([answer({"evals": rows})])
    found = RoboflowClient(transport).evaluations("acme", project="dock", number=4)
    assert [row.evaluation_id for row in found] == ["b"]
    assert transport.sent[0].query == (("project", "dock"), ("limit", "200"))


def test_several_trainings_give_all_their_models():
    transport = Scripted([
        answer({"trainings": [{"trainingId": "t1"}, {"id": "t2"}]}),
        answer({"trainingId": "t1", "models": [{"modelId": "acme/dock-3-a-t1"}]}),
        answer({"trainingId": "t2", "models": [{"modelId": "acme/dock-3-b-t2"}, {"modelId": "acme/dock-3-a-t1"}]}),
    ])  # fmt: skip
    found = RoboflowClient(transport).trained_models("acme", "dock", 3)
    assert [model.model_id for model in found] == ["acme/dock-3-a-t1", "acme/dock-3-b-t2"]
    assert transport.sent[2].query == (("trainingId", "t2"),)


def test_without_a_name_the_workspace_is_that_of_the_key():
    transport = by_path({"/": answer(OWNER), "/acme": answer({"workspace": {"url": "acme", "projects": []}})})
    assert RoboflowClient(transport).workspace().url == "acme"


def test_a_task_is_awaited():
    transport = Scripted([answer({"taskId": "t", "status": "running"}), answer({"taskId": "t", "status": "completed"})])
    task = RoboflowClient(transport).finish("acme", TaskHandle(task_id="t"))
    assert (task.status, transport.slept) == ("completed", [5.0])


def test_a_task_that_never_ends_is_let_go():
    transport = Scripted([answer({"taskId": "t", "status": "running"})])
    with pytest.raises(DeadlineError, match="task t"):
        RoboflowClient(transport).finish("acme", TaskHandle(task_id="t"), within_seconds=60)


def test_a_stream_is_asked_for_again_until_it_begins():
    transport = Scripted([answer({"error": "busy"}, 503), answer("the bytes")])
    with RoboflowClient(transport).stream(download("https://x.test/zip?key=1", begin=10, etag='"e"')) as stream:
        assert b"".join(stream.chunks) == b'"the bytes"'
    assert transport.sent[0].host is Host.LINK
    assert transport.sent[0].headers["Range"] == "bytes=10-"
    assert transport.sent[0].headers["If-Range"] == '"e"'


def test_a_stream_that_is_refused_raises_what_its_body_says():
    refused = RoboflowClient(Scripted([answer({"error": "link expired"}, 409)])).stream(Request("GET", "/x"))
    with pytest.raises(ConflictError, match="link expired"), refused:
        pass
