"""A model's predictions as evidence: matched, averaged, and checked for classes in the wrong order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.match import match
from vision_readiness.evidence.evidence import Evidence, ModelEvidence
from vision_readiness.predict.order import better_class_order
from vision_readiness.predict.readings import misreading
from vision_readiness.project import Dataset, ModelCard, Predictions, Split


@dataclass(frozen=True, slots=True, eq=False)
class GivenAnswers:
    """Predictions of another program's run, with what is known of their model."""

    card: ModelCard
    predictions: Predictions


def evidence_of(
    card: ModelCard, dataset: Dataset, predictions: Predictions, evidence: Evidence, failed: Mapping[str, str]
) -> ModelEvidence:
    """What ``predictions`` say about the model; its average precision is that of the leak-free test images.

    Answers to training images are kept apart.
    """
    matches, on_train = match(dataset, predictions), None
    train = evidence.images.of(Split.TRAIN)
    if (predictions.answered & train).any():
        matches, on_train = matches.within(~train), matches.within(train)
    tested = matches.within(evidence.judged(Split.TEST))
    reading = misreading(predictions, dataset)
    better = better_class_order(predictions, dataset, card.classes) if reading is None else None
    return ModelEvidence(
        card=card,
        matches=matches,
        average=average_precision(tested, evidence.group),
        failed=dict(failed),
        better_order=better.classes if better else None,
        coco=coco_figures(tested) if dataset.task.has_boxes else {},
        on_train=on_train,
        reading=reading,
    )
