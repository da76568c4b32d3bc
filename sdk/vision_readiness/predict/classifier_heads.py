"""Classifier heads: one row of ``classes`` numbers for one image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import Candidates, Frame, Outputs, in_unit_range, sigmoid


def count_classes(outputs: Outputs, _frame: Frame) -> int | None:
    """The row's length; a classifier has one output, of shape (1, classes) or (classes,) with trailing ones."""
    row = _row(outputs)
    return None if row is None else len(row)


def count_probabilities(outputs: Outputs, frame: Frame) -> int | None:
    """The row's length where it is a distribution: 0 to 1, summing to 1 within 1e-3."""
    row = _row(outputs)
    if row is None or not in_unit_range(row) or abs(float(row.sum()) - 1.0) > 1e-3:
        return None
    return count_classes(outputs, frame)


def count_unit_scores(outputs: Outputs, frame: Frame) -> int | None:
    """The row's length where all is 0 to 1 and the output is not named logits."""
    row = _row(outputs)
    if row is None or not in_unit_range(row) or "logit" in next(iter(outputs)).lower():
        return None
    return count_classes(outputs, frame)


def probabilities(outputs: Outputs, _frame: Frame) -> Candidates:
    return _answers(_sure_row(outputs))


def logits(outputs: Outputs, _frame: Frame) -> Candidates:
    row = _sure_row(outputs)
    powers = np.exp(row - row.max())
    return _answers(powers / powers.sum())


def unit_scores(outputs: Outputs, _frame: Frame) -> Candidates:
    return _answers(_sure_row(outputs))


def independent_logits(outputs: Outputs, _frame: Frame) -> Candidates:
    return _answers(sigmoid(_sure_row(outputs)))


def _row(outputs: Outputs) -> NDArray[Any] | None:
    if len(outputs) != 1:
        return None
    tensor = next(iter(outputs.values()))
    row = tensor.reshape(-1)
    several = [size for size in tensor.shape if size != 1]
    return row if len(several) == 1 and tensor.ndim in (1, 2, 4) and tensor.shape[0] in (1, len(row)) else None


def _sure_row(outputs: Outputs) -> NDArray[np.floating]:
    return next(iter(outputs.values())).reshape(-1).astype(np.float64)


def _answers(score: NDArray[np.floating]) -> Candidates:
    return Candidates(np.zeros((1, 4)), score[None])
