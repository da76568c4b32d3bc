"""Recall and precision against severity, at the thresholds of the images as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import RateBounds, clustered_wilson
from vision_readiness.requirement import Metric
from vision_readiness.stress.facts import ShiftFacts, StressedAnswers, StressedTruths, StressFacts
from vision_readiness.stress.shifts import Quantity

if TYPE_CHECKING:
    from vision_readiness.evaluate.operating import OperatingPoint

RATES = (Metric.RECALL, Metric.PRECISION)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One severity: the strength of the shift, its quantity in the middle one of the pictures, and the rate there."""

    severity: float
    strength: float
    quantity: float
    bounds: RateBounds


@dataclass(frozen=True, slots=True)
class Curve:
    """How one metric of one class goes as one shift grows; the first point is severity 0.

    ``own`` holds the 10 %, 50 % and 90 % points of the quantity in the images as they are; ``None`` where it cannot
    be measured in a picture.
    """

    shift: str
    unit: str
    quantity: Quantity
    label: str
    metric: Metric
    points: tuple[CurvePoint, ...]
    own: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class StressFigures:
    """Stress facts at an operating point; ``group`` of shape (images,) says which images err together.

    ``given`` of shape (answers,) and ``found`` of shape (truths,) mark what the thresholds let through.
    """

    facts: StressFacts
    classes: tuple[str, ...]
    group: NDArray[np.int32]
    given: NDArray[np.bool_]
    found: NDArray[np.bool_]
    alpha: float = 0.05

    @staticmethod
    def at(
        facts: StressFacts,
        point: OperatingPoint,
        classes: tuple[str, ...],
        group: NDArray[np.int32],
        alpha: float = 0.05,
    ) -> StressFigures:
        """The facts at the thresholds of ``point``, the same at every step."""

        def passed(table: StressedAnswers | StressedTruths) -> NDArray[np.bool_]:
            over: NDArray[np.bool_] = table.score >= point.thresholds[point.fold[table.image], table.label]
            return over

        return StressFigures(
            facts, classes, group, passed(facts.answers), passed(facts.truths) & facts.truths.found, alpha
        )

    def bounds(self, metric: Metric, label: str, step: int, within: NDArray[np.bool_] | None = None) -> RateBounds:
        """Recall or precision of a class at a step, on the images of a mask of shape (images,) where one is given."""
        number = self.classes.index(label)
        table: StressedAnswers | StressedTruths
        if metric is Metric.RECALL:
            table, right, counts = self.facts.truths, self.found, None
        else:
            table, right, counts = self.facts.answers, self.facts.answers.hit, self.given
        first, last = np.searchsorted(table.step, [step, step + 1])
        rows = first + np.flatnonzero(table.label[first:last] == number)
        if counts is not None:
            rows = rows[counts[rows]]
        if within is not None:
            rows = rows[within[table.image[rows]]]
        _, place = np.unique(self.group[table.image[rows]], return_inverse=True)
        trials = np.bincount(place)
        hits = np.bincount(place, right[rows], len(trials)).astype(np.int64)
        return clustered_wilson(hits, trials, alpha=self.alpha)

    def curve(self, metric: Metric, label: str, shift: str, within: NDArray[np.bool_] | None = None) -> Curve:
        """One curve; ``within`` is a mask of shape (images,). Raises ``KeyError`` for a shift that was not run."""
        facts = self.facts.of(shift)
        inside = np.ones(len(self.facts.image), bool) if within is None else within[self.facts.image]
        points = tuple(
            CurvePoint(
                float(facts.severity[place]),
                float(facts.strength[place]),
                _quantile(facts.measured[place, inside], 0.5, float(facts.strength[place])),
                self.bounds(metric, label, int(step), within),
            )
            for place, step in enumerate(self.facts.steps(shift))
        )
        return Curve(shift, facts.unit, facts.quantity, label, metric, points, _own(facts, inside))


def _own(facts: ShiftFacts, inside: NDArray[np.bool_]) -> tuple[float, float, float] | None:
    values = facts.measured[0, inside]
    if not facts.quantity.is_measured or not np.isfinite(values).any():
        return None
    low, middle, high = np.nanquantile(values, [0.1, 0.5, 0.9]).tolist()
    return low, middle, high


def _quantile(values: NDArray[np.float64], at: float, otherwise: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, at)) if len(known) else otherwise


def stress_curves(
    figures: StressFigures, labels: Iterable[str] | None = None, metrics: Iterable[Metric] = RATES
) -> tuple[Curve, ...]:
    """Every curve of ``labels`` (all classes unless given), class by class and shift by shift."""
    chosen = figures.classes if labels is None else tuple(labels)
    wanted = tuple(metrics)
    return tuple(
        figures.curve(metric, label, facts.name)
        for label in chosen
        for facts in figures.facts.shifts
        for metric in wanted
    )
