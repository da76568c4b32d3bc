"""Why predictions are wrong, and the average precision that each kind of error costs.

The kinds and their order of precedence are TIDE's (Bolya et al. 2020, arXiv 2008.08115), with its thresholds 0.5 and
0.1. Unlike its code, a class with answers and no truths does not count as an average precision of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.figures import BACKGROUND, FOREGROUND
from vision_readiness.evaluate.greedy import choose
from vision_readiness.evaluate.matches import IOU_THRESHOLDS, Matches
from vision_readiness.evaluate.overlap import PairTable
from vision_readiness.evaluate.precision_curve import Counted, ImageWeights, class_precision


class ErrorKind(StrEnum):
    """What is wrong with an answer, or that there is none."""

    CLASSIFICATION = "wrong class"
    LOCALISATION = "wrong place"
    BOTH = "wrong class and place"
    DUPLICATE = "duplicate"
    BACKGROUND = "false alarm"
    MISSED = "missed"


REMEDIES: Mapping[ErrorKind, str] = {
    ErrorKind.CLASSIFICATION: "Make the two classes' labelling rules sharper, and label more images that show both.",
    ErrorKind.LOCALISATION: "Check how tightly boxes are drawn, and train at a higher resolution.",
    ErrorKind.BOTH: "Label more images in which objects of the class touch or hide each other.",
    ErrorKind.DUPLICATE: "Lower the overlap that non-maximum suppression allows.",
    ErrorKind.BACKGROUND: "Add empty images of the places where the false alarms are.",
    ErrorKind.MISSED: "Label more images like the ones where the class is missed.",
}
"""What usually mends each kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Every answer that took nothing, by kind: masks of shape (answers,); ``missed`` has shape (truths,).

    ``target`` of shape (answers,) is the truth that a wrong class or place was meant for, of no meaning elsewhere.
    """

    wrong: Mapping[ErrorKind, NDArray[np.bool_]]
    missed: NDArray[np.bool_]
    target: NDArray[np.int32]


def find_errors(matches: Matches) -> Errors:
    """The errors of boxes or masks at IoU 0.5, whatever their score; without answers every truth is missed."""
    answers, truths = matches.answers, matches.truths
    took = answers.hit[:, 0] | answers.ignored[:, 0]
    pairs = matches.pairs.where(~truths.ignored[matches.pairs.truth] & ~took[matches.pairs.answer])
    same = answers.label[pairs.answer] == truths.label[pairs.truth]
    used = np.zeros(len(truths), bool)
    used[_taken_truths(matches)] = True
    own, own_truth = _best(pairs.where(same), len(answers))
    other, other_truth = _best(pairs.where(~same), len(answers))
    again, _ = _best(pairs.where(same & used[pairs.truth]), len(answers))
    busy = np.zeros(len(matches.answered), bool)
    busy[truths.image] = True
    rules = (
        (ErrorKind.BACKGROUND, ~busy[answers.image]),
        (ErrorKind.LOCALISATION, (own >= BACKGROUND) & (own <= FOREGROUND)),
        (ErrorKind.CLASSIFICATION, other >= FOREGROUND),
        (ErrorKind.DUPLICATE, again >= FOREGROUND),
        (ErrorKind.BACKGROUND, np.maximum(own, other) <= BACKGROUND),
        (ErrorKind.BOTH, np.ones(len(answers), bool)),
    )
    left = ~took
    wrong: dict[ErrorKind, NDArray[np.bool_]] = {kind: np.zeros(len(answers), bool) for kind, _ in rules}
    for kind, applies in rules:
        wrong[kind] |= left & applies
        left &= ~applies
    target = np.where(wrong[ErrorKind.CLASSIFICATION], other_truth, own_truth).astype(np.int32)
    repairable = np.zeros(len(truths), bool)
    repairable[target[wrong[ErrorKind.CLASSIFICATION] | wrong[ErrorKind.LOCALISATION]]] = True
    return Errors(wrong, ~used & ~truths.ignored & ~repairable, target)


def delta_ap(
    matches: Matches, errors: Errors, kind: ErrorKind, base: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """The AP50 that each class would gain without errors of one kind, of shape (classes,); NaN without truths.

    Kinds are mended one at a time, so the gains do not add up. A gain is never below 0. A class of which everything
    was missed has lost all to that. ``base`` is the ``ap50`` of the store, where it is known already.
    """
    base = ap50(matches) if base is None else base
    better = _ap50(mended(matches, errors, kind))
    return np.maximum(np.where(np.isnan(better), 1.0, better) - base, 0.0)


def ap50(matches: Matches) -> NDArray[np.float64]:
    """The AP50 of each class as it is, of shape (classes,); NaN without truths."""
    return _ap50(Counted.all_of(matches))


def mended(matches: Matches, errors: Errors, kind: ErrorKind) -> Counted:
    """The store as if there were no errors of ``kind``: missed truths are not asked for, wrong answers are gone.

    Of all wrong classes and places meant for a truth that nothing took, the best scored one becomes right.
    """
    counted = Counted.all_of(matches)
    if kind is ErrorKind.MISSED:
        return replace(counted, truth_ignored=counted.truth_ignored | errors.missed)
    wrong = errors.wrong[kind]
    hit, ignored = counted.hit.copy(), counted.ignored | wrong[:, None]
    if kind not in (ErrorKind.CLASSIFICATION, ErrorKind.LOCALISATION):
        return replace(counted, ignored=ignored)
    used = np.zeros(len(matches.truths), bool)
    used[_taken_truths(matches)] = True
    rows = np.flatnonzero(errors.wrong[ErrorKind.CLASSIFICATION] | errors.wrong[ErrorKind.LOCALISATION])
    rows = rows[~used[errors.target[rows]]]
    rows = rows[np.argsort(-matches.answers.score[rows], kind="stable")]
    _, first = np.unique(errors.target[rows], return_index=True)
    right = rows[first][wrong[rows[first]]]
    hit[right], ignored[right] = True, False
    label = matches.answers.label.copy()
    label[right] = matches.truths.label[errors.target[right]]
    moved = replace(matches, answers=replace(matches.answers, label=label))
    return Counted(moved, hit, ignored, counted.truth_ignored)


def taken_by(matches: Matches) -> NDArray[np.int64]:
    """The row of the truth that each answer took at IoU 0.5, crowds included, or -1; of shape (answers,)."""
    answers, truths, pairs = matches.answers, matches.truths, matches.pairs
    own = pairs.where((answers.label[pairs.answer] == truths.label[pairs.truth]) & (pairs.iou >= FOREGROUND))
    contest = answers.image.astype(np.int64) * len(matches.classes) + answers.label
    found_by = choose(own, contest, IOU_THRESHOLDS[:1], truths.ignored, truths.ignored).found_by
    took = np.full(len(answers), -1, np.int64)
    found = np.flatnonzero(found_by >= 0)
    took[found_by[found]] = found
    return took


def _ap50(counted: Counted) -> NDArray[np.float64]:
    weights = ImageWeights.equal(len(counted.matches.answered))
    labels = range(len(counted.matches.classes))
    return np.array([class_precision(counted, label, weights, range(1))[0, 0] for label in labels])


def _taken_truths(matches: Matches) -> NDArray[np.int64]:
    """The rows of the truths that an answer of any score took."""
    return np.flatnonzero(matches.truths.found)


def _best(pairs: PairTable, answers: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The greatest IoU of each answer, 0 where it has no pair, and its truth."""
    order = np.lexsort((-pairs.truth, -pairs.iou, pairs.answer))
    answer, first = np.unique(pairs.answer[order], return_index=True)
    iou, truth = np.zeros(answers), np.zeros(answers, np.int32)
    iou[answer], truth[answer] = pairs.iou[order][first], pairs.truth[order][first]
    return iou, truth
