"""An artefact against the one it was made from, on the same images, class by class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vision_readiness.decide.bench import Bench, figures_of
from vision_readiness.evaluate.figures import scope_of
from vision_readiness.evidence.parentage import ParentComparison, ParentDelta
from vision_readiness.project import Split

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence
    from vision_readiness.policy import Policy
    from vision_readiness.spec import DeploymentSpec


def compare_with_parent(
    evidence: Evidence, spec: DeploymentSpec, bench: Bench, policy: Policy
) -> ParentComparison | None:
    """What each class gained or lost against the parent, each model at its own thresholds; ``None`` without a parent.

    A class has *lost* when the upper end of the paired 90 % interval of its AP50 is below the loss that is allowed.
    """
    if evidence.parent is None or evidence.model is None or bench.figures is None or bench.scope is None:
        return None
    before = bench.before or figures_of(evidence.parent, evidence, spec)
    scope = scope_of(before.matches, evidence.judged(Split.TEST))
    paired = evidence.model.against_parent
    rows = []
    for place, label in enumerate(evidence.dataset.classes):
        recall = _difference(bench.figures.recall(place, bench.scope).rate, before.recall(place, scope).rate)
        precision = _difference(bench.figures.precision(place, bench.scope).rate, before.precision(place, scope).rate)
        value, lower, upper = (_known(float(column)) for column in paired[place]) if paired is not None else (None,) * 3
        lost = upper is not None and upper < -policy.max_parent_loss
        rows.append(ParentDelta(label, recall, precision, value, lower, upper, lost=lost))
    return ParentComparison(evidence.parent.card.name, tuple(rows))


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
