"""The thresholds of an operating point, chosen for what is asked of each class."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.constrained_point import constrained_point
from vision_readiness.evaluate.constraint import Constraint
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.project import Task

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.project import Condition


@dataclass(frozen=True, slots=True)
class Floors:
    """What is asked of a class, which its threshold is chosen for; a fixed threshold is taken as it is.

    A ``constraint`` comes first: the threshold that it proves is taken, and another only where it proves none.
    """

    recall: float | None = None
    precision: float | None = None
    threshold: float | None = None
    constraint: Constraint | None = None


def choose_operating_point(
    matches: Matches,
    floors: Mapping[str, Floors],
    *,
    valid: NDArray[np.bool_],
    test: NDArray[np.bool_],
    group: NDArray[np.int32],
    names: tuple[str, ...],
    conditions: Mapping[str, Condition] | None = None,
) -> OperatingPoint:
    """Thresholds chosen on the ``valid`` images; cross-fitted on two halves of ``test`` where there are none.

    Masks and ``group`` have shape (images,). The halves are drawn by image name, so that the order of the images
    changes nothing. A single-label classifier gives its top class at any score unless a threshold is asked for.
    ``conditions`` are those in whose levels a constraint may ask for a threshold apart.
    """
    classes = len(matches.classes)
    wanted = [floors.get(label, Floors()) for label in matches.classes]
    constraints = {label: floor.constraint for label, floor in enumerate(wanted) if floor.constraint is not None}
    if matches.task is Task.CLASSIFICATION and not constraints:
        fixed = np.array([floor.threshold or 0.0 for floor in wanted])
        origin = tuple("top answer" if floor.threshold is None else "spec" for floor in wanted)
        return OperatingPoint(fixed[None], np.zeros(len(valid), np.int8), fixed, origin)
    if (valid & matches.answered).any():
        sets, fold, where = [valid], np.zeros(len(valid), np.int8), "chosen on valid"
    else:
        fold = halves(names, group)
        sets, where = [test & (fold != 0), test & (fold != 1), test], "cross-fitted on test"
    chosen = np.array(
        [[_threshold(matches, images, label, wanted[label]) for label in range(classes)] for images in sets]
    )
    origin = tuple(where if floor.threshold is None else "spec" for floor in wanted)
    truths = matches.truths
    held = [np.bincount(truths.label[images[truths.image] & ~truths.ignored], minlength=classes) for images in sets]
    fewest = np.min(held, axis=0).tolist()
    chosen_on = tuple(n if floor.threshold is None else None for n, floor in zip(fewest, wanted, strict=True))
    point = OperatingPoint(chosen, fold, chosen[-1], origin, chosen_on)
    return constrained_point(point, matches, constraints, sets, group, conditions or {}) if constraints else point


def halves(names: tuple[str, ...], group: NDArray[np.int32]) -> NDArray[np.int8]:
    """0 or 1 per image; all images of a group are in one half."""
    first = np.unique(group, return_index=True, return_inverse=True)
    smallest: dict[int, str] = {}
    for name, place in zip(names, first[2].tolist(), strict=True):
        smallest[place] = min(name, smallest.get(place, name))
    by_group = np.array([zlib.crc32(smallest[place].encode()) & 1 for place in range(len(first[0]))], dtype=np.int8)
    half: NDArray[np.int8] = by_group[first[2]]
    return half


def _threshold(matches: Matches, images: NDArray[np.bool_], label: int, floors: Floors) -> float:
    """The score at which the weaker of recall and precision clears its floor best; the best F1 without both floors.

    Equal scores stand or fall together; the threshold lies half-way to the next lower score. 0.5 without evidence.
    """
    if floors.threshold is not None or matches.task is Task.CLASSIFICATION:
        return floors.threshold or 0.0
    answers, truths = matches.answers, matches.truths
    rows = np.flatnonzero((answers.label == label) & images[answers.image] & ~answers.ignored[:, 0])
    possible = int(np.count_nonzero((truths.label == label) & ~truths.ignored & images[truths.image]))
    if not len(rows) or not possible:
        return 0.5
    rows = rows[np.argsort(-answers.score[rows], kind="stable")]
    score = answers.score[rows]
    last = np.flatnonzero(np.append(np.diff(score) != 0, True))
    true = np.cumsum(answers.hit[rows, 0])[last]
    given = last + 1
    recall, precision = true / possible, true / given
    if floors.recall is None or floors.precision is None:
        merit = 2 * true / (given + possible)
    else:
        margins = (_margin(recall, floors.recall, possible), _margin(precision, floors.precision, given))
        merit = np.minimum(*margins)
    best = int(np.argmax(merit))
    here = float(score[last[best]])
    below = float(score[last[best] + 1]) if last[best] + 1 < len(score) else 0.0
    return (here + below) / 2


def _margin(rate: NDArray[np.float64], floor: float, trials: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """By how many standard errors a rate clears its floor."""
    spread = np.sqrt(max(floor * (1 - floor), 1e-4) / trials)
    margin: NDArray[np.float64] = (rate - floor) / spread
    return margin
