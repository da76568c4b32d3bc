"""The splits of a data set, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import SplitFacts
from vision_readiness.project import SPLITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vision_readiness.project import Dataset, Split


def count_splits(dataset: Dataset) -> Mapping[Split, SplitFacts]:
    """What is in each split that has an image."""
    present = (split for split in SPLITS if dataset.images.of(split).any())
    return {split: _count(dataset, dataset.images.of(split)) for split in present}


def _count(dataset: Dataset, chosen: NDArray[np.bool_]) -> SplitFacts:
    images, objects = dataset.images, dataset.objects
    rows = chosen[objects.image]
    image, label = objects.image[rows], objects.label[rows]

    def by_class(labels: NDArray[np.int32]) -> Mapping[str, int]:
        counts = np.bincount(labels, minlength=len(dataset.classes))
        return dict(zip(dataset.classes, counts.tolist(), strict=True))

    def once_in_each(where: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.unique(np.column_stack([where, label]), axis=0)[:, 1]

    return SplitFacts(
        images=int(chosen.sum()),
        sources=len(np.unique(images.source[chosen])),
        empty_images=int(chosen.sum()) - len(np.unique(image)),
        objects=by_class(label),
        images_with=by_class(once_in_each(image)),
        sources_with=by_class(once_in_each(images.source[image])),
    )
