"""The score distributions of true and false positives, those below the threshold too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vision_readiness.evaluate.figures import Scope
from vision_readiness.evaluate.matches import Matches

BINS = 20


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """Counts of the answers of one class in equal bins of score from 0 to 1, the last with its upper end."""

    label: str
    right: tuple[int, ...]
    wrong: tuple[int, ...]


def score_distributions(matches: Matches, scope: Scope, bins: int = BINS) -> Iterator[ScoreDistribution]:
    """The distributions of each class over the images of ``scope``; a class without answers has zeros.

    An answer is right where it takes a truth of its class at IoU 0.5, or is the true class.
    """
    answers = matches.answers
    counted = scope.answers
    for place, label in enumerate(matches.classes):
        rows = counted & (answers.label == place)
        right = rows & answers.hit[:, 0]
        one, other = (
            np.histogram(answers.score[part], bins=bins, range=(0.0, 1.0))[0] for part in (right, rows & ~right)
        )
        yield ScoreDistribution(label, tuple(one.tolist()), tuple(other.tolist()))
