"""The operating point: the threshold of each class from which a prediction counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.constraint import ThresholdChoice

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches


@dataclass(frozen=True, slots=True, eq=False)
class OperatingPoint:
    """Thresholds per class, and the answers and truths they let through; ``choices`` are those under a constraint.

    ``thresholds`` has shape (folds, classes) and ``fold`` shape (images,): the row that applies to an image, so that
    no image is judged at a threshold it helped to choose. ``deployed`` of shape (classes,) is what to ship;
    ``chosen_on`` counts the objects of the class that each threshold was chosen on: ``None`` for a fixed one, empty
    where all are.
    """

    thresholds: NDArray[np.float64]
    fold: NDArray[np.int8] | NDArray[np.int32]
    deployed: NDArray[np.float64]
    origin: tuple[str, ...]
    chosen_on: tuple[int | None, ...] = ()
    choices: tuple[ThresholdChoice, ...] = ()

    def objects_behind(self, label: int) -> int | None:
        """On how many objects the threshold of a class was chosen, ``None`` where it was fixed."""
        return self.chosen_on[label] if self.chosen_on else None

    def given(self, matches: Matches) -> NDArray[np.bool_]:
        """A mask of shape (answers,) of the answers that a user is given."""
        answers = matches.answers
        return answers.operating & (answers.score >= self.thresholds[self.fold[answers.image], answers.label])

    def found(self, matches: Matches) -> NDArray[np.bool_]:
        """A mask of shape (truths,) of the truths that a given answer finds."""
        truths = matches.truths
        return truths.found & (truths.found_score >= self.thresholds[self.fold[truths.image], truths.label])
