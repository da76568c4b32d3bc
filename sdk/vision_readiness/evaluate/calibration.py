"""Calibration: of the predictions with a score, the share that is right, at and above the threshold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import bounds_of_rows

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope

WIDTH = 0.1


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """The answers of one class with a score from ``low`` up to ``high``: how many, how many are right, with bounds.

    ``lower`` and ``upper`` are the two-sided 90 % interval of the share that is right; ``mean_score`` is what the
    model says it should be. Bins below the operating threshold are not given to anybody and are not counted.
    """

    label: str
    low: float
    high: float
    answers: int
    right: int
    lower: float
    upper: float
    mean_score: float

    @property
    def sentence(self) -> str:
        """The bin in words.

        >>> ScoreBin("person", 0.6, 0.7, 214, 163, 0.71, 0.81, 0.65).sentence
        'Of 214 `person` answers scored 0.60–0.70, 163 were right.'
        """
        scored = f"{self.low:.2f}–{self.high:.2f}"
        return f"Of {self.answers:,} `{self.label}` answers scored {scored}, {self.right:,} were right."


def calibration(figures: Figures, scope: Scope, label: int, alpha: float = 0.05) -> Iterator[ScoreBin]:
    """The bins of one class that hold answers, from low to high scores; the lowest begins at the threshold.

    Pooled errors over all scores depend on the floor of the scores more than on the model (the share of hopeless
    answers), so only what is given to a user is looked at.
    """
    answers = figures.matches.answers
    rows = np.flatnonzero(figures.answers_of(label, scope))
    scores, right = answers.score[rows], answers.hit[rows, 0]
    groups = figures.group[answers.image[rows]]
    floor = float(figures.point.thresholds[:, label].min())
    edges = np.unique(np.append(np.round(np.arange(WIDTH, 1.0, WIDTH), 10), [floor, 1.0]))
    edges = edges[edges >= floor]
    for low, high in pairwise(edges.tolist()):
        inside = (scores >= low) & ((scores < high) | (high == 1.0))
        if inside.any():
            name = figures.matches.classes[label]
            yield _bin(name, (low, high), right[inside], groups[inside], scores[inside], alpha)


def expected_error(bins: tuple[ScoreBin, ...]) -> float | None:
    """The mean distance between score and share that is right, weighted by answers; ``None`` without answers.

    Kueppers et al. 2020 (detection ECE on the score alone), restricted to the answers that are given.
    """
    total = sum(one.answers for one in bins)
    if not total:
        return None
    return sum(abs(one.right / one.answers - one.mean_score) * one.answers for one in bins) / total


def _bin(
    label: str,
    span: tuple[float, float],
    right: NDArray[np.bool_],
    groups: NDArray[np.int32],
    scores: NDArray[np.float64],
    alpha: float,
) -> ScoreBin:
    bounds = bounds_of_rows(right, groups, alpha=alpha)
    return ScoreBin(
        label, *span, bounds.trials, bounds.hits, bounds.lower, bounds.upper, math.fsum(scores) / len(scores)
    )
