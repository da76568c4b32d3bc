"""Whether answers or labels were most likely read in another form than they were written in.

When the answers of a model meet almost no object, a wrong reading is likelier than a model that bad. The known
misreadings are tried on validation images, else on training images, never on test; the one that fits is said, and
never applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.order import box_iou
from vision_readiness.project import Dataset, Predictions, Split

MIN_IOU = 0.5
MOST_IMAGES = 200
RARELY, MOSTLY = 0.2, 0.5
"""Under the first share of objects met a reading is in doubt; from the second on another one fits."""
FEWEST_OBJECTS = 10


class Form(StrEnum):
    """What a misreading takes answers or labels for; the name says what they are."""

    SHARES = "shares"
    CORNERS_AS_SIZES = "corners-as-sizes"
    CENTRES_AS_CORNERS = "centres-as-corners"
    CLASSES_FROM_ONE = "classes-from-one"
    CLASSES_FROM_MINUS_ONE = "classes-from-minus-one"
    TURNED_LEFT = "turned-left"
    TURNED_RIGHT = "turned-right"
    UPSIDE_DOWN = "upside-down"
    LABELS_AS_CORNERS = "labels-corners-as-sizes"
    LABELS_AS_CENTRES = "labels-centres-as-corners"
    LABELS_AS_SHARES = "labels-shares"
    LABELS_TURNED_LEFT = "labels-turned-left"
    LABELS_TURNED_RIGHT = "labels-turned-right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misreading:
    """The form that fits: of ``objects`` in the sample the share ``met`` as read, and ``would_meet`` read so."""

    form: Form
    met: float
    would_meet: float
    objects: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sample:
    """Answers and objects of a few images as columns; ``size`` has shape (images, 2), width and height in pixels."""

    size: NDArray[np.float64]
    answer_image: NDArray[np.int64]
    answer_label: NDArray[np.int64]
    answer_box: NDArray[np.float64]
    truth_image: NDArray[np.int64]
    truth_label: NDArray[np.int64]
    truth_box: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One misreading, and the sample as it would be read right."""

    form: Form
    apply: Callable[[Sample], Sample]


Boxes = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""Boxes (n, 4) and the sizes (n, 2) of their images to boxes in another reading."""


def misreading(predictions: Predictions, dataset: Dataset) -> Misreading | None:
    """The known misreading that fits far better than what was read; ``None`` where the reading is in no doubt.

    It is in doubt when answers meet under a fifth of the objects; another fits when under it they meet at least half
    of them, and three times as many. Nothing to compare gives ``None``.
    """
    sample = _sample(predictions, dataset)
    if sample is None:
        return None
    met = met_share(sample)
    if met >= RARELY:
        return None
    tried = [(met_share(one.apply(sample)), one.form) for one in HYPOTHESES]
    best = max(share for share, _ in tried)
    form = next(form for share, form in tried if share == best)
    objects = len(sample.truth_image)
    fits = best >= MOSTLY and best >= 3 * met and best * objects >= FEWEST_OBJECTS
    return Misreading(form=form, met=met, would_meet=best, objects=objects) if fits else None


def met_share(sample: Sample) -> float:
    """The share of objects that one of the best answers of their image meets at an IoU of 0.5 with their class.

    An image's best answers are as many as it has objects, so a model that answers everywhere gains nothing.
    """
    met = 0
    for image in range(len(sample.size)):
        truths = np.flatnonzero(sample.truth_image == image)
        answers = np.flatnonzero(sample.answer_image == image)[: len(truths)]
        same = sample.answer_label[answers][:, None] == sample.truth_label[truths][None, :]
        met += int(
            (same & (box_iou(sample.answer_box[answers], sample.truth_box[truths]) >= MIN_IOU)).any(axis=0).sum()
        )
    return met / len(sample.truth_image) if len(sample.truth_image) else 0.0


def _sample(predictions: Predictions, dataset: Dataset) -> Sample | None:
    """Images with objects and answers, best answers first; ``None`` where there are none, or no boxes."""
    images, objects = dataset.images, dataset.objects
    if not dataset.task.has_boxes:
        return None
    with_objects = np.zeros(len(images), bool)
    with_objects[objects.image[~objects.crowd]] = True
    for split in (Split.VALID, Split.TRAIN):
        rows = np.flatnonzero(images.of(split) & predictions.answered & with_objects)
        if len(rows):
            break
    else:
        return None
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_IMAGES)).astype(np.int64))]
    place = np.full(len(images), -1, np.int64)
    place[rows] = np.arange(len(rows))
    answers = np.flatnonzero(place[predictions.image] >= 0)
    answers = answers[np.lexsort((-predictions.score[answers], place[predictions.image[answers]]))]
    truths = np.flatnonzero((place[objects.image] >= 0) & ~objects.crowd)
    return Sample(
        size=np.stack([images.width[rows], images.height[rows]], axis=1).astype(np.float64),
        answer_image=place[predictions.image[answers]],
        answer_label=predictions.label[answers].astype(np.int64),
        answer_box=predictions.box[answers].astype(np.float64),
        truth_image=place[objects.image[truths]],
        truth_label=objects.label[truths].astype(np.int64),
        truth_box=objects.box[truths].astype(np.float64),
    )


def _of_answers(change: Boxes) -> Callable[[Sample], Sample]:
    return lambda sample: replace(sample, answer_box=change(sample.answer_box, sample.size[sample.answer_image]))


def _of_labels(change: Boxes) -> Callable[[Sample], Sample]:
    return lambda sample: replace(sample, truth_box=change(sample.truth_box, sample.size[sample.truth_image]))


def _classes(by: int) -> Callable[[Sample], Sample]:
    return lambda sample: replace(sample, answer_label=sample.answer_label + by)


def _shares(box: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    return box * np.tile(size, 2)


def _corners(box: NDArray[np.float64], _size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes whose far corner was added to the near one."""
    return np.concatenate([box[:, :2], box[:, 2:] - box[:, :2]], axis=1)


def _centres(box: NDArray[np.float64], _size: NDArray[np.float64]) -> NDArray[np.float64]:
    return box - np.tile((box[:, 2:] - box[:, :2]) / 2, 2)


def _left(box: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([box[:, 1], size[:, 1] - box[:, 2], box[:, 3], size[:, 1] - box[:, 0]], axis=1)


def _right(box: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([size[:, 0] - box[:, 3], box[:, 0], size[:, 0] - box[:, 1], box[:, 2]], axis=1)


def _over(box: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([size - box[:, 2:], size - box[:, :2]], axis=1)


HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(Form.SHARES, _of_answers(_shares)),
    Hypothesis(Form.CORNERS_AS_SIZES, _of_answers(_corners)),
    Hypothesis(Form.CENTRES_AS_CORNERS, _of_answers(_centres)),
    Hypothesis(Form.CLASSES_FROM_ONE, _classes(-1)),
    Hypothesis(Form.CLASSES_FROM_MINUS_ONE, _classes(1)),
    Hypothesis(Form.LABELS_AS_CORNERS, _of_labels(_corners)),
    Hypothesis(Form.LABELS_AS_CENTRES, _of_labels(_centres)),
    Hypothesis(Form.LABELS_AS_SHARES, _of_labels(_shares)),
    Hypothesis(Form.LABELS_TURNED_LEFT, _of_labels(_left)),
    Hypothesis(Form.LABELS_TURNED_RIGHT, _of_labels(_right)),
    Hypothesis(Form.TURNED_LEFT, _of_answers(_left)),
    Hypothesis(Form.TURNED_RIGHT, _of_answers(_right)),
    Hypothesis(Form.UPSIDE_DOWN, _of_answers(_over)),
)
"""The misreadings that are tried; of equal ones the first is said."""
