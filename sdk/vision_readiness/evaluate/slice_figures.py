"""Every metric of every class in every slice, which a report leaves out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.coco_figures import counted_in, recall_table
from vision_readiness.evaluate.figures import SIZES, Figures, Scope
from vision_readiness.evaluate.matches import MAX_ANSWERS
from vision_readiness.evaluate.precision_curve import Counted, ImageWeights, class_precision, precision_table
from vision_readiness.project import Condition

WHOLE = ("all", "all")
"""The slice that is everything."""


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """One class in one level of one condition; ``images`` are those of the level, ``truths`` the objects of the class.

    Recall, precision and F1 are at the operating threshold, the averages are COCO's. ``None`` is a figure without
    anything to count.
    """

    label: str
    condition: str
    level: str
    images: int
    truths: int
    recall: float | None
    precision: float | None
    f1: float | None
    ap: float | None
    ap50: float | None
    ap75: float | None
    ar: float | None


def slice_figures(figures: Figures, scope: Scope, conditions: Mapping[str, Condition]) -> Iterator[SliceFigures]:
    """The figures of each class in everything, in each level of ``conditions``, and for each size of objects.

    Only images of ``scope`` count. The averages of all levels of conditions are weighted sums over one match store;
    sizes are COCO's, whose figures these are. No class gives nothing.
    """
    matches = figures.matches
    scopes = {WHOLE: scope} | scope.by_level(conditions, matches)
    masks = np.stack([part.images for part in scopes.values()]).astype(np.float64)
    weights = ImageWeights(masks, np.arange(len(matches.answered)))
    everything = Counted.all_of(matches)
    for place, label in enumerate(matches.classes):
        tables = class_precision(everything, place, weights, range(matches.levels))
        for ((condition, level), part), table in zip(scopes.items(), tables, strict=True):
            yield _row(figures, part, place, (label, condition, level), table, figures.average_recall(place, part))
    if matches.task.has_boxes:
        yield from _by_size(figures, scope)


def _by_size(figures: Figures, scope: Scope) -> Iterator[SliceFigures]:
    """Each class by COCO's sizes, as COCO counts them."""
    within = figures.matches.within(scope.images)
    for name, ends in SIZES.items():
        counted, part = counted_in(within, *ends), scope.of_size(name, figures.matches)
        precision, recall = precision_table(counted), recall_table(counted, within, MAX_ANSWERS)
        for place, label in enumerate(within.classes):
            average = _figure(float(recall[place].mean()))
            yield _row(figures, part, place, (label, "size", name), precision[place], average)


def _row(
    figures: Figures,
    part: Scope,
    place: int,
    names: tuple[str, str, str],
    table: NDArray[np.float64],
    average_recall: float | None,
) -> SliceFigures:
    recall, precision = figures.recall(place, part), figures.precision(place, part)
    f1 = None
    if recall.rate is not None and precision.rate is not None:
        both = recall.rate + precision.rate
        f1 = 2 * recall.rate * precision.rate / both if both else 0.0
    return SliceFigures(
        *names,
        images=int(np.count_nonzero(part.images)),
        truths=recall.trials,
        recall=recall.rate,
        precision=precision.rate,
        f1=f1,
        ap=_figure(float(table.mean())),
        ap50=_figure(float(table[0])),
        ap75=_figure(float(table[min(5, len(table) - 1)])),
        ar=average_recall,
    )


def _figure(value: float) -> float | None:
    return None if math.isnan(value) else value
