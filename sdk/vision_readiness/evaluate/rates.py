"""Bounds for a rate that was observed on groups of things which err together."""

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
        """One minus the p-value of "the rate is below ``limit``" in the score test that ``wilson`` inverts.

        0 without trials: what was never seen is not proven at all. Limits of 0 always hold.
        """
        if self.rate is None:
            return float(limit <= 0)
        return _confidence(self.rate, self.effective, limit)

    def probability_at_most(self, limit: float) -> float:
        """One minus the p-value of "the rate is above ``limit``"; 0 without trials."""
        return 0.0 if self.rate is None else _confidence(1 - self.rate, self.effective, 1 - limit)


def _confidence(rate: float, effective: float, limit: float) -> float:
    """The confidence at which the lower bound of ``wilson`` is ``limit``."""
    if limit <= 0:
        return 1.0
    if limit > 1:
        return 0.0
    if limit == 1:
        return 0.5 if rate == 1 else 0.0
    spread = math.sqrt(limit * (1 - limit) / effective)
    if not spread:  # the limit is so small that it is no more than 0
        return 1.0 if rate else 0.5
    return NORMAL.cdf((_carefully_low(rate, effective) - limit) / spread)


def clustered_wilson(hits: NDArray[np.int64], trials: NDArray[np.int64], *, alpha: float = 0.05) -> RateBounds:
    """One-sided lower and upper bounds of ``sum(hits) / sum(trials)``, each holding with probability 1 - alpha.

    ``hits`` and ``trials`` have shape (groups,): counts per source image, scene or camera. Groups without trials say
    nothing and are left out. Errors within a group are taken to be correlated, so the sample is divided by the
    groups' design effect, never below 1; where every trial agrees only the number of groups counts. No trials give
    the bounds (0, 1).

    The design effect after Rao and Scott (1992); how often the bounds hold is in docs/numbers-statistics.md.

    >>> bounds = clustered_wilson(np.array([8, 9, 10]), np.array([10, 10, 10]))
    >>> round(bounds.lower, 3), round(bounds.upper, 3), bounds.trials
    (0.636, 0.995, 30)
    """
    seen = trials > 0
    hits, trials = hits[seen], trials[seen]
    n, k, groups = int(trials.sum()), int(hits.sum()), len(trials)
    if n == 0:
        return RateBounds(None, 0.0, 1.0, 0, 0, 0, 0.0)
    rate = k / n
    effective = n / design_effect(hits, trials, rate)
    lower, upper = wilson(rate, effective, alpha)
    return RateBounds(rate, lower, upper, k, n, groups, effective)


def bounds_of_rows(right: NDArray[np.bool_], group: NDArray[np.int32], *, alpha: float = 0.05) -> RateBounds:
    """``clustered_wilson`` of the share that is ``right``, for rows of shape (rows,) that lie in the groups ``group``.

    >>> bounds_of_rows(np.array([True, False, True]), np.array([7, 7, 2])).groups
    2
    """
    _, place = np.unique(group, return_inverse=True)
    trials = np.bincount(place)
    return clustered_wilson(np.bincount(place, right, len(trials)).astype(np.int64), trials, alpha=alpha)


def wilson(rate: float, effective: float, alpha: float) -> tuple[float, float]:
    """One-sided bounds of a rate seen in ``effective`` independent trials.

    Wilson (1927) away from the nearer end of 0 to 1, where his bound errs on the safe side. Towards the nearer end it
    holds too rarely (Cai 2005; 81 % instead of 95 % for a rate of 0.99 seen 20 times), so that bound is corrected for
    continuity (Newcombe 1998, method 4).
    """
    return _lower(rate, effective, alpha), 1.0 - _lower(1.0 - rate, effective, alpha)


def _lower(rate: float, effective: float, alpha: float) -> float:
    z, rate = NORMAL.inv_cdf(1 - alpha), _carefully_low(rate, effective)
    if not rate:
        return 0.0
    centre = (rate + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z / (1 + z * z / effective) * math.sqrt(rate * (1 - rate) / effective + z * z / (4 * effective**2))
    return max(0.0, centre - half)


def _carefully_low(rate: float, effective: float) -> float:
    """The rate that a lower bound starts from: half a trial less where 0 is the nearer end."""
    return rate if rate > 0.5 else max(0.0, rate - 0.5 / effective)


def design_effect(hits: NDArray[np.int64], trials: NDArray[np.int64], rate: float) -> float:
    """How many times more trials the groups would need to say as much as independent ones; at least 1.

    Few errors tell little of whether errors come together. So one more error is imagined that takes all of its group
    with it: the measured effect moves by one part in (errors + 1) towards that of groups which err as a whole
    (Kish 1965). Without any error that is all there is to go by.
    """
    groups, n, k = len(trials), int(trials.sum()), int(hits.sum())
    measured, whole = 1.0, float(np.sum(trials.astype(np.float64) ** 2)) / n
    if groups > 1 and 0 < k < n:
        variance = groups / (groups - 1) * float(np.sum((hits - rate * trials) ** 2)) / n**2
        measured = max(1.0, variance / (rate * (1 - rate) / n))
    return measured + max(0.0, whole - measured) / (min(k, n - k) + 1) if groups > 1 else whole
