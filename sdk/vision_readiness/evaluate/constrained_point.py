"""An operating point whose thresholds keep a rate that is asked for, class by class and level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.constrained import Cause, ConstrainedThreshold, constrained_threshold
from vision_readiness.evaluate.constraint import Constraint, ThresholdChoice

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evaluate.operating import OperatingPoint
    from vision_readiness.project import Condition


def constrained_point(
    point: OperatingPoint,
    matches: Matches,
    constraints: Mapping[int, Constraint],
    sets: Sequence[NDArray[np.bool_]],
    group: NDArray[np.int32],
    conditions: Mapping[str, Condition],
) -> OperatingPoint:
    """``point`` with the thresholds that the constraints ask for, where one is proven; its own ones elsewhere.

    ``constraints`` is by the place of the class; ``sets`` are the masks of images that each row of thresholds was
    chosen on, the last of them what is deployed. An image in two levels of a condition counts to the first.
    """
    thresholds, choices, origin = point.thresholds.copy(), [], list(point.origin)
    apart: dict[tuple[int, int, int], float] = {}
    for label, asked in constraints.items():
        for row, images in enumerate(sets):
            overall = _chosen(matches, label, asked, images, group)
            thresholds[row, label] = thresholds[row, label] if overall.threshold is None else overall.threshold
        if overall.threshold is not None:
            origin[label] = f"{origin[label]} to keep {asked.metric} {asked.at_least:g}"
        choices.append(ThresholdChoice(matches.classes[label], (), asked.metric, asked.at_least, overall))
        if asked.per is None:
            continue
        known = conditions[asked.per].members if asked.per in conditions else {}
        if not known:
            nothing = ConstrainedThreshold(cause=Cause.NO_LEVEL)
            where = ((asked.per, "any level"),)
            choices.append(ThresholdChoice(matches.classes[label], where, asked.metric, asked.at_least, nothing))
        for level, (name, members) in enumerate(known.items(), 1):
            for row, images in enumerate(sets):
                inside = _chosen(matches, label, asked, images & members, group)
                if inside.threshold is not None:
                    apart[row, label, level] = inside.threshold
            where = ((asked.per, name),)
            choices.append(ThresholdChoice(matches.classes[label], where, asked.metric, asked.at_least, inside))
    changed = replace(
        point, thresholds=thresholds, deployed=thresholds[-1], origin=tuple(origin), choices=tuple(choices)
    )
    return _parted(changed, constraints, conditions, apart) if apart else changed


def _chosen(
    matches: Matches, label: int, asked: Constraint, images: NDArray[np.bool_], group: NDArray[np.int32]
) -> ConstrainedThreshold:
    return constrained_threshold(matches, label, asked.metric, asked.at_least, images=images, group=group)


def _parted(
    point: OperatingPoint,
    constraints: Mapping[int, Constraint],
    conditions: Mapping[str, Condition],
    apart: Mapping[tuple[int, int, int], float],
) -> OperatingPoint:
    """The point with a row of thresholds for each fold and levels that occur together."""
    names = sorted({asked.per for asked in constraints.values() if asked.per is not None and asked.per in conditions})
    columns = [point.fold.astype(np.int32), *(_levels(conditions[name], len(point.fold)) for name in names)]
    occurring, fold = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    thresholds = point.thresholds[occurring[:, 0]]
    for label, asked in constraints.items():
        if asked.per in names:
            levels = occurring[:, 1 + names.index(asked.per)]
            for row, (base, level) in enumerate(zip(occurring[:, 0].tolist(), levels.tolist(), strict=True)):
                thresholds[row, label] = apart.get((base, label, level), thresholds[row, label])
    return replace(point, thresholds=thresholds, fold=fold.reshape(-1).astype(np.int32))


def _levels(condition: Condition, images: int) -> NDArray[np.int32]:
    """The number of the first level each image is in, from 1 on; 0 for none."""
    numbers = np.zeros(images, np.int32)
    for number, members in reversed(list(enumerate(condition.members.values(), 1))):
        numbers[members] = number
    return numbers
