"""YOLOv8, YOLO11 and similar heads: centre and size in input pixels, then a score for each class; no NMS."""

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
    same_form,
    with_prototypes,
)


def count_yolo(outputs: Outputs, _frame: Frame) -> int | None:
    columns = matrix(outputs)
    return None if columns is None or columns.shape[0] > columns.shape[1] else _count(columns.T)


def count_yolo_transposed(outputs: Outputs, _frame: Frame) -> int | None:
    rows = matrix(outputs)
    return None if rows is None else _count(rows)


def count_yolo_seg(outputs: Outputs, _frame: Frame) -> int | None:
    found = with_prototypes(outputs)
    if found is None or found[0].shape[0] > found[0].shape[1]:
        return None
    columns, prototypes = found
    return _count(columns[: max(0, len(columns) - len(prototypes))].T)


def yolo(outputs: Outputs, _frame: Frame) -> Candidates:
    return _read(same_form(matrix(outputs)).T)


def yolo_transposed(outputs: Outputs, _frame: Frame) -> Candidates:
    return _read(same_form(matrix(outputs)))


def yolo_seg(outputs: Outputs, _frame: Frame) -> Candidates:
    columns, prototypes = same_form(with_prototypes(outputs))
    first_weight = len(columns) - len(prototypes)
    plain = _read(columns[:first_weight].T)
    return Candidates(plain.box, plain.score, columns[first_weight:].T, prototypes)


def count_yolo_shares(outputs: Outputs, _frame: Frame) -> int | None:
    columns = matrix(outputs)
    if columns is None or columns.shape[0] > columns.shape[1] or not are_shares(columns[:4]):
        return None
    return columns.shape[0] - 4 if len(columns) > 4 and in_unit_range(columns[4:]) else None


def yolo_shares(outputs: Outputs, frame: Frame) -> Candidates:
    plain = yolo(outputs, frame)
    return Candidates(plain.box * np.array([frame.width, frame.height] * 2), plain.score)


def _count(rows: NDArray[Any]) -> int | None:
    fits = rows.shape[1] > 4 and in_unit_range(rows[:, 4:]) and bool((rows[:, 2:4] >= 0).all())
    return rows.shape[1] - 4 if fits and not are_shares(rows[:, :4]) else None


def _read(rows: NDArray[Any]) -> Candidates:
    return Candidates(corners(rows[:, :4]), rows[:, 4:])
