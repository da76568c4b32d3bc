"""Budgets of the device: measured there they pass or fail, measured elsewhere or estimated they prove nothing."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from vision_readiness.benchmark.percentiles import percentile_bounds, within_budget
from vision_readiness.numbers import milliseconds, percent, value_words
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import QUANTILES, Metric, Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.policy import Policy
    from vision_readiness.reasons.reason import Reason
    from vision_readiness.spec import DeploymentTarget

MIN_CALLS_FOR_MEAN = 30
"""Fewer calls say little about their mean."""


def judge_budget(
    latency: LatencyFacts | None,
    requirement: Requirement,
    target: DeploymentTarget | None,
    policy: Policy,
    artefact: str | None = None,
) -> RequirementResult:
    """The outcome of a latency, throughput or memory budget of the artefact with this digest (``None``: not known)."""
    device = target.device if target else "the target"
    if latency is None or not len(latency.seconds):
        return _open(requirement, outcomes.NOT_ON_TARGET, f"Nothing was timed on {device}.", 0)
    calls = len(latency.seconds)
    if latency.estimated_error is not None:
        because = f"The latency on {device} is an estimate (±{percent(latency.estimated_error)}), which proves nothing."
        return _open(requirement, outcomes.NOT_ON_TARGET, because, calls)
    if target is None or latency.device != target.device:
        because = f"It was timed on {latency.device}, not on {device}."
        return _open(requirement, outcomes.NOT_ON_TARGET, because, calls)
    if artefact is not None and latency.artefact != artefact:
        because = f"It was timed with another artefact ({latency.artefact[:12]}, judged is {artefact[:12]})."
        return _open(requirement, outcomes.NOT_ON_TARGET, because, calls)
    if requirement.metric is Metric.MEMORY_MB:
        return _memory(latency, requirement)
    if requirement.metric is Metric.COST:
        return _cost(latency, requirement, target.price_per_hour, policy)
    if requirement.metric is Metric.FRAMES_PER_SECOND:
        return _throughput(latency, requirement, policy)
    return _time(latency, requirement, policy)


def _open(requirement: Requirement, reason: Reason, because: str, calls: int) -> RequirementResult:
    limit = value_words(requirement.metric, requirement.limit)
    sentence = f"{because} The limit is {limit}."
    return RequirementResult(
        requirement, Outcome.INCONCLUSIVE, None, None, None, None, calls, calls, "calls", 0.0, sentence, reason.code
    )


def _time(latency: LatencyFacts, requirement: Requirement, policy: Policy) -> RequirementResult:
    """A percentile under its limit, by exact order-statistic bounds."""
    quantile = QUANTILES[requirement.metric]
    bounds = percentile_bounds(latency.seconds, quantile, policy.alpha)
    verdict = within_budget(latency.seconds, quantile, requirement.limit / 1000, policy.alpha)
    value, lower, upper = _ms(bounds.value), _ms(bounds.lower), _ms(bounds.upper)
    proven = f" (at most {milliseconds(upper, requirement.limit)})" if upper is not None else ""
    shown = milliseconds(value or 0.0, requirement.limit)
    limit = milliseconds(requirement.limit)
    seen = f"{percent(quantile)} of frames within {shown}{proven} on {latency.device}; the limit is {limit}."
    span = (value, lower, upper)
    return _timed(latency, requirement, verdict.outcome, span, 1 - verdict.p_value, seen, verdict.calls_needed)


def _throughput(latency: LatencyFacts, requirement: Requirement, policy: Policy) -> RequirementResult:
    """Frames a second, one after the other, against the interval that a frame may take."""
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    seen = f"{1 / mean:.1f} frames a second on {latency.device}, one at a time; needs {requirement.limit:g}."
    span = (1 / mean, 1 / slowest if slowest < math.inf else 0.0, 1 / fastest)
    return _of_mean(latency, requirement, 1 / requirement.limit, span, seen, policy)


def _cost(
    latency: LatencyFacts, requirement: Requirement, price_per_hour: float | None, policy: Policy
) -> RequirementResult:
    """What a thousand images cost, one after the other, on a device that is paid by the hour."""
    if price_per_hour is None:
        because = f"Nobody said what an hour of {latency.device} costs (`deployment_target.price_per_hour`)."
        return _open(requirement, outcomes.BUDGET_NOT_PROVEN, because, len(latency.seconds))
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    of_second = 1000 * price_per_hour / 3600
    span = (mean * of_second, fastest * of_second, slowest * of_second if slowest < math.inf else None)
    shown, limit = value_words(Metric.COST, mean * of_second), value_words(Metric.COST, requirement.limit)
    seen = f"1,000 images cost {shown} on {latency.device}, one at a time; the limit is {limit}."
    return _of_mean(latency, requirement, requirement.limit / of_second, span, seen, policy)


def _mean(latency: LatencyFacts) -> tuple[float, float]:
    """The mean call in seconds, and its standard error."""
    calls = len(latency.seconds)
    error = float(latency.seconds.std(ddof=1)) / math.sqrt(calls) if calls > 1 else math.inf
    return float(latency.seconds.mean()), error


def _bounds(mean: float, error: float, policy: Policy) -> tuple[float, float]:
    """Normal bounds of a mean call in seconds."""
    z = NormalDist().inv_cdf(1 - policy.alpha)
    return max(mean - z * error, 1e-9), mean + z * error


def _of_mean(
    latency: LatencyFacts,
    requirement: Requirement,
    may_take: float,
    span: tuple[float | None, float | None, float | None],
    seen: str,
    policy: Policy,
) -> RequirementResult:
    """The outcome of a budget that the mean call decides: ``may_take`` is what it may take in seconds."""
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    outcome = Outcome.PASS if slowest <= may_take else Outcome.FAIL if fastest > may_take else Outcome.INCONCLUSIVE
    enough = len(latency.seconds) >= MIN_CALLS_FOR_MEAN
    if not enough:
        outcome = Outcome.INCONCLUSIVE
    probability = NormalDist().cdf((may_take - mean) / error) if 0 < error < math.inf else float(mean <= may_take)
    more = None if enough else MIN_CALLS_FOR_MEAN - len(latency.seconds)
    return _timed(latency, requirement, outcome, span, probability if enough else 0.0, seen, more)


def _timed(
    latency: LatencyFacts,
    requirement: Requirement,
    outcome: Outcome,
    span: tuple[float | None, float | None, float | None],
    probability: float,
    seen: str,
    more: int | None,
) -> RequirementResult:
    codes = {Outcome.PASS: None, Outcome.FAIL: outcomes.OVER_BUDGET, Outcome.INCONCLUSIVE: outcomes.BUDGET_NOT_PROVEN}
    reason = codes[outcome]
    calls = len(latency.seconds)
    more = more if outcome is Outcome.INCONCLUSIVE else None
    tell = f" About {more:,} more calls would tell." if more else ""
    return RequirementResult(
        requirement,
        outcome,
        *span,
        None,
        calls,
        calls,
        "calls",
        probability,
        seen + tell,
        reason.code if reason else None,
        more,
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _memory(latency: LatencyFacts, requirement: Requirement) -> RequirementResult:
    """The peak memory of the process: one measurement, taken as it is."""
    if latency.peak_memory_bytes is None:
        return _open(requirement, outcomes.BUDGET_NOT_PROVEN, "The memory could not be read.", len(latency.seconds))
    used = latency.peak_memory_bytes / 2**20
    fits = used <= requirement.limit
    limit = value_words(requirement.metric, requirement.limit)
    return RequirementResult(
        requirement,
        Outcome.PASS if fits else Outcome.FAIL,
        used,
        None,
        None,
        None,
        1,
        1,
        "measurements",
        1.0 if fits else 0.0,
        f"The process took {value_words(requirement.metric, used)} at most on {latency.device}; the limit is {limit}.",
        None if fits else outcomes.OVER_BUDGET.code,
    )
