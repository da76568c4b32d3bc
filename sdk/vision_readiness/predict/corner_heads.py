"""Heads with built-in NMS: corners, one score and one class a row.

YOLOv10 and YOLO26 put all in one output; torchvision, MMDeploy and TensorRT keep boxes, scores and labels apart;
YOLO-NAS and YOLOv7 write flat rows that begin with the number of the picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import (
    Candidates,
    Frame,
    Outputs,
    are_shares,
    in_unit_range,
    matrix,
    named,
    one_hot,
    same_form,
    with_prototypes,
)


def count_corners(outputs: Outputs, frame: Frame) -> int | None:
    rows = matrix(outputs)
    return None if rows is None or rows.shape[1] != 6 or are_shares(rows[:, :4]) else _count_corner_rows(rows, frame)


def count_corner_shares(outputs: Outputs, frame: Frame) -> int | None:
    rows = matrix(outputs)
    fits = rows is not None and rows.shape[1] == 6 and (are_shares(rows[:, :4]) or not rows[:, :4].any())
    return _count_corner_rows(rows, frame) if rows is not None and fits else None


def corner_shares(outputs: Outputs, frame: Frame) -> Candidates:
    return _in_pixels(corners(outputs, frame), frame)


def _in_pixels(found: Candidates, frame: Frame) -> Candidates:
    return replace(found, box=found.box * np.array([frame.width, frame.height] * 2))


def count_corners_seg(outputs: Outputs, frame: Frame) -> int | None:
    found = with_prototypes(outputs)
    return None if found is None or found[0].shape[1] != 6 + len(found[1]) else _count_corner_rows(found[0], frame)


def _count_corner_rows(rows: NDArray[Any], frame: Frame) -> int | None:
    label = rows[:, 5]
    ordered = (rows[:, 2:4] >= rows[:, :2]).all()
    fits = ordered and in_unit_range(rows[:, 4]) and (label == np.round(label)).all() and (label >= 0).all()
    seen = int(label.max(initial=0)) + 1
    return max(seen, frame.classes or 0) if fits else None


def corners(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(matrix(outputs))
    return Candidates(rows[:, :4], one_hot(rows[:, 4], rows[:, 5], frame))


def corners_seg(outputs: Outputs, frame: Frame) -> Candidates:
    rows, prototypes = same_form(with_prototypes(outputs))
    return Candidates(rows[:, :4], one_hot(rows[:, 4], rows[:, 5], frame), rows[:, 6:], prototypes)


def count_separate(outputs: Outputs, frame: Frame) -> int | None:
    found = _separate(outputs)
    if found is None:
        return None
    seen = int(found[2].max(initial=0)) + 1
    return max(seen, frame.classes or 0)


def separate(outputs: Outputs, frame: Frame) -> Candidates:
    box, score, label = same_form(_separate(outputs))
    return Candidates(box, one_hot(score, label, frame))


def count_separate_from_one(outputs: Outputs, frame: Frame) -> int | None:
    found = _separate(outputs)
    return None if found is None else max(int(found[2].max(initial=0)), frame.classes or 0)


def separate_from_one(outputs: Outputs, frame: Frame) -> Candidates:
    box, score, label = same_form(_separate(outputs))
    return Candidates(box, one_hot(score, label - 1, frame))


def separate_shares(outputs: Outputs, frame: Frame) -> Candidates:
    return _in_pixels(separate(outputs, frame), frame)


def count_efficient_nms(outputs: Outputs, frame: Frame) -> int | None:
    found = _efficient_nms(outputs)
    return None if found is None else max(int(found[2].max(initial=0)) + 1, frame.classes or 0)


def efficient_nms(outputs: Outputs, frame: Frame) -> Candidates:
    box, score, label = same_form(_efficient_nms(outputs))
    return Candidates(box, one_hot(score, label, frame))


def _efficient_nms(outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]] | None:
    """The rows that TensorRT's plug-in counts in ``num_dets``: boxes (n, 4), scores (n,) and classes (n,)."""
    number, box, score, label = (named(outputs, word) for word in ("num_det", "det_boxes", "det_scores", "det_classes"))
    if number is None or box is None or score is None or label is None or box.shape[-1] != 4 or number.size != 1:
        return None
    rows = max(int(number.reshape(-1)[0]), 0)
    return box.reshape(-1, 4)[:rows], score.reshape(-1)[:rows], label.reshape(-1)[:rows]


def count_flat_score_class(outputs: Outputs, frame: Frame) -> int | None:
    rows = _flat(outputs)
    return None if rows is None or "flat" not in _name(outputs) else _count_corner_rows(rows[:, 1:], frame)


def flat_score_class(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(_flat(outputs))
    return Candidates(rows[:, 1:5], one_hot(rows[:, 5], rows[:, 6], frame))


def count_flat_class_score(outputs: Outputs, frame: Frame) -> int | None:
    rows = _flat(outputs)
    return None if rows is None else _count_corner_rows(rows[:, [1, 2, 3, 4, 6, 5]], frame)


def flat_class_score(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(_flat(outputs))
    return Candidates(rows[:, 1:5], one_hot(rows[:, 6], rows[:, 5], frame))


def _name(outputs: Outputs) -> str:
    return next(iter(outputs)).lower()


def _flat(outputs: Outputs) -> NDArray[Any] | None:
    """The only output as rows of seven numbers, of which the first is the picture's."""
    tensors = list(outputs.values())
    return tensors[0] if len(tensors) == 1 and tensors[0].ndim == 2 and tensors[0].shape[1] == 7 else None


def count_corners_and_scores(outputs: Outputs, _frame: Frame) -> int | None:
    found = _corners_and_scores(outputs)
    return None if found is None or are_shares(found[0]) else found[1].shape[1]


def corners_and_scores(outputs: Outputs, _frame: Frame) -> Candidates:
    return Candidates(*same_form(_corners_and_scores(outputs)))


def count_shares_background_first(outputs: Outputs, _frame: Frame) -> int | None:
    found = _corners_and_scores(outputs)
    fits = found is not None and found[1].shape[1] > 1 and np.allclose(found[1].sum(axis=1), 1, atol=1e-3)
    return found[1].shape[1] - 1 if found is not None and fits and are_shares(found[0]) else None


def shares_background_first(outputs: Outputs, frame: Frame) -> Candidates:
    box, score = same_form(_corners_and_scores(outputs))
    return _in_pixels(Candidates(box, score[:, 1:]), frame)


def _corners_and_scores(outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Boxes (n, 4) and scores (n, columns), where the outputs are one of each and the boxes are corners."""
    flat = [tensor[0] for tensor in outputs.values() if tensor.ndim == 3 and tensor.shape[0] == 1]
    if len(outputs) != 2 or len(flat) != 2 or len(flat[0]) != len(flat[1]):
        return None
    for box, score in (flat, flat[::-1]):
        is_named = any(word in name for name in map(str.lower, outputs) for word in ("dets", "logits", "pred_boxes"))
        if box.shape[1] == 4 and not is_named and in_unit_range(score) and (box[:, 2:] >= box[:, :2]).all():
            return box, score
    return None


def _separate(outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]] | None:
    """Boxes (n, 4), scores (n,) and labels (n,), by name; MMDeploy keeps the score as the fifth column of its boxes."""
    boxes, scores, labels = (named(outputs, *names) for names in (("boxes", "dets"), ("scores",), ("labels",)))
    if boxes is None or labels is None:
        return None
    boxes, labels = boxes.reshape(-1, boxes.shape[-1]), labels.reshape(-1)
    if scores is None and boxes.shape[1] == 5:
        boxes, scores = boxes[:, :4], boxes[:, 4]
    if scores is None or boxes.shape[1] != 4:
        return None
    scores = scores.reshape(-1)
    return (boxes, scores, labels) if len(boxes) == len(scores) == len(labels) else None
