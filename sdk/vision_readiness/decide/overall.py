"""Requirements on figures that are no rate of one class: average precision, and false alarms on empty images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_readiness.decide.outcome import UNPROVEN, code_of, outcome_of, place_of, unproven
from vision_readiness.evaluate.figures import Scope, count_bounds
from vision_readiness.evaluate.rates import NORMAL
from vision_readiness.numbers import count, range_words, value_words
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.decide.assess import Assessment


def judge_average(assessment: Assessment, requirement: Requirement, known: Mapping[str, int]) -> RequirementResult:
    average, limit = assessment.model.average, requirement.limit
    column = 0 if requirement.metric is Metric.AP else 1
    if requirement.where or requirement.label is None:
        because = "Average precision is judged per class over all images: ask for recall and precision in a situation."
        return unproven(requirement, outcomes.NOT_PROVEN, because)
    row = known[requirement.label]
    value = float(average.value[row].mean() if column == 0 else average.value[row, 0])
    lower, upper = float(average.lower[row, column]), float(average.upper[row, column])
    if math.isnan(value) or math.isnan(lower):
        return unproven(requirement, outcomes.NOT_PROVEN, f"Nothing is labelled `{requirement.label}` in test.")
    enough = average.images >= assessment.policy.min_images_for_ap or not requirement.critical
    above = (value - limit) / max((upper - lower) / 2, 1e-9) * NORMAL.inv_cdf(1 - assessment.policy.alpha)
    outcome = outcome_of(admitted=enough, passes=lower >= limit, fails=upper < limit)
    more = max(0, assessment.policy.min_images_for_ap - average.images) or None if not enough else None
    seen = f"{requirement.metric.upper()} of `{requirement.label}` is {value:.3f} ({lower:.3f}–{upper:.3f})"
    need = f"{seen}; needs {limit:g}."
    least = assessment.policy.min_images_for_ap
    because = need if enough else f"{need} It decides from {least:,} test images on: {more:,} more would do."
    probability = NORMAL.cdf(above)
    return RequirementResult(
        requirement,
        outcome,
        value,
        lower,
        upper,
        None,
        average.images,
        average.images,
        "images",
        probability if outcome is not Outcome.INCONCLUSIVE else min(probability, UNPROVEN),
        because,
        code_of(outcome, outcomes.WEAK_CLASS),
        more,
        more,
    )


def judge_false_alarms(assessment: Assessment, requirement: Requirement, scope: Scope) -> RequirementResult:
    counts, empty = assessment.figures.false_alarms(scope)
    bounds = count_bounds(counts, empty / 1000, requirement.limit, assessment.policy.alpha)
    at_most = requirement.at_most
    passes = bounds.upper <= requirement.limit if at_most else bounds.lower >= requirement.limit
    fails = bounds.lower > requirement.limit if at_most else bounds.upper < requirement.limit
    outcome = outcome_of(admitted=len(counts) >= assessment.policy.min_groups, passes=passes, fails=fails)
    needed = _empty_images_to_prove(requirement.limit, empty, bounds.events, assessment.policy.alpha)
    inconclusive = outcome is Outcome.INCONCLUSIVE
    seen = f"{count(bounds.events, 'false alarm')} on {count(empty, 'empty image')}{place_of(requirement)}"
    allowed = f"allowed are {value_words(requirement.metric, requirement.limit)} per 1,000"
    rate = f" ({range_words(requirement.metric, bounds.lower, bounds.upper)} per 1,000)" if empty else ""
    more = f" About {needed:,} more empty images would tell." if inconclusive and needed else ""
    probability = 1 - bounds.p_value
    return RequirementResult(
        requirement,
        outcome,
        bounds.rate,
        bounds.lower if empty else None,
        bounds.upper if empty else None,
        bounds.events,
        empty,
        len(counts),
        "empty images",
        min(probability, UNPROVEN) if inconclusive else probability,
        f"{seen}{rate}; {allowed}.{more}",
        code_of(outcome, outcomes.WEAK_OVERALL),
        needed if inconclusive else None,
        needed if inconclusive else None,
    )


def _empty_images_to_prove(limit_per_1000: float, empty: int, events: int, alpha: float) -> int | None:
    """More empty images until the bound would clear the limit, were the rate to stay; three events' worth at least."""
    allowed = limit_per_1000 / 1000
    rate = events / empty if empty else 0.0
    if rate >= allowed:
        return None
    needed = max(3.0 / allowed, (NORMAL.inv_cdf(1 - alpha) / (allowed - rate)) ** 2 * allowed)
    return max(0, math.ceil(needed) - empty)
