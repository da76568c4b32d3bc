"""Average precision by COCO's rule, and its interval by resampling images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.matches import Matches
from vision_readiness.evaluate.paired import unseen_spread
from vision_readiness.evaluate.precision_curve import Counted, ImageWeights, class_precision
from vision_readiness.evaluate.rates import NORMAL

HALF_A_STEP = 0.5 / 100
"""COCO reads precision at 101 recalls, so the AP of a class jumps by up to 1/100 where its last recall passes one of
them. Resampling cannot see on which side the truth lies, so half a step is allowed for (docs/numbers-statistics.md)."""

REPLICATES_AT_ONCE = 25
"""How many resamples are worked on at a time, so that memory does not grow with their number."""


@dataclass(frozen=True, slots=True, eq=False)
class AveragePrecision:
    """Average precision per class and IoU level, of shape (classes, levels); NaN for a class without truths.

    ``lower`` and ``upper`` have shape (classes, 3) for the mean over levels, the first level (AP50) and AP75: the
    two-sided 90 % interval of the basic bootstrap over groups of images, and half a step of COCO's recalls beyond for
    boxes and masks; NaN where there is none.
    """

    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    images: int
    replicates: int

    def mean(self) -> float | None:
        """COCO's AP: the mean over levels and the classes that have truths, or ``None`` without any."""
        return None if np.isnan(self.value).all() else float(np.nanmean(self.value))

    def mean50(self) -> float | None:
        """COCO's AP50, or ``None`` without truths."""
        return None if np.isnan(self.value).all() else float(np.nanmean(self.value[:, 0]))


def average_precision(
    matches: Matches, group: NDArray[np.int32], *, replicates: int = 200, seed: int = 0, alpha: float = 0.05
) -> AveragePrecision:
    """Average precision of every class over all images of ``matches``, with bounds.

    ``group`` has shape (images,): images of one group err together and are resampled together. The basic bootstrap is
    used because plug-in AP is biased upward on small sets and percentile intervals repeat the bias. Boxes and masks
    follow COCO (101 recall points); a classification is the step-wise mean over its answers, as in scikit-learn.
    """
    weights = _resamples(matches.answered, group, replicates, seed)
    levels = range(matches.levels)
    counted = Counted.all_of(matches)
    tables = np.stack([_in_parts(counted, label, weights, levels) for label in range(len(matches.classes))])
    shown, resampled = _figures(tables)[:, 0], _figures(tables)[:, 1:]
    low, high = _basic_bounds(shown, resampled, alpha)
    step = HALF_A_STEP if matches.task.has_boxes else 0.0
    bounds = (np.clip(low - step, 0, 1), np.clip(high + step, 0, 1))
    return AveragePrecision(tables[:, 0], *bounds, images=int(matches.answered.sum()), replicates=replicates)


def change_of_ap50(
    matches: Matches,
    before: Matches,
    group: NDArray[np.int32],
    *,
    replicates: int = 200,
    seed: int = 0,
    alpha: float = 0.05,
) -> NDArray[np.float64]:
    """The change of AP50 from ``before`` and its two-sided 90 % interval, of shape (classes, 3).

    Both models are resampled on the same images at once, so that what they share cancels out. Resamples of few groups
    that hold the class do not know the group in which the two differ, so to the interval comes what one more that
    gained and one more that lost would add, as in ``rate_change``: without it a fall of 2 points goes unseen in 8 of
    10 sets of 5 images, and in 5 of 10 sets of 20 (docs/numbers-statistics.md). NaN for a class without truths.
    """
    both_answered = matches.answered & before.answered
    weights = _resamples(both_answered, group, replicates, seed)
    both = [Counted.all_of(one) for one in (matches, before)]
    rows = []
    for label in range(len(matches.classes)):
        now, then = (_in_parts(one, label, weights, range(1))[:, 0] for one in both)
        change = now - then
        low, high = _basic_bounds(change[:1], change[None, 1:], alpha)
        reach = NORMAL.inv_cdf(1 - alpha) * unseen_spread(_groups_holding(matches, label, both_answered, group))
        below, above = np.hypot(change[0] - low[0], reach), np.hypot(high[0] - change[0], reach)
        rows.append([change[0], change[0] - below, change[0] + above])
    changes: NDArray[np.float64] = np.clip(rows, -1.0, 1.0)
    return changes


def _groups_holding(matches: Matches, label: int, images: NDArray[np.bool_], group: NDArray[np.int32]) -> int:
    truths = matches.truths
    rows = (truths.label == label) & ~truths.ignored & images[truths.image]
    return len(np.unique(group[truths.image[rows]]))


def _resamples(images: NDArray[np.bool_], group: NDArray[np.int32], replicates: int, seed: int) -> ImageWeights:
    """How often each replicate draws each group of images; the first draws each once."""
    groups, members = np.unique(group[images], return_inverse=True)
    place = np.zeros(len(group), np.int64)
    place[images] = members
    weights = np.ones((1, max(1, len(groups))))
    if replicates and len(groups) > 1:
        drawn = np.random.default_rng(seed).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), replicates)
        weights = np.concatenate([weights, drawn.astype(np.float64)])
    return ImageWeights(weights, place)


def _in_parts(counted: Counted, label: int, weights: ImageWeights, levels: range) -> NDArray[np.float64]:
    """``class_precision`` of a few replicates at a time."""
    starts = range(0, len(weights.value), REPLICATES_AT_ONCE)
    parts = [ImageWeights(weights.value[start : start + REPLICATES_AT_ONCE], weights.place) for start in starts]
    return np.concatenate([class_precision(counted, label, part, levels) for part in parts])


def _basic_bounds(
    shown: NDArray[np.float64], resampled: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Basic bootstrap bounds; ``resampled`` has the replicates on its second axis, after that it is like ``shown``.

    Replicates that drew no truth of the class are left out; without any the bounds are NaN.
    """
    low, high = np.full_like(shown, np.nan), np.full_like(shown, np.nan)
    for row, drawn in enumerate(resampled):
        usable = drawn[~np.isnan(drawn).reshape(len(drawn), -1).any(axis=1)] if len(drawn) else drawn
        if len(usable) > 1:
            upper, lower = np.quantile(usable, [1 - alpha, alpha], axis=0)
            low[row], high[row] = 2 * shown[row] - upper, 2 * shown[row] - lower
    return low, high


def _figures(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """AP, AP50 and AP75 of tables of shape (classes, replicates, levels), as (classes, replicates, 3)."""
    return np.stack([tables.mean(axis=2), tables[:, :, 0], tables[:, :, min(5, tables.shape[2] - 1)]], axis=2)
