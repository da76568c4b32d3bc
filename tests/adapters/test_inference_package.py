from __future__ import annotations

import hashlib
import sys
import traceback
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from tests.adapters.inference_answers import BODY, BOXES, PICTURE, VERSION
from vision_readiness.benchmark.measure import measure_latency
from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.interface import Remote
from vision_readiness.project import Task
from vision_readiness_adapters.inference_package import PackageFailure, PackageModel
from vision_readiness_adapters.remote_openers import open_package
from vision_readiness_adapters.this_machine import SystemClock

KEY = "Zq9vEryS3cretKey_42"


@dataclass
class Answered:
    body: dict[str, Any]

    def model_dump(self, *, by_alias, exclude_none):
        assert by_alias
        assert exclude_none
        return self.body


@dataclass
class Loaded:
    """What ``get_model`` of inference 0.59.1 gives, as far as it is used."""

    folder: Any = None
    task_type: str = "object-detection"
    class_names: tuple[str, ...] = ("person", "pallet", "forklift")
    body: dict[str, Any] = field(default_factory=lambda: BODY)
    weights_file: str = "weights.onnx"
    seen: list[Any] = field(default_factory=list)

    def cache_file(self, name):
        return self.folder / name

    def infer(self, picture, **asked):
        self.seen.append((picture, asked))
        if isinstance(self.body, Exception):
            raise self.body
        return [Answered(self.body)]


def opened(loaded, **options):
    return open_package(version=VERSION, load=lambda _: loaded, **options)


def test_a_model_in_this_process_answers_with_its_own_classes():
    model = opened(Loaded())
    answer = model.predict(PICTURE)
    assert answer.box.tolist() == BOXES
    assert model.card.classes == ("person", "pallet", "forklift")
    assert [model.card.classes[label] for label in answer.label] == ["pallet", "person"]
    assert list(answer.seconds) == ["encode", "infer", "decode"]


def test_the_package_gets_colours_as_opencv_has_them_and_every_threshold():
    loaded = Loaded()
    opened(loaded, iou=0.5).predict(PICTURE)
    ((picture, asked),) = loaded.seen
    assert (picture == PICTURE[:, :, ::-1]).all()
    assert asked == {"confidence": 0.01, "iou_threshold": 0.5, "max_detections": 300, "class_agnostic_nms": False}


def test_the_artefact_is_the_file_in_the_cache(tmp_path):
    (tmp_path / "weights.onnx").write_bytes(b"weights")
    card = opened(Loaded(tmp_path)).card
    assert card.digest == hashlib.sha256(b"weights").hexdigest()
    assert card.size_bytes == 7
    assert opened(Loaded()).card.origins["digest"] == "model id"


def test_a_key_is_passed_on_only_where_one_is_told():
    keys = []
    for told in (None, KEY):
        PackageModel("dock/3", version=VERSION, api_key=told, load=lambda _, **key: keys.append(key) or Loaded())
    assert keys == [{}, {"api_key": KEY}]


@pytest.mark.parametrize("told", [KEY, None])
def test_what_the_package_says_is_told_in_one_line_without_the_key(told):
    def load(_, **key):
        raise OSError(f"no route\nto https://api.roboflow.com/ort/dock/3?api_key={KEY}")

    with pytest.raises(ModelError, match=r"cannot load dock/3: OSError: no route to .*needs a key") as refused:
        PackageModel("dock/3", version=VERSION, api_key=told, load=load)
    assert KEY not in "".join(traceback.format_exception(refused.value))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("body", [RuntimeError("CUDA\nis gone"), {}, {"predictions": [{"x": 1}]}, 7])
def test_a_picture_that_fails_is_a_failure_in_one_line_and_is_counted(body):
    model = opened(Loaded(body=body))
    with pytest.raises(PackageFailure) as failed:
        model.predict(PICTURE)
    assert "\n" not in str(failed.value)
    facts = measure_latency(model, [PICTURE], clock=SystemClock(), calls=3, warm_up=0, memory=lambda: 7)
    assert (facts.failures, len(facts.seconds)) == (4, 0)


def test_it_runs_here_so_its_memory_is_this_processes():
    model = opened(Loaded())
    assert not isinstance(model, Remote)
    facts = measure_latency(model, [PICTURE], clock=SystemClock(), calls=3, warm_up=0, memory=lambda: 7)
    assert facts.peak_memory_bytes == 7
    assert "cpu" in facts.device_facts
    assert model.cold_seconds is not None


@pytest.mark.parametrize(("several", "task"), [(True, Task.MULTILABEL), (False, Task.CLASSIFICATION)])
def test_a_classifier_says_by_itself_whether_it_gives_several_labels(several, task):
    loaded = Loaded(task_type="classification", body={"predictions": {"pallet": {"confidence": 0.5}}})
    loaded.multiclass = several
    model = PackageModel("dock/3", load=lambda _: loaded)
    assert model.card.task is task
    assert model.predict(PICTURE).score.tolist() == [0.0, 0.5, 0.0]


@pytest.mark.parametrize("own", ["keypoint-detection", "instance-segmentation", "classification"])
def test_a_model_for_another_task_is_refused(own):
    with pytest.raises(TaskError, match="object-detection is asked for"):
        opened(Loaded(task_type=own))
    with pytest.raises(TaskError, match="not judged"):
        PackageModel("dock/3", load=lambda _: Loaded(task_type="keypoint-detection"))


def test_classes_that_are_given_give_way_to_the_models_own():
    model = opened(Loaded(), classes=["pallet", "person"])
    assert model.card.classes == ("person", "pallet", "forklift")
    assert "not the model's own" in model.card.conflicts[0]


def test_a_missing_package_is_one_line_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "inference", None)
    with pytest.raises(ModelError, match="pip install"):
        PackageModel("dock/3", version=VERSION)


def test_pictures_that_are_not_contiguous_are_taken():
    assert len(opened(Loaded()).predict(np.asfortranarray(PICTURE)).label) == 2


def test_steps_that_the_pictures_went_through_are_left_out_of_answers_and_not_of_times():
    loaded = Loaded()
    model = open_package(version=replace(VERSION, prepared=("static-crop", "resize")), load=lambda _: loaded)
    model.predict(PICTURE)
    assert loaded.seen[-1][1]["disable_preproc_static_crop"] is True
    measure_latency(model, [PICTURE], calls=1, warm_up=0, clock=SystemClock())
    assert "disable_preproc_static_crop" not in loaded.seen[-1][1]
