"""Evaluation images that look like a training image without being a copy of it: one scene in two splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import EXAMPLES, Lookalikes
from vision_readiness.project import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.inspect.feature_columns import FeatureColumns
    from vision_readiness.project import ImageTable

MAX_DISTANCE = 10
"""How many of the 256 bits of two difference hashes may differ in pictures that look alike."""

_BLOCK = (256, 1024)  # pairs at a time: even if all of them look alike, 40 MB


def lookalikes(images: ImageTable, features: FeatureColumns, group: NDArray[np.int32]) -> tuple[Lookalikes, ...]:
    """The images of each evaluation split that look like a training image of another group; none, no entry.

    Pictures of one plain area have hashes that agree for want of anything to compare, so a picture takes part only
    when its grey values have a standard deviation of 4 or more and its hash at least 16 bits of either kind.
    """
    telling = _telling(features)
    train = _by_key(images, telling & images.of(Split.TRAIN))
    found = []
    for split in (Split.VALID, Split.TEST):
        rows = _by_key(images, telling & images.of(split))
        alike, twin = nearest(features.dhash[rows], features.dhash[train], group[rows], group[train])
        if len(alike):
            pairs = list(zip(rows[alike[:EXAMPLES]], train[twin[:EXAMPLES]], strict=True))
            examples = tuple((images.key[row], images.key[other]) for row, other in pairs)
            found.append(Lookalikes(split, Split.TRAIN, len(alike), int(images.of(split).sum()), examples))
    return tuple(found)


def nearest(
    hashes: NDArray[np.uint64], others: NDArray[np.uint64], group: NDArray[np.int32], other_group: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of ``hashes`` that look like one of ``others``, and for each the row of ``others`` most like it.

    Hashes have shape (n, 4). Alike are those of different groups that differ in at most ``MAX_DISTANCE`` bits; among
    equals the first is taken. Every pair is looked at, in blocks, so memory does not grow with the pairs.
    """
    # Distance and row in one number: the smallest is the nearest, then the first.
    beyond = (MAX_DISTANCE + 1) * len(others)
    best = np.full(len(hashes), beyond, dtype=np.int64)
    for top in range(0, len(hashes), _BLOCK[0]):
        for left in range(0, len(others), _BLOCK[1]):
            block, across = hashes[top : top + _BLOCK[0]], others[left : left + _BLOCK[1]]
            # One word of four already rules out nearly all pairs.
            row, column = np.nonzero(np.bitwise_count(block[:, None, 0] ^ across[None, :, 0]) <= MAX_DISTANCE)
            distance = np.bitwise_count(block[row] ^ across[column]).sum(axis=1, dtype=np.int64)
            row, column = row + top, column + left
            alike = (distance <= MAX_DISTANCE) & (group[row] != other_group[column])
            np.minimum.at(best, row[alike], distance[alike] * len(others) + column[alike])
    found = np.flatnonzero(best < beyond)
    return found, best[found] % max(1, len(others))


def _telling(features: FeatureColumns) -> NDArray[np.bool_]:
    bits = np.bitwise_count(features.dhash).sum(axis=1, dtype=np.int64)
    telling: NDArray[np.bool_] = features.readable & (features.std >= 4) & (bits >= 16) & (bits <= 240)
    return telling


def _by_key(images: ImageTable, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.array(sorted(np.flatnonzero(chosen), key=images.key.__getitem__), dtype=np.int64)
