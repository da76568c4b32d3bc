"""What came of the constraints that a specification puts on thresholds, and what each is paid for with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.decide.bench import Bench, figures_of
from vision_readiness.decide.regression import counts_by_group
from vision_readiness.evaluate.constraint import KeptRate
from vision_readiness.evaluate.paired import rate_change
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.constraint import ThresholdChoice
    from vision_readiness.evaluate.figures import Scope


def kept_rates(bench: Bench) -> tuple[KeptRate, ...]:
    """Every constraint of the specification on a threshold, by class; empty where there is none or no model."""
    evidence, figures, scope = bench.evidence, bench.figures, bench.scope
    if evidence.model is None or figures is None or scope is None or not figures.point.choices:
        return ()
    classes = bench.spec.classes.items()
    rules = {label: rule.model_copy(update={"threshold": rule.fixed_threshold}) for label, rule in classes}
    free = figures_of(evidence.model, evidence, bench.spec.model_copy(update={"classes": rules}))
    kept = []
    for choice in figures.point.choices:
        label = evidence.dataset.classes.index(choice.label)
        rate = figures.recall if choice.metric is Metric.RECALL else figures.precision
        one = KeptRate(choice, rate(label, _within(bench, scope, choice), bench.policy.alpha))
        if choice.result.threshold is not None and not choice.where:
            recall, precision = (
                rate_change(*(counts_by_group(at, scope, label, recall=which) for at in (figures, free)))
                for which in (True, False)
            )
            one = replace(one, changes=(recall, precision))
        kept.append(one)
    return tuple(kept)


def _within(bench: Bench, scope: Scope, choice: ThresholdChoice) -> Scope:
    for name, level in choice.where:
        condition = bench.evidence.images.conditions.get(name)
        if condition is not None and level in condition.members and bench.figures is not None:
            scope = scope.narrowed(condition.members[level], bench.figures.matches)
    return scope
