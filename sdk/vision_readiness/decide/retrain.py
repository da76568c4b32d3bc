"""Whether training again would mend what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.project import Split
from vision_readiness.requirement import Outcome, RequirementResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision_readiness.decide.bench import Bench


def mended_by_retraining(blocking: Sequence[RequirementResult], bench: Bench) -> bool:
    """Whether every blocking requirement is a failure of a class that a retrain on this version should mend.

    That is so when the model is older than the version, or when the class already has the training objects it needs
    and they were not enough; never for lack of evidence, nor for a budget.
    """
    model = bench.evidence.model
    if model is None or not blocking:
        return False
    trained, judged = model.card.trained_on, bench.evidence.version
    older = (
        trained is not None
        and trained.number is not None
        and judged.number is not None
        and (trained.workspace, trained.project) == (judged.workspace, judged.project)
        and trained.number < judged.number
    )
    return all(_fails_with_data(result, bench, older=older) for result in blocking)


def _fails_with_data(result: RequirementResult, bench: Bench, *, older: bool) -> bool:
    label = result.requirement.label
    if result.outcome is not Outcome.FAIL or label is None or result.requirement.metric.is_budget:
        return False
    train = bench.evidence.dataset.splits.get(Split.TRAIN)
    objects = train.objects.get(label, 0) if train else 0
    return older or objects >= bench.policy.enough_training_objects
