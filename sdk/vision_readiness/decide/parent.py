"""An artefact against the one it was made from, on the same images, class by class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vision_readiness.evaluate.figures import scope_of
from vision_readiness.evidence.parentage import ParentComparison, ParentDelta
from vision_readiness.project import Split

if TYPE_CHECKING:
    from vision_readiness.decide.assess import Assessment


def compare_with_parent(assessment: Assessment) -> ParentComparison | None:
    """What each class gained or lost against the parent, each model at its own thresholds; ``None`` without a parent.

    A class has *lost* when the upper end of the paired 90 % interval of its AP50 is below the loss that is allowed.
    """
    evidence, figures, before = assessment.evidence, assessment.figures, assessment.before
    if evidence.parent is None or before is None:
        return None
    scope = scope_of(before.matches, evidence.judged(Split.TEST))
    paired = assessment.model.against_parent
    rows = []
    for place, label in enumerate(evidence.dataset.classes):
        recall = _difference(figures.recall(place, assessment.scope).rate, before.recall(place, scope).rate)
        precision = _difference(figures.precision(place, assessment.scope).rate, before.precision(place, scope).rate)
        value, lower, upper = (_known(float(column)) for column in paired[place]) if paired is not None else (None,) * 3
        lost = upper is not None and upper < -assessment.policy.max_parent_loss
        rows.append(ParentDelta(label, recall, precision, value, lower, upper, lost=lost))
    return ParentComparison(evidence.parent.card.name, tuple(rows))


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
