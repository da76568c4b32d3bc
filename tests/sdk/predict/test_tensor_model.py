from dataclasses import replace

import numpy as np
import pytest

from vision_readiness.errors import ModelError
from vision_readiness.predict.interface import RuntimeFailure
from vision_readiness.predict.tensor_model import TensorModel
from vision_readiness.project import ModelCard, Preprocessing, Resize, Task

CARD = ModelCard(
    "best.onnx", "0" * 64, Task.DETECTION, ("cat", "dog"), head="yolo", preprocessing=Preprocessing(64, 64)
)
PICTURE = np.zeros((32, 128, 3), dtype=np.uint8)


def yolo(*rows):
    columns = np.zeros((6, 84), dtype=np.float32)
    columns[:, : len(rows)] = np.array(rows, dtype=np.float32).T
    return {"output0": columns[None]}


def test_boxes_come_back_in_the_pictures_pixels(fake_runtime, clock):
    model = TensorModel(fake_runtime(yolo([32, 32, 32, 64, 0, 0.9])), CARD, clock)
    answer = model.predict(PICTURE)
    assert answer.label.tolist() == [1]
    assert answer.score == pytest.approx([0.9])
    assert answer.box.tolist() == [[32.0, 0.0, 96.0, 32.0]]


def test_stages_are_timed_by_the_clock_that_is_given(fake_runtime, clock):
    answer = TensorModel(fake_runtime(yolo()), CARD, clock).predict(PICTURE)
    assert answer.seconds == {"preprocess": 1.0, "infer": 1.0, "postprocess": 1.0}
    assert len(answer.label) == 0


def test_one_anchor_may_answer_with_two_classes(fake_runtime, clock):
    answer = TensorModel(fake_runtime(yolo([32, 32, 8, 8, 0.3, 0.6])), CARD, clock).predict(PICTURE)
    assert answer.label.tolist() == [1, 0]


def test_doubles_go_and_weak_answers_too(fake_runtime, clock):
    rows = [[32, 32, 20, 20, 0.5, 0], [33, 32, 20, 20, 0.6, 0], [10, 10, 4, 4, 0.005, 0]]
    answer = TensorModel(fake_runtime(yolo(*rows)), CARD, clock).predict(PICTURE)
    assert answer.score == pytest.approx([0.6])


def test_only_the_best_answers_stay(fake_runtime, clock):
    rows = [[8 * n, 32, 4, 4, 0.1 * n, 0] for n in range(1, 8)]
    answer = TensorModel(fake_runtime(yolo(*rows)), CARD, clock, max_answers=2).predict(PICTURE)
    assert answer.score == pytest.approx([0.7, 0.6])


def test_a_classifier_answers_with_every_class(fake_runtime, clock):
    card = replace(CARD, task=Task.CLASSIFICATION, head="classifier-logits")
    answer = TensorModel(fake_runtime({"logits": np.array([[0.0, np.log(3)]])}), card, clock).predict(PICTURE)
    assert answer.label.tolist() == [0, 1]
    assert answer.score == pytest.approx([0.25, 0.75])
    assert not answer.box.any()


def test_masks_are_drawn_in_the_pictures_pixels_inside_the_box(fake_runtime, clock):
    columns = np.zeros((4 + 2 + 1, 84), dtype=np.float32)
    columns[:, 0] = [32, 32, 32, 32, 0.9, 0, 1.0]
    prototypes = np.full((1, 1, 16, 16), -9.0, dtype=np.float32)
    prototypes[..., :8] = 9.0  # the left half of the input
    outputs = {"output0": columns[None], "output1": prototypes}
    card = replace(CARD, task=Task.SEGMENTATION, head="yolo-seg")
    answer = TensorModel(fake_runtime(outputs), card, clock).predict(PICTURE)
    assert answer.masks is not None
    expected = np.zeros((32, 128), dtype=bool)
    expected[8:24, 32:64] = True
    assert np.array_equal(answer.masks.bitmap(0), expected)


def test_masks_follow_a_letterbox(fake_runtime, clock):
    columns = np.zeros((7, 84), dtype=np.float32)
    columns[:, 0] = [32, 32, 64, 16, 0.9, 0, 1.0]
    outputs = {"output0": columns[None], "output1": np.full((1, 1, 16, 16), 9.0, dtype=np.float32)}
    how = Preprocessing(64, 64, resize=Resize.LETTERBOX)
    card = replace(CARD, task=Task.SEGMENTATION, head="yolo-seg", preprocessing=how)
    answer = TensorModel(fake_runtime(outputs), card, clock).predict(PICTURE)
    assert answer.masks is not None
    assert answer.masks.bitmap(0).all()


def test_a_segmenter_that_finds_nothing_has_no_masks_but_a_table_for_them(fake_runtime, clock):
    outputs = {"output0": np.zeros((1, 7, 84), np.float32), "output1": np.zeros((1, 1, 16, 16), np.float32)}
    card = replace(CARD, task=Task.SEGMENTATION, head="yolo-seg")
    answer = TensorModel(fake_runtime(outputs), card, clock).predict(PICTURE)
    assert answer.masks is not None
    assert len(answer.masks) == 0


def test_a_call_without_numbers_fails(fake_runtime, clock):
    broken = {"output0": np.full((1, 6, 84), np.nan, dtype=np.float32)}
    with pytest.raises(RuntimeFailure, match="NaN"):
        TensorModel(fake_runtime(broken), CARD, clock).predict(PICTURE)


def test_a_card_without_a_head_cannot_be_run(fake_runtime, clock):
    with pytest.raises(ModelError, match="names no head"):
        TensorModel(fake_runtime(yolo()), replace(CARD, head=None), clock)
