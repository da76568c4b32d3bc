"""What to expect in the field: rates of the test images weighted by the share of each condition in production."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.evaluate.rates import NORMAL, RateBounds

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.project import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEstimate:
    """The rate of one class to expect under the declared mix of one condition, with its two-sided 90 % interval.

    ``on_test`` is the same rate over the test images as they are. ``driver`` is the level that pulls the estimate
    down most, by ``drag`` (share times its distance from the best level). ``missing`` names levels with a share and
    no trial: then there is no estimate, for nothing is known of a part of the traffic.
    """

    label: str
    metric: str
    condition: str
    rate: float | None
    lower: float | None
    upper: float | None
    on_test: float | None
    driver: str | None
    drag: float
    missing: tuple[str, ...]


def field_estimate(
    figures: Figures, scope: Scope, label: int, metric: str, condition: tuple[str, Condition, Mapping[str, float]]
) -> FieldEstimate:
    """The expected recall or precision of a class under the shares of a condition's levels (summing to 1).

    Post-stratification (Holt and Smith 1979): each level's rate with its clustered variance, weighted by its share.
    """
    name, known, shares = condition
    measure = figures.recall if metric == "recall" else figures.precision
    by_level = {
        level: measure(label, scope.narrowed(known.members[level], figures.matches)) if level in known.members else None
        for level in shares
    }
    seen = {level: bounds for level, bounds in by_level.items() if bounds is not None and bounds.rate is not None}
    missing = tuple(level for level in shares if level not in seen and shares[level] > 0)
    overall = measure(label, scope).rate
    title = figures.matches.classes[label]
    if missing or not seen:
        return FieldEstimate(
            label=title,
            metric=metric,
            condition=name,
            rate=None,
            lower=None,
            upper=None,
            on_test=overall,
            driver=None,
            drag=0.0,
            missing=missing,
        )
    rate = sum(shares[level] * (bounds.rate or 0.0) for level, bounds in seen.items())
    spread = math.sqrt(sum((shares[level] ** 2) * _variance(bounds) for level, bounds in seen.items()))
    z = NORMAL.inv_cdf(0.95)
    best = max(bounds.rate or 0.0 for bounds in seen.values())
    drags = {level: shares[level] * (best - (bounds.rate or 0.0)) for level, bounds in seen.items()}
    driver = max(drags, key=lambda level: drags[level])
    low, high = max(0.0, rate - z * spread), min(1.0, rate + z * spread)
    return FieldEstimate(
        label=title,
        metric=metric,
        condition=name,
        rate=rate,
        lower=low,
        upper=high,
        on_test=overall,
        driver=driver if drags[driver] else None,
        drag=drags[driver],
        missing=(),
    )


def _variance(bounds: RateBounds) -> float:
    """The variance of a rate, from half the width of its interval where the rate itself is at an end."""
    if bounds.hits in (0, bounds.trials):
        return ((bounds.upper - bounds.lower) / NORMAL.inv_cdf(0.95)) ** 2
    rate = bounds.hits / bounds.trials
    return rate * (1 - rate) / bounds.effective
