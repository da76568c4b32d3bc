"""RF-DETR, DETR and RT-DETR heads: centre and size as shares of the input, and a score for each class.

Whether a column of the logits is background, and which, cannot be told from their number (roboflow/rf-detr pull
request 1397, August 2026): present exports have it last, older ones number classes from 1 and leave the first unused.
A column that was never an answer in training stays the lowest, which decides where the names leave one column over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import (
    Candidates,
    Frame,
    Outputs,
    are_shares,
    corners,
    in_unit_range,
    matrix,
    named,
    one_hot,
    same_form,
    sigmoid,
)


def count_rf_detr(outputs: Outputs, frame: Frame) -> int | None:
    columns = _columns(outputs)
    return None if columns is None or len(columns) != frame.classes else len(columns)


def count_rf_detr_background_last(outputs: Outputs, frame: Frame) -> int | None:
    columns = _columns(outputs)
    if columns is None or len(columns) < 2:
        return None
    classes = len(columns) - 1
    first_is_unused = frame.classes == classes and columns[0] < columns[-1] - 1.0
    return None if first_is_unused else classes


def count_rf_detr_background_first(outputs: Outputs, _frame: Frame) -> int | None:
    columns = _columns(outputs)
    return None if columns is None or len(columns) < 2 else len(columns) - 1


def rf_detr(outputs: Outputs, frame: Frame) -> Candidates:
    return _rf_detr_rows(outputs, frame, slice(None))


def rf_detr_background_last(outputs: Outputs, frame: Frame) -> Candidates:
    return _rf_detr_rows(outputs, frame, slice(None, -1))


def rf_detr_background_first(outputs: Outputs, frame: Frame) -> Candidates:
    return _rf_detr_rows(outputs, frame, slice(1, None))


def count_detr(outputs: Outputs, frame: Frame) -> int | None:
    """The classes beside a last column for *no object*, where the outputs have the names of Transformers' models."""
    found = _rf_detr(outputs)
    is_named = any("logits" in name.lower() for name in outputs)
    columns = 0 if found is None else len(found[1].T)
    return columns - 1 if is_named and columns > 1 and frame.classes not in (None, columns) else None


def detr(outputs: Outputs, frame: Frame) -> Candidates:
    """DETR and YOLOS: a softmax over the classes and *no object* (Carion et al. 2020)."""
    box, logits = same_form(_rf_detr(outputs))
    spread = np.exp(logits - logits.max(axis=1, keepdims=True))
    score = spread / spread.sum(axis=1, keepdims=True)
    return Candidates(corners(box.astype(np.float64)) * _whole(frame), score[:, :-1])


def count_rtdetr(outputs: Outputs, _frame: Frame) -> int | None:
    rows = matrix(outputs)
    fits = rows is not None and rows.shape[1] > 4 and in_unit_range(rows[:, 4:]) and _are_shares_or_nothing(rows)
    return rows.shape[1] - 4 if rows is not None and fits else None


def rtdetr(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(matrix(outputs))
    return Candidates(corners(rows[:, :4].astype(np.float64)) * _whole(frame), rows[:, 4:])


def count_rtdetr_rows(outputs: Outputs, frame: Frame) -> int | None:
    rows = matrix(outputs)
    if rows is None or rows.shape[1] != 6 or not in_unit_range(rows[:, 4]) or not _are_shares_or_nothing(rows):
        return None
    label = rows[:, 5]
    fits = (label == np.round(label)).all() and (label >= 0).all()
    return max(int(label.max(initial=0)) + 1, frame.classes or 0) if fits else None


def rtdetr_rows(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(matrix(outputs))
    box = corners(rows[:, :4].astype(np.float64)) * _whole(frame)
    return Candidates(box, one_hot(rows[:, 4], rows[:, 5], frame))


def _are_shares_or_nothing(rows: NDArray[Any]) -> bool:
    box = rows[:, :4]
    return (are_shares(box) or not box.any()) and bool((box[:, 2:] >= 0).all())


def _whole(frame: Frame) -> NDArray[np.float64]:
    return np.array([frame.width, frame.height] * 2, dtype=np.float64)


def _rf_detr_rows(outputs: Outputs, frame: Frame, columns: slice) -> Candidates:
    found = same_form(_rf_detr(outputs))
    box = corners(found[0].astype(np.float64)) * _whole(frame)
    return Candidates(box, sigmoid(found[1][:, columns]))


def _rf_detr(outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Boxes (n, 4) and logits (n, columns): by name first, since three classes make the two shapes equal."""
    flat = {name: tensor[0] for name, tensor in outputs.items() if tensor.ndim == 3 and tensor.shape[0] == 1}
    boxes, logits = named(flat, "dets", "boxes"), named(flat, "labels", "logits")
    if boxes is None or logits is None:
        return None
    return (boxes, logits) if boxes.shape[1] == 4 and len(boxes) == len(logits) else None


def _columns(outputs: Outputs) -> NDArray[np.float64] | None:
    """The mean logit of each column, where the boxes are shares of the input; just over the edge still counts."""
    found = _rf_detr(outputs)
    if found is None or not ((found[0] > -0.5).all() and (found[0] < 1.5).all()):
        return None
    mean: NDArray[np.float64] = found[1].mean(axis=0, dtype=np.float64)
    return mean
