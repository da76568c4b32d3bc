"""Which predictions overlap which truths, and by how much: all pairs of a data set as one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.masks import Masks, mask_iou

ANSWERS_AT_ONCE = 8192
"""How many answers meet the truths of their images at a time: most pairs are far apart, and need not be kept."""

PAIRS_AT_ONCE = 250_000
"""About how many pairs of truths are looked at at a time: in a crowd all of them would be too many to hold."""


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """Overlapping answers and truths of one image, of any classes: columns of shape (pairs,), by answer.

    ``answer`` and ``truth`` are rows of the answers and of the truths; over a crowd ``iou`` is the shared part of the
    answer.
    """

    answer: NDArray[np.int32]
    truth: NDArray[np.int32]
    iou: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.answer)

    def where(self, rows: NDArray[np.bool_]) -> PairTable:
        """The pairs that a mask of shape (pairs,) marks."""
        return PairTable(self.answer[rows], self.truth[rows], self.iou[rows])

    def runs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the pairs of each answer that has any begin and end."""
        starts = np.flatnonzero(np.diff(self.answer, prepend=-1))
        return starts, np.append(starts[1:], len(self))


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Answers or truths in matching order, by image: columns of shape (things,); answers are never a ``crowd``."""

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    masks: Masks | None

    def take(self, rows: NDArray[np.int64]) -> Things:
        masks = None if self.masks is None else self.masks.take(rows)
        return Things(self.image[rows], self.label[rows], self.box[rows], self.crowd[rows], masks)

    def area(self) -> NDArray[np.float64]:
        """The area of each in square pixels: of the mask where there is one, else of the box."""
        if self.masks is not None:
            return self.masks.area()
        area: NDArray[np.float64] = np.prod(self.box[:, 2:] - self.box[:, :2], axis=1)
        return area


def overlaps(answers: Things, truths: Things, least: float) -> PairTable:
    """All pairs in one image whose intersection over union is ``least`` or more; truths are ordered by image."""
    starts = range(0, max(1, len(answers.image)), ANSWERS_AT_ONCE)
    parts = [_overlaps(answers, truths, least, slice(start, start + ANSWERS_AT_ONCE)) for start in starts]
    answer, truth, iou = zip(*((part.answer, part.truth, part.iou) for part in parts), strict=True)
    return PairTable(np.concatenate(answer), np.concatenate(truth), np.concatenate(iou))


def _overlaps(answers: Things, truths: Things, least: float, rows: slice) -> PairTable:
    answer, truth = _of_one_image(answers.image[rows], truths.image)
    answer += np.int32(rows.start)
    pairs = PairTable(answer, truth, _box_iou(answers.box[answer], truths.box[truth], truths.crowd[truth]))
    if answers.masks is not None and truths.masks is not None:
        pairs = pairs.where(pairs.iou > 0)
        pairs = PairTable(pairs.answer, pairs.truth, _mask_iou(pairs, answers.masks, truths.masks, truths.crowd))
    return pairs.where(pairs.iou >= least)


def _of_one_image(image: NDArray[np.int32], other: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """All pairs of rows with the same image; ``other`` is ordered."""
    first = np.searchsorted(other, image, side="left")
    count = np.searchsorted(other, image, side="right") - first
    row = np.repeat(np.arange(len(image), dtype=np.int32), count)
    starts = np.cumsum(count) - count
    return row, (np.repeat(first, count) + np.arange(len(row)) - np.repeat(starts, count)).astype(np.int32)


def covered_share(
    image: NDArray[np.int32], box: NDArray[np.float64], *, at_once: int = PAIRS_AT_ONCE
) -> NDArray[np.float64]:
    """The share of each box, 0 to 1, that the one other box of its image covers which covers most of it.

    ``image`` has shape (boxes,); ``box`` holds xyxy pixels. Which of two is in front a box does not say. From left to
    right, a box meets those of its image that begin before it ends, about ``at_once`` pairs at a time.

    >>> covered_share(np.zeros(2, np.int32), np.array([[0.0, 0, 10, 10], [5, 0, 25, 10]])).tolist()
    [0.5, 0.25]
    """
    share, places = np.zeros(len(image)), np.arange(len(image))
    edges = np.unique(box[:, [0, 2]], return_inverse=True)[1].reshape(-1, 2)
    left, right = (image.astype(np.int64) * (edges.max(initial=0) + 1) + edge for edge in edges.T)
    order = np.argsort(left, kind="stable")
    begun = np.maximum(np.searchsorted(left[order], right[order]) - places - 1, 0)
    parts = np.cumsum(begun) // at_once
    for rows in np.split(places, np.flatnonzero(np.diff(parts)) + 1):
        count = begun[rows]
        row = np.repeat(rows, count)
        other = row + 1 + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        for one, against in ((order[row], order[other]), (order[other], order[row])):
            np.maximum.at(share, one, _box_iou(box[one], box[against], np.ones(len(one), bool)))
    return share


def _box_iou(box: NDArray[np.float64], other: NDArray[np.float64], crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Row by row intersection over union of xyxy boxes of shape (pairs, 4); over the first's area where ``crowd``."""
    low, high = np.maximum(box[:, :2], other[:, :2]), np.minimum(box[:, 2:], other[:, 2:])
    shared: NDArray[np.float64] = np.prod(np.maximum(high - low, 0.0), axis=1)
    area, other_area = np.prod(box[:, 2:] - box[:, :2], axis=1), np.prod(other[:, 2:] - other[:, :2], axis=1)
    union = np.where(crowd, area, area + other_area - shared)
    iou: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou


def _mask_iou(near: PairTable, answers: Masks, truths: Masks, crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    iou = np.zeros(len(near))
    for start, stop in zip(*near.runs(), strict=True):
        rows = near.truth[start:stop]
        iou[start:stop] = mask_iou(answers.take(near.answer[start : start + 1]), truths.take(rows), crowd[rows])[0]
    return iou
