from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import answer
from vision_readiness.project import Split, VersionId
from vision_readiness.roboflow import Rate, versions
from vision_readiness.roboflow.errors import UnreadableAnswerError

DOCUMENTED = {
    "workspace": {"name": "Roboflow", "url": "roboflow", "members": 12},
    "project": {"id": "roboflow/chess-sample-4ckfl", "type": "object-detection", "images": 12},
    "version": {
        "id": "roboflow/chess-sample-4ckfl/1",
        "name": "augmented",
        "created": 1630335698.746,
        "images": 30,
        "splits": {"train": 27, "valid": 2, "test": 1},
        "classes": ["white-king", "black-king"],
        "preprocessing": {"resize": {"enabled": True, "width": 416, "height": "416", "format": "Stretch to"}},
        "augmentation": {
            "rotate": {"enabled": True, "degrees": "5"},
            "noise": {"enabled": False, "percent": "2"},
            "image": {"enabled": True, "versions": "3"},
        },
        "exports": ["yolov5pytorch"],
        "model": {
            "id": "chess-sample-4ckfl/1",
            "endpoint": "https://detect.roboflow.com/chess-sample-4ckfl/1",
            "map": "62.87",
            "recall": "85.29",
            "precision": "23.44",
        },
        "train": {
            "status": "finished",
            "results": {
                "class_map": {
                    "valid": [
                        {"class": "all", "images": "20", "targets": "82", "precision": "0.795", "recall": "0.48",
                         "map50": "0.547", "map95": "0.29"},
                        {"images": "20"},
                    ]
                }
            },
        },
        "models": {"roboflow-train": {"epochs": [{"epoch": "0", "mAP": "0.1", "mAP_50_95": "0.05"}]}},
    },
}  # fmt: skip


def read(body, number=1):
    return versions.version("roboflow", "chess-sample-4ckfl", number).value(answer(body))


def test_the_documented_version_is_read_with_its_units():
    version = read(DOCUMENTED)
    assert version.id == VersionId("roboflow", "chess-sample-4ckfl", 1)
    assert version.splits == {Split.TRAIN: 27, Split.VALID: 2, Split.TEST: 1}
    assert version.model.map == Rate(0.6287, "mAP@50")
    assert version.train.results[Split.VALID][0].map50 == Rate(0.547, "mAP@50")
    assert version.train.results[Split.VALID][0].map50_95 == Rate(0.29, "mAP@50-95")
    assert version.epochs["roboflow-train"][0].map50_95 == Rate(0.05, "mAP@50-95")
    assert version.project_type == "object-detection"


def test_a_row_without_its_class_is_left_out_and_the_others_stay():
    assert len(read(DOCUMENTED).train.results[Split.VALID]) == 1


def test_augmentation_tells_its_steps_and_copies():
    version = read(DOCUMENTED)
    assert (version.augmentation_steps, version.copies) == (("rotate",), 3)


def test_a_version_without_its_id_has_the_one_that_was_asked_for():
    assert read({"version": {"modelType": "yolov8n"}}, 7).id == VersionId("roboflow", "chess-sample-4ckfl", 7)


@pytest.mark.parametrize(
    ("state", "ready"),
    [({"images": 10}, True), ({"images": "10", "generating": False}, True), ({"images": 0}, False),
     ({"images": 10, "generating": "true"}, False), ({}, False)],
)  # fmt: skip
def test_a_version_is_ready_when_it_has_images_and_is_not_generating(state, ready):
    assert read({"version": {"id": "a/b/1", **state}}).is_ready is ready


def test_progress_above_1_is_1():
    assert read({"version": {"id": "a/b/1", "generating": True, "progress": 1.48}}).progress == 1.0


def test_a_model_with_half_its_figures_keeps_them():
    model = read({"version": {"id": "a/b/1", "model": {"id": "b/1", "recall": "85.29", "map": "n/a"}}}).model
    assert (model.map, model.recall) == (None, Rate(0.8529, "recall"))


@pytest.mark.parametrize("body", [{}, {"version": {}}, {"version": []}, [], None])
def test_an_answer_without_a_version_is_no_version(body):
    with pytest.raises(UnreadableAnswerError, match="version: missing"):
        read(body)
