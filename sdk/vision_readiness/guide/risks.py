"""Two named risks before a rollout: that cameras meet what was not tested, and that the device is too slow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vision_readiness.decide.assess import Assessment, NotAssessed
from vision_readiness.numbers import count, percent
from vision_readiness.requirement import Outcome, RequirementResult
from vision_readiness.spec.capture import SET

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


class RiskLevel(StrEnum):
    """How large a risk is, as far as the evidence tells; what is not known is never low."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk before a rollout, with the one sentence of evidence that makes it so large."""

    level: RiskLevel
    because: str


LOW, MEDIUM, HIGH = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH


def coverage_risk(decision: Decision) -> Risk:
    """How likely the cameras meet a situation in which the model was not shown to work.

    High where a requirement in a situation fails or a declared situation has no leak-free test image; low only where
    situations are declared and everything that is asked of them holds; what is not known is never low.
    """
    assessment = decision.assessment
    if isinstance(assessment, NotAssessed):
        return Risk(HIGH, "No model was judged on the test images, so no situation is covered.")
    asked = [one for one in decision.requirements if any(name != SET for name, _ in one.requirement.where)]
    failed = _worst(asked, Outcome.FAIL)
    if failed:
        return Risk(HIGH, failed.because)
    unseen = _untested(assessment)
    if unseen:
        more = f", nor any of {count(len(unseen) - 1, 'other declared level')}" if len(unseen) > 1 else ""
        return Risk(HIGH, f"No leak-free test image shows {unseen[0]}{more}.")
    open_one = _worst(asked, Outcome.INCONCLUSIVE)
    if open_one:
        return Risk(MEDIUM, open_one.because)
    if decision.slices and decision.slices.found:
        weak = decision.slices.found[0]
        return Risk(MEDIUM, f"`{weak.label}` does worse than elsewhere here: {weak.situation}.")
    if not assessment.spec.conditions:
        return Risk(MEDIUM, "The specification declares no condition, so it is not known what the cameras will meet.")
    levels = sum(len(rule.levels) for rule in assessment.spec.conditions.values())
    if not asked:
        return Risk(MEDIUM, f"Nothing is asked of the {count(levels, 'declared level')} of conditions.")
    hold = "the requirement holds" if len(asked) == 1 else f"all {len(asked):,} requirements hold"
    return Risk(LOW, f"Each of {count(levels, 'declared level')} of conditions was tested, and {hold} there.")


def latency_risk(decision: Decision) -> Risk:
    """How likely the device is too slow, small or dear for the model.

    High where a budget fails or nothing was timed; low only where every budget is proven on the target.
    """
    asked = [one for one in decision.requirements if one.requirement.metric.is_budget]
    failed, open_one = _worst(asked, Outcome.FAIL), _worst(asked, Outcome.INCONCLUSIVE)
    if failed:
        return Risk(HIGH, failed.because)
    if decision.assessment.evidence.latency is None:
        return Risk(HIGH, open_one.because if open_one else "The model was never timed, on any device.")
    if open_one:
        return Risk(MEDIUM, open_one.because)
    if not asked:
        return Risk(MEDIUM, "The specification sets no budget, so nobody can say what is too slow.")
    return Risk(LOW, min(asked, key=lambda one: one.probability).because)


def _worst(results: Iterable[RequirementResult], outcome: Outcome) -> RequirementResult | None:
    """The weakest requirement with an outcome, critical ones first."""
    mine = [one for one in results if one.outcome is outcome]
    return min(mine, key=lambda one: (not one.requirement.critical, one.probability), default=None)


def _untested(assessment: Assessment) -> list[str]:
    """The declared levels that no leak-free test image shows, the one with the largest share of traffic first."""
    known, gaps = assessment.evidence.images.conditions, []
    for name, rule in assessment.spec.conditions.items():
        for level, share in rule.levels.items():
            members = known[name].members.get(level) if name in known else None
            if share != 0 and (members is None or not (members & assessment.scope.images).any()):
                traffic = f", {percent(share)} of the traffic" if share is not None else ""
                gaps.append((-(share or 0.0), f"{name} {level}{traffic}"))
    return [said for _, said in sorted(gaps)]
