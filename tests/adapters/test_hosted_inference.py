from __future__ import annotations

import base64
import traceback
from dataclasses import replace

import httpx
import numpy as np
import pytest
import respx

from tests.adapters.inference_answers import BODY, BOXES, PICTURE, VERSION, pixels
from vision_readiness.benchmark.measure import measure_latency
from vision_readiness.errors import InputError
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import Task
from vision_readiness.roboflow.inference import LARGEST_HOSTED_BYTES, hosted_calls
from vision_readiness.testing import MemoryImages, a_dataset, an_image, silent
from vision_readiness_adapters.hosted_inference import HostedModel
from vision_readiness_adapters.remote_model import RemoteFailure, encoded
from vision_readiness_adapters.remote_openers import open_hosted
from vision_readiness_adapters.this_machine import SystemClock

URL = "https://serverless.roboflow.com/dock/3"
KEY = "Zq9vEryS3cretKey_42"


@pytest.fixture(autouse=True)
def _settings(monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ROBOFLOW_API_URL", "API_URL", "ROBOFLOW_INFERENCE_URL", "SERVERLESS_URL", "ROBOFLOW_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(tmp_path / "none.json"))
    monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
    monkeypatch.setattr("time.sleep", lambda _: None)


@respx.mock
def test_a_hosted_model_answers_and_nothing_is_called_before_the_first_picture():
    route = respx.post(URL).respond(json=BODY)
    model = open_hosted(version=VERSION)
    assert not route.called
    answer = model.predict(PICTURE)
    assert answer.box.tolist() == BOXES
    assert [model.card.classes[label] for label in answer.label] == ["pallet", "person"]
    asked = route.calls.last.request
    assert (pixels(asked.content) == PICTURE).all()
    assert asked.url.params["confidence"] == "0.01"


@respx.mock
def test_the_key_travels_in_header_and_query_and_is_shown_nowhere(caplog):
    caplog.set_level("DEBUG")
    route = respx.post(URL).respond(json=BODY)
    model = HostedModel("dock/3", version=VERSION)
    model.predict(PICTURE)
    asked = route.calls.last.request
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.url.params["api_key"] == KEY
    assert KEY not in asked.content.decode() + repr(model) + repr(model.__dict__) + caplog.text


@respx.mock
def test_steps_that_the_pictures_went_through_are_left_out_of_answers_and_not_of_times():
    route = respx.post(URL).respond(json=BODY)
    version = replace(VERSION, prepared=("auto-orient", "static-crop", "resize", "tile"))
    model = HostedModel("dock/3", version=version)
    model.predict(PICTURE)
    model.for_timing().predict(PICTURE)
    asked, timed = ({name for name in call.request.url.params if "preproc" in name} for call in route.calls)
    assert (asked, timed) == ({"disable_preproc_auto_orient", "disable_preproc_static_crop"}, set())
    assert model.card.conflicts == (
        "The version's images went through tile, which no endpoint does: whoever asks the model has to.",
    )


def test_without_a_key_it_is_said_where_to_find_one(monkeypatch):
    monkeypatch.delenv("ROBOFLOW_API_KEY")
    with pytest.raises(InputError, match="ROBOFLOW_API_KEY"):
        HostedModel("dock/3", version=VERSION)


def test_a_task_has_to_be_known_before_credits_are_spent():
    with pytest.raises(InputError, match="what task"):
        HostedModel("dock/3")


@respx.mock
def test_a_dedicated_deployment_is_asked_in_place_of_the_serverless_endpoint():
    route = respx.post("https://dock-prod.roboflow.cloud/dock/3").respond(json=BODY)
    model = HostedModel("dock/3", version=VERSION, url="https://dock-prod.roboflow.cloud/")
    model.predict(PICTURE)
    assert route.called
    assert model.device.facts == {"endpoint": "dock-prod.roboflow.cloud"}


def test_the_key_goes_over_no_open_line():
    with pytest.raises(InputError, match="clear text"):
        HostedModel("dock/3", version=VERSION, url="http://dock-prod.example.com")


@respx.mock
def test_the_announced_calls_are_those_that_are_made():
    route = respx.post(URL).respond(json=BODY)
    files = {f"{split}/{name}.png": an_image(PICTURE, "PNG") for split in ("train", "valid", "test") for name in "abc"}
    dataset = a_dataset({key: [] for key in files}, classes=["pallet", "person"])
    model = HostedModel("dock/3", task=Task.DETECTION, classes=dataset.classes)
    predict_dataset(model, dataset, MemoryImages(files), np.flatnonzero(dataset.images.split), silent, workers=2)
    measure_latency(model, [PICTURE], clock=SystemClock(), calls=7, warm_up=2, seen_before=True)
    assert route.call_count == hosted_calls(dataset, calls=7, warm_up=2) == 15


@respx.mock
def test_spent_credits_end_the_asking_with_what_to_do():
    route = respx.post(URL).respond(402, json={"message": "out of credits"})
    model = HostedModel("dock/3", version=VERSION)
    for _ in range(3):
        with pytest.raises(RemoteFailure, match=r"out of credits.*plan and credits"):
            model.predict(PICTURE)
    assert route.call_count == 1


@respx.mock
def test_too_many_calls_are_made_again_after_the_pause_that_is_asked_for(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    respx.post(URL).mock(
        side_effect=[httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(200, json=BODY)]
    )
    assert len(HostedModel("dock/3", version=VERSION).predict(PICTURE).label) == 2
    assert slept == [7.0]


@respx.mock
def test_the_whole_time_on_the_server_is_told_by_its_header():
    respx.post(URL).respond(json=BODY, headers={"X-Processing-Time": "0.000002"})
    assert HostedModel("dock/3", version=VERSION).predict(PICTURE).seconds["server"] == 0.000002


@respx.mock
@pytest.mark.parametrize(("told", "is_cold"), [("true", True), ("false", False), (None, False)])
def test_a_first_answer_is_cold_where_the_header_says_so(told, is_cold):
    respx.post(URL).respond(json=BODY, headers={} if told is None else {"X-Model-Cold-Start": told})
    model = HostedModel("dock/3", version=VERSION)
    model.predict(PICTURE)
    assert (model.cold_seconds is not None) == is_cold


@respx.mock
def test_no_key_is_in_what_a_failure_says():
    respx.post(URL).respond(500, json={"message": f"bad key {KEY}"})
    model = HostedModel("dock/3", version=VERSION)
    with pytest.raises(RemoteFailure) as failed:
        model.predict(PICTURE)
    assert KEY not in "".join(traceback.format_exception(failed.value))


def test_a_picture_is_sent_whole_unless_that_is_more_than_the_endpoint_takes():
    assert (np.asarray(pixels(base64.b64encode(encoded(PICTURE, lossless=True)))) == PICTURE).all()
    assert encoded(PICTURE, lossless=True, most_bytes=1000)[:2] == b"\xff\xd8"
    assert 4 * -(-HostedModel.most_bytes // 3) <= LARGEST_HOSTED_BYTES
