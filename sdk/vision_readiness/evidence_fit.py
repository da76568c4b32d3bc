"""Whether the parts of evidence that was read back fit each other, so that nothing later meets what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.evaluate.matches import IOU_THRESHOLDS
from vision_readiness.project import SPLITS
from vision_readiness.stress.facts import check_stress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evidence import Evidence, ModelEvidence
    from vision_readiness.project.reported import ReportedFigures


def check_fit(evidence: Evidence) -> None:
    """Nothing; raises ``ValueError`` naming the first part that does not fit the others."""
    images, facts = evidence.images, evidence.dataset
    columns = (images.split, images.source, images.width, images.height, evidence.group, evidence.leak_free)
    _columns("images", (len(images),), *columns)
    _within("images.split", images.split, len(SPLITS))
    for name, condition in images.conditions.items():
        _columns(f"condition {name}", (len(images),), *condition.members.values())
    for split in facts.splits.values():
        for counts in (split.objects, split.images_with, split.sources_with):
            if set(counts) != set(facts.classes):
                raise ValueError("a split counts other classes than the data set has")
    for model in (evidence.model, evidence.parent):
        if model is not None:
            _check_model(model, evidence)
    if evidence.latency is not None:
        _check_latency(evidence.latency)
    if evidence.reported is not None:
        _check_reported(evidence.reported)
    if evidence.stress is not None:
        check_stress(evidence.stress, len(images), len(facts.classes))


def _check_model(model: ModelEvidence, evidence: Evidence) -> None:
    matches, classes = model.matches, evidence.dataset.classes
    if (matches.classes, matches.task) != (classes, evidence.dataset.task):
        raise ValueError("the matches are of another task or of other classes than the data set")
    levels = len(IOU_THRESHOLDS) if matches.task.has_boxes else 1
    _check_matches(matches, len(evidence.images), levels)
    if model.on_train is not None:
        _check_matches(model.on_train, len(evidence.images), levels)
        if model.on_train.classes != classes:
            raise ValueError("the answers to training images are of other classes than the data set")
    average = model.average
    shapes = {(len(classes), levels): (average.value,), (len(classes), 3): (average.lower, average.upper)}
    if model.against_parent is not None:
        shapes[len(classes), 3] += (model.against_parent,)
    for shape, columns in shapes.items():
        _columns("average", shape, *map(np.nan_to_num, columns))


def _check_matches(matches: Matches, images: int, levels: int) -> None:
    answers, truths, classes = matches.answers, matches.truths, len(matches.classes)
    given, real = len(answers), len(truths)
    _columns("answered", (images,), matches.answered)
    _columns("answers", (given,), answers.image, answers.label, answers.score, answers.operating, answers.confused)
    _columns("answers", (given,), answers.area, answers.confused_with)
    _columns("answers", (given, levels), answers.hit, answers.ignored)
    _columns("truths", (real,), truths.image, truths.label, truths.area, truths.ignored, truths.found)
    _columns("truths", (real,), truths.found_score, *truths.marks.values())
    _columns("boxes", (given, 4), answers.box)
    _columns("boxes", (real, 4), truths.box)
    pairs = matches.pairs
    _columns("pairs", (len(pairs.iou),), pairs.answer, pairs.truth, pairs.iou)
    _within("pairs.answer", pairs.answer, given)
    _within("pairs.truth", pairs.truth, real)
    for table in (answers, truths):
        _within("image", table.image, images)
        _within("label", table.label, classes)
    _within("confused_with", answers.confused_with[answers.confused], real)
    _within("confused_with", answers.confused_with, max(real, 1))


def _check_latency(latency: LatencyFacts) -> None:
    _columns("latency", (len(latency.seconds),), latency.seconds, *latency.stages.values())
    if (latency.seconds < 0).any():
        raise ValueError("a call took less than no time")


def _check_reported(reported: ReportedFigures) -> None:
    rows = (*reported.classes, *([reported.overall] if reported.overall else []))
    if not all(0 <= value <= 1 for row in rows for value in row.figures.values()):
        raise ValueError("a reported figure is not between 0 and 1")


def _columns(name: str, shape: tuple[int, ...], *columns: NDArray[np.generic]) -> None:
    """Nothing, where every column has ``shape`` and holds numbers only."""
    for column in columns:
        if column.shape != shape:
            raise ValueError(f"a column of {name} has shape {column.shape}, not {shape}")
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            raise ValueError(f"a column of {name} holds what is no number")


def _within(name: str, column: NDArray[np.integer], end: int) -> None:
    if len(column) and not (int(column.min()) >= 0 and int(column.max()) < end):
        raise ValueError(f"{name} points outside of its table")
