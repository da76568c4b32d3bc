"""The cost of errors: kinds of errors by lost average precision, and images by their number of errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.evaluate.error_kinds import REMEDIES, ErrorKind, ap50, delta_ap, find_errors

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.project import ImageTable

MOST_IMAGES = 24


@dataclass(frozen=True, slots=True)
class ErrorCost:
    """One kind of error of one class: the AP50 that the class would gain without it, 0 to 1, and what mends it."""

    kind: ErrorKind
    label: str
    delta_ap50: float
    remedy: str


@dataclass(frozen=True, slots=True)
class CostlyImage:
    """An image by its errors at the operating point."""

    image: str
    missed: int
    false_alarms: int
    confused: int

    @property
    def errors(self) -> int:
        return self.missed + self.false_alarms + self.confused


def error_costs(matches: Matches) -> tuple[ErrorCost, ...]:
    """Every kind of error that costs a class anything, most costly first; empty for classifications."""
    if not matches.task.has_boxes:
        return ()
    errors, base = find_errors(matches), ap50(matches)
    costs = [
        ErrorCost(kind, label, float(gain), REMEDIES[kind])
        for kind in ErrorKind
        for label, gain in zip(matches.classes, delta_ap(matches, errors, kind, base), strict=True)
        if gain > 0
    ]
    return tuple(sorted(costs, key=lambda cost: (-cost.delta_ap50, cost.label, cost.kind)))


def costly_images(figures: Figures, scope: Scope, images: ImageTable) -> tuple[CostlyImage, ...]:
    """The images with the most errors at the operating point, the worst first."""
    answers, truths = figures.matches.answers, figures.matches.truths
    wrong = scope.answers & figures.given & ~answers.hit[:, 0]
    total = len(images)
    missed = np.bincount(truths.image[scope.truths & ~figures.found], minlength=total)
    other = (
        answers.confused & (truths.label[answers.confused_with] != answers.label) if len(truths) else answers.confused
    )
    confused = np.bincount(answers.image[wrong & other], minlength=total)
    alarms = np.bincount(answers.image[wrong & ~other], minlength=total)
    worst = np.lexsort((np.array(images.key), -(missed + confused + alarms)))[:MOST_IMAGES]
    rows = (CostlyImage(images.key[row], int(missed[row]), int(alarms[row]), int(confused[row])) for row in worst)
    return tuple(row for row in rows if row.errors)
