"""What every way of judging shares: the three-valued outcome, its code, and how a situation is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Reason

MANY_TRIALS = 100_000
"""More objects than anybody labels to prove one figure."""

UNPROVEN = 0.94
"""The most that a requirement can be said to hold with while its evidence is not admitted as proof."""


def unproven(requirement: Requirement, reason: Reason, because: str) -> RequirementResult:
    """The result of a requirement about which there is no evidence at all."""
    return RequirementResult(
        requirement, Outcome.INCONCLUSIVE, None, None, None, None, 0, 0, "objects", 0.0, because, reason.code
    )


def outcome_of(*, admitted: bool, passes: bool, fails: bool) -> Outcome:
    """The outcome that bounds give; evidence that is not admitted decides nothing."""
    if not admitted:
        return Outcome.INCONCLUSIVE
    return Outcome.PASS if passes else Outcome.FAIL if fails else Outcome.INCONCLUSIVE


def code_of(outcome: Outcome, failure: Reason) -> str | None:
    """The code of an outcome: that of ``failure``, or of what is not proven; ``None`` for a pass."""
    return {Outcome.PASS: None, Outcome.FAIL: failure.code, Outcome.INCONCLUSIVE: outcomes.NOT_PROVEN.code}[outcome]


def place_of(requirement: Requirement) -> str:
    """The situation as it follows a class in a sentence, empty where there is none."""
    return "".join(f", {name} {level}" for name, level in requirement.where)
