"""The thresholds chosen under the constraints of a specification, and the cost of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.decide.assess import Assessment, figures_of
from vision_readiness.decide.regression import counts_by_group
from vision_readiness.evaluate.constraint import KeptRate
from vision_readiness.evaluate.paired import rate_change
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.constraint import ThresholdChoice
    from vision_readiness.evaluate.figures import Scope


def kept_rates(assessment: Assessment) -> tuple[KeptRate, ...]:
    """Every constraint of the specification on a threshold, by class."""
    evidence, figures, scope = assessment.evidence, assessment.figures, assessment.scope
    if not figures.point.choices:
        return ()
    classes = assessment.spec.classes.items()
    rules = {label: rule.model_copy(update={"threshold": rule.fixed_threshold}) for label, rule in classes}
    free = figures_of(assessment.model, evidence, assessment.spec.model_copy(update={"classes": rules}))
    kept = []
    for choice in figures.point.choices:
        label = evidence.dataset.classes.index(choice.label)
        rate = figures.recall if choice.metric is Metric.RECALL else figures.precision
        one = KeptRate(choice, rate(label, _within(assessment, scope, choice), assessment.policy.alpha))
        if choice.result.threshold is not None and not choice.where:
            recall, precision = (
                rate_change(*(counts_by_group(at, scope, label, recall=which) for at in (figures, free)))
                for which in (True, False)
            )
            one = replace(one, changes=(recall, precision))
        kept.append(one)
    return tuple(kept)


def _within(assessment: Assessment, scope: Scope, choice: ThresholdChoice) -> Scope:
    for name, level in choice.where:
        condition = assessment.evidence.images.conditions.get(name)
        if condition is not None and level in condition.members:
            scope = scope.narrowed(condition.members[level], assessment.figures.matches)
    return scope
