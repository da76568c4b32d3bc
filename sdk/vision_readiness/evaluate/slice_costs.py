"""What each kind of error costs a class in one situation: in the cells where it is weak, and enough is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.error_kinds import REMEDIES, ErrorKind, Errors, find_errors, mended, taken_by
from vision_readiness.evaluate.figures import SIZES
from vision_readiness.evaluate.matches import Matches
from vision_readiness.evaluate.precision_curve import Counted, ImageWeights, class_precision
from vision_readiness.project import Condition

MOST_CELLS = 24
SIZE = "size"
"""The condition whose levels are object sizes."""


@dataclass(frozen=True, slots=True)
class SliceCost:
    """One kind of error of one class in one level of a condition: the AP50 that it would gain there without it.

    ``ap50`` is what the class has there, ``ap50_overall`` what it has on all leak-free test images; each 0 to 1.
    """

    label: str
    condition: str
    level: str
    ap50: float
    ap50_overall: float
    kind: ErrorKind
    delta_ap50: float
    remedy: str


@dataclass(frozen=True, slots=True)
class SliceCosts:
    """The costs in the weak cells, the weakest cell first in it the most costly kind; and how many were left out.

    A cell is left out where ``too_few`` groups of images hold the class, where the class is ``no_weaker`` than it is
    as a whole, and ``beyond`` the weakest 24.
    """

    costs: tuple[SliceCost, ...] = ()
    too_few: int = 0
    no_weaker: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class _Cell:
    """A class in a level of a condition, with its AP50 there and overall."""

    label: int
    condition: str
    level: str
    ap50: float
    overall: float


def slice_costs(
    matches: Matches, group: NDArray[np.int32], conditions: Mapping[str, Condition], *, min_groups: int = 20
) -> SliceCosts:
    """What errors cost in each level of each condition and for each object size; empty for classifications.

    ``group`` has shape (images,): a cell needs ``min_groups`` groups that hold the class. Sizes follow COCO: objects of
    another size, answers to them, and wrong answers of another size do not count.
    """
    if not matches.task.has_boxes:
        return SliceCosts()
    errors = find_errors(matches)
    slices = _Slices(matches, errors, taken_by(matches), _levels(matches, conditions))
    whole, too_few, no_weaker = Counted.all_of(matches), 0, 0
    weak: list[_Cell] = []
    for label in range(len(matches.classes)):
        places = list(slices.levels)
        known = [place for place in places if slices.groups(label, place, group) >= min_groups]
        too_few += len(places) - len(known)
        overall = float(class_precision(whole, label, ImageWeights.equal(len(matches.answered)), range(1))[0, 0])
        found = [_Cell(label, *place, ap50, overall) for place, ap50 in slices.ap50(whole, label, known)]
        worse = [cell for cell in found if cell.ap50 < cell.overall]
        no_weaker += len(found) - len(worse)
        weak += worse
    weak.sort(key=lambda cell: (cell.ap50 - cell.overall, matches.classes[cell.label], cell.condition, cell.level))
    chosen = weak[:MOST_CELLS]
    return SliceCosts(tuple(_costs(slices, chosen)), too_few, no_weaker, len(weak) - len(chosen))


@dataclass(frozen=True, slots=True, eq=False)
class _Slices:
    """The store cut into levels: masks of shape (images,), or a range of areas for a size.

    ``took`` of shape (answers,) is the truth that an answer took, or -1.
    """

    matches: Matches
    errors: Errors
    took: NDArray[np.int64]
    levels: Mapping[tuple[str, str], NDArray[np.bool_] | tuple[float, float]]

    def groups(self, label: int, place: tuple[str, str], group: NDArray[np.int32]) -> int:
        """How many groups of images hold a truth of a class there."""
        truths, cut = self.matches.truths, self.levels[place]
        rows = (truths.label == label) & ~truths.ignored
        rows &= _within(truths.area, cut) if isinstance(cut, tuple) else cut[truths.image]
        return len(np.unique(group[truths.image[rows]]))

    def ap50(
        self, counted: Counted, label: int, places: list[tuple[str, str]]
    ) -> Iterator[tuple[tuple[str, str], float]]:
        """The AP50 of a class in each place; the levels of conditions are weights of the images, and go at once."""
        images = len(self.matches.answered)
        masks = {place: cut for place in places if not isinstance(cut := self.levels[place], tuple)}
        if masks:
            weights = ImageWeights(np.stack(list(masks.values())).astype(np.float64), np.arange(images))
            yield from zip(masks, class_precision(counted, label, weights, range(1))[:, 0].tolist(), strict=True)
        for place in places:
            cut = self.levels[place]
            if isinstance(cut, tuple):
                sized = self._of_size(counted, cut)
                yield place, float(class_precision(sized, label, ImageWeights.equal(images), range(1))[0, 0])

    def _of_size(self, counted: Counted, areas: tuple[float, float]) -> Counted:
        truths, answers, hit = self.matches.truths, self.matches.answers, counted.hit[:, :1]
        target = np.where(self.took >= 0, self.took, self.errors.target)
        other = ~_within(truths.area, areas)
        of_other = other[target] if len(truths) else np.zeros(len(answers), bool)
        out = np.where(hit[:, 0], of_other, ~_within(answers.area, areas))[:, None]
        return replace(
            counted,
            hit=hit & ~out,
            ignored=counted.ignored[:, :1] | out,
            truth_ignored=counted.truth_ignored | other,
        )


def _levels(
    matches: Matches, conditions: Mapping[str, Condition]
) -> dict[tuple[str, str], NDArray[np.bool_] | tuple[float, float]]:
    cut: dict[tuple[str, str], NDArray[np.bool_] | tuple[float, float]] = {
        (name, level): members & matches.answered
        for name, condition in conditions.items()
        for level, members in condition.members.items()
    }
    return cut | {(SIZE, level): areas for level, areas in SIZES.items()}


def _within(area: NDArray[np.float64], areas: tuple[float, float]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (area >= areas[0]) & (area < areas[1])
    return inside


def _costs(slices: _Slices, cells: list[_Cell]) -> Iterator[SliceCost]:
    classes = slices.matches.classes
    by_label: dict[int, list[tuple[str, str]]] = {}
    for cell in cells:
        by_label.setdefault(cell.label, []).append((cell.condition, cell.level))
    gained: dict[tuple[int, str, str], list[tuple[float, ErrorKind]]] = {}
    for kind in ErrorKind if cells else ():
        better = mended(slices.matches, slices.errors, kind)
        for label, places in by_label.items():
            for place, ap50 in slices.ap50(better, label, places):
                everything_missed = math.isnan(ap50)
                gained.setdefault((label, *place), []).append((1.0 if everything_missed else ap50, kind))
    for cell in cells:
        kinds = gained[(cell.label, cell.condition, cell.level)]
        for ap50, kind in sorted(kinds, key=lambda one: (-one[0], one[1])):
            if ap50 > cell.ap50:
                named = (classes[cell.label], cell.condition, cell.level)
                yield SliceCost(*named, cell.ap50, cell.overall, kind, ap50 - cell.ap50, REMEDIES[kind])
