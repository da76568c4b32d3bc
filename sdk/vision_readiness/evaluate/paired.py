"""The change of a rate between two models on the same images, with what they share cancelled out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import NORMAL

MARGIN = 0.02
"""A fall of recall or precision that is still taken as no worse."""


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate now minus the rate before, with its standard error and bounds; ``None`` where nothing can be said."""

    now: float | None
    before: float | None
    change: float | None
    spread: float | None
    lower: float | None
    upper: float | None
    groups: int

    def is_worse(self) -> bool:
        """Whether the rate has surely fallen."""
        return self.upper is not None and self.upper < 0

    def is_no_worse(self, margin: float) -> bool:
        """Whether it surely has not fallen by ``margin`` or more (non-inferiority)."""
        return self.lower is not None and self.lower > -margin


def paid_with(recall: RateChange, precision: RateChange) -> str | None:
    """The rate that falls while the other gains (``"recall"`` or ``"precision"``); ``None`` for neither.

    A fall counts when it is sure and not within the margin that is still taken as no worse.
    """
    for name, paid, gained in (("precision", precision, recall), ("recall", recall, precision)):
        if (gained.change or 0.0) > 0 and paid.is_worse() and (paid.change or 0.0) <= -MARGIN:
            return name
    return None


def rate_change(
    now: tuple[NDArray[np.int64], NDArray[np.int64]],
    before: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    alpha: float = 0.05,
) -> RateChange:
    """The change of ``sum(hits) / sum(trials)``; each pair holds hits and trials of shape (groups,), group by group.

    Both rates are ratios of group totals; the variance of their difference is that of the groups' linearised
    contributions (Taylor linearisation, Woodruff 1971), so that groups both models find hard count once. To it comes
    what one more group that gained and one more that lost would add: without the two, models that differ on no group
    seen would be proven alike by a handful of groups (the adjusted Wald interval for matched pairs, Bonett and Price
    2012, https://doi.org/10.3102/1076998611411915). Each bound holds at ``1 - alpha``, one-sided, within -1 to 1.
    Without trials on either side there is no change to speak of, and with fewer than 2 groups no bound.
    """
    rates = [float(hits.sum() / trials.sum()) if trials.sum() else None for hits, trials in (now, before)]
    seen = (now[1] > 0) | (before[1] > 0)
    groups = int(np.count_nonzero(seen))
    if rates[0] is None or rates[1] is None:
        return RateChange(rates[0], rates[1], None, None, None, None, groups)
    change = rates[0] - rates[1]
    if groups < 2:
        return RateChange(rates[0], rates[1], change, None, None, None, groups)
    parts = [
        (hits[seen] - rate * trials[seen]) / trials.sum()
        for (hits, trials), rate in zip((now, before), (rates[0], rates[1]), strict=True)
    ]
    sampled = math.sqrt(groups / (groups - 1) * float(np.sum((parts[0] - parts[1]) ** 2)))
    spread = math.hypot(sampled, unseen_spread(groups))
    reach = NORMAL.inv_cdf(1 - alpha) * spread
    lower, upper = max(-1.0, change - reach), min(1.0, change + reach)
    return RateChange(rates[0], rates[1], change, spread, lower, upper, groups)


def unseen_spread(groups: int) -> float:
    """What one more group that gained and one more that lost, all of each, add to the spread of a paired change."""
    return math.sqrt(2) / (groups + 2)
