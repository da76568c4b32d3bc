"""One picture, one model, three ways to ask it: whatever carries the answer, the answer is the same."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.adapters.inference_answers import BODY, PICTURE, VERSION, Fake, serving
from vision_readiness.predict.interface import Model
from vision_readiness.project import ProjectVersion, Task
from vision_readiness.project.masks import Masks
from vision_readiness.testing import a_dataset
from vision_readiness_adapters.hosted_inference import HostedModel
from vision_readiness_adapters.inference_package import PackageModel
from vision_readiness_adapters.inference_server import ServerModel

RING = np.zeros((24, 32), dtype=bool)
RING[4:20, 4:28], RING[8:12, 8:12] = True, False
RLE = Masks.from_bitmaps([RING]).rle(0)
PALLET = {**BODY["predictions"][1], "rle": {"size": RLE["size"], "counts": RLE["counts"].decode()}}
PERSON = {**BODY["predictions"][0], "points": [{"x": 4, "y": 4}, {"x": 20, "y": 4}, {"x": 20, "y": 16}]}
BODIES = {
    "as it was sent": (Task.DETECTION, BODY),
    "made smaller by the server": (Task.DETECTION, {**BODY, "image": {"width": 32, "height": 24}}),
    "in a list": (Task.DETECTION, [BODY]),
    "nothing found": (Task.DETECTION, {**BODY, "predictions": []}),
    "masks": (Task.SEGMENTATION, {"image": {"width": 32, "height": 24}, "predictions": [PERSON, PALLET]}),
    "one label": (Task.CLASSIFICATION, {"predictions": [{"class": "person", "confidence": 0.7}], "top": "person"}),
    "several labels": (Task.MULTILABEL, {"predictions": {"person": {"confidence": 0.7}}, "predicted_classes": []}),
}


def three_ways(task, body, url) -> dict[str, Model]:
    """The same model: hosted (a deployment at ``url``), on a server by both routes, and in process."""
    version = ProjectVersion(VERSION.id, a_dataset({"test/a.jpg": ["pallet", "person"]}, task=task))
    loaded = SimpleNamespace(class_names=["pallet", "person"], infer=lambda *_, **__: body)
    return {
        "hosted": HostedModel("dock/3", version=version, url=url, api_key="a-key"),
        "server, v1": ServerModel(url, "dock/3", version=version, route="v1"),
        "server, v0": ServerModel(url, "dock/3", version=version, route="v0"),
        "in process": PackageModel("dock/3", version=version, load=lambda _: loaded),
    }


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_picture_has_one_answer_whatever_way_it_is_asked_for(body, monkeypatch):
    task, said = body
    monkeypatch.setattr(Fake, "answer", held_as(task, Fake.answer))
    with serving(Fake(body=said)) as url:
        answers = {way: model.predict(PICTURE) for way, model in three_ways(task, said, url).items()}
    first = answers["in process"]
    for answer in answers.values():
        assert answer.label.tolist() == first.label.tolist()
        assert answer.score.tolist() == first.score.tolist()
        assert answer.box.tolist() == first.box.tolist()
        assert (answer.masks is None) == (first.masks is None) == (task is not Task.SEGMENTATION)
        if answer.masks is not None and first.masks is not None:
            assert answer.masks.counts.tobytes() == first.masks.counts.tobytes()


def held_as(task, answer):
    """``answer``, of a server that holds the model under ``task``."""
    name = "classification" if not task.has_boxes else task.value
    row = {"model_id": "dock/3", "task_type": name}

    def told(self, path, sent):
        status, said = answer(self, path, sent)
        return status, {"models": [row]} if path.startswith("/model/") else said

    return told
