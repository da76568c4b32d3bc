"""Recall, precision, false alarms and confusions at an operating point, on any set of images and objects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import NORMAL, RateBounds, bounds_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evaluate.operating import OperatingPoint
    from vision_readiness.project import Condition

SIZES = {"small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, math.inf)}
"""COCO's object sizes, in square pixels. A level takes its lower end only; COCO's own figures count both ends in."""

MARKED = "marked"
"""The condition whose levels are the marks that annotators gave to single objects."""

FOREGROUND, BACKGROUND = 0.5, 0.1
"""The overlap from which on an answer finds an object, and the one below which it has nothing to do with it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What is looked at: masks of shape (images,), (answers,) and (truths,)."""

    images: NDArray[np.bool_]
    answers: NDArray[np.bool_]
    truths: NDArray[np.bool_]

    def narrowed(self, images: NDArray[np.bool_], matches: Matches) -> Scope:
        """The same scope within a mask of images."""
        both = self.images & images
        return Scope(both, self.answers & both[matches.answers.image], self.truths & both[matches.truths.image])

    def by_level(self, conditions: Mapping[str, Condition], matches: Matches) -> dict[tuple[str, str], Scope]:
        """The same scope within each level of each condition, by the names of both."""
        return {
            (name, level): self.narrowed(members, matches)
            for name, condition in conditions.items()
            for level, members in condition.members.items()
        }

    def of_size(self, level: str, matches: Matches) -> Scope:
        """The same scope for objects of one of ``SIZES``; an answer counts by its own box."""
        low, high = SIZES[level]
        sides = matches.answers.box[:, 2:] - matches.answers.box[:, :2]
        area = np.prod(sides, axis=1)
        truth_area = matches.truths.area
        answers = self.answers & (area >= low) & (area < high)
        return Scope(self.images, answers, self.truths & (truth_area >= low) & (truth_area < high))

    def of_mark(self, mark: str, matches: Matches) -> Scope:
        """The same scope for the objects that carry a mark; no answer is known to be of one."""
        return Scope(self.images, np.zeros_like(self.answers), self.truths & matches.truths.marks[mark])


def scope_of(matches: Matches, images: NDArray[np.bool_]) -> Scope:
    """The whole of some images that were answered; crowds and answers that do not count are out."""
    seen = images & matches.answered
    answers = seen[matches.answers.image] & ~matches.answers.ignored[:, 0]
    return Scope(seen, answers, seen[matches.truths.image] & ~matches.truths.ignored)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Figures:
    """What is counted at one operating point; ``group`` of shape (images,) says which images err together."""

    matches: Matches
    point: OperatingPoint
    group: NDArray[np.int32]
    given: NDArray[np.bool_]
    found: NDArray[np.bool_]

    @staticmethod
    def at(matches: Matches, point: OperatingPoint, group: NDArray[np.int32]) -> Figures:
        return Figures(
            matches=matches, point=point, group=group, given=point.given(matches), found=point.found(matches)
        )

    def truths_of(self, label: int, scope: Scope) -> NDArray[np.bool_]:
        """What recall of a class is counted over: a mask of shape (truths,)."""
        rows: NDArray[np.bool_] = scope.truths & (self.matches.truths.label == label)
        return rows

    def answers_of(self, label: int, scope: Scope) -> NDArray[np.bool_]:
        """What precision of a class is counted over: a mask of shape (answers,)."""
        rows: NDArray[np.bool_] = scope.answers & self.given & (self.matches.answers.label == label)
        return rows

    def recall(self, label: int, scope: Scope, alpha: float = 0.05) -> RateBounds:
        """The share of the truths of a class that are found."""
        rows = self.truths_of(label, scope)
        return self._rate(self.found[rows], self.matches.truths.image[rows], alpha)

    def precision(self, label: int, scope: Scope, alpha: float = 0.05) -> RateBounds:
        """The share of the answers of a class that are right."""
        rows = self.answers_of(label, scope)
        return self._rate(self.matches.answers.hit[rows, 0], self.matches.answers.image[rows], alpha)

    def average_recall(self, label: int, scope: Scope) -> float | None:
        """COCO's AR of a class with all answers that are kept, whatever their score; ``None`` without truths."""
        answers = self.matches.answers
        hits = answers.hit[scope.images[answers.image] & (answers.label == label)]
        possible = int(np.count_nonzero(self.truths_of(label, scope)))
        return float(hits.sum(axis=0).mean() / possible) if possible else None

    def groups_holding(self, label: int, scope: Scope) -> int:
        """How many independent groups of images hold a truth of a class."""
        rows = self.truths_of(label, scope)
        return len(np.unique(self.group[self.matches.truths.image[rows]]))

    def false_alarms(self, scope: Scope) -> tuple[NDArray[np.int64], int]:
        """False alarms per group on images without any truth, and how many such images there are."""
        busy = np.zeros(len(self.group), bool)
        busy[self.matches.truths.image] = True
        empty = scope.images & ~busy
        rows = scope.answers & self.given & empty[self.matches.answers.image]
        groups, place = np.unique(self.group[empty], return_inverse=True)
        position = np.zeros(len(self.group), np.int64)
        position[empty] = place
        counts = np.bincount(position[self.matches.answers.image[rows]], minlength=len(groups))
        return counts.astype(np.int64), int(np.count_nonzero(empty))

    def confusion(self, scope: Scope) -> NDArray[np.int64]:
        """Counts of shape (classes + 1, classes + 1), rows true, columns answered, background last.

        A truth that is found is in its own cell. Of the answers that overlap a truth nobody found, the best scored
        one is its confusion; every other wrong answer is background taken for its class.
        """
        answers, truths, background = self.matches.answers, self.matches.truths, len(self.matches.classes)
        matrix = np.zeros((background + 1, background + 1), np.int64)
        own = truths.label[scope.truths & self.found]
        _count(matrix, own, own)
        wrong, taken = self._wrong(scope)
        target = answers.confused_with[wrong]
        _count(matrix, truths.label[target[taken]], answers.label[wrong[taken]])
        _count(matrix, background, answers.label[wrong[~taken]])
        missed = scope.truths & ~self.found
        missed[target[taken]] = False
        _count(matrix, truths.label[missed], background)
        return matrix

    def repeated_and_misplaced(self, scope: Scope) -> NDArray[np.int64]:
        """Of the answers that ``confusion`` takes for background, counts of shape (2, classes).

        First those that overlap an object of their class which another answer found, at IoU 0.5 or more; then those
        that lie beside one, at less but 0.1 or more (the limits of TIDE).
        """
        answers, truths, pairs = self.matches.answers, self.matches.truths, self.matches.pairs
        wrong, taken = self._wrong(scope)
        same = (answers.label[pairs.answer] == truths.label[pairs.truth]) & ~truths.ignored[pairs.truth]
        nearest = np.zeros(len(answers))
        np.maximum.at(nearest, pairs.answer[same], pairs.iou[same])
        alarms = wrong[~taken]
        label, near = answers.label[alarms], nearest[alarms]
        parts = (near >= FOREGROUND, (near >= BACKGROUND) & (near < FOREGROUND))
        return np.stack([np.bincount(label[part], minlength=len(self.matches.classes)) for part in parts])

    def _wrong(self, scope: Scope) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The rows of the wrong answers that are given, best scored first; which of them are confused with a truth."""
        answers, truths = self.matches.answers, self.matches.truths
        wrong = np.flatnonzero(scope.answers & self.given & ~answers.hit[:, 0])
        wrong = wrong[np.argsort(-answers.score[wrong], kind="stable")]
        target = answers.confused_with[wrong]
        open_truth = scope.truths & ~self.found
        usable = answers.confused[wrong] & (open_truth[target] if len(truths) else False)
        usable &= (truths.label[target] != answers.label[wrong]) if len(truths) else False
        _, first = np.unique(np.where(usable, target, -1 - np.arange(len(wrong))), return_index=True)
        taken = np.zeros(len(wrong), bool)
        taken[first] = True
        return wrong, taken & usable

    def _rate(self, right: NDArray[np.bool_], image: NDArray[np.int32], alpha: float) -> RateBounds:
        return bounds_of_rows(right, self.group[image], alpha=alpha)


def _count(matrix: NDArray[np.int64], row: NDArray[np.int32] | int, column: NDArray[np.int32] | int) -> None:
    """One more in each cell named by a row and a column; one of the two may be the same for all."""
    rows, columns = np.broadcast_arrays(np.asarray(row, np.int64), np.asarray(column, np.int64))
    matrix += np.bincount(rows * len(matrix) + columns, minlength=matrix.size).reshape(matrix.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBounds:
    """Events per unit of exposure with one-sided bounds; ``p_value`` is that of "the rate is above the limit"."""

    rate: float | None
    lower: float
    upper: float
    events: int
    p_value: float


def count_bounds(counts: NDArray[np.int64], exposure: float, limit: float, alpha: float = 0.05) -> CountBounds:
    """Events per unit of ``exposure`` against ``limit``; ``counts`` has shape (groups,).

    Poisson bounds after Byar, on counts divided by their dispersion (at least 1) because events cluster. No exposure
    gives the bounds (0, infinity).
    """
    if exposure <= 0:
        return CountBounds(rate=None, lower=0.0, upper=math.inf, events=0, p_value=1.0)
    events = int(counts.sum())
    mean = events / len(counts)
    dispersion = max(1.0, float(counts.var(ddof=1)) / mean) if len(counts) > 1 and events else 1.0
    k, z = events / dispersion, NORMAL.inv_cdf(1 - alpha)
    upper = (k + 1) * (1 - 1 / (9 * (k + 1)) + z / (3 * math.sqrt(k + 1))) ** 3
    lower = k * max(0.0, 1 - 1 / (9 * k) - z / (3 * math.sqrt(k))) ** 3 if k else 0.0
    scale = dispersion / exposure
    return CountBounds(
        rate=events / exposure,
        lower=lower * scale,
        upper=upper * scale,
        events=events,
        p_value=_poisson_cdf(k, limit / scale),
    )


def _poisson_cdf(k: float, mean: float) -> float:
    """The probability of at most ``k`` events when ``mean`` are expected."""
    if mean <= 0:
        return 1.0
    return min(1.0, sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(math.floor(k) + 1)))
