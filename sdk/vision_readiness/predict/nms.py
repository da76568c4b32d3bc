"""Non-maximum suppression, class by class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 384
"""Candidates looked at together: enough for one picture's answers in one go, and its pair matrix stays in cache."""


def suppress(
    box: NDArray[np.floating],
    score: NDArray[np.floating],
    label: NDArray[np.integer],
    *,
    iou: float,
    max_answers: int,
    block: int = BLOCK,
) -> NDArray[np.int64]:
    """The rows that greedy class-wise suppression keeps, best score first, at most ``max_answers``.

    ``box`` has shape (n, 4), xyxy; a row falls when a better one of its label, itself kept, overlaps it by more than
    ``iou``. Equal scores go by row, so the result is the same every time. No rows give no rows.

    Works down the ranking ``block`` rows at a time, so it ends when enough rows are kept. Within a block, who falls is
    recomputed from who stands until nothing changes: the greedy answer (Zheng et al. 2021, Cluster-NMS, arXiv
    2005.03572).
    """
    order = np.argsort(-score, kind="stable")
    corners = box.astype(np.float32)
    kept = np.zeros(0, dtype=np.int64)
    for start in range(0, len(order), block):
        next_best = order[start : start + block]
        if len(kept):
            next_best = next_best[~_overlaps(corners, label, kept, next_best, iou).any(axis=0)]
        better, worse = np.nonzero(np.triu(_overlaps(corners, label, next_best, next_best, iou), k=1))
        kept = np.concatenate([kept, next_best[_survivors(len(next_best), better, worse)]])
        if len(kept) >= max_answers:
            break
    return kept[:max_answers]


def _survivors(rows: int, better: NDArray[np.int64], worse: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of ranked ``rows`` are kept when each ``better`` row that is kept suppresses its ``worse`` one."""
    stands = np.ones(rows, dtype=bool)
    while True:
        after = np.ones(rows, dtype=bool)
        after[worse[stands[better]]] = False
        if np.array_equal(after, stands):
            return stands
        stands = after


def _overlaps(
    box: NDArray[np.float32],
    label: NDArray[np.integer],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    iou: float,
) -> NDArray[np.bool_]:
    """Which pairs (first, second) share a label and more than ``iou`` of their union."""
    a, b = box[first], box[second]
    inner = np.minimum(a[:, None, 2], b[None, :, 2])
    inner -= np.maximum(a[:, None, 0], b[None, :, 0])
    height = np.minimum(a[:, None, 3], b[None, :, 3])
    height -= np.maximum(a[:, None, 1], b[None, :, 1])
    np.maximum(inner, 0.0, out=inner)
    inner *= np.maximum(height, 0.0, out=height)
    # inner > iou * (area_a + area_b - inner), solved for inner so that the pairs' matrix is walked once less
    share = iou / (1.0 + iou)
    area_a, area_b = (share * np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (a, b))
    overlapping: NDArray[np.bool_] = inner > np.add(area_a[:, None], area_b[None, :], out=height)
    overlapping &= label[first][:, None] == label[second][None, :]
    return overlapping
