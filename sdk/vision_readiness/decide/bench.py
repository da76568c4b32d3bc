"""The evidence laid out for judging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.evaluate.constraint import Constraint
from vision_readiness.evaluate.figures import Figures, Scope, scope_of
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.project import Split
from vision_readiness.requirement import Metric
from vision_readiness.situations import with_situations
from vision_readiness.spec.model import ThresholdRule

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence, ModelEvidence
    from vision_readiness.policy import Policy
    from vision_readiness.spec import DeploymentSpec


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """The evidence laid out for judging: figures at the operating point on the leak-free test images.

    ``before`` are those of the parent model, at thresholds of its own, where there is one.
    """

    evidence: Evidence
    spec: DeploymentSpec
    policy: Policy
    figures: Figures | None
    scope: Scope | None
    before: Figures | None = None

    @property
    def point(self) -> OperatingPoint | None:
        return self.figures.point if self.figures else None


def lay_out(evidence: Evidence, spec: DeploymentSpec, policy: Policy) -> Bench:
    """The evidence at the thresholds that ``spec`` asks for, or without figures where there is no model."""
    evidence = with_situations(evidence, spec)
    if evidence.model is None:
        return Bench(evidence, spec, policy, None, None)
    figures = figures_of(evidence.model, evidence, spec)
    before = None if evidence.parent is None else figures_of(evidence.parent, evidence, spec)
    return Bench(evidence, spec, policy, figures, scope_of(figures.matches, evidence.judged(Split.TEST)), before)


def figures_of(model: ModelEvidence, evidence: Evidence, spec: DeploymentSpec) -> Figures:
    """What a model does at thresholds of its own, chosen for the floors of ``spec``."""
    point = choose_operating_point(
        model.matches,
        {label: _floors(spec, label) for label in evidence.dataset.classes},
        valid=evidence.judged(Split.VALID),
        test=evidence.judged(Split.TEST),
        group=evidence.group,
        names=evidence.images.key,
        conditions=evidence.images.conditions,
    )
    return Figures.at(model.matches, point, evidence.group)


def _floors(spec: DeploymentSpec, label: str) -> Floors:
    """The strictest recall and precision that is asked of a class in any situation."""
    asked: dict[Metric, float] = {}
    for requirement in spec.requirements_of(label):
        if not requirement.at_most:
            asked[requirement.metric] = max(requirement.limit, asked.get(requirement.metric, 0.0))
    rule = spec.rule(label)
    kept = rule.threshold if isinstance(rule.threshold, ThresholdRule) else None
    constraint = Constraint(kept.metric, kept.at_least, kept.per) if kept else None
    return Floors(asked.get(Metric.RECALL), asked.get(Metric.PRECISION), rule.fixed_threshold, constraint)
