from __future__ import annotations

from tests.sdk.roboflow.scripted import EVERY_CALL, answer
from vision_readiness.roboflow import Rate


def test_latency_is_by_hardware_in_the_new_answer_and_in_the_old():
    body = {"trainingId": "t", "models": [
        {"modelId": "a", "metrics": {"map50": 81, "latency": {"T4": 1.98, "AI1": "6.69", "x": None}}},
        {"modelId": "b", "metrics": {"map50": "0.81", "latency": 6.7, "hardware": "AI1"}},
        {"modelId": "c", "metrics": {"latency": 5}},
    ]}  # fmt: skip
    new, old, unnamed = (model.metrics for model in EVERY_CALL["training"].value(answer(body)).models)
    assert new.latency_ms == {"AI1": 6.69, "T4": 1.98}
    assert old.latency_ms == {"AI1": 6.7}
    assert unnamed.latency_ms == {"unnamed hardware": 5.0}
    assert new.map50 == old.map50 == Rate(0.81, "mAP@50")


def test_a_training_is_named_either_way():
    rows = EVERY_CALL["trainings"].value(answer({"trainings": [{"id": "acme/dock/3"}, {"trainingId": "t"}, {}]}))
    assert [row.training_id for row in rows] == ["acme/dock/3", "t"]


def test_an_architecture_search_recommends_by_hardware():
    body = {"trainingId": "acme/dock/5", "recommendedByHardware": {"t4": "child-2"}, "models": [{"modelId": "child-2"}]}
    assert EVERY_CALL["training_results"].value(answer(body)).recommended_by_hardware == {"t4": "child-2"}
