"""Evaluation images that a model may have seen while it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import EXAMPLES, Leak
from vision_readiness.project import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.project import ImageTable

SEEN_BEFORE = ((Split.VALID, Split.TRAIN), (Split.TEST, Split.TRAIN), (Split.TEST, Split.VALID))
"""Each evaluation split with the splits that were used before it was: to train, or to choose."""


def leaks(images: ImageTable, group: NDArray[np.int32]) -> tuple[Leak, ...]:
    """The leaks of each evaluation split from each split used before it; no image, no leak."""
    return tuple(leak for split, other in SEEN_BEFORE if (leak := _leak(images, group, split, other)).images)


def _leak(images: ImageTable, group: NDArray[np.int32], split: Split, other: Split) -> Leak:
    leaked = np.flatnonzero(_seen(images, group, split, other))
    examples = sorted(images.key[row] for row in leaked)[:EXAMPLES]
    return Leak(split=split, other=other, images=len(leaked), of=int(images.of(split).sum()), examples=tuple(examples))


def leak_free(images: ImageTable, group: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A mask of shape (images,) of the evaluation images whose group is in no split used before theirs.

    Only these are evidence; a training image never is.
    """
    free = images.of(Split.VALID, Split.TEST)
    for split, other in SEEN_BEFORE:
        free &= ~_seen(images, group, split, other)
    return free


def _seen(images: ImageTable, group: NDArray[np.int32], split: Split, other: Split) -> NDArray[np.bool_]:
    return images.of(split) & np.isin(group, group[images.of(other)])
