"""Made-up projects whose true rates are known: plain counts and boxes, by nothing that the product evaluates with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import SPLITS, Condition, Dataset, ImageTable, ObjectTable, Predictions, Task

CELL, COLUMNS, ROWS = 64, 12, 8
"""Objects and false alarms stand in cells of their own, so that none touches another."""

HOLDING, MOST = 0.6, 3
"""The share of images with a class, and the most objects it has there."""

PER_IMAGE = HOLDING * (MOST + 1) / 2


@dataclass(frozen=True)
class Counts:
    """Objects, objects found and false alarms, each of shape (images, classes)."""

    objects: NDArray[np.int64]
    found: NDArray[np.int64]
    alarms: NDArray[np.int64]


def counted(
    rng: np.random.Generator, recall: NDArray[np.float64], precision: NDArray[np.float64], icc: float
) -> Counts:
    """Counts at true rates of shape (images, classes); what is found in one image is beta-binomial with ``icc``.

    False alarms come in bursts (gamma-Poisson), on images without the class too, as many as make the share of right
    answers ``precision``.
    """
    objects = np.where(rng.random(recall.shape) < HOLDING, rng.integers(1, MOST + 1, recall.shape), 0)
    chance = rng.beta(recall * (1 - icc) / icc, (1 - recall) * (1 - icc) / icc) if icc else recall
    burst = rng.gamma(1 / (3 * icc), 3 * icc, recall.shape) if icc else 1.0
    alarms = rng.poisson(PER_IMAGE * recall * (1 - precision) / precision * burst)
    return Counts(objects, rng.binomial(objects, chance), np.minimum(alarms, 8))


@dataclass(frozen=True)
class Scores:
    """How the scores of right answers and of false alarms are drawn: Beta(a, b), moved to between ``low`` and 1."""

    right: tuple[float, float] = (2.0, 2.0)
    wrong: tuple[float, float] = (2.0, 2.0)
    low: float = 0.6
    junk: float = 0.3
    shift: float = 1.0


def as_project(
    rng: np.random.Generator,
    counts: Counts,
    split: NDArray[np.int8],
    conditions: dict[str, dict[str, NDArray[np.bool_]]],
    scores: Scores,
) -> tuple[Dataset, Predictions]:
    """Truths and answers with those counts; ``junk`` more answers an image and class stay below any threshold."""
    images, classes = counts.objects.shape
    image, label, rank = _rows(counts.objects)
    place = np.argsort(rng.random((images, COLUMNS * ROWS)), axis=1)
    box = _boxes(rng, place[image, rank])
    position = _position_in_class(image, label, classes)
    hit = position < counts.found[image, label]
    junk = np.minimum(rng.poisson(scores.junk, counts.objects.shape), 3)
    start = counts.objects.sum(axis=1)
    alarm_image, alarm_label, alarm_rank = _rows(counts.alarms + junk)
    alarm_box = _boxes(rng, place[alarm_image, np.minimum(start[alarm_image] + alarm_rank, COLUMNS * ROWS - 1)])
    is_junk = _position_in_class(alarm_image, alarm_label, classes) >= counts.alarms[alarm_image, alarm_label]
    moved = box[hit] + np.clip(rng.normal(0, scores.shift, (int(hit.sum()), 4)), -3, 3)
    right = scores.low + (1 - scores.low) * rng.beta(*scores.right, int(hit.sum()))
    wrong = scores.low + (1 - scores.low) * rng.beta(*scores.wrong, len(alarm_image))
    wrong = np.where(is_junk, rng.uniform(0.05, scores.low / 2, len(wrong)), wrong)
    answer_image = np.concatenate([image[hit], alarm_image])
    order = np.argsort(answer_image, kind="stable")
    size = np.ones(images, np.int32)
    table = ImageTable(
        tuple(f"{SPLITS[kind]}/{number}.jpg" for number, kind in enumerate(split.tolist())),
        split,
        np.arange(images, dtype=np.int32),
        COLUMNS * CELL * size,
        ROWS * CELL * size,
        {name: Condition("tag", members) for name, members in conditions.items()},
    )
    truths = ObjectTable(
        image.astype(np.int32),
        label.astype(np.int32),
        box,
        np.prod(box[:, 2:] - box[:, :2], axis=1),
        np.zeros(len(image), bool),
    )
    predictions = Predictions(
        np.ones(images, bool),
        answer_image[order].astype(np.int32),
        np.concatenate([label[hit], alarm_label])[order].astype(np.int32),
        np.concatenate([right, wrong])[order],
        np.concatenate([moved, alarm_box])[order],
    )
    names = tuple(f"class {number}" for number in range(classes))
    return Dataset(Task.DETECTION, names, table, truths), predictions


def _rows(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """A row for each thing counted: its image, its class, and its number within the image."""
    images, classes = counts.shape
    image = np.repeat(np.arange(images), counts.sum(axis=1))
    label = np.repeat(np.tile(np.arange(classes), images), counts.ravel())
    return image, label, np.arange(len(image)) - np.searchsorted(image, image)


def _position_in_class(image: NDArray[np.int64], label: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    key = image * classes + label
    return np.arange(len(key)) - np.searchsorted(key, key)


def _boxes(rng: np.random.Generator, cell: NDArray[np.int64]) -> NDArray[np.float64]:
    low = np.stack([cell % COLUMNS, cell // COLUMNS], axis=1) * CELL + rng.uniform(4, 10, (len(cell), 2))
    return np.concatenate([low, low + rng.uniform(24, 50, (len(cell), 2))], axis=1)
