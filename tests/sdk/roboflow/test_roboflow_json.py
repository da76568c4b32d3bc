"""Roboflow's own mocked responses, read by the call that each belongs to."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL
from vision_readiness.roboflow import Response, exports, images
from vision_readiness.roboflow.errors import RoboflowError, explain

CORE = "inference__core__test_roboflow_api"
CALLS = {**EVERY_CALL, "task_handle": EVERY_CALL["update_images"], "export": exports.export("acme", "dock", 4, "coco")}

READ_BY: dict[str, dict[int, str]] = {
    "roboflow__inference__tests__inference__unit_tests__core__test_roboflow_api.py.json": {
        **dict.fromkeys((490, 559, 612), "key_owner"), **dict.fromkeys((680, 708, 772, 5548), "usage_check"),
        890: "project", 1065: "version", 1762: "upload", 1824: "upload", 2257: "task_handle", 2394: "search",
        2547: "batches", 2707: "jobs",
    },
    "roboflow__roboflow-python__tests____init__.py.json": {
        44: "key_owner", 57: "workspace", 92: "project", 165: "version",
    },
    "roboflow__roboflow-python__tests__test_model_eval.py.json": {
        13: "workspace", 28: "evaluation", 66: "evaluation", 90: "evaluation", 139: "evaluation", 253: "evaluations",
        293: "evaluation",
    },
    "roboflow__roboflow-python__tests__test_project.py.json": {
        132: "upload", 161: "image", 226: "create_job", 522: "batches", 569: "batch", 799: "search",
    },
    "roboflow__roboflow-python__tests__test_rfapi.py.json": {215: "recipe", 260: "training", 308: "trainings"},
    "roboflow__roboflow-python__tests__test_search_export.py.json": {29: "workspace"},
    "roboflow__roboflow-python__tests__test_version.py.json": {
        27: "version", 62: "export", 89: "export", 321: "training", 349: "recipe", 392: "training",
    },
    "roboflow__roboflow-python__tests__test_vision_events.py.json": {
        23: "workspace", 96: "write_events", 123: "events", 142: "events", 201: "events", 268: "use_cases",
        285: "use_cases", 300: "use_cases", 323: "create_use_case", 351: "create_use_case", 552: "write_event",
        563: "write_events", 580: "use_cases", 598: "create_use_case", 606: "create_use_case",
    },
    "roboflow__roboflow-python__tests__test_workspace.py.json": {
        56: "task_handle", 85: "task", 131: "task_handle", 171: "task",
    },
}  # fmt: skip

NOT_ANSWERS = {
    # lines of what is sent, expected parameters and test doubles, by file; none is an answer of the service
    "test_project.py.json": {63, 682, 988},
    "test_rfapi.py.json": {68, 119},
    "test_vision_events.py.json": {44, 67},
    "test_instance_segmentation.py.json": {99, 122},
    "test_object_detection.py.json": {109, 131},
    "test_semantic_segmentation.py.json": {83, 106},
    "test_roboflow_api.py.json": {2890, 2918, 2928, 2966, 3100, 3979, 4036, 4382, 4394, 5045, 5367, 5438, 5479},
}
OTHER_SERVICES = {
    # answers of routes that are not called here: hosted inference, weights, workflows, zip uploads, schemas, exports
    # of searches
    "test_instance_segmentation.py.json": {10},
    "test_object_detection.py.json": {11},
    "test_semantic_segmentation.py.json": {10},
    "test_roboflow_api.py.json": {1291, 1330, 1359, 1395, 1433, 2889, 2926, 3978, 4806, 5365, 5435, 5476},
    "test_project.py.json": {905},
    "test_search_export.py.json": {41, 44},
    "test_vision_events.py.json": {426, 465, 483, 502, 589},
}


class Item(NamedTuple):
    file: str
    line: int
    body: object


@pytest.fixture(scope="module")
def items(real_data):
    files = sorted((real_data / "roboflow-json").glob("*.json"))
    found = [
        Item(path.name, row["line"], row["body"]) for path in files for row in json.loads(path.read_text())["items"]
    ]
    assert len(found) > 90
    return found


def listed(item, table):
    return any(item.file.endswith(f"__{name}") and item.line in lines for name, lines in table.items())


def response(item, status=200):
    return Response(status, {"content-type": "application/json"}, json.dumps(item.body).encode())


def is_error(item):
    return isinstance(item.body, dict) and "error" in item.body and "underCap" not in item.body


@pytest.mark.real_data
def test_every_answer_is_read_by_its_call(items):
    read = {(item.file, item.line): CALLS[name].value(response(item)) for item in items
            if (name := READ_BY.get(item.file, {}).get(item.line)) is not None}  # fmt: skip
    assert len(read) == sum(map(len, READ_BY.values()))
    assert all(value or value == () for value in read.values())


@pytest.mark.real_data
def test_every_error_is_explained(items):
    errors = [item for item in items if is_error(item)]
    assert len(errors) >= 10
    for item in errors:
        said = explain(response(item, 400))
        assert said.message
        with pytest.raises(RoboflowError) as caught:
            EVERY_CALL["version"].value(response(item, 400))
        assert "my_api_key" not in str(caught.value)


@pytest.mark.real_data
def test_no_answer_is_left_out(items):
    left = [(item.file, item.line) for item in items
            if item.line not in READ_BY.get(item.file, {}) and not is_error(item)
            and not listed(item, NOT_ANSWERS) and not listed(item, OTHER_SERVICES)]  # fmt: skip
    assert left == []


@pytest.mark.real_data
def test_what_is_read_is_what_was_said(items):
    by_place = {(item.file, item.line): item for item in items}
    project = by_place["roboflow__roboflow-python__tests____init__.py.json", 92]
    found = EVERY_CALL["project"].value(response(project))
    assert (found.project.images, found.versions[0].images, found.versions[0].copies) == (100, 240, 3)
    image = by_place["roboflow__roboflow-python__tests__test_project.py.json", 161]
    read = images.image("acme", "dock", "i").value(response(image))
    assert (read.annotation.boxes[0].label, read.annotation.boxes[0].height) == ("person", 80)
