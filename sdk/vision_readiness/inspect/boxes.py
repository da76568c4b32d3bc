"""Faults of labelled boxes that show without decoding an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import EXAMPLES, BoxFault, FaultyBox, FaultyBoxes
from vision_readiness.project import SPLITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vision_readiness.project import Dataset, ObjectTable


def box_faults(dataset: Dataset, width: NDArray[np.int32], height: NDArray[np.int32]) -> Mapping[BoxFault, FaultyBoxes]:
    """The faults that occur, with their boxes; ``width`` and ``height`` are the images', in pixels, 0 where unknown.

    A box without area has only that fault; "labelled twice" counts the boxes that could be taken away.
    """
    objects = dataset.objects
    low, high = objects.box[:, :2], objects.box[:, 2:]
    frame = np.column_stack([width, height])[objects.image].astype(np.float64)
    framed = (frame > 0).all(axis=1)
    side = high - low
    inside = np.clip(np.minimum(high, frame) - np.maximum(low, 0), 0, None)
    empty = (side <= 0).any(axis=1)
    faulty = {
        BoxFault.ZERO_AREA: empty,
        BoxFault.OUTSIDE: ~empty & framed & ((low < -1) | (high > frame + 1)).any(axis=1),
        BoxFault.TINY: ~empty & (side < 4).any(axis=1),
        BoxFault.DUPLICATE: _repeated(objects, ~empty & ~objects.crowd),
        BoxFault.HUGE: ~empty & framed & (inside.prod(axis=1) > 0.95 * frame.prod(axis=1)),
    }
    return {fault: _describe(dataset, rows) for fault, rows in faulty.items() if rows.any()}


def _repeated(objects: ObjectTable, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The boxes with IoU > 0.9 to another of their class and image that comes first by x1, then y1, x2, y2."""
    repeated = np.zeros(len(objects), dtype=bool)
    candidates = np.flatnonzero(chosen)
    x1, y1, x2, y2 = objects.box[candidates].T
    order = candidates[np.lexsort((y2, x2, y1, x1, objects.label[candidates], objects.image[candidates]))]
    first, step = np.arange(len(order)), 1
    while len(first := first[first + step < len(order)]):
        one, two = order[first], order[first + step]
        # At IoU > 0.9 the left sides are less than a tenth of the width apart, and further on they only grow apart.
        near = (objects.image[one] == objects.image[two]) & (objects.label[one] == objects.label[two])
        near &= 10 * (objects.box[two, 0] - objects.box[one, 0]) < objects.box[one, 2] - objects.box[one, 0]
        first, one, two = first[near], one[near], two[near]
        repeated[two[_iou(objects.box[one], objects.box[two]) > 0.9]] = True
        step += 1
    return repeated


def _iou(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of boxes with an area, row by row, of shape (n,)."""
    side = np.minimum(one[:, 2:], two[:, 2:]) - np.maximum(one[:, :2], two[:, :2])
    shared = np.clip(side, 0, None).prod(axis=1)
    union = (one[:, 2:] - one[:, :2]).prod(axis=1) + (two[:, 2:] - two[:, :2]).prod(axis=1) - shared
    iou: NDArray[np.float64] = shared / union
    return iou


def _describe(dataset: Dataset, faulty: NDArray[np.bool_]) -> FaultyBoxes:
    images, objects = dataset.images, dataset.objects
    boxes = [
        FaultyBox(
            image=images.key[image],
            split=SPLITS[images.split[image]],
            label=dataset.classes[label],
            box=tuple(box),
        )
        for image, label, box in zip(
            objects.image[faulty].tolist(), objects.label[faulty].tolist(), objects.box[faulty].tolist(), strict=True
        )
    ]
    boxes.sort(key=lambda fault: (fault.image, fault.box, fault.label))
    return FaultyBoxes(len(boxes), tuple(boxes[:EXAMPLES]))
