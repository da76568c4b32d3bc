"""What another threshold would do to a class: recall and precision over the whole range of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import bounds_of_rows

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope

POINTS = 41


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One class at one threshold, with two-sided 90 % intervals; wrong answers are per 1,000 images."""

    threshold: float
    recall: float | None
    recall_lower: float
    recall_upper: float
    precision: float | None
    precision_lower: float
    precision_upper: float
    wrong_per_1000_images: float


def sweep(figures: Figures, scope: Scope, label: int, alpha: float = 0.05) -> tuple[SweepPoint, ...]:
    """One class at thresholds from 0 to 1; empty without images."""
    answers, truths = figures.matches.answers, figures.matches.truths
    given = np.flatnonzero(scope.answers & answers.operating & (answers.label == label))
    asked = np.flatnonzero(scope.truths & (truths.label == label))
    images = int(np.count_nonzero(scope.images))
    if not images:
        return ()
    found_score = np.where(truths.found[asked], truths.found_score[asked], -1.0)
    points = []
    for threshold in np.linspace(0.0, 1.0, POINTS):
        kept = given[answers.score[given] >= threshold]
        recall = _rate(found_score >= threshold, figures.group[truths.image[asked]], alpha)
        right = answers.hit[kept, 0]
        precision = _rate(right, figures.group[answers.image[kept]], alpha)
        wrong = 1000 * float(np.count_nonzero(~right)) / images
        points.append(SweepPoint(float(threshold), *recall, *precision, wrong))
    return tuple(points)


def _rate(right: NDArray[np.bool_], groups: NDArray[np.int32], alpha: float) -> tuple[float | None, float, float]:
    bounds = bounds_of_rows(right, groups, alpha=alpha)
    return bounds.rate, bounds.lower, bounds.upper
