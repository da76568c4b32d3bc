from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, answer
from vision_readiness.errors import InputError
from vision_readiness.project import Split
from vision_readiness.roboflow import Rate, evaluation_calls
from vision_readiness.roboflow.errors import UnreadableAnswerError


def read(name, body):
    return EVERY_CALL[name].value(answer(body))


def test_the_headline_map_is_map50():
    body = {"evalId": "e1", "status": "done", "versionId": 4, "summary": {"mAP": 0.92, "mIoU": None, "recall": 0.85}}
    found = read("evaluation", body)
    assert (found.version, found.is_done) == ("4", True)
    assert found.summary.map50 == Rate(0.92, "mAP@50")
    assert found.summary.miou is None


def test_map_results_are_read_by_split_size_and_class():
    body = {"taskType": "object-detection-like", "splits": {"test": {
        "map50": 0.92, "map50_95": 0.75, "byObjectSize": {"small": {"map50_95": 0.64}},
        "perClass": {"wheel": {"map50": 0.9}, "note": {"map50": None}}}, "odd": {}}}  # fmt: skip
    found = read("map_results", body).splits
    assert list(found) == [Split.TEST]
    assert found[Split.TEST].map50_95 == Rate(0.75, "mAP@50-95")
    assert found[Split.TEST].by_object_size["small"].map50_95 == Rate(0.64, "mAP@50-95")
    assert [(row.name, row.map50) for row in found[Split.TEST].classes] == [
        ("note", None),
        ("wheel", Rate(0.9, "mAP@50")),
    ]


def test_a_sweep_is_in_the_order_of_its_thresholds():
    point = {"precision": 0.85, "recall": 0.85, "f1": 0.85}
    curve = {
        "perThreshold": {"0.37": point, "0.20": point, "x": point},
        "optimalThreshold": 0.37,
        "optimalMetrics": point,
    }
    found = read("confidence_sweep", {"splits": {"test": {**curve, "perClass": {"wheel": curve}}}}).splits[Split.TEST]
    assert [at.threshold for at in found.curve] == [0.2, 0.37]
    assert found.optimal.f1 == Rate(0.85, "F1")
    assert found.classes["wheel"].optimal_threshold == 0.37


def test_a_class_without_an_instance_has_no_figures():
    found = read("performance_by_class", {"split": "test", "classes": [{"className": "note", "map50": None}]})
    assert found.classes[0].map50 is None


def test_a_matrix_has_a_row_and_a_column_for_each_class():
    body = {"confidenceThreshold": 0.2, "classes": ["wheel", "background"], "matrix": [[8, 2], [1, 0]]}
    assert read("confusion_matrix", body).matrix == ((8, 2), (1, 0))


@pytest.mark.parametrize("matrix", [[[8, 2]], [[8], [1]], [[8, "x"], [1, 0]], [[8, -2], [1, 0]], None, "ab"])
def test_a_matrix_that_does_not_fit_its_classes_is_refused(matrix):
    with pytest.raises(UnreadableAnswerError):
        read("confusion_matrix", {"classes": ["wheel", "background"], "matrix": matrix})


@pytest.mark.parametrize(
    ("body", "types", "generated"),
    [([{"type": "wrong_class"}], ["wrong_class"], True), ({"generated": False}, [], False),
     ({"generated": True, "recommendations": {"summary": {"count": 1}, "items": [{"type": "missed_detection"}]}},
      ["missed_detection"], True),
     ({"recommendations": [{"type": "class_imbalance"}]}, ["class_imbalance"], None)],
)  # fmt: skip
def test_recommendations_are_read_in_every_shape(body, types, generated):
    found = read("recommendations", body)
    assert ([row.type for row in found.recommendations], found.generated) == (types, generated)


def test_clusters_and_image_counts_are_read():
    found = read("vector_analysis", {"clusters": [{"id": -1, "f1Mean": 0.5}, {"id": 0, "size": 12}]})
    assert [(row.number, row.images) for row in found.clusters] == [(-1, None), (0, 12)]
    page = read("image_predictions", {"totalImages": 1, "images": [{"imageId": "i", "stats": {"truePositives": 3}}]})
    assert (page.total, page.images[0].stats.true_positives) == (1, 3)


def test_a_confidence_is_asked_for_in_whole_percent():
    assert ("confidence", "30") in evaluation_calls.confusion_matrix("acme", "e1", confidence=0.3).request.query
    with pytest.raises(InputError, match="from 0 to 1"):
        evaluation_calls.vector_analysis("acme", "e1", confidence=30)


def test_two_filters_are_refused_before_roboflow_refuses_them():
    with pytest.raises(InputError, match="one of them"):
        evaluation_calls.evaluations("acme", project="dock", version=3)
