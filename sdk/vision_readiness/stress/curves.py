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


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How one metric of one class goes as one shift grows; the first point is severity 0."""

    shift: str
    unit: str
    quantity: Quantity
    label: str
    metric: Metric
    points: tuple[CurvePoint, ...]

    @property
    def falls(self) -> bool:
        """Whether the quantity gets less as the shift grows."""
        return self.points[-1].quantity < self.points[0].quantity


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
            facts=facts,
            classes=classes,
            group=group,
            given=passed(facts.answers),
            found=passed(facts.truths) & facts.truths.found,
            alpha=alpha,
        )

    def bounds(self, metric: Metric, label: str, within: NDArray[np.bool_] | None = None) -> tuple[RateBounds, ...]:
        """Recall or precision of a class at every step, on the images of a mask of shape (images,) where one is given.

        Raises ``ValueError`` for a class the data set does not have.
        """
        table: StressedAnswers | StressedTruths = self.facts.truths
        right, counts = self.found, table.label == self.classes.index(label)
        if metric is Metric.PRECISION:
            table, right = self.facts.answers, self.facts.answers.hit
            counts = self.given & (table.label == self.classes.index(label))
        if within is not None:
            counts = counts & within[table.image]
        groups, place = np.unique(self.group[table.image[counts]], return_inverse=True)
        shape = (self.facts.steps, len(groups))
        cell = table.step[counts] * len(groups) + place
        trials = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
        hits = np.bincount(cell[right[counts]], minlength=trials.size).reshape(shape)
        return tuple(clustered_wilson(*row, alpha=self.alpha) for row in zip(hits, trials, strict=True))

    def curves(self, metric: Metric, label: str, within: NDArray[np.bool_] | None = None) -> tuple[Curve, ...]:
        """A curve for every shift; ``within`` is a mask of shape (images,)."""
        inside = np.ones(len(self.facts.image), bool) if within is None else within[self.facts.image]
        bounds = self.bounds(metric, label, within)
        found = []
        for place, shift in enumerate(self.facts.shifts):
            steps = [bounds[step] for step in self.facts.steps_of(place)]
            columns = (shift.severity.tolist(), shift.strength.tolist(), _middle(shift, inside), steps)
            points = tuple(CurvePoint(*row) for row in zip(*columns, strict=True))
            found.append(
                Curve(
                    shift=shift.name,
                    unit=shift.unit,
                    quantity=shift.quantity,
                    label=label,
                    metric=metric,
                    points=points,
                )
            )
        return tuple(found)


def _middle(shift: ShiftFacts, inside: NDArray[np.bool_]) -> list[float]:
    """The quantity in the middle picture at each step, going one way; the strength where no picture tells it.

    The sharpness of flat pictures ends in the rounding of their pixels: it stays where it can fall no further.
    """
    told = np.isfinite(shift.measured[:, inside]).any(axis=1)
    middle = shift.strength.copy()
    middle[told] = np.nanmedian(shift.measured[np.ix_(told, inside)], axis=1)
    one_way = np.minimum if middle[-1] < middle[0] else np.maximum
    values: list[float] = one_way.accumulate(middle).tolist()
    return values


def stress_curves(figures: StressFigures, labels: Iterable[str] | None = None) -> tuple[Curve, ...]:
    """Recall and precision of ``labels`` (all classes unless given) under every shift, class by class."""
    chosen = figures.classes if labels is None else tuple(labels)
    return tuple(curve for label in chosen for metric in RATES for curve in figures.curves(metric, label))
