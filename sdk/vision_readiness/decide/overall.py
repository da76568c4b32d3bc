"""Requirements on figures that are no rate of one class: average precision, and false alarms on empty images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_readiness.decide.outcome import Price, Seen, by_bounds, judged, unproven
from vision_readiness.evaluate.figures import Scope, count_bounds
from vision_readiness.evaluate.rates import NORMAL
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Metric, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.decide.assess import Assessment


def judge_average(assessment: Assessment, requirement: Requirement, known: Mapping[str, int]) -> RequirementResult:
    average, policy = assessment.model.average, assessment.policy
    column = 0 if requirement.metric is Metric.AP else 1
    if requirement.where or requirement.label is None:
        return unproven(requirement, outcomes.NOT_PROVEN, Cause.AVERAGE_IN_SITUATION)
    row = known[requirement.label]
    value = float(average.value[row].mean() if column == 0 else average.value[row, 0])
    lower, upper = float(average.lower[row, column]), float(average.upper[row, column])
    if math.isnan(value) or math.isnan(lower):
        return unproven(requirement, outcomes.NOT_PROVEN, Cause.NOT_IN_TEST)
    least = policy.min_images_for_ap
    enough = average.images >= least or not requirement.critical
    spread = max((upper - lower) / 2, 1e-9) / NORMAL.inv_cdf(1 - policy.alpha)
    more = max(0, least - average.images) or None if not enough else None
    seen = Seen(value=value, lower=lower, upper=upper, trials=average.images, groups=average.images, unit="images")
    return judged(
        requirement,
        seen,
        by_bounds(requirement, lower, upper, NORMAL.cdf((value - requirement.limit) / spread)),
        alpha=policy.alpha,
        failure=outcomes.WEAK_CLASS,
        admitted=enough,
        price=lambda: Price(more, more),
        numbers={} if enough else {"images_needed": least},
    )


def judge_false_alarms(assessment: Assessment, requirement: Requirement, scope: Scope) -> RequirementResult:
    policy = assessment.policy
    counts, empty = assessment.figures.false_alarms(scope)
    bounds = count_bounds(counts, empty / 1000, requirement.limit, policy.alpha)
    needed = _empty_images_to_prove(requirement.limit, empty, bounds.events, policy.alpha)
    return judged(
        requirement,
        Seen(
            value=bounds.rate,
            lower=bounds.lower if empty else None,
            upper=bounds.upper if empty else None,
            hits=bounds.events,
            trials=empty,
            groups=len(counts),
            unit="empty images",
        ),
        by_bounds(requirement, bounds.lower, bounds.upper, 1 - bounds.p_value),
        alpha=policy.alpha,
        failure=outcomes.WEAK_OVERALL,
        admitted=len(counts) >= policy.min_groups,
        price=lambda: Price(needed, needed),
    )


def _empty_images_to_prove(limit_per_1000: float, empty: int, events: int, alpha: float) -> int | None:
    """More empty images until the bound would clear the limit, were the rate to stay; three events' worth at least."""
    allowed = limit_per_1000 / 1000
    rate = events / empty if empty else 0.0
    if rate >= allowed:
        return None
    needed = max(3.0 / allowed, (NORMAL.inv_cdf(1 - alpha) / (allowed - rate)) ** 2 * allowed)
    return max(0, math.ceil(needed) - empty)
