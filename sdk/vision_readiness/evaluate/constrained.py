"""A threshold with a guarantee: "precision of at least 0.95, and the most recall", or no threshold at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.benchmark.percentiles import at_most
from vision_readiness.evaluate.rates import NORMAL, RateBounds, bounds_of_rows
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vision_readiness.evaluate.matches import Matches

GROWTH = 1.05
"""Each threshold that is tried lets through this many times the answers of the one before."""


class Cause(StrEnum):
    """Why a threshold was chosen, or none was."""

    KEPT = "kept"
    REFUTED = "refuted"
    NOT_PROVEN = "not proven"
    FEW_IMAGES = "few images"
    NO_ANSWERS = "no answers"
    NO_LEVEL = "no level"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedThreshold:
    """The threshold that meets a constraint, or ``None`` where none does.

    ``constrained`` bounds the metric that was asked for and ``other`` what it costs, both on the images that the
    threshold was chosen on; ``tried`` is how many thresholds were tested, and ``first`` bounds the metric at the first
    of them, the likeliest to keep it. ``min_groups`` source images have to speak of it.
    """

    cause: Cause
    threshold: float | None = None
    constrained: RateBounds | None = None
    other: RateBounds | None = None
    first: RateBounds | None = None
    tried: int = 0
    min_groups: int = 0

    @property
    def refuted(self) -> bool:
        """Whether the first threshold tried surely does not keep the metric; otherwise none is merely not proven."""
        return self.cause is Cause.REFUTED


def constrained_threshold(
    matches: Matches,
    label: int,
    metric: Metric,
    at_least: float,
    *,
    images: NDArray[np.bool_],
    group: NDArray[np.int32],
    alpha: float = 0.05,
    min_groups: int = 20,
) -> ConstrainedThreshold:
    """The threshold of a class at which ``metric`` is ``at_least`` so much, with the most of the other metric.

    ``metric`` is recall or precision; ``images`` marks those to choose on (valid), ``group`` says which err together;
    both have shape (images,). The chance that the metric is below ``at_least`` at the threshold named is at most
    ``alpha``: thresholds are tested in an order fixed without looking at what is right (for precision from the high
    scores down, for recall from the low ones up), each at level ``alpha``, until the first that is not proven
    (fixed-sequence testing: Maurer, Hothorn and Lehmacher 1995; Angelopoulos et al. 2021, "Learn then test"). The
    p-value is the larger of the exact binomial and the clustered score test. Equal scores stand or fall together.
    Raises ``ValueError`` for another metric.
    """
    if metric not in (Metric.RECALL, Metric.PRECISION):
        raise ValueError(f"a threshold is chosen for recall or precision, not for {metric}")
    sample = _Sample.of(matches, label, images, group)
    measure, other = (sample.recall, sample.precision) if metric is Metric.RECALL else (sample.precision, sample.recall)
    steps = sample.falling(at_least, alpha) if metric is Metric.PRECISION else sample.rising()
    best, first, tried = None, None, 0
    for threshold in steps:
        bounds = measure(threshold, alpha)
        first, tried = first or bounds, tried + 1
        if bounds.groups < min_groups or _p_value(bounds, at_least) > alpha:
            break
        best = threshold, bounds
    if best is None:
        cause = _refusal(at_least, first, min_groups)
        return ConstrainedThreshold(cause=cause, first=first, tried=tried, min_groups=min_groups)
    threshold, bounds = best
    return ConstrainedThreshold(
        cause=Cause.KEPT,
        threshold=threshold,
        constrained=bounds,
        other=other(threshold, alpha),
        first=first,
        tried=tried,
        min_groups=min_groups,
    )


def _p_value(bounds: RateBounds, limit: float) -> float:
    missed = 1 - limit
    exact = at_most(bounds.trials - bounds.hits, bounds.trials, missed) if 0 < missed < 1 else float(missed <= 0)
    return max(exact, 1 - bounds.probability_at_least(limit))


def _refusal(at_least: float, first: RateBounds | None, min_groups: int) -> Cause:
    if first is None or first.rate is None:
        return Cause.NO_ANSWERS
    if first.groups < min_groups:
        return Cause.FEW_IMAGES
    return Cause.REFUTED if first.upper < at_least else Cause.NOT_PROVEN


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Sample:
    """The answers of one class (``score``, ``hit``) and its truths (``found_score``, -1 where none), with groups."""

    score: NDArray[np.float64]
    hit: NDArray[np.bool_]
    answer_group: NDArray[np.int32]
    found_score: NDArray[np.float64]
    truth_group: NDArray[np.int32]

    @staticmethod
    def of(matches: Matches, label: int, images: NDArray[np.bool_], group: NDArray[np.int32]) -> _Sample:
        answers, truths, seen = matches.answers, matches.truths, images & matches.answered
        rows = answers.operating & (answers.label == label) & seen[answers.image] & ~answers.ignored[:, 0]
        asked = (truths.label == label) & seen[truths.image] & ~truths.ignored
        found_score = np.where(truths.found, truths.found_score, -1.0)[asked]
        hit, answered = answers.hit[rows, 0], group[answers.image[rows]]
        return _Sample(
            score=answers.score[rows],
            hit=hit,
            answer_group=answered,
            found_score=found_score,
            truth_group=group[truths.image[asked]],
        )

    def precision(self, threshold: float, alpha: float) -> RateBounds:
        given = self.score >= threshold
        return bounds_of_rows(self.hit[given], self.answer_group[given], alpha=alpha)

    def recall(self, threshold: float, alpha: float) -> RateBounds:
        return bounds_of_rows(self.found_score >= threshold, self.truth_group, alpha=alpha)

    def falling(self, at_least: float, alpha: float) -> Iterator[float]:
        """Scores from the high ones down.

        The first lets through enough answers to prove a precision half-way between ``at_least`` and 1, were that
        what is seen; or a third of all answers or half as many as there are truths, where those are fewer; but never
        fewer than would prove it without an error.
        """
        spread = NORMAL.inv_cdf(1 - alpha) ** 2 * at_least / max(1 - at_least, 1e-9)
        faultless = math.ceil(math.log(alpha) / math.log(min(max(at_least, 1e-9), 1 - 1e-9)))
        ranked = np.sort(self.score)[::-1]
        likely = min(math.ceil(4 * spread), len(ranked) // 3, len(self.found_score) // 2)
        yield from _steps(ranked, max(1, faultless, likely))

    def rising(self) -> Iterator[float]:
        """Scores from the one that lets everything through up, in steps of the share that is lost."""
        ranked = np.sort(self.score)
        if len(ranked):
            yield from _steps(ranked, 1)


def _steps(ranked: NDArray[np.float64], first: int) -> Iterator[float]:
    """The scores at ranks that grow from ``first`` by ``GROWTH``, each once; the last rank is always one."""
    place, before = first, None
    while place <= len(ranked):
        score = float(ranked[place - 1])
        if score != before:
            yield score
        before = score
        if place == len(ranked):
            return
        place = min(len(ranked), max(place + 1, math.ceil(place * GROWTH)))
