"""Heads with built-in NMS: corners in input pixels, one score and one class a row.

YOLOv10 and YOLO26 put all in one output; torchvision and MMDeploy keep boxes, scores and labels apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import (
    Candidates,
    Frame,
    Outputs,
    in_unit_range,
    matrix,
    named,
    same_form,
    with_prototypes,
)


def count_corners(outputs: Outputs, frame: Frame) -> int | None:
    rows = matrix(outputs)
    return None if rows is None or rows.shape[1] != 6 else _count_corner_rows(rows, frame)


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
    return Candidates(rows[:, :4], _one_hot(rows[:, 4], rows[:, 5], frame))


def corners_seg(outputs: Outputs, frame: Frame) -> Candidates:
    rows, prototypes = same_form(with_prototypes(outputs))
    return Candidates(rows[:, :4], _one_hot(rows[:, 4], rows[:, 5], frame), rows[:, 6:], prototypes)


def _one_hot(score: NDArray[Any], label: NDArray[Any], frame: Frame) -> NDArray[np.float64]:
    """Scores (n, classes), each row zero but at its label; a label outside the classes is not an answer."""
    classes = frame.classes or int(label.max(initial=0)) + 1
    spread = np.zeros((len(score), classes))
    known = np.flatnonzero((label >= 0) & (label < classes))
    spread[known, label[known].astype(np.int64)] = score[known]
    return spread


def count_separate(outputs: Outputs, frame: Frame) -> int | None:
    found = _separate(outputs)
    if found is None:
        return None
    seen = int(found[2].max(initial=0)) + 1
    return max(seen, frame.classes or 0)


def separate(outputs: Outputs, frame: Frame) -> Candidates:
    box, score, label = same_form(_separate(outputs))
    return Candidates(box, _one_hot(score, label, frame))


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
