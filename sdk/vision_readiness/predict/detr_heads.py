"""RF-DETR heads: centre and size as shares of the input, and logits for each class.

Whether a column of the logits is background, and which, cannot be told from their number (roboflow/rf-detr pull
request 1397, August 2026): present exports have it last, older ones number classes from 1 and leave the first unused.
A column that was never an answer in training stays the lowest, which decides where the names leave one column over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import Candidates, Frame, Outputs, corners, named, same_form, sigmoid


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


def _rf_detr_rows(outputs: Outputs, frame: Frame, columns: slice) -> Candidates:
    found = same_form(_rf_detr(outputs))
    box = corners(found[0].astype(np.float64)) * np.array([frame.width, frame.height] * 2)
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
