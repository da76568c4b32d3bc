"""Average precision of classes, under any weights of the images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.matches import Matches

RECALL_GRID: NDArray[np.float64] = np.linspace(0.0, 1.0, 101)
EPSILON = float(np.spacing(1))
"""What pycocotools adds to the number of answers before dividing by it."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A match store with what counts in it: ``hit`` and ``ignored`` (answers, levels), ``truth_ignored`` (truths,)."""

    matches: Matches
    hit: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    truth_ignored: NDArray[np.bool_]

    @staticmethod
    def all_of(matches: Matches) -> Counted:
        """Everything but crowds."""
        return Counted(matches, matches.answers.hit, matches.answers.ignored, matches.truths.ignored)


@dataclass(frozen=True, slots=True, eq=False)
class ImageWeights:
    """Weights of groups of images: ``value`` of shape (replicates, groups), ``place`` of shape (images,)."""

    value: NDArray[np.float64]
    place: NDArray[np.int64]

    @staticmethod
    def equal(images: int) -> ImageWeights:
        """Every image once."""
        return ImageWeights(np.ones((1, 1)), np.zeros(images, np.int64))


def ranked_rows(matches: Matches) -> list[NDArray[np.int64]]:
    """The rows of the answers of each class in falling order of score, equals in their own order."""
    answers = matches.answers
    order = np.lexsort((-answers.score, answers.label))
    return np.split(order, np.searchsorted(answers.label[order], np.arange(1, len(matches.classes))))


def precision_table(counted: Counted, ranked: Sequence[NDArray[np.int64]] | None = None) -> NDArray[np.float64]:
    """Average precision of shape (classes, levels), every image counting once; NaN for a class without truths.

    ``ranked`` are the ``ranked_rows`` of the store where they are known already.
    """
    matches = counted.matches
    weights = ImageWeights.equal(len(matches.answered))
    levels = range(counted.hit.shape[1])
    ranked = ranked_rows(matches) if ranked is None else ranked
    tables = [class_precision(counted, label, weights, levels, rows)[0] for label, rows in enumerate(ranked)]
    return np.array(tables).reshape(len(matches.classes), len(levels))


def class_precision(
    counted: Counted, label: int, weights: ImageWeights, levels: range, rows: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Average precision of one class under each row of weights, of shape (replicates, levels); NaN without truths.

    Boxes and masks follow COCO (101 recall points); labels are the step-wise mean over answers, as in scikit-learn.
    ``rows`` are the class's own of ``ranked_rows``, where they are known already.
    """
    answers, truths = counted.matches.answers, counted.matches.truths
    of_class = (truths.label == label) & ~counted.truth_ignored
    groups = weights.value.shape[1]
    possible = weights.value @ np.bincount(weights.place[truths.image[of_class]], minlength=groups)
    table = np.full((len(weights.value), len(levels)), np.nan)
    if not of_class.any():
        return table
    if rows is None:
        rows = np.flatnonzero(answers.label == label)
        rows = rows[np.argsort(-answers.score[rows], kind="stable")]
    weight = weights.value[:, weights.place[answers.image[rows]]]
    hit, ignored = counted.hit[rows], counted.ignored[rows]
    given = np.cumsum(weight, axis=1)
    for level in levels:
        seen = np.cumsum(weight * ~ignored[:, level], axis=1) if ignored[:, level].any() else given
        if counted.matches.task.has_boxes:
            at = np.flatnonzero(hit[:, level])
            table[:, level] = _interpolated(np.cumsum(weight[:, at], axis=1), seen[:, at], possible)
        else:
            true = np.cumsum(weight * hit[:, level], axis=1)
            table[:, level] = _stepwise(true, seen, possible, answers.score[rows])
    table[possible == 0] = np.nan
    return table


def _interpolated(
    true: NDArray[np.float64], given: NDArray[np.float64], possible: NDArray[np.float64]
) -> NDArray[np.float64]:
    """COCO's mean over 101 recalls; the columns are the hits alone, for recall only moves and precision peaks there."""
    recall = true / np.maximum(possible, 1)[:, None]
    precision = true / (given + EPSILON)
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([envelope, np.zeros((len(true), 1))], axis=1)
    first = np.stack([np.searchsorted(row, RECALL_GRID, side="left") for row in recall])
    sampled: NDArray[np.float64] = np.take_along_axis(padded, first, axis=1).mean(axis=1)
    return sampled


def _stepwise(
    true: NDArray[np.float64], given: NDArray[np.float64], possible: NDArray[np.float64], score: NDArray[np.float64]
) -> NDArray[np.float64]:
    if not true.shape[1]:
        return np.zeros(len(true))
    last_of_tie = np.append(np.diff(score) != 0, True)
    true, given = true[:, last_of_tie], given[:, last_of_tie]
    precision = np.divide(true, given, out=np.zeros_like(true), where=given > 0)
    gained = np.diff(true, axis=1, prepend=0) / np.maximum(possible, 1)[:, None]
    area: NDArray[np.float64] = np.sum(gained * precision, axis=1)
    return area
