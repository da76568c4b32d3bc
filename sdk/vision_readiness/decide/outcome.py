"""The two ways to make a result: judged by evidence, or unproven for want of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was measured: a value with its one-sided bounds, and the sample that it comes from."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    hits: int | None = None
    trials: int = 0
    groups: int = 0
    unit: str = "objects"
    design_effect: float | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """How many more trials would prove a requirement, and how many images that is; ``None`` where none would."""

    more: int | None = None
    images: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a requirement is proven or failed by its bounds, and the probability that it holds."""

    passes: bool
    fails: bool
    probability: float

    def outcome(self, *, admitted: bool) -> Outcome:
        """The outcome; evidence that is not ``admitted`` as proof decides nothing."""
        if not admitted:
            return Outcome.INCONCLUSIVE
        return Outcome.PASS if self.passes else Outcome.FAIL if self.fails else Outcome.INCONCLUSIVE


def judged(
    requirement: Requirement,
    seen: Seen,
    verdict: Verdict,
    *,
    alpha: float,
    failure: Reason,
    lacking: Reason = outcomes.NOT_PROVEN,
    admitted: bool = True,
    price: Callable[[], Price] = Price,
    cause: Cause = Cause.MEASURED,
    numbers: Mapping[str, str | int | float] | None = None,
) -> RequirementResult:
    """The result of evidence; what is not ``admitted`` as proof decides nothing.

    ``failure`` is the reason where it fails, ``lacking`` where it is not proven, and only then ``price`` is asked.
    """
    outcome = verdict.outcome(admitted=admitted)
    cost = price() if outcome is Outcome.INCONCLUSIVE else Price()
    code = {Outcome.PASS: None, Outcome.FAIL: failure.code, Outcome.INCONCLUSIVE: lacking.code}[outcome]
    return RequirementResult(
        requirement=requirement,
        outcome=outcome,
        measured=seen.value,
        lower=seen.lower,
        upper=seen.upper,
        hits=seen.hits,
        trials=seen.trials,
        groups=seen.groups,
        unit=seen.unit,
        probability=_capped(verdict.probability, outcome, alpha),
        cause=cause,
        numbers=numbers or {},
        code=code,
        more=cost.more,
        more_images=cost.images,
        design_effect=seen.design_effect,
    )


def unproven(
    requirement: Requirement,
    reason: Reason,
    cause: Cause,
    *,
    trials: int = 0,
    groups: int = 0,
    unit: str = "objects",
    numbers: Mapping[str, str | int | float] | None = None,
) -> RequirementResult:
    """The result of a requirement about which there is no evidence that counts."""
    return RequirementResult(
        requirement=requirement,
        outcome=Outcome.INCONCLUSIVE,
        measured=None,
        lower=None,
        upper=None,
        hits=None,
        trials=trials,
        groups=groups,
        unit=unit,
        probability=0.0,
        cause=cause,
        numbers=numbers or {},
        code=reason.code,
    )


def by_bounds(requirement: Requirement, lower: float, upper: float, probability: float) -> Verdict:
    """The verdict of two bounds: proven from ``limit`` on (a change: beyond it), failed beyond ``fails_at``."""
    limit, fails_at = requirement.limit, requirement.fails_at
    if requirement.at_most:
        return Verdict(upper <= limit, lower > fails_at, probability)
    passes = lower > limit if requirement.metric.is_change else lower >= limit
    return Verdict(passes, upper < fails_at, probability)


def score_needed(alpha: float) -> int:
    """The score from which on every critical requirement is proven, 0 to 100.

    >>> score_needed(0.05), score_needed(0.0304)
    (95, 97)
    """
    return math.ceil(round(100 * (1 - alpha), 9))


def score_of(probability: float, alpha: float) -> int:
    """A probability as a score: ``score_needed`` or more where it is at least 1 - ``alpha``, and less elsewhere."""
    needed = score_needed(alpha)
    return max(needed, int(100 * probability)) if probability >= 1 - alpha else min(needed - 1, int(100 * probability))


def _capped(probability: float, outcome: Outcome, alpha: float) -> float:
    """A pass holds with 1 - ``alpha`` at least; what is not proven stays a point of score below that."""
    if outcome is Outcome.PASS:
        return max(probability, 1 - alpha)
    return max(0.0, min(probability, (score_needed(alpha) - 1) / 100))
