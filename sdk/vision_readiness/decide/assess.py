"""Evidence in, a model's figures on the images that judge it out; or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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


class NoModel(StrEnum):
    """Why no model was assessed."""

    NOT_GIVEN = "not_given"
    ONLY_REPORTED = "only_reported"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Assessment:
    """A model's ``figures`` at the operating point; ``scope`` holds the leak-free test images.

    ``before`` are the figures of the parent model, at thresholds of its own, where there is one.
    """

    evidence: Evidence
    spec: DeploymentSpec
    policy: Policy
    model: ModelEvidence
    figures: Figures
    scope: Scope
    before: Figures | None = None

    @property
    def point(self) -> OperatingPoint:
        return self.figures.point


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NotAssessed:
    """Evidence without predictions of a model, and why it has none."""

    evidence: Evidence
    spec: DeploymentSpec
    policy: Policy
    because: NoModel


def assess(evidence: Evidence, spec: DeploymentSpec, policy: Policy) -> Assessment | NotAssessed:
    """The figures at the thresholds that ``spec`` asks for, on images in the situations that it makes."""
    evidence = with_situations(evidence, spec)
    if evidence.model is None:
        because = NoModel.NOT_GIVEN if evidence.reported is None else NoModel.ONLY_REPORTED
        return NotAssessed(evidence=evidence, spec=spec, policy=policy, because=because)
    figures = figures_of(evidence.model, evidence, spec)
    return Assessment(
        evidence=evidence,
        spec=spec,
        policy=policy,
        model=evidence.model,
        figures=figures,
        scope=scope_of(figures.matches, evidence.judged(Split.TEST)),
        before=None if evidence.parent is None else figures_of(evidence.parent, evidence, spec),
    )


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
