import numpy as np
import pytest

from vision_readiness.errors import ModelError
from vision_readiness.predict.heads import HEADS, find_head, fitting_head, head_named, read
from vision_readiness.predict.interface import RuntimeFailure
from vision_readiness.predict.outputs import Frame
from vision_readiness.project import Task

FRAME = Frame(64, 64, 2)
CELLS = 8 * 8 + 4 * 4 + 2 * 2


def yolo_columns(classes=2, n=CELLS):
    columns = np.zeros((4 + classes, n), dtype=np.float32)
    columns[:4, 7] = [20, 30, 10, 4]
    columns[4 + 1, 7] = 0.9
    return columns


def yolox_rows(classes=2, n=CELLS):
    rows = np.zeros((n, 5 + classes), dtype=np.float32)
    rows[:, :4] = [60, 60, 8, 8]
    rows[7] = [20, 30, 10, 4, 0.8, *[0] * (classes - 1), 0.5]
    return rows


def corner_rows():
    rows = np.zeros((10, 6), dtype=np.float32)
    rows[0] = [15, 28, 25, 32, 0.9, 1]
    return rows


def detr(columns, unused=None):
    boxes = np.full((5, 4), 0.5, dtype=np.float32)
    boxes[0] = [20 / 64, 30 / 64, 10 / 64, 4 / 64]
    logits = np.full((5, columns), -4.0, dtype=np.float32)
    if unused is not None:
        logits[:, unused] = -9.0
    return {"dets": boxes[None], "labels": logits[None]}


BOX = [15.0, 28.0, 25.0, 32.0]


@pytest.mark.parametrize(
    ("name", "outputs", "score"),
    [
        ("yolo", {"output0": yolo_columns()[None]}, 0.9),
        ("yolo-transposed", {"output0": yolo_columns().T[None]}, 0.9),
        ("yolox", {"output": yolox_rows()[None]}, 0.4),
        ("yolov5", {"output": np.tile(yolox_rows(), (3, 1))[None]}, 0.4),
        ("corners", {"output0": corner_rows()[None]}, 0.9),
        (
            "boxes-scores-labels",
            {"labels": np.array([1]), "boxes": np.array([BOX]), "scores": np.array([0.9])},
            0.9,
        ),
        ("boxes-scores-labels", {"dets": np.array([[[*BOX, 0.9]]]), "labels": np.array([[1]])}, 0.9),
    ],
)
def test_a_head_is_found_and_reads_its_box(name, outputs, score):
    head, count = find_head(outputs, FRAME)
    assert (head.name, count) == (name, 2)
    found = read(head, outputs, FRAME)
    best = found.score.max(axis=1).argmax()
    assert np.allclose(found.box[best], BOX)
    assert found.score[best] == pytest.approx([0.0, score])


SHARES = np.array([15 / 64, 28 / 64, 25 / 64, 32 / 64])
CENTRED = np.array([20 / 64, 30 / 64, 10 / 64, 4 / 64])


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        (
            "efficient-nms",
            {
                "num_dets": np.array([[1]]),
                "det_boxes": np.array([[BOX, [0, 0, 1, 1]]]),
                "det_scores": np.array([[0.9, 0.99]]),
                "det_classes": np.array([[1, 0]]),
            },
        ),
        ("corners-shares", {"output0": np.array([[[*SHARES, 0.9, 1]]])}),
        ("flat-score-class", {"graph2_flat_predictions": np.array([[0, *BOX, 0.9, 1]])}),
        ("flat-class-score", {"output": np.array([[0, *BOX, 1, 0.9]])}),
        ("corners-and-scores", {"904": np.array([[BOX]]), "913": np.array([[[0.0, 0.9]]])}),
        ("shares-background-first", {"boxes": np.array([[SHARES]]), "scores": np.array([[[0.1, 0.0, 0.9]]])}),
        ("yolo-shares", {"Identity": np.tile([*CENTRED, 0.0, 0.9], (20, 1)).T[None]}),
        ("rtdetr", {"output0": np.array([[[*CENTRED, 0.0, 0.9], [*CENTRED, 0.0, 0.1]]])}),
        ("detr", {"logits": np.array([[[0.0, 9.2, 7.0]]]), "pred_boxes": CENTRED[None, None]}),
    ],
)
def test_the_forms_of_other_exporters_are_read(name, outputs):
    found = read(fitting_head(name, outputs, FRAME)[0], outputs, FRAME)
    best = found.score.max(axis=1).argmax()
    assert np.allclose(found.box[best], BOX)
    assert found.score[best] == pytest.approx([0.0, 0.9], abs=2e-3)


def test_labels_from_one_and_rows_of_rtdetr_are_read_where_they_are_named():
    outputs = {"labels": np.array([2]), "boxes": np.array([BOX]), "scores": np.array([0.9])}
    found = read(head_named("boxes-scores-labels-from-1"), outputs, FRAME)
    assert found.score.tolist() == [[0.0, 0.9]]
    rows = {"output0": np.array([[[*CENTRED, 0.9, 1]]])}
    found = read(head_named("rtdetr-rows"), rows, FRAME)
    assert np.allclose(found.box, [BOX])
    assert found.score.tolist() == [[0.0, 0.9]]


def test_yolox_cells_are_decoded_where_the_export_left_them():
    rows = np.zeros((CELLS, 7), dtype=np.float32)
    cell = 64 + 4 * 1 + 2  # the second grid (stride 16), row 1, column 2
    rows[cell] = [0.5, 0.25, np.log(2), np.log(3), 1.0, 0.25, 0.5]
    head, _ = find_head({"output": rows[None]}, FRAME)
    found = read(head, {"output": rows[None]}, FRAME)
    assert head.name == "yolox-raw"
    assert np.allclose(found.box[cell], [40 - 16, 20 - 24, 40 + 16, 20 + 24])
    assert found.score[cell] == pytest.approx([0.25, 0.5])


@pytest.mark.parametrize(
    ("columns", "unused", "name"),
    [
        (2, None, "rf-detr"),
        (3, 2, "rf-detr-background-last"),
        (3, 0, "rf-detr-background-first"),
        (3, None, "rf-detr-background-last"),
    ],
)
def test_rf_detr_finds_its_background_column(columns, unused, name):
    outputs = detr(columns, unused)
    dog = 2 if unused == 0 else 1
    outputs["labels"][0, 0, dog] = 2.0
    head, count = find_head(outputs, FRAME)
    found = read(head, outputs, FRAME)
    assert (head.name, count) == (name, 2)
    assert np.allclose(found.box[0], BOX)
    assert found.score[0].argmax() == 1
    assert found.score[0, 1] == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_rf_detr_with_three_classes_tells_boxes_from_logits_by_name():
    outputs = detr(4, unused=3)
    swapped = {"labels": outputs["labels"], "dets": outputs["dets"]}
    assert np.allclose(read(head_named("rf-detr-background-last"), swapped, Frame(64, 64, 3)).box[0], BOX)


def test_yolo_seg_splits_scores_from_mask_weights():
    columns = np.concatenate([yolo_columns(), np.full((3, CELLS), 2.0, dtype=np.float32)])
    outputs = {"output0": columns[None], "output1": np.ones((1, 3, 16, 16), dtype=np.float32)}
    head, count = find_head(outputs, FRAME)
    found = read(head, outputs, FRAME)
    assert (head.name, count) == ("yolo-seg", 2)
    assert found.weights is not None
    assert found.weights.shape == (CELLS, 3)


@pytest.mark.parametrize(
    ("row", "task", "name", "answers"),
    [
        ([0.25, 0.75], Task.CLASSIFICATION, "classifier-probabilities", [0.25, 0.75]),
        ([0.0, np.log(3)], Task.CLASSIFICATION, "classifier-logits", [0.25, 0.75]),
        ([0.9, 0.8], Task.MULTILABEL, "multilabel-probabilities", [0.9, 0.8]),
        ([0.0, -1000.0], Task.MULTILABEL, "multilabel-logits", [0.5, 0.0]),
    ],
)
def test_a_classifier_is_normalised_only_where_it_is_not_yet(row, task, name, answers):
    outputs = {"output": np.array([row], dtype=np.float32)}
    head, _ = find_head(outputs, FRAME, task)
    assert head.name == name
    assert read(head, outputs, FRAME).score[0] == pytest.approx(answers, abs=1e-6)


def test_an_output_named_logits_is_never_taken_for_probabilities_of_many_labels():
    head, _ = find_head({"logits": np.array([[0.9, 0.8]])}, FRAME, Task.MULTILABEL)
    assert head.name == "multilabel-logits"


def test_another_class_count_is_an_error_that_says_the_count():
    with pytest.raises(ModelError, match="answers with 5 classes"):
        find_head({"output0": yolo_columns(classes=5)[None]}, FRAME)


def test_outputs_of_no_known_form_are_listed_with_the_forms():
    with pytest.raises(
        ModelError, match=r"no head fits the outputs \(heat 1 x 2 x 8 x 8; heat holds 0 to 0\).*yolo-seg"
    ):
        find_head({"heat": np.zeros((1, 2, 8, 8))}, FRAME)


def test_an_output_without_rows_is_named_too():
    with pytest.raises(ModelError, match=r"no head fits the outputs \(boxes 0 x 4, scores 0; \)"):
        find_head({"boxes": np.zeros((0, 4)), "scores": np.zeros(0)}, FRAME)


def test_scores_without_their_sigmoid_are_no_yolo():
    logits = yolo_columns()
    logits[4:] -= 5
    with pytest.raises(ModelError, match="output0 holds -5 to 30"):
        find_head({"output0": logits[None]}, FRAME)


def test_without_a_known_class_count_the_outputs_tell_it():
    assert find_head({"output0": yolo_columns(classes=5)[None]}, Frame(64, 64))[1] == 5


def test_a_named_head_must_have_the_form():
    with pytest.raises(ModelError, match="do not have the form of head 'yolo'"):
        fitting_head("yolo", {"output": np.zeros((1, 2))}, FRAME)
    with pytest.raises(ModelError, match="there is no head 'yolo9000'; the heads are"):
        head_named("yolo9000")


def test_numbers_that_are_none_fail_the_call():
    broken = yolo_columns()
    broken[0, 0] = np.nan
    with pytest.raises(RuntimeFailure, match="NaN"):
        read(head_named("yolo"), {"output0": broken[None]}, FRAME)


def test_scores_beyond_one_fail_the_call():
    broken = yolo_columns()
    broken[4, 0] = 7.0
    with pytest.raises(RuntimeFailure, match="scores run from 0 to 7"):
        read(head_named("yolo"), {"output0": broken[None]}, FRAME)


def test_outputs_that_lose_their_form_fail_the_call():
    with pytest.raises(RuntimeFailure, match="changed their form"):
        read(head_named("yolo"), {"output0": np.zeros((2, 6, 8))}, FRAME)


def test_labels_beyond_the_classes_are_no_answer():
    rows = corner_rows()
    rows[0, 5] = 7
    assert read(head_named("corners"), {"output0": rows[None]}, FRAME).score.max() == 0


def test_head_names_are_unique():
    assert len({head.name for head in HEADS}) == len(HEADS)
