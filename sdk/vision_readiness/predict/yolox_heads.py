"""YOLOX and YOLOv5 heads: an objectness stands between the box and the class scores.

YOLOX may leave its grid undone; its rows are the cells of the grids, finest first, row by row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import Candidates, Frame, Outputs, corners, in_unit_range, matrix, same_form

STRIDES = (8, 16, 32)


def count_yolox_raw(outputs: Outputs, frame: Frame) -> int | None:
    rows = _objectness_rows(outputs)
    if rows is None or len(rows) != len(_grid(frame)[0]):
        return None
    # Offsets are a few cells at most; decoded centres reach across the picture.
    offsets_only = float(np.abs(rows[:, :2]).max()) < min(frame.width, frame.height) / 4
    return rows.shape[1] - 5 if offsets_only else None


def count_yolox(outputs: Outputs, frame: Frame) -> int | None:
    rows = _objectness_rows(outputs)
    fits = rows is not None and len(rows) == len(_grid(frame)[0]) and _sizes_are_positive(rows)
    return rows.shape[1] - 5 if rows is not None and fits else None


def count_yolov5(outputs: Outputs, frame: Frame) -> int | None:
    rows = _objectness_rows(outputs)
    fits = rows is not None and len(rows) == 3 * len(_grid(frame)[0]) and _sizes_are_positive(rows)
    return rows.shape[1] - 5 if rows is not None and fits else None


def yolox_raw(outputs: Outputs, frame: Frame) -> Candidates:
    rows = same_form(matrix(outputs)).astype(np.float64)
    cell, stride = _grid(frame)
    # A log size over 20 is not a box; the limit keeps exp from overflowing.
    decoded = np.concatenate([(rows[:, :2] + cell) * stride, np.exp(np.minimum(rows[:, 2:4], 20.0)) * stride], axis=1)
    return Candidates(corners(decoded), rows[:, 4:5] * rows[:, 5:])


def yolo_with_objectness(outputs: Outputs, _frame: Frame) -> Candidates:
    rows = same_form(matrix(outputs))
    return Candidates(corners(rows[:, :4]), rows[:, 4:5] * rows[:, 5:])


def _objectness_rows(outputs: Outputs) -> NDArray[Any] | None:
    rows = matrix(outputs)
    return rows if rows is not None and rows.shape[1] > 5 and in_unit_range(rows[:, 4:]) else None


@lru_cache(maxsize=8)
def _grid(frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The cells (n, 2) as (column, row) and their strides (n, 1), finest grid first, row by row."""
    cells, strides = [], []
    for stride in STRIDES:
        rows, columns = np.mgrid[: frame.height // stride, : frame.width // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        strides.append(np.full((rows.size, 1), stride))
    return np.concatenate(cells).astype(np.float64), np.concatenate(strides).astype(np.float64)


def _sizes_are_positive(rows: NDArray[Any]) -> bool:
    return bool((rows[:, 2:4] >= 0).all())
