"""A decision in words: nothing that was decided reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.readiness import Stage, StageState
from vision_readiness.requirement import Outcome
from vision_readiness.words.findings import worded

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


def in_words(decision: Decision) -> Decision:
    """``decision`` with the sentences of its findings, its risks and its stages."""
    findings = tuple(worded(one) for one in decision.findings)
    waived = tuple(replace(one, finding=worded(one.finding)) for one in decision.waived)
    said = [(one.key, one.sentence) for one in findings]
    said += [(one.requirement.id, one.because) for one in decision.requirements]
    said += [(one.finding.key, f"{one.waiver.person} accepted a risk: {one.finding.sentence}") for one in waived]
    first = dict(reversed(said))
    stages = tuple(
        replace(one, because=first[one.decided_by] if one.decided_by else _all_well(one, decision))
        for one in decision.stages
    )
    return replace(decision, findings=findings, waived=waived, stages=stages)


def _all_well(stage: StageState, decision: Decision) -> str:
    """What is said of a stage that nothing stands against."""
    if stage.stage is Stage.DATASET:
        return "Nothing in the images and labels stands against it."
    of_device = stage.stage is Stage.DEPLOYMENT
    met = [one for one in decision.requirements if one.outcome is Outcome.PASS]
    mine = sum(one.requirement.metric.is_budget == of_device for one in met)
    return f"Meets all {mine} of its requirements." if mine > 1 else "Meets what is asked of it."
