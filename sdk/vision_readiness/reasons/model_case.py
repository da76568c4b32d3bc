"""What the checks of a model look at, and a model in which they find nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vision_readiness.evaluate.constrained import Cause, ConstrainedThreshold
from vision_readiness.evaluate.constraint import KeptRate, ThresholdChoice
from vision_readiness.evaluate.paired import RateChange
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.evaluate.weak_slices import WeakSlice
from vision_readiness.evidence.parentage import ParentComparison, ParentDelta
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.predict.readings import Misreading
from vision_readiness.project import ModelCard, Task, VersionId
from vision_readiness.requirement import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCase:
    """What the checks of a model look at: ``answers`` at any score on so many leak-free test ``images``.

    ``slices`` are the weak ones that were found, ``floors`` the recall and precision asked of classes over all images,
    ``declared`` the conditions that the specification names, ``kept`` what came of its constraints on thresholds.
    ``unanswered`` are labelled classes that the model does not know or never answered, ``strangers`` its classes that
    the data set lacks.
    """

    card: ModelCard
    version: VersionId
    classes: tuple[str, ...]
    critical: frozenset[str]
    images: int
    answers: int
    capped: int
    failed: Mapping[str, str] = field(default_factory=dict)
    better_order: tuple[str, ...] | None = None
    reading: Misreading | None = None
    parent: ParentComparison | None = None
    slices: tuple[WeakSlice, ...] = ()
    floors: Mapping[tuple[str, Metric], float] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    fits: tuple[SplitFit, ...] = ()
    kept: tuple[KeptRate, ...] = ()
    unanswered: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


def sound() -> ModelCase:
    """A model that was trained on the version it is judged on, and answers."""
    version = VersionId("acme", "dock", 3)
    card = ModelCard("model.onnx", "0" * 64, Task.DETECTION, ("helmet", "person"), trained_on=version)
    return ModelCase(
        card=card,
        version=version,
        classes=card.classes,
        critical=frozenset(card.classes),
        images=200,
        answers=5000,
        capped=0,
    )


def a_fit(test: float, lower: float, upper: float) -> SplitFit:
    """A recall of 0.99 on training images beside ``test``, with the bounds of their difference."""
    return SplitFit("helmet", "recall", 0.99, 0.95, test, 300, 100, 100, 0.99 - test, lower, upper, 0.1)


def quantised() -> ModelCase:
    """A case with a parent that finds clearly more."""
    delta = ParentDelta("helmet", -0.2, -0.1, -0.19, -0.24, -0.14, lost=True)
    return replace(sound(), parent=ParentComparison("parent.onnx", (delta,)))


def weak_at_night() -> ModelCase:
    """A case with a class that is found less often at night, and less than is asked of it."""
    inside, outside = RateBounds(0.6, 0.53, 0.67, 90, 150, 80, 120.0), RateBounds(0.9, 0.88, 0.92, 450, 500, 300, 450.0)
    night = (("lighting", "night"),)
    weak = WeakSlice(
        label="person",
        metric=Metric.RECALL,
        where=night,
        inside=inside,
        outside=outside,
        effect=-0.3,
        effect_lower=-0.38,
        effect_upper=-0.22,
        p_value=1e-6,
        images=("test/a.jpg",),
    )
    return replace(sound(), slices=(weak,), floors={("person", Metric.RECALL): 0.8})


def constrained(threshold: float | None, *, refuted: bool = False) -> ModelCase:
    """A case with one constraint, which a threshold keeps at the cost of recall, or none does."""
    seen = RateBounds(0.97, 0.955, 0.98, 388, 400, 180, 380.0)
    lost, gained = (
        RateChange(0.7, 0.8, -0.1, 0.02, -0.13, -0.07, 180),
        RateChange(0.97, 0.9, 0.07, 0.02, 0.04, 0.1, 180),
    )
    cause = Cause.KEPT if threshold is not None else Cause.REFUTED if refuted else Cause.NO_ANSWERS
    first = RateBounds(0.8, 0.76, 0.84, 320, 400, 180, 380.0) if refuted else seen
    result = ConstrainedThreshold(cause=cause, threshold=threshold, constrained=seen, first=first, tried=1)
    choice = ThresholdChoice("person", (), Metric.PRECISION, 0.95, result)
    return replace(sound(), kept=(KeptRate(choice, seen, None if threshold is None else (lost, gained)),))
