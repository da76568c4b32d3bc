"""Numbers as files give them, as columns; what is not a number is NaN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FARTHEST = 1e9
"""A coordinate beyond this many pixels is not one."""


def number_column(values: Sequence[Any], width: int) -> NDArray[np.float64]:
    """``values`` as an array of shape (values, width), numbers in text included; NaN in rows that cannot be read.

    >>> number_column([[1, "2", 3.5, 4], None, ["x", 0, 0, 0]], 4).tolist()
    [[1.0, 2.0, 3.5, 4.0], [nan, nan, nan, nan], [nan, nan, nan, nan]]
    """
    try:
        column = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        column = np.zeros(0)
    if column.shape != (len(values), width):  # a row is odd: read them one by one
        column = np.array([_row(value, width) for value in values], dtype=np.float64).reshape(-1, width)
    return column


def in_order(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes given by any two opposite corners, of shape (boxes, 4), as xyxy with the upper left corner first."""
    first, second = corners[:, :2], corners[:, 2:]
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)


def is_box(xyxy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """A mask of shape (boxes,): four finite pixel coordinates in order. Zero area and out of frame are still boxes."""
    with np.errstate(invalid="ignore"):
        near = (np.abs(xyxy) <= FARTHEST).all(axis=1)
        ordered: NDArray[np.bool_] = near & (xyxy[:, 2] >= xyxy[:, 0]) & (xyxy[:, 3] >= xyxy[:, 1])
    return ordered


def _row(value: object, width: int) -> list[float]:
    try:
        row = [float(number) for number in value]  # type: ignore[attr-defined]  # not a sequence: TypeError below
    except (TypeError, ValueError, OverflowError):
        row = []
    return row if len(row) == width else [np.nan] * width
