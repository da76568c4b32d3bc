"""A decision in words: nothing that was decided reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.readiness import Stage, StageState
from vision_readiness.requirement import Outcome
from vision_readiness.words.findings import worded
from vision_readiness.words.requirements import result_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision_readiness.decide import Decision
    from vision_readiness.reasons.reason import Finding, Waived
    from vision_readiness.requirement import RequirementResult


def in_words(decision: Decision) -> Decision:
    """``decision`` with the sentences of its requirements, its findings, its risks and its stages."""
    results = tuple(_said(one, decision) for one in decision.requirements)
    weakest = decision.weakest and _said(decision.weakest, decision)
    because = {one.requirement.id: one.because for one in results}
    findings = tuple(worded(one) for one in decision.findings)
    waived = tuple(replace(one, finding=_accepted(one, because)) for one in decision.waived)
    risks = {
        key: f"{one.waiver.person} accepted a risk: {one.finding.sentence}" for one in waived for key in one.covers
    }
    first = because | risks | {one.key: one.sentence for one in reversed(findings)}
    stages = tuple(
        replace(one, because=first[one.decided_by] if one.decided_by else _all_well(one, decision))
        for one in decision.stages
    )
    return replace(decision, requirements=results, weakest=weakest, findings=findings, waived=waived, stages=stages)


def _said(result: RequirementResult, decision: Decision) -> RequirementResult:
    return replace(result, because=result_sentence(result, decision.assessment.evidence))


def _accepted(waived: Waived, because: Mapping[str, str]) -> Finding:
    """The finding of an accepted risk; what was made from a requirement says what that says."""
    covered = [because[key] for key in waived.covers if key in because]
    return replace(waived.finding, sentence=covered[0]) if covered else worded(waived.finding)


def _all_well(stage: StageState, decision: Decision) -> str:
    """The sentence for a stage without blockers."""
    if stage.stage is Stage.DATASET:
        return "Nothing in the images and labels blocks it."
    of_device = stage.stage is Stage.DEPLOYMENT
    met = [one for one in decision.requirements if one.outcome is Outcome.PASS]
    mine = sum(one.requirement.metric.is_budget == of_device for one in met)
    return f"Meets all {mine} of its requirements." if mine > 1 else "Meets its requirements."
