"""Bounds for a rate that was observed on groups of things which err together, and the price of proving one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class RateBounds:
    """A rate with one-sided bounds. ``effective`` is the number of independent trials it is worth."""

    rate: float | None
    lower: float
    upper: float
    hits: int
    trials: int
    groups: int
    effective: float

    @property
    def design_effect(self) -> float | None:
        return self.trials / self.effective if self.effective else None

    def probability_at_least(self, limit: float) -> float:
        """One minus the p-value of "the rate is below ``limit``" in the score test that Wilson's bound inverts.

        0 without trials: what was never seen is not proven at all. Limits of 0 always hold.
        """
        if limit <= 0:
            return 1.0
        if self.rate is None or limit > 1:
            return 0.0
        if limit == 1:
            return 0.5 if self.rate == 1 else 0.0
        spread = math.sqrt(limit * (1 - limit) / self.effective)
        if not spread:  # the limit is so small that it is no more than 0
            return 1.0 if self.rate else 0.5
        return NORMAL.cdf((self.rate - limit) / spread)


def clustered_wilson(hits: NDArray[np.int64], trials: NDArray[np.int64], *, alpha: float = 0.05) -> RateBounds:
    """One-sided lower and upper bounds of ``sum(hits) / sum(trials)``, each holding with probability 1 - alpha.

    ``hits`` and ``trials`` have shape (groups,): counts per source image, scene or camera. Groups without trials say
    nothing and are left out. Errors within a group are taken to be correlated, so the sample is divided by the
    groups' design effect, never below 1; where every trial agrees the groups show no variance, and only their number
    counts. No trials give the bounds (0, 1).

    Wilson (1927); the design effect after Rao and Scott (1992).

    >>> bounds = clustered_wilson(np.array([8, 9, 10]), np.array([10, 10, 10]))
    >>> round(bounds.lower, 3), round(bounds.upper, 3), bounds.trials
    (0.766, 0.961, 30)
    """
    seen = trials > 0
    hits, trials = hits[seen], trials[seen]
    n, k, groups = int(trials.sum()), int(hits.sum()), len(trials)
    if n == 0:
        return RateBounds(None, 0.0, 1.0, 0, 0, 0, 0.0)
    rate = k / n
    effective = n / design_effect(hits, trials, rate) if 0 < k < n else float(min(n, groups))
    lower, upper = wilson(rate, effective, alpha)
    return RateBounds(rate, lower, upper, k, n, groups, effective)


def wilson(rate: float, effective: float, alpha: float) -> tuple[float, float]:
    """Wilson's one-sided bounds of a rate seen in ``effective`` independent trials."""
    z = NORMAL.inv_cdf(1 - alpha)
    centre = (rate + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z / (1 + z * z / effective) * math.sqrt(rate * (1 - rate) / effective + z * z / (4 * effective**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def design_effect(hits: NDArray[np.int64], trials: NDArray[np.int64], rate: float) -> float:
    """How many times more trials the groups would need to say as much as independent ones; at least 1."""
    groups, n = len(trials), int(trials.sum())
    if groups < 2:
        return float(n)
    variance = groups / (groups - 1) * float(np.sum((hits - rate * trials) ** 2)) / n**2
    return max(1.0, variance / (rate * (1 - rate) / n))


def trials_to_prove(bounds: RateBounds, limit: float, *, alpha: float = 0.05, at_most: bool = False) -> int | None:
    """How many more trials would carry the bound over ``limit``, were the observed rate to stay as it is.

    ``None`` when no number would: nothing was seen, or the observed rate is not on the right side. Each new trial is
    worth as much as those seen (the design effect stays).

    >>> seen = clustered_wilson(np.ones(41, int), np.ones(41, int))
    >>> trials_to_prove(seen, 0.95)
    11
    """
    if bounds.rate is None or bounds.trials == 0:
        return None
    rate, limit = (1 - bounds.rate, 1 - limit) if at_most else (bounds.rate, limit)
    if rate <= limit:
        return None
    z = NORMAL.inv_cdf(1 - alpha)
    needed = limit * (1 - limit) * (z / (rate - limit)) ** 2
    each = bounds.effective / bounds.trials
    return max(0, math.ceil(needed / each) - bounds.trials)
