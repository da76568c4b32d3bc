"""The tables of a report that go class by class: figures, coverage, confusions and examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vision_readiness.decide import Decision
from vision_readiness.decide.assess import Assessment, NotAssessed
from vision_readiness.decide.camera_bounds import bounds_in
from vision_readiness.decide.outcome import by_bounds
from vision_readiness.evaluate.examples import failure_examples
from vision_readiness.evaluate.figures import MARKED, SIZES, Figures, Scope
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.project import Split, Task
from vision_readiness.report.tables import (
    ClassFigures,
    Confusion,
    CoverageCell,
    Interval,
)
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.average_precision import AveragePrecision

NOTHING = Interval(None, None, None, 0)


def class_figures(decision: Decision) -> Iterator[ClassFigures]:
    """Every class on the leak-free test images, in the order of the data set; without a model its counts alone."""
    assessment = decision.assessment
    splits = assessment.evidence.dataset.splits
    for place, label in enumerate(labels_of(decision)):
        in_train, in_test = splits.get(Split.TRAIN), splits.get(Split.TEST)
        counts = (
            in_train.objects[label] if in_train else 0,
            in_test.objects[label] if in_test else 0,
            in_test.images_with[label] if in_test else 0,
        )
        plain = ClassFigures(
            label,
            assessment.spec.is_critical(label),
            None,
            "no model",
            NOTHING,
            NOTHING,
            None,
            NOTHING,
            NOTHING,
            None,
            *counts,
        )
        yield plain if isinstance(assessment, NotAssessed) else _judged(plain, place, assessment)


def _judged(plain: ClassFigures, place: int, assessment: Assessment) -> ClassFigures:
    figures, scope = assessment.figures, assessment.scope
    recall, precision = figures.recall(place, scope), figures.precision(place, scope)
    total = (recall.rate or 0.0) + (precision.rate or 0.0)
    known = recall.rate is not None and precision.rate is not None and total > 0
    average = assessment.model.average
    has_levels = average.value.shape[1] > 1
    return replace(
        plain,
        threshold=float(figures.point.deployed[place]),
        threshold_origin=figures.point.origin[place],
        recall=interval_of(recall),
        precision=interval_of(precision),
        f1=2 * (recall.rate or 0.0) * (precision.rate or 0.0) / total if known else None,
        ap=_average(average, place, 0),
        ap50=_average(average, place, 1) if has_levels else NOTHING,
        ap75=_number(average.value[place, 5]) if has_levels else None,
        ar=figures.average_recall(place, scope) if has_levels else None,
    )


def _average(average: AveragePrecision, place: int, column: int) -> Interval:
    value = average.value[place].mean() if column == 0 else average.value[place, 0]
    lower, upper = _number(average.lower[place, column]), _number(average.upper[place, column])
    return Interval(_number(value), lower, upper, average.images)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def coverage(decision: Decision) -> Iterator[CoverageCell]:
    """Each class in each level of each condition, object sizes and marks last."""
    if isinstance(decision.assessment, NotAssessed):
        return
    figures, scope = decision.assessment.figures, decision.assessment.scope
    scopes = scope.by_level(decision.assessment.evidence.images.conditions, figures.matches)
    if decision.assessment.evidence.dataset.task.has_boxes:
        scopes |= {("size", level): scope.of_size(level, figures.matches) for level in SIZES}
        scopes |= {(MARKED, mark): scope.of_mark(mark, figures.matches) for mark in figures.matches.truths.marks}
    for place, label in enumerate(labels_of(decision)):
        for (name, level), part in scopes.items():
            yield _cell(decision, figures, part, place, (label, name, level))


def _cell(decision: Decision, figures: Figures, part: Scope, place: int, names: tuple[str, str, str]) -> CoverageCell:
    images, alpha = decision.assessment.evidence.images, decision.assessment.policy.alpha
    recall, precision = bounds_in(figures, images, place, part, (names[1:],), alpha)
    floors = [
        one.requirement
        for one in decision.requirements
        if one.requirement.label == names[0]
        and one.requirement.metric is Metric.RECALL
        and one.requirement.where in ((), (names[1:],))
        and not one.requirement.at_most
    ]
    asked = max(floors, key=lambda one: one.limit, default=None)
    enough = recall.groups >= decision.assessment.policy.min_groups
    label, condition, level = names
    return CoverageCell(
        label=label,
        condition=condition,
        level=level,
        images=int(np.count_nonzero(part.images)),
        objects=recall.trials,
        recall=interval_of(recall),
        precision=interval_of(precision),
        limit=asked.limit if asked else None,
        outcome=by_bounds(asked, recall.lower, recall.upper, 0.0).outcome(admitted=enough) if asked else None,
    )


def confusion(decision: Decision) -> Confusion | None:
    """Which class was answered where which was true; ``None`` without a model."""
    if isinstance(decision.assessment, NotAssessed) or decision.assessment.evidence.dataset.task is Task.MULTILABEL:
        return None
    figures, scope = decision.assessment.figures, decision.assessment.scope
    matrix = figures.confusion(scope)
    labels: tuple[str, ...] = (*labels_of(decision), "background")
    if not decision.assessment.evidence.dataset.task.has_boxes:
        return Confusion(labels[:-1], tuple(map(tuple, matrix[:-1, :-1].tolist())))
    repeated, misplaced = map(tuple, figures.repeated_and_misplaced(scope).tolist())
    return Confusion(labels, tuple(map(tuple, matrix.tolist())), repeated, misplaced)


def examples(decision: Decision) -> tuple[Any, ...]:
    """The errors that explain most, image by image; none without a model."""
    if isinstance(decision.assessment, NotAssessed):
        return ()
    figures, scope = decision.assessment.figures, decision.assessment.scope
    weakness = {
        result.requirement.label: result.probability
        for result in sorted(decision.requirements, key=lambda one: -one.probability)
    }
    order = sorted(range(len(labels_of(decision))), key=lambda place: weakness.get(labels_of(decision)[place], 1.0))
    return failure_examples(figures, scope, decision.assessment.evidence.images, order)


def labels_of(decision: Decision) -> tuple[str, ...]:
    """The classes of the data set, in its order."""
    return decision.assessment.evidence.dataset.classes


def interval_of(bounds: RateBounds) -> Interval:
    """The bounds as a figure with its interval; ``NOTHING`` where there was no trial."""
    if bounds.rate is None:
        return NOTHING
    return Interval(bounds.rate, bounds.lower, bounds.upper, bounds.trials, bounds.hits)
