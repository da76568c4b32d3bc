"""Requirements against another model on the same images: a rate may have fallen by less than a margin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.outcome import Price, Seen, by_bounds, judged, unproven
from vision_readiness.evaluate.paired import rate_change
from vision_readiness.evaluate.rates import NORMAL
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Metric, Requirement, RequirementResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.policy import Policy

Counts = tuple["NDArray[np.int64]", "NDArray[np.int64]"]


def judge_change(
    requirement: Requirement,
    now: tuple[Figures, Scope],
    before: tuple[Figures, Scope],
    label: int,
    policy: Policy,
    other: str,
) -> RequirementResult:
    """The outcome of "fallen by less than the margin", each model at its own thresholds on the images of its scope.

    It passes when the lower bound of the change is above the limit (minus the margin), and fails when the upper bound
    is below it. ``other`` is the name of the model compared with.
    """
    recall = requirement.metric is Metric.RECALL_CHANGE
    counts = counts_by_group(*now, label, recall=recall), counts_by_group(*before, label, recall=recall)
    change = rate_change(*counts, alpha=policy.alpha)
    trials, unit = int(counts[0][1].sum()), "objects" if recall else "answers"
    numbers: dict[str, str | int | float] = {"model": other}
    if change.change is None or change.spread is None or change.lower is None or change.upper is None:
        cause, reason = Cause.NOT_COMPARABLE, outcomes.NOT_PROVEN
        return unproven(requirement, reason, cause, trials=trials, unit=unit, numbers=numbers)
    distance, spread, images = change.change - requirement.limit, change.spread, int(np.count_nonzero(now[1].images))
    seen = Seen(
        value=change.change,
        lower=change.lower,
        upper=change.upper,
        trials=trials,
        groups=change.groups,
        unit=unit,
    )
    return judged(
        requirement,
        seen,
        by_bounds(requirement, change.lower, change.upper, NORMAL.cdf(distance / spread)),
        alpha=policy.alpha,
        failure=outcomes.REGRESSED,
        admitted=change.groups >= policy.min_groups,
        price=lambda: _price(distance, spread, change.groups, policy, trials, images),
        numbers=numbers,
    )


def counts_by_group(figures: Figures, scope: Scope, label: int, *, recall: bool) -> Counts:
    """Hits and trials of a class by the number of the group, so that two models' counts stand side by side."""
    matches, groups = figures.matches, int(figures.group.max(initial=-1)) + 1
    if recall:
        rows = figures.truths_of(label, scope)
        group, right = figures.group[matches.truths.image[rows]], figures.found[rows]
    else:
        rows = figures.answers_of(label, scope)
        group, right = figures.group[matches.answers.image[rows]], matches.answers.hit[rows, 0]
    return np.bincount(group, right, groups).astype(np.int64), np.bincount(group, minlength=groups)


def _price(distance: float, spread: float, groups: int, policy: Policy, trials: int, images: int) -> Price:
    """How many more trials, and images, are expected to prove it, were the change to stay."""
    if distance <= 0 or not trials:
        return Price()
    z = NORMAL.inv_cdf(1 - policy.alpha)
    needed = max(policy.min_groups, math.ceil(groups * (z * spread / distance) ** 2))
    more = max(1, math.ceil((needed - groups) * trials / groups))
    return Price(more, math.ceil(more * images / trials))
