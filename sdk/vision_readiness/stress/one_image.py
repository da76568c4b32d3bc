"""One test image at every step: degraded, predicted, and matched to its own truths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.match import match
from vision_readiness.predict.run import answer_table
from vision_readiness.project import Dataset, ImageTable, ObjectTable
from vision_readiness.project.masks import Masks
from vision_readiness.stress.facts import StressedAnswers, StressedTruths
from vision_readiness.stress.scene import Picture, Scene
from vision_readiness.stress.shifts import Quantity, Shift, measured_in

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.predict.interface import Model

NO_PICTURE: Picture = np.zeros((0, 0, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The steps every image goes through: all ``severities`` of each shift, after the image as it is."""

    shifts: tuple[Shift, ...]
    severities: tuple[float, ...]
    seed: int

    @property
    def steps(self) -> int:
        return 1 + len(self.shifts) * len(self.severities)

    def run(self, scene: Scene, key: str) -> Iterator[tuple[Scene, Mapping[Quantity, float]]]:
        """The scene at every step, with what is measured in it.

        Chance depends on the seed, the shift and the image's ``key`` alone: the same at every severity, so that a
        higher one only adds to a lower one.
        """
        yield scene, _measures(scene, {shift.quantity for shift in self.shifts})
        for shift in self.shifts:
            chance = list(sha256(f"{shift.name}/{key}".encode()).digest())
            for severity in self.severities:
                shifted = shift(scene, severity, np.random.default_rng([self.seed, *chance]))
                yield shifted, _measures(shifted, {shift.quantity})


def _measures(scene: Scene, quantities: set[Quantity]) -> Mapping[Quantity, float]:
    return {quantity: measured_in(scene.picture, quantity) for quantity in quantities if quantity.is_measured}


@dataclass(frozen=True, slots=True, eq=False)
class ImageRun:
    """One image at every step: its answers and truths, and what was measured there."""

    answers: StressedAnswers
    truths: StressedTruths
    measured: tuple[Mapping[Quantity, float], ...]


def run_image(model: Model, dataset: Dataset, row: int, objects: ObjectTable, scene: Scene, course: Course) -> ImageRun:
    """What ``model`` finds in the image at ``row`` at every step of ``course``; ``objects`` are the image's own.

    Raises what the model raises.
    """
    scenes, answers, measured = [], [], []
    for shifted, measures in course.run(scene, dataset.images.key[row]):
        answers.append(model.predict(shifted.picture))
        measured.append(measures)
        scenes.append(replace(shifted, picture=NO_PICTURE))  # only one picture is held at a time
    truths = _truths(objects, scenes) if dataset.task.has_boxes else _repeated(objects, len(scenes))
    none = np.zeros(len(scenes), np.int32)
    images = ImageTable(("",) * len(scenes), none.astype(np.int8), none, none, none)
    steps = Dataset(dataset.task, dataset.classes, images, truths)
    matches = match(steps, answer_table(dict(enumerate(answers)), steps, model.card.classes))
    return ImageRun(*_counted(matches, row), tuple(measured))


def _counted(matches: Matches, row: int) -> tuple[StressedAnswers, StressedTruths]:
    """The answers a user is given and the truths that can be missed; the images of ``matches`` are the steps."""
    answers, truths = matches.answers, matches.truths
    given, asked = answers.operating & ~answers.ignored[:, 0], ~truths.ignored
    rows = np.full(max(len(answers), len(truths)), row, np.int32)
    return (
        StressedAnswers(
            step=answers.image[given],
            image=rows[: np.count_nonzero(given)],
            label=answers.label[given],
            score=answers.score[given],
            hit=answers.hit[given, 0],
        ),
        StressedTruths(
            step=truths.image[asked],
            image=rows[: np.count_nonzero(asked)],
            label=truths.label[asked],
            score=truths.found_score[asked],
            found=truths.found[asked],
        ),
    )


def _repeated(objects: ObjectTable, times: int) -> ObjectTable:
    image = np.repeat(np.arange(times, dtype=np.int32), len(objects))
    return ObjectTable(
        image,
        np.tile(objects.label, times),
        np.tile(objects.box, (times, 1)),
        np.tile(objects.area, times),
        np.tile(objects.crowd, times),
    )


def _truths(objects: ObjectTable, scenes: Sequence[Scene]) -> ObjectTable:
    """The objects as they lie at every step; one that has mostly left the frame is no longer asked for."""
    table = _repeated(objects, len(scenes))
    box = np.concatenate([scene.box for scene in scenes])
    gone = np.concatenate([scene.gone for scene in scenes])
    masks = Masks.joined([scene.masks for scene in scenes])
    area = masks.area() if masks is not None else np.prod(box[:, 2:] - box[:, :2], axis=1)
    return replace(table, box=box, area=area, crowd=table.crowd | gone, masks=masks)


def whole_picture(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The box of a whole picture of ``shape`` (height, width, ...): what a classifier's label stands on."""
    return np.array([[0.0, 0.0, shape[1], shape[0]]])
