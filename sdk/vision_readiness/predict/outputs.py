"""What decoding a model's raw output into predictions needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.interface import RuntimeFailure

T = TypeVar("T")

Outputs = Mapping[str, NDArray[Any]]
"""A call's output tensors by name, in the model's order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The input's size in pixels, and the number of classes where it is known."""

    width: int
    height: int
    classes: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Everything a head sees in one picture.

    ``box`` has shape (n, 4), xyxy in input pixels; ``score`` has shape (n, classes), 0 to 1. A classifier has one
    row and an all-zero box. Segmenters add ``weights`` (n, k) over ``prototypes`` (k, h, w) spread on the input.
    """

    box: NDArray[np.floating]
    score: NDArray[np.floating]
    weights: NDArray[np.floating] | None = None
    prototypes: NDArray[np.floating] | None = None


def corners(centred: NDArray[np.floating]) -> NDArray[np.floating]:
    """Boxes (n, 4) given by centre and size, as xyxy; a size below zero counts as zero."""
    half = np.maximum(centred[:, 2:], 0) / 2
    return np.concatenate([centred[:, :2] - half, centred[:, :2] + half], axis=1)


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """The logistic function, by way of tanh, which cannot overflow.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    squashed: NDArray[np.floating] = 0.5 * (1.0 + np.tanh(0.5 * x))
    return squashed


def in_unit_range(values: NDArray[Any]) -> bool:
    """Whether all ``values`` are 0 to 1, but for rounding."""
    return bool(not values.size or (values.min() >= -1e-3 and values.max() <= 1 + 1e-3))


def are_shares(box: NDArray[Any]) -> bool:
    """Whether box coordinates are shares of the input: some above zero, and none a pixel or two beyond its edge."""
    return bool(box.size and 0 < box.max() <= 1.5 and box.min() >= -0.5)


def matrix(outputs: Outputs) -> NDArray[Any] | None:
    """The only output as (rows, columns), where it is 1 x rows x columns."""
    tensors = list(outputs.values())
    return _without_batch(tensors[0]) if len(tensors) == 1 and tensors[0].ndim == 3 else None


def with_prototypes(outputs: Outputs) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The matrix and the prototypes (k, h, w), where the outputs are one of each."""
    flat = [_without_batch(tensor) for tensor in outputs.values() if tensor.ndim == 3]
    deep = [_without_batch(tensor) for tensor in outputs.values() if tensor.ndim == 4]
    if len(outputs) != 2 or len(flat) != 1 or len(deep) != 1 or flat[0] is None or deep[0] is None:
        return None
    return flat[0], deep[0]


def _without_batch(tensor: NDArray[Any]) -> NDArray[Any] | None:
    return tensor[0] if tensor.shape[0] == 1 else None


def named(outputs: Outputs, *words: str) -> NDArray[Any] | None:
    """The one output whose name holds one of ``words``."""
    matches = [tensor for name, tensor in outputs.items() if any(word in name.lower() for word in words)]
    return matches[0] if len(matches) == 1 and matches[0].ndim else None


def one_hot(score: NDArray[Any], label: NDArray[Any], frame: Frame) -> NDArray[np.float64]:
    """Scores (n, classes), each row zero but at its label; a label outside the classes is not an answer."""
    classes = frame.classes or int(label.max(initial=0)) + 1
    spread = np.zeros((len(score), classes))
    known = np.flatnonzero((label >= 0) & (label < classes))
    spread[known, label[known].astype(np.int64)] = score[known]
    return spread


def same_form(found: T | None) -> T:
    """``found``; raises ``RuntimeFailure`` where a call's outputs lost the form they had when the model was opened."""
    if found is None:
        raise RuntimeFailure("the model's outputs changed their form between calls: export it with fixed outputs")
    return found
