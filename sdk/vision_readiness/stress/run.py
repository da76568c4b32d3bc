"""A model run on test images that are degraded step by step."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import InputError, ModelError, SourceError
from vision_readiness.predict.interface import RuntimeFailure
from vision_readiness.predict.picture import decode
from vision_readiness.project import ObjectTable
from vision_readiness.stress.facts import ShiftFacts, StressedAnswers, StressedTruths, StressFacts
from vision_readiness.stress.one_image import Course, ImageRun, run_image, whole_picture
from vision_readiness.stress.scene import Scene
from vision_readiness.stress.shifts import SHIFTS, WORST, Shift

if TYPE_CHECKING:
    from vision_readiness.ports import Images, Progress
    from vision_readiness.predict.interface import Model
    from vision_readiness.project import Dataset

SEVERITIES = (1.0, 2.0, 3.0, 4.0, 5.0)
_NUMBERS, _SCORES, _NONE = np.zeros(0, np.int32), np.zeros(0), np.zeros(0, bool)
NO_ANSWERS = StressedAnswers(step=_NUMBERS, image=_NUMBERS, label=_NUMBERS, score=_SCORES, hit=_NONE)
NO_TRUTHS = StressedTruths(step=_NUMBERS, image=_NUMBERS, label=_NUMBERS, score=_SCORES, found=_NONE)
Table = TypeVar("Table", StressedAnswers, StressedTruths)


def stress(
    model: Model,
    dataset: Dataset,
    images: Images,
    rows: NDArray[np.integer],
    *,
    shifts: Sequence[Shift] = SHIFTS,
    severities: Sequence[float] = SEVERITIES,
    seed: int = 0,
    progress: Progress,
    workers: int = 1,
) -> StressFacts:
    """What ``model`` finds in the images at ``rows`` as they are, and after each shift at each severity.

    Every image is read and decoded once, and asked about ``1 + shifts x severities`` times. The facts are the same
    for a seed whatever the order of the images or the number of ``workers`` (threads). An image that fails at one
    step is left out of all and named. Raises ``InputError`` for severities that do not rise within 0 to 5 or a shift
    that is named twice, ``ModelError`` when every image fails.
    """
    course = Course(tuple(shifts), tuple(severities), seed)
    _check(course)
    rows = np.unique(rows)
    shelf = _Shelf(dataset, images)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        runs = pool.map(partial(_run, model, shelf, course), rows.tolist())
        tracked = progress.track(rows.tolist(), "running the model on degraded images")
        results = dict(zip(tracked, runs, strict=True))
    done = {row: result for row, result in results.items() if isinstance(result, ImageRun)}
    failed = {dataset.images.key[row]: result for row, result in results.items() if isinstance(result, str)}
    if failed and not done:
        first = next(iter(failed.values()))
        raise ModelError(f"{model.card.name} answered none of {len(failed)} images; the first: {first}")
    return StressFacts(
        artefact=model.card.digest,
        seed=seed,
        image=np.array(list(done), dtype=np.int32),
        shifts=tuple(_shift_facts(course, place, list(done.values())) for place in range(len(course.shifts))),
        answers=_joined(StressedAnswers, [NO_ANSWERS, *(run.answers for run in done.values())]),
        truths=_joined(StressedTruths, [NO_TRUTHS, *(run.truths for run in done.values())]),
        failed=failed,
    )


@dataclass(frozen=True)
class _Shelf:
    """A data set and its images, with the objects of each image at hand."""

    dataset: Dataset
    images: Images

    @cached_property
    def _by_image(self) -> NDArray[np.int64]:
        return np.argsort(self.dataset.objects.image, kind="stable")

    def objects(self, row: int) -> ObjectTable:
        """The objects of one image."""
        table = self.dataset.objects
        first, last = np.searchsorted(table.image[self._by_image], [row, row + 1])
        own = self._by_image[first:last]
        masks = None if table.masks is None else table.masks.take(own)
        return ObjectTable(table.image[own], table.label[own], table.box[own], table.area[own], table.crowd[own], masks)


def _check(course: Course) -> None:
    severities = np.array(course.severities, dtype=np.float64)
    if (
        not len(severities)
        or not (np.diff(severities, prepend=0, append=WORST + 1) > 0).all()
        or severities[-1] > WORST
    ):
        raise InputError(f"severities have to rise from over 0 to at most {WORST}: give for example 1,3,5")
    names = [shift.name for shift in course.shifts]
    if not names or len(set(names)) < len(names):
        raise InputError(f"name each shift once, at least one: there are {', '.join(shift.name for shift in SHIFTS)}")


def _run(model: Model, shelf: _Shelf, course: Course, row: int) -> ImageRun | str:
    """One image through the course, or why it could not be."""
    objects = shelf.objects(row)
    try:
        picture = decode(shelf.images.read(shelf.dataset.images.key[row]))
        box = objects.box if shelf.dataset.task.has_boxes else whole_picture(picture.shape)
        scene = Scene.of(picture, box, objects.masks)
        return run_image(model, shelf.dataset, row, objects, scene, course)
    except (SourceError, RuntimeFailure) as error:
        return str(error)


def _shift_facts(course: Course, place: int, runs: Sequence[ImageRun]) -> ShiftFacts:
    shift, each = course.shifts[place], len(course.severities)
    severity = np.array([0.0, *course.severities])
    strength = np.array([shift.strength(at) for at in severity])
    steps = [0, *range(1 + place * each, 1 + (place + 1) * each)]
    if shift.quantity.is_measured:
        measured = np.array([[run.measured[step][shift.quantity] for run in runs] for step in steps])
    else:
        measured = np.repeat(strength[:, None], len(runs), axis=1)
    shape = (len(steps), len(runs))
    return ShiftFacts(
        name=shift.name,
        unit=shift.unit,
        quantity=shift.quantity,
        severity=severity,
        strength=strength,
        measured=measured.reshape(shape),
    )


def _joined(kind: type[Table], tables: Sequence[Table]) -> Table:
    """The rows of all images, by step and within a step by image."""
    names = [column.name for column in fields(kind)]
    columns = {name: np.concatenate([getattr(table, name) for table in tables]) for name in names}
    order = np.argsort(columns["step"], kind="stable")
    return kind(**{name: column[order] for name, column in columns.items()})
