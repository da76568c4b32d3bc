"""Whether retraining would fix what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.decide.assess import Assessment, NotAssessed
from vision_readiness.project import Split
from vision_readiness.requirement import Outcome, RequirementResult

if TYPE_CHECKING:
    from collections.abc import Sequence


def mended_by_retraining(blocking: Sequence[RequirementResult], assessment: Assessment | NotAssessed) -> bool:
    """Whether every blocking requirement is a failure of a class that a retrain on this version should mend.

    That is so when the model is older than the version, or when the class already has the training objects it needs
    and they were not enough; never for lack of evidence, nor for a budget.
    """
    if isinstance(assessment, NotAssessed) or not blocking:
        return False
    trained, judged = assessment.model.card.trained_on, assessment.evidence.version
    older = (
        trained is not None
        and trained.number is not None
        and judged.number is not None
        and (trained.workspace, trained.project) == (judged.workspace, judged.project)
        and trained.number < judged.number
    )
    return all(_fails_with_data(result, assessment, older=older) for result in blocking)


def _fails_with_data(result: RequirementResult, assessment: Assessment, *, older: bool) -> bool:
    label = result.requirement.label
    if result.outcome is not Outcome.FAIL or label is None or result.requirement.metric.is_budget:
        return False
    train = assessment.evidence.dataset.splits.get(Split.TRAIN)
    objects = train.objects.get(label, 0) if train else 0
    return older or objects >= assessment.policy.enough_training_objects
