"""Budgets of the device: measured there they pass or fail, measured elsewhere or estimated they prove nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING

from vision_readiness.benchmark.percentiles import percentile_bounds, within_budget
from vision_readiness.decide.outcome import Price, Seen, Verdict, judged, unproven
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import QUANTILES, Cause, Metric, Outcome, Requirement, RequirementResult

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
    device = {"target": target.device if target else "the target"}
    if latency is None or not len(latency.seconds):
        return unproven(requirement, outcomes.NOT_ON_TARGET, Cause.NOT_TIMED, unit="calls", numbers=device)
    if latency.estimated_error is not None:
        return _open(latency, requirement, Cause.ESTIMATED, device | {"error": latency.estimated_error})
    if target is None or latency.device != target.device:
        return _open(latency, requirement, Cause.OTHER_DEVICE, device | {"device": latency.device})
    if artefact is not None and latency.artefact != artefact:
        digests = {"timed": latency.artefact[:12], "judged": artefact[:12]}
        return _open(latency, requirement, Cause.OTHER_ARTEFACT, device | digests)
    if requirement.metric is Metric.MEMORY_MB:
        return _memory(latency, requirement, policy)
    if requirement.metric is Metric.COST:
        return _cost(latency, requirement, target.price_per_hour, policy)
    if requirement.metric is Metric.FRAMES_PER_SECOND:
        return _throughput(latency, requirement, policy)
    return _time(latency, requirement, policy)


def _open(
    latency: LatencyFacts,
    requirement: Requirement,
    cause: Cause,
    numbers: Mapping[str, str | int | float],
    reason: Reason = outcomes.NOT_ON_TARGET,
) -> RequirementResult:
    calls = len(latency.seconds)
    return unproven(requirement, reason, cause, trials=calls, groups=calls, unit="calls", numbers=numbers)


def _time(latency: LatencyFacts, requirement: Requirement, policy: Policy) -> RequirementResult:
    """A percentile under its limit, by exact order-statistic bounds."""
    quantile = QUANTILES[requirement.metric]
    bounds = percentile_bounds(latency.seconds, quantile, policy.alpha)
    kept = within_budget(latency.seconds, quantile, requirement.limit / 1000, policy.alpha)
    broken = within_budget(latency.seconds, quantile, requirement.fails_at / 1000, policy.alpha)
    verdict = Verdict(kept.outcome is Outcome.PASS, broken.outcome is Outcome.FAIL, 1 - kept.p_value)
    span = (_ms(bounds.value), _ms(bounds.lower), _ms(bounds.upper))
    return _timed(latency, requirement, span, verdict, policy, kept.calls_needed)


def _throughput(latency: LatencyFacts, requirement: Requirement, policy: Policy) -> RequirementResult:
    """Frames a second, one after the other, against the interval that a frame may take."""
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    span = (1 / mean, 1 / slowest if slowest < math.inf else 0.0, 1 / fastest)
    return _of_mean(latency, requirement, (1 / requirement.limit, 1 / requirement.fails_at), span, policy)


def _cost(
    latency: LatencyFacts, requirement: Requirement, price_per_hour: float | None, policy: Policy
) -> RequirementResult:
    """What a thousand images cost, one after the other, on a device that is paid by the hour."""
    if price_per_hour is None:
        reason = outcomes.BUDGET_NOT_PROVEN
        return _open(latency, requirement, Cause.NO_PRICE, {"device": latency.device}, reason)
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    of_second = 1000 * price_per_hour / 3600
    span = (mean * of_second, fastest * of_second, slowest * of_second if slowest < math.inf else None)
    return _of_mean(
        latency, requirement, (requirement.limit / of_second, requirement.fails_at / of_second), span, policy
    )


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
    may_take: tuple[float, float],
    span: tuple[float | None, float | None, float | None],
    policy: Policy,
) -> RequirementResult:
    """The outcome of a budget that the mean call decides: it may take the first time, and fails over the second."""
    mean, error = _mean(latency)
    fastest, slowest = _bounds(mean, error, policy)
    enough = len(latency.seconds) >= MIN_CALLS_FOR_MEAN
    holds = NormalDist().cdf((may_take[0] - mean) / error) if 0 < error < math.inf else float(mean <= may_take[0])
    verdict = Verdict(slowest <= may_take[0], fastest > may_take[1], holds if enough else 0.0)
    more = None if enough else MIN_CALLS_FOR_MEAN - len(latency.seconds)
    return _timed(latency, requirement, span, verdict, policy, more, admitted=enough)


def _timed(
    latency: LatencyFacts,
    requirement: Requirement,
    span: tuple[float | None, float | None, float | None],
    verdict: Verdict,
    policy: Policy,
    more: int | None,
    *,
    admitted: bool = True,
) -> RequirementResult:
    value, lower, upper = span
    calls = len(latency.seconds)
    return judged(
        requirement,
        Seen(value=value, lower=lower, upper=upper, trials=calls, groups=calls, unit="calls"),
        verdict,
        alpha=policy.alpha,
        failure=outcomes.OVER_BUDGET,
        lacking=outcomes.BUDGET_NOT_PROVEN,
        admitted=admitted,
        price=lambda: Price(more),
        numbers={"device": latency.device},
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _memory(latency: LatencyFacts, requirement: Requirement, policy: Policy) -> RequirementResult:
    """The peak memory of the process: one measurement, taken as it is."""
    if latency.peak_memory_bytes is None:
        return _open(latency, requirement, Cause.MEMORY_UNREAD, {}, outcomes.BUDGET_NOT_PROVEN)
    used = latency.peak_memory_bytes / 2**20
    fits = used <= requirement.limit
    return judged(
        requirement,
        Seen(value=used, trials=1, groups=1, unit="measurements"),
        Verdict(fits, used > requirement.fails_at, float(fits)),
        alpha=policy.alpha,
        failure=outcomes.OVER_BUDGET,
        lacking=outcomes.BUDGET_NOT_PROVEN,
        numbers={"device": latency.device},
    )
