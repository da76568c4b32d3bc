"""How often the interval of a changed AP50 is wrong, by simulation: two models that answer most images alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.bench.tables import table
from vision_readiness.evaluate.average_precision import change_of_ap50
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import Matches
from vision_readiness.project import SPLITS, Dataset, ImageTable, ObjectTable, Predictions, Split, Task

IMAGES = (5, 10, 20, 50, 100)
PAIRS = ((0.0, 0.85), (0.8, 0.85), (0.8, 0.45), (0.95, 0.45))
"""The share of images that both answer alike, and the other model's recall on the rest; the first one's is 0.85."""

ICC, MANY = 0.1, 20_000


def change_table(runs: int) -> str:
    """How often the true change lies beyond either bound, in per cent, by number of images."""
    rows = []
    for place, (alike, recall) in enumerate(PAIRS):
        rng = np.random.default_rng([7, place])
        truth = float(change_of_ap50(*_pair(rng, MANY, alike, recall), replicates=0)[0, 0]) if recall < 0.85 else 0.0
        cells = [_errors(rng, images, alike, recall, truth, runs) for images in IMAGES]
        rows.append([f"{100 * alike:g} %, {100 * truth:+.1f} points", *cells])
    return table(["answered alike, true change", *(f"{images} images" for images in IMAGES)], rows)


def _errors(rng: np.random.Generator, images: int, alike: float, recall: float, truth: float, runs: int) -> str:
    drawn = np.array([change_of_ap50(*_pair(rng, images, alike, recall))[0] for _ in range(runs)])
    low, high = 100 * float(np.mean(drawn[:, 1] > truth)), 100 * float(np.mean(drawn[:, 2] < truth))
    return f"{low:.1f} {high:.1f}"


def _pair(rng: np.random.Generator, images: int, alike: float, recall: float) -> tuple[Matches, Matches, np.ndarray]:
    """The matches of the second model, of the first one, and the group of each image, which is its own."""
    objects = rng.integers(1, 4, images)
    image = np.repeat(np.arange(images), objects)
    left = 60.0 * (np.arange(len(image)) - np.searchsorted(image, image))
    box = np.stack([left, 0 * left, left + 40, 0 * left + 40], axis=1)
    size, number = np.full(images, 640, np.int32), np.arange(images, dtype=np.int32)
    split = np.full(images, SPLITS.index(Split.TEST), np.int8)
    table_of_images = ImageTable(tuple(f"test/{n}.jpg" for n in range(images)), split, number, size, size)
    none = np.zeros(len(image), bool)
    truths = ObjectTable(image.astype(np.int32), none.astype(np.int32), box, np.full(len(image), 1600.0), none)
    dataset = Dataset(Task.DETECTION, ("one",), table_of_images, truths)
    first, other = _answers(rng, image, images, 0.85), _answers(rng, image, images, recall)
    same = rng.random(images) < alike
    second = tuple(
        np.where(same[where], one, two)
        for where, one, two in zip((image, image, number, number), first, other, strict=True)
    )
    return match(dataset, _given(image, box, second)), match(dataset, _given(image, box, first)), number


def _answers(rng: np.random.Generator, image: NDArray[np.int64], images: int, recall: float) -> tuple[NDArray, ...]:
    """Whether and with what score each object is found, and whether and with what score an image has a false alarm."""
    chance = rng.beta(recall * (1 - ICC) / ICC, (1 - recall) * (1 - ICC) / ICC, images)
    found, score = rng.random(len(image)) < chance[image], 0.3 + 0.7 * rng.beta(2, 2, len(image))
    return found, score, rng.random(images) < 0.25, 0.2 + 0.6 * rng.beta(2, 2, images)


def _given(image: NDArray[np.int64], box: NDArray[np.float64], answers: tuple[NDArray, ...]) -> Predictions:
    found, score, alarm, alarm_score = answers
    where = np.concatenate([image[found], np.flatnonzero(alarm)])
    boxes = np.concatenate([box[found], np.tile([400.0, 300.0, 420.0, 330.0], (int(alarm.sum()), 1))])
    order = np.argsort(where, kind="stable")
    label, scores = np.zeros(len(where), np.int32), np.concatenate([score[found], alarm_score[alarm]])
    return Predictions(np.ones(len(alarm), bool), where[order].astype(np.int32), label, scores[order], boxes[order])
