from __future__ import annotations

import json
import traceback
from dataclasses import replace

import httpx
import numpy as np
import pytest
import respx

from tests.adapters.inference_answers import BODY, BOXES, HELD, PICTURE, VERSION, Fake, pixels, serving
from vision_readiness.benchmark.measure import measure_latency
from vision_readiness.errors import InputError, ModelError, TaskError
from vision_readiness.predict.interface import Model, Remote
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import Task
from vision_readiness.roboflow import RoboflowError
from vision_readiness.testing import MemoryImages, a_dataset, an_image, silent
from vision_readiness_adapters.inference_server import ServerModel
from vision_readiness_adapters.remote_model import AS_A_CAMERA, RemoteFailure
from vision_readiness_adapters.remote_openers import open_server
from vision_readiness_adapters.this_machine import SystemClock

URL = "http://edge.test:9001"
KEY = "Zq9vEryS3cretKey_42"


@pytest.fixture
def server(monkeypatch):
    """The routes of a server at ``URL`` that holds the model, and v1; each can be told otherwise."""
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROBOFLOW_API_KEY", "never-sent-unless-told")
    with respx.mock(base_url=URL, assert_all_called=False) as routes:
        routes.get("/info", name="info").respond(json={"version": "0.59.1"})
        routes.get("/model/registry", name="registry").respond(json=HELD)
        routes.post("/model/add", name="add").respond(json=HELD)
        routes.post("/infer/object_detection", json={}, name="probe").respond(422, json={"detail": []})
        routes.post("/infer/object_detection", name="v1").respond(json=BODY)
        routes.post("/dock/3", name="v0").respond(json=BODY)
        yield routes


def sent(route):
    return json.loads(route.calls.last.request.content)


def test_a_server_answers_in_the_pictures_pixels_with_the_data_sets_labels(server):
    model: Model = ServerModel(URL, "dock/3", version=VERSION)
    answer = model.predict(PICTURE)
    assert answer.box.tolist() == BOXES
    assert [model.card.classes[label] for label in answer.label] == ["pallet", "person"]
    assert model.card.classes == VERSION.dataset.classes
    assert str(model.card.trained_on) == "acme/dock/3"
    assert model.card.conflicts == ()
    assert (model.device.name, model.device.facts) == ("edge.test", {"inference": "0.59.1"})


def test_every_pixel_arrives_as_it_was_judged(server):
    ServerModel(URL, "dock/3", version=VERSION).predict(PICTURE)
    assert (pixels(sent(server["v1"])["image"]["value"]) == PICTURE).all()


def test_a_server_without_v1_routes_is_asked_by_v0(server):
    server["probe"].respond(503, json={"message": "Could not connect to Roboflow API."})
    model = ServerModel(URL, "dock/3", version=VERSION)
    assert model.predict(PICTURE).box.tolist() == BOXES
    assert (server["v0"].call_count, server["v1"].call_count) == (1, 0)
    assert (pixels(server["v0"].calls.last.request.content) == PICTURE).all()


def test_a_server_that_says_nothing_of_itself_is_asked_all_the_same(server):
    for name in ("info", "registry", "probe"):
        server[name].respond(404, text="not here")
    model = ServerModel(URL, "dock/3", version=VERSION)
    assert model.predict(PICTURE).box.tolist() == BOXES
    assert model.cold_seconds is None
    assert not server["add"].called


def test_a_server_leaves_out_the_steps_that_the_pictures_went_through(server):
    version = replace(VERSION, prepared=("static-crop", "contrast", "grayscale"))
    ServerModel(URL, "dock/3", version=version).predict(PICTURE)
    asked = {name for name, value in sent(server["v1"]).items() if "preproc" in name and value is True}
    assert asked == {f"disable_preproc_{step}" for step in ("static_crop", "contrast", "grayscale")}


def test_no_key_is_sent_unless_told(server):
    server["registry"].respond(json={"models": []})
    ServerModel(URL, "dock/3", version=VERSION).predict(PICTURE)
    for call in server.calls:
        assert "authorization" not in call.request.headers
        assert b"api_key" not in call.request.content
        assert "never-sent" not in str(call.request.url)


def test_a_key_that_is_told_goes_to_every_place_where_a_server_may_read_it(server, monkeypatch):
    monkeypatch.setattr("vision_readiness_adapters.roboflow_settings._is_near", lambda _: True)
    server["registry"].respond(json={"models": []})
    model = ServerModel(URL, "dock/3", version=VERSION, api_key=KEY)
    model.predict(PICTURE)
    assert sent(server["add"])["api_key"] == sent(server["v1"])["api_key"] == KEY
    assert server["v1"].calls.last.request.headers["authorization"] == f"Bearer {KEY}"
    assert {call.request.url.params["api_key"] for call in server.calls} == {KEY}
    assert KEY not in repr(model) + repr(model.__dict__)


def test_a_server_that_turns_away_a_question_without_its_key_is_still_asked_by_v1(server, monkeypatch):
    monkeypatch.setattr("vision_readiness_adapters.roboflow_settings._is_near", lambda _: True)
    keyed = '{"api_key":"' + KEY + '"}'
    server["v1"].mock(side_effect=lambda sent: httpx.Response(422 if sent.content.decode() == keyed else 401, json={}))
    ServerModel(URL, "dock/3", version=VERSION, api_key=KEY)
    assert sent(server["v1"]) == {"api_key": KEY}
    assert not server["probe"].called


def test_a_key_goes_over_no_open_line():
    with pytest.raises(InputError, match="clear text"):
        ServerModel("http://edge.example.com:9001", "dock/3", version=VERSION, api_key=KEY)


def test_the_model_is_loaded_before_the_first_picture_and_that_is_its_cold_start(server):
    server["registry"].respond(json={"models": []})
    model = ServerModel(URL, "dock/3", version=VERSION)
    assert sent(server["add"]) == {"model_id": "dock/3"}
    assert model.cold_seconds is None
    model.predict(PICTURE)
    first = model.cold_seconds
    model.predict(PICTURE)
    assert first is not None
    assert model.cold_seconds == first


def test_a_model_that_was_loaded_before_has_no_cold_start(server):
    model = ServerModel(URL, "dock/3", version=VERSION)
    model.predict(PICTURE)
    assert not server["add"].called
    assert model.cold_seconds is None


def test_a_model_that_cannot_be_loaded_is_said_in_one_line_with_what_to_do(server):
    server["registry"].respond(json={"models": []})
    server["add"].respond(503, json={"message": "Internal error. Could not connect to Roboflow API."})
    with pytest.raises(ModelError, match=r"dock/3 cannot be loaded: .*503: Internal error.*only with a key") as refused:
        ServerModel(URL, "dock/3", version=VERSION)
    assert "\n" not in str(refused.value)


def test_a_model_for_another_task_is_refused(server):
    server["registry"].respond(json={"models": [{"model_id": "dock/3", "task_type": "keypoint-detection"}]})
    with pytest.raises(TaskError, match="keypoint-detection"):
        ServerModel(URL, "dock/3", version=VERSION)


def test_without_a_version_the_servers_own_task_is_taken(server):
    server["registry"].respond(json={"models": [{"model_id": "dock/3", "task_type": "instance-segmentation"}]})
    assert ServerModel(URL, "dock/3", route="v1").card.task is Task.SEGMENTATION


@pytest.mark.parametrize("own", ["classification", "lmm", None])
def test_a_task_that_is_not_certain_has_to_be_said(server, own):
    server["registry"].respond(json={"models": [{"model_id": "dock/3", "task_type": own}]})
    with pytest.raises(InputError, match="give the task"):
        ServerModel(URL, "dock/3")


def test_classes_that_nobody_expected_are_named_and_shift_no_label(server):
    server["v1"].respond(json={**BODY, "predictions": [{**BODY["predictions"][0], "class": "Person"}]})
    model = ServerModel(URL, "dock/3", version=VERSION)
    answer = model.predict(PICTURE)
    assert model.card.classes == ("pallet", "person", "Person")
    assert answer.label.tolist() == [2]
    assert "'Person'" in model.card.conflicts[0]


def test_a_name_that_an_export_writes_otherwise_is_the_same_class(server):
    predictions = [
        {**row, "class": {"pallet": "pället"}.get(row["class"], row["class"])} for row in BODY["predictions"]
    ]
    server["v1"].respond(json={**BODY, "predictions": predictions})
    model = ServerModel(URL, "dock/3", version=VERSION)
    answer = model.predict(PICTURE)
    assert [model.card.classes[label] for label in answer.label] == ["pallet", "person"]
    assert (model.card.classes, model.card.conflicts) == (VERSION.dataset.classes, ())


def test_without_a_data_set_the_classes_are_those_of_the_answers(server):
    model = ServerModel(URL, "dock/3")
    assert model.card.classes == ()
    model.predict(PICTURE)
    assert model.card.classes == ("pallet", "person")
    assert model.card.conflicts == ()


def test_the_times_are_apart_and_add_up(server):
    answer = ServerModel(URL, "dock/3", version=VERSION).predict(PICTURE)
    assert list(answer.seconds) == ["encode", "transport", "server", "decode"]
    assert answer.seconds["server"] == 1e-6
    assert min(answer.seconds.values()) >= 0


def test_a_server_that_claims_more_time_than_passed_gets_all_that_passed(server):
    server["v1"].respond(json={**BODY, "time": 3600})
    answer = ServerModel(URL, "dock/3", version=VERSION).predict(PICTURE)
    assert answer.seconds["transport"] == 0
    assert answer.seconds["server"] < 60


def test_a_call_is_made_again_but_not_where_it_is_timed(server, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    model = ServerModel(URL, "dock/3", version=VERSION)
    server["v1"].mock(side_effect=[httpx.Response(503), httpx.Response(200, json=BODY)])
    assert len(model.predict(PICTURE).label) == 2
    server["v1"].mock(side_effect=[httpx.Response(503), httpx.Response(200, json=BODY)])
    timed = model.for_timing()
    assert isinstance(model, Remote)
    with pytest.raises(RemoteFailure, match="503"):
        timed.predict(PICTURE)
    assert len(timed.predict(PICTURE).label) == 2


def test_what_is_timed_is_sent_as_a_camera_sends_it(server):
    timed = ServerModel(URL, "dock/3", version=VERSION).for_timing()
    timed.predict(PICTURE)
    arrived = sent(server["v1"])["image"]["value"]
    assert arrived.startswith("/9j/")
    assert timed.device.facts["pictures"] == AS_A_CAMERA


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423])
def test_what_every_picture_would_meet_ends_the_asking(server, status):
    server["v1"].respond(status, json={"message": "no"})
    model = ServerModel(URL, "dock/3", version=VERSION)
    for _ in range(3):
        with pytest.raises(RemoteFailure, match=f"answered {status}: no"):
            model.predict(PICTURE)
    assert server["v1"].call_count == 1


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"predictions": [{"x": 1}]}', b"[]", b'{"is_stub": true}'])
def test_an_answer_that_is_none_is_a_failure_in_one_line(server, answer):
    server["v1"].respond(content=answer)
    model = ServerModel(URL, "dock/3", version=VERSION)
    with pytest.raises(RemoteFailure, match=f"the server at {URL}") as failed:
        model.predict(PICTURE)
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("raised", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_server_that_is_gone_is_a_failure_without_the_networks_own_words(server, raised, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    model = ServerModel(URL, "dock/3", version=VERSION)
    server["v1"].mock(side_effect=raised("secret words"))
    with pytest.raises(RemoteFailure) as failed:
        model.predict(PICTURE)
    assert "secret words" not in "".join(traceback.format_exception(failed.value))
    assert not isinstance(failed.value, RoboflowError)


def test_where_no_server_is_it_is_said_at_once():
    with pytest.raises(ModelError, match="is it running"):
        ServerModel("127.0.0.1:9", "dock/3", version=VERSION)


@pytest.mark.parametrize(
    "url", ["", "ftp://edge:1", "http://", "http://edge:99999", "http://u:p@edge", "http://edge/?api_key=1", "http://["]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="localhost:9001"):
        ServerModel(url, "dock/3", version=VERSION)


def test_the_opener_takes_the_model_of_the_version_unless_told(server):
    assert open_server(URL, version=VERSION).question.model_id == "dock/3"
    server["registry"].respond(json={"models": [{"model_id": "acme/m-1", "task_type": "object-detection"}]})
    assert open_server(URL, version=VERSION, model_id="acme/m-1").question.model_id == "acme/m-1"
    with pytest.raises(InputError, match="which model"):
        open_server(URL)


def test_a_data_set_is_judged_over_a_real_socket_by_several_calls_at_once():
    files = {f"test/{name}.png": an_image(PICTURE[:, :, [name % 3, 1, 2]], "PNG") for name in range(12)}
    dataset = a_dataset({key: [] for key in files}, classes=["pallet", "person"])
    fake = Fake()
    with serving(fake) as url:
        model = ServerModel(url, "dock/3", task=Task.DETECTION, classes=dataset.classes)
        rows = np.arange(12)
        run = predict_dataset(model, dataset, MemoryImages(files), rows, silent, workers=4)
    assert run.failures == ()
    assert run.predictions.box.tolist() == BOXES * 12
    assert len(fake.pictures) == 12
    assert model.device.facts["inference"] == "0.59.1"


def test_failed_calls_are_counted_and_never_timed_over_a_real_socket():
    fake = Fake()
    with serving(fake) as url:
        model = ServerModel(url, "dock/3", version=VERSION)
        fake.fail = 5
        facts = measure_latency(
            model, [PICTURE], clock=SystemClock(), calls=20, warm_up=2, memory=lambda: 1, seen_before=True
        )
    assert (facts.failures, len(facts.seconds)) == (5, 17)
    assert list(facts.stages) == ["encode", "transport", "server", "decode"]
    assert facts.peak_memory_bytes is None
    assert facts.artefact == model.card.digest
    assert facts.device_facts["pictures"] == AS_A_CAMERA
