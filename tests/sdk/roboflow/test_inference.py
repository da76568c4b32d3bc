from __future__ import annotations

from base64 import b64decode

import pytest

from vision_readiness.errors import InputError
from vision_readiness.project import Task, VersionId
from vision_readiness.roboflow import Host, Response
from vision_readiness.roboflow.inference import (
    Question,
    hosted_calls,
    load_model,
    loaded_models,
    model_id_of,
    server_info,
    server_seconds,
    trained_on,
    was_cold,
)
from vision_readiness.testing import a_dataset

DOCK = Question("dock/3", Task.DETECTION)


def test_v0_puts_the_picture_into_the_body_and_the_rest_into_the_query():
    asked = DOCK.v0(b"pixels")
    assert (asked.method, asked.path, asked.host) == ("POST", "/dock/3", Host.INFERENCE)
    assert b64decode(asked.body) == b"pixels"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(asked.query) == {
        "confidence": "0.01",
        "overlap": "0.6",
        "max_detections": "300",
        "format": "json",
        "disable_active_learning": "true",
        "disable_model_monitoring": "true",
    }


def test_v1_names_the_model_and_the_task_in_its_route():
    asked = DOCK.v1(b"pixels")
    assert asked.path == "/infer/object_detection"
    assert b64decode(asked.json["image"].pop("value")) == b"pixels"
    assert asked.json == {
        "model_id": "dock/3",
        "image": {"type": "base64"},
        "confidence": 0.01,
        "iou_threshold": 0.6,
        "max_detections": 300,
        "class_agnostic_nms": False,
        "disable_active_learning": True,
        "disable_model_monitoring": True,
    }


def test_masks_are_asked_for_as_codes_because_a_polygon_has_no_holes():
    asked = Question("dock/3", Task.SEGMENTATION)
    assert asked.v1(b"").path == "/infer/instance_segmentation"
    assert asked.v1(b"").json["response_mask_format"] == dict(asked.v0(b"").query)["response_mask_format"] == "rle"


@pytest.mark.parametrize("task", [Task.CLASSIFICATION, Task.MULTILABEL])
def test_a_classifier_is_asked_for_no_boxes(task):
    asked = Question("dock/3", task)
    assert asked.v1(b"").path == "/infer/classification"
    assert not {"overlap", "max_detections"} & dict(asked.v0(b"").query).keys()
    assert not {"iou_threshold", "max_detections"} & asked.v1(b"").json.keys()


def test_a_model_of_a_workspace_has_its_own_path():
    assert Question("acme/dock-3-rfdetr-t1", Task.DETECTION).v0(b"").path == "/acme/dock-3-rfdetr-t1"


@pytest.mark.parametrize("confidence", [0, 0.009, 1, 40, -1, float("nan")])
def test_no_confidence_is_sent_that_would_be_read_as_percent_or_raised(confidence):
    with pytest.raises(InputError, match="not percent"):
        Question("dock/3", Task.DETECTION, confidence=confidence)


@pytest.mark.parametrize("iou", [0, 1, 30])
def test_no_overlap_is_sent_that_would_be_read_as_percent(iou):
    with pytest.raises(InputError, match="not percent"):
        Question("dock/3", Task.DETECTION, iou=iou)


@pytest.mark.parametrize("model_id", ["", "dock", "acme/dock/3", "../3", "dock/", "dock/\n3"])
def test_what_is_no_model_id_goes_nowhere(model_id):
    with pytest.raises(InputError):
        Question(model_id, Task.DETECTION)


def test_no_request_shows_the_picture_or_carries_a_key():
    for asked in (DOCK.v0(b"pixels"), DOCK.v1(b"pixels"), load_model("dock/3").request):
        assert "api_key" not in repr((asked.query, asked.json, asked.headers))
        assert "cGl4ZWxz" not in repr(asked)


def test_a_server_tells_what_it_is_and_what_it_holds():
    info = server_info().value(Response(200, body=b'{"name": "Roboflow Inference Server", "version": "0.59.1"}'))
    assert info.version == "0.59.1"
    held = b'{"models": [{"model_id": "dock/3", "task_type": "object-detection", "batch_size": null}, {"x": 1}]}'
    for call in (loaded_models(), load_model("dock/3")):
        (row,) = call.value(Response(200, body=held))
        assert (row.model_id, row.task_type) == ("dock/3", "object-detection")


def test_a_version_without_a_number_names_no_model():
    with pytest.raises(InputError, match="project/3"):
        model_id_of(VersionId("acme", "dock", None))


@pytest.mark.parametrize(
    ("model_id", "judged", "expected"),
    [
        ("dock/3", None, "dock/3"),
        ("dock/2", VersionId("acme", "dock", 3), "acme/dock/2"),
        ("yard/2", VersionId("acme", "dock", 3), "yard/2"),
        ("acme/dock-3-rfdetr-nano-t2", VersionId("acme", "dock", 3), "acme/dock/3"),
        ("acme/dock-30-rfdetr-nano-t2", VersionId("acme", "dock", 3), None),
        ("else/dock-3-rfdetr-nano-t2", VersionId("acme", "dock", 3), None),
        ("acme/dock-3-rfdetr-nano-t2", None, None),
        ("acme/dock-3-rfdetr-nano-t2", VersionId("acme", "dock", None), None),
    ],
)
def test_a_model_id_tells_the_version_it_was_trained_on_or_nothing(model_id, judged, expected):
    found = trained_on(model_id, judged)
    assert (None if found is None else str(found)) == expected


def test_the_hosted_calls_are_counted_before_any_is_made():
    dataset = a_dataset({"train/a.jpg": [], "valid/b.jpg": [], "test/c.jpg": [], "test/d.jpg": []})
    assert hosted_calls(dataset) == 3 + 310
    assert hosted_calls(dataset, calls=0) == 3
    assert hosted_calls(dataset, calls=59, warm_up=1) == 63


@pytest.mark.parametrize(
    ("headers", "told", "expected"),
    [
        ({"x-processing-time": "0.25"}, 0.1, 0.25),
        ({}, 0.1, 0.1),
        ({"x-processing-time": "soon"}, 0.1, 0.1),
        ({"x-processing-time": "-1"}, None, None),
        ({}, None, None),
    ],
)
def test_the_servers_own_time_is_the_whole_request_where_it_tells(headers, told, expected):
    assert server_seconds(headers, told) == expected


def test_a_cold_start_is_known_only_where_it_is_told():
    assert was_cold({"x-model-cold-start": "true"}) is True
    assert was_cold({"x-model-cold-start": "False"}) is False
    assert was_cold({}) is None
