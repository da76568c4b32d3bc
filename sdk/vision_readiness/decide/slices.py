"""The search for weak slices in what the specification and the images know of their circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_readiness.evaluate.weak_slices import SliceScan, weak_slices
from vision_readiness.requirement import Metric
from vision_readiness.spec.capture import SET

if TYPE_CHECKING:
    from vision_readiness.decide.assess import Assessment


def searched(assessment: Assessment) -> SliceScan | None:
    """The weak slices of the leak-free test images at the operating point; ``None`` where there is no such image.

    Conditions are those declared, tagged, read off file names and measured. A golden or challenge set is none: it was
    chosen to be hard.
    """
    if not assessment.scope.images.any():
        return None
    images, policy = assessment.evidence.images, assessment.policy
    conditions = {name: condition for name, condition in images.conditions.items() if name != SET}
    return weak_slices(
        assessment.figures, assessment.scope, conditions, images.key, alpha=policy.alpha, min_groups=policy.min_groups
    )


def floors_of(assessment: Assessment) -> Mapping[tuple[str, Metric], float]:
    """The recall and precision asked of each class over all images."""
    asked = assessment.spec.requirements_for(assessment.evidence.dataset.classes)
    return {
        (one.label, one.metric): one.limit
        for one in asked
        if one.label is not None
        and not one.where
        and not one.at_most
        and one.metric in (Metric.RECALL, Metric.PRECISION)
    }
