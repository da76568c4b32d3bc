"""Bounds of a rate seen in a handful of groups, such as cameras, that is to hold for groups like them."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import NORMAL, RateBounds, bounds_of_rows, wilson

ABOUT_NORMAL = 200
"""Degrees of freedom from which on Student's quantile is as good as the normal one."""


def bounds_of_few_groups(right: NDArray[np.bool_], group: NDArray[np.int32], *, alpha: float = 0.05) -> RateBounds:
    """``bounds_of_rows`` that know how little a handful of groups tells of the spread between groups.

    The effective sample is divided by the square of Student's quantile over the normal one, with one degree of freedom
    less than there are groups: by 2.4 for four groups, by 15 for two (Korn and Graubard 1998; the rule of the NCHS
    for rates from few clusters). One group tells nothing of the others: its bounds leave nearly everything open. Nor do
    groups without a single error show how groups differ: as everywhere only their number counts then, and it takes 13
    of them to show 80 %. How often the bounds hold is in docs/numbers-statistics.md.

    >>> cameras = np.repeat(np.arange(4, dtype=np.int32), 100)
    >>> bounds = bounds_of_few_groups(np.arange(400) % 50 > 0, cameras)
    >>> round(bounds.lower, 2), bounds.groups
    (0.83, 4)
    """
    bounds = bounds_of_rows(right, group, alpha=alpha)
    if bounds.rate is None:
        return bounds
    shrunk = (
        bounds.effective * (NORMAL.inv_cdf(1 - alpha) / student_quantile(1 - alpha, max(1, bounds.groups - 1))) ** 2
    )
    lower, upper = wilson(bounds.rate, shrunk, alpha)
    return replace(bounds, lower=lower, upper=upper, effective=shrunk)


@cache
def student_quantile(probability: float, freedom: int) -> float:
    """The value that Student's t stays under with ``probability`` (0.5 to 1), by halving intervals.

    >>> [round(student_quantile(0.95, freedom), 3) for freedom in (1, 2, 10)]
    [6.314, 2.92, 1.812]
    """
    if freedom >= ABOUT_NORMAL:
        return NORMAL.inv_cdf(probability)
    low, high = 0.0, 1.0
    while student_cdf(high, freedom) < probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, freedom) < probability else (low, middle)
    return high


def student_cdf(value: float, freedom: int) -> float:
    """The probability that Student's t stays under ``value``, at least 0 (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(value / math.sqrt(freedom))
    odd, squared = freedom % 2, math.cos(angle) ** 2
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(3 if odd else 2, freedom - 1, 2):
        term *= squared * (step - 1) / step
        total += term
    inside = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return 0.5 + inside / 2
