"""What a number of timed calls proves about a percentile of the latency: exact bounds from order statistics.

Of n independent calls, the number slower than the true q-quantile is binomial with 1 - q, whatever the distribution of
the times. So the k-th fastest call bounds the quantile with a probability that is known exactly (Clopper and Pearson
1934; the same rule stops MLPerf's load generator early).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.requirement import Outcome

MANY_CALLS = 100_000
"""More calls than anybody waits for."""


@dataclass(frozen=True, slots=True)
class PercentileBounds:
    """A percentile of n calls with one-sided bounds, in seconds; a bound that n calls cannot give is ``None``."""

    value: float | None
    lower: float | None
    upper: float | None
    n: int


@dataclass(frozen=True, slots=True)
class BudgetVerdict:
    """Whether the share of calls within a budget is proven.

    ``p_value`` is the chance of so few slow calls if the requirement did not hold. ``calls_needed`` more calls would
    prove it if calls go on being slow as rarely as now; ``None`` where it is decided, or where going on as now would
    not prove it in ``MANY_CALLS``.
    """

    outcome: Outcome
    p_value: float
    calls_needed: int | None = None


def percentile_bounds(seconds: NDArray[np.floating], quantile: float, alpha: float = 0.05) -> PercentileBounds:
    """The ``quantile`` (0 to 1) of ``seconds`` (n,), by nearest rank, and bounds each holding with 1 - alpha.

    >>> percentile_bounds(np.arange(1.0, 60.0), 0.95)
    PercentileBounds(value=57.0, lower=53.0, upper=59.0, n=59)
    >>> percentile_bounds(np.arange(1.0, 59.0), 0.95).upper is None
    True
    """
    n = len(seconds)
    if n == 0:
        return PercentileBounds(None, None, None, 0)
    ranked = np.sort(np.asarray(seconds, dtype=np.float64))
    below = binomial_cdf(n, quantile)  # below[k]: the chance that at most k calls are faster than the quantile
    upper = int(np.searchsorted(below, 1.0 - alpha)) + 1
    lower = int(np.searchsorted(below, alpha, side="right"))
    return PercentileBounds(
        value=float(ranked[max(0, math.ceil(quantile * n - 1e-9) - 1)]),
        lower=float(ranked[lower - 1]) if lower >= 1 else None,
        upper=float(ranked[upper - 1]) if upper <= n else None,
        n=n,
    )


def within_budget(seconds: NDArray[np.floating], quantile: float, budget: float, alpha: float = 0.05) -> BudgetVerdict:
    """Whether at least ``quantile`` of all calls take at most ``budget`` seconds, by the calls timed.

    Pass where the upper bound of the percentile is within the budget, fail where the lower bound is over it. No
    calls prove nothing.
    """
    n = len(seconds)
    slow = int(np.count_nonzero(np.asarray(seconds) > budget))
    p_value = at_most(slow, n, 1.0 - quantile)
    if n and p_value <= alpha:
        return BudgetVerdict(Outcome.PASS, p_value)
    if n and at_most(n - slow, n, quantile) <= alpha:
        return BudgetVerdict(Outcome.FAIL, p_value)
    return BudgetVerdict(Outcome.INCONCLUSIVE, p_value, _more_calls(slow, n, quantile, alpha))


def calls_for(slow: int, quantile: float, alpha: float = 0.05) -> int:
    """The fewest calls of which ``slow`` may be over the budget while the ``quantile`` is proven within it.

    >>> [calls_for(slow, 0.95) for slow in (0, 1, 2)], calls_for(0, 0.99)
    ([59, 93, 124], 299)
    """
    enough = max(slow + 1, math.ceil(slow / (1.0 - quantile)))
    while at_most(slow, enough, 1.0 - quantile) > alpha:
        enough *= 2
    few = slow
    while enough - few > 1:
        middle = (few + enough) // 2
        if at_most(slow, middle, 1.0 - quantile) <= alpha:
            enough = middle
        else:
            few = middle
    return enough


def _more_calls(slow: int, n: int, quantile: float, alpha: float) -> int | None:
    """How many more calls would prove the budget at the present share of slow ones; ``None`` where none would."""
    if n == 0 or slow == 0:
        return calls_for(0, quantile, alpha) - n
    share = slow / n
    if share >= 1.0 - quantile:
        return None
    # More calls bring more slow ones, so the goal moves; it is met once the calls it asks for hold no more of them.
    needed = n
    while needed <= MANY_CALLS:
        goal = calls_for(math.ceil(share * needed - 1e-9), quantile, alpha)
        if goal <= needed:
            return needed - n
        needed = goal
    return None


def at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) for X binomial (n, p), 0 < p < 1; 1 for n = 0.

    >>> round(at_most(1, 2, 0.5), 12)
    0.75
    """
    return float(_cumulative(min(k, n), n, p)[-1]) if 0 <= k < n else float(k >= n)


def binomial_cdf(n: int, p: float) -> NDArray[np.float64]:
    """P(X <= k) for k = 0 ... n and X binomial (n, p), 0 < p < 1, of shape (n + 1,).

    >>> binomial_cdf(2, 0.5).round(12).tolist()
    [0.25, 0.75, 1.0]
    """
    cdf = _cumulative(n, n, p)
    cdf[-1] = 1.0
    return cdf


def _cumulative(k: int, n: int, p: float) -> NDArray[np.float64]:
    """P(X <= i) for i = 0 ... k: each mass from the one before, in logarithms, so that nothing underflows early."""
    i = np.arange(1, k + 1)
    steps = np.log((n - i + 1) / i) + (math.log(p) - math.log1p(-p))
    log_mass = n * math.log1p(-p) + np.concatenate([[0.0], np.cumsum(steps)])
    cumulative: NDArray[np.float64] = np.minimum(np.cumsum(np.exp(log_mass)), 1.0)
    return cumulative
