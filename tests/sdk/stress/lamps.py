"""A model that sees lamps: bright squares on grey, each until its square is darker than the model's eye can see."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.predict.interface import Answer, Device, RuntimeFailure
from vision_readiness.project import ModelCard, Task
from vision_readiness.testing import MemoryImages, a_dataset, an_image

CLASSES = ("lamp",)
BOX = (16.0, 12.0, 32.0, 28.0)
SIZE = (48, 40)
GROUND = 60


def lamp(value: int, ground: int = GROUND) -> np.ndarray:
    """A picture of 48 x 40 px with one square of ``value`` in it."""
    picture = np.full((*SIZE[::-1], 3), ground, np.uint8)
    left, top, right, bottom = map(int, BOX)
    picture[top:bottom, left:right] = value
    return picture


def lamps(values: list[int], *, boxes: bool = True):
    """A data set of one lamp an image, all in test, and its files."""
    keys = [f"test/{number}.png" for number in range(len(values))]
    files = {key: an_image(lamp(value), "PNG") for key, value in zip(keys, values, strict=True)}
    labels = {key: [("lamp", BOX)] if boxes else ["lamp"] for key in keys}
    task = Task.DETECTION if boxes else Task.MULTILABEL
    return a_dataset(labels, size=SIZE, task=task), MemoryImages(files)


@dataclass
class Eye:
    """Answers the box of all that is at least ``least`` bright, with a score of its brightness; nothing in the dark."""

    least: int = 115
    fails_on: int | None = None
    asked: list[float] = field(default_factory=list)
    card: ModelCard = field(default_factory=lambda: ModelCard("eye.onnx", "d1635", Task.DETECTION, CLASSES))
    device: Device = field(default_factory=lambda: Device("bench"))

    def predict(self, picture):
        if self.fails_on is not None and picture.max() == self.fails_on:
            raise RuntimeFailure("out of memory")
        seen = picture.max(axis=2) >= self.least
        if not seen.any():
            return Answer(np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        box = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        return Answer(np.zeros(1, np.int32), np.array([picture[seen].max() / 255]), np.array([box], float))


def at(threshold: float, images: int) -> OperatingPoint:
    """The same threshold for every image."""
    row = np.array([threshold])
    return OperatingPoint(row[None], np.zeros(images, np.int8), row, ("spec",))
