"""Whether a model's classes are in another order than assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Dataset, Predictions

MIN_IOU = 0.5


@dataclass(frozen=True, slots=True)
class ClassOrder:
    """An order of the classes under which model and labels agree better than under the assumed one.

    ``agreed`` and ``assumed_agreed`` of ``objects`` labelled objects that the model found have its class under
    ``classes`` and under the assumed order.
    """

    classes: tuple[str, ...]
    agreed: int
    assumed_agreed: int
    objects: int


def better_class_order(predictions: Predictions, dataset: Dataset, assumed: Sequence[str]) -> ClassOrder | None:
    """The order that ``assumed`` (the model's classes) should have, or ``None`` where the data do not say otherwise.

    Another order is believed where most objects agree under it, and those that speak for it alone outnumber those
    for the assumed one by four standard deviations (McNemar's sign test; the margin covers the many orders tried).
    """
    known = [name for name in assumed if name in dataset.classes]
    rows = [dataset.classes.index(name) for name in known]
    counts = confusion(predictions, dataset)[rows]
    objects = int(counts.sum())
    if len(known) < 2 or not objects:
        return None
    chosen = best_assignment(counts)
    mine, theirs = np.array(rows), chosen
    each = np.arange(len(rows))
    gained = int(counts[each, theirs][theirs != mine].sum())
    lost = int(counts[each, mine][theirs != mine].sum())
    agreed, assumed_agreed = int(counts[each, theirs].sum()), int(counts[each, mine].sum())
    if 2 * agreed < objects or gained - lost < 4 * (gained + lost) ** 0.5 or gained == lost:
        return None
    better = dict(zip(known, (dataset.classes[column] for column in theirs), strict=True))
    return ClassOrder(tuple(better.get(name, name) for name in assumed), agreed, assumed_agreed, objects)


def confusion(predictions: Predictions, dataset: Dataset) -> NDArray[np.int64]:
    """How often the model called an object of class j an i: shape (classes, classes), row i, column j.

    An object is called what the best-scored answer overlapping it by an IoU of 0.5 says; an image, what its
    best-scored class says. Objects nobody answered, and images not answered, are left out.
    """
    counts = np.zeros((len(dataset.classes),) * 2, dtype=np.int64)
    objects = dataset.objects
    if not len(objects):
        return counts
    judged = np.flatnonzero(~objects.crowd)
    judged = judged[np.argsort(objects.image[judged], kind="stable")]
    images, firsts = np.unique(objects.image[judged], return_index=True)
    starts = np.searchsorted(predictions.image, np.arange(len(dataset.images) + 1))
    for image, mine in zip(images, np.split(judged, firsts[1:]), strict=True):
        rows = slice(starts[image], starts[image + 1])
        score = predictions.score[rows]
        if not len(score):
            continue
        if dataset.task.has_boxes:
            fits = box_iou(objects.box[mine], predictions.box[rows]) >= MIN_IOU
        else:
            fits = np.ones((len(mine), len(score)), dtype=bool)
        said = predictions.label[rows][np.where(fits, score, -1.0).argmax(axis=1)]
        seen = fits.any(axis=1)
        np.add.at(counts, (said[seen], objects.label[mine[seen]]), 1)
    return counts


def best_assignment(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A column for each row, no column twice, so that the counts there sum to the most that swaps can reach.

    Starts greedily at the largest counts and swaps two rows' columns while that gains. ``counts`` has at least as
    many columns as rows.
    """
    rows, columns = counts.shape
    chosen = np.full(rows, -1)
    free = np.ones(columns, dtype=bool)
    for cell in np.argsort(-counts, axis=None, kind="stable"):
        row, column = divmod(int(cell), columns)
        if chosen[row] < 0 and free[column]:
            chosen[row], free[column] = column, False
    each = np.arange(rows)
    while True:
        now = counts[each, chosen]
        crossed = counts[:, chosen]  # what row i would get from row j's column
        gain = crossed + crossed.T - now[:, None] - now[None, :]
        first, second = divmod(int(gain.argmax()), rows)
        if gain[first, second] <= 0:
            return chosen
        chosen[[first, second]] = chosen[[second, first]]


def box_iou(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU of all pairs of boxes (n, 4) and (m, 4), xyxy, of shape (n, m); 0 for two boxes without area."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    inner = np.prod(np.maximum(high - low, 0.0), axis=2)
    areas = (np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second))
    union = np.add.outer(*areas) - inner
    iou: NDArray[np.float64] = np.divide(inner, union, out=np.zeros_like(inner), where=union > 0)
    return iou
