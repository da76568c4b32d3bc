"""Images whose files are the same byte for byte."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import DuplicateGroup
from vision_readiness.project import SPLITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.inspect.feature_columns import FeatureColumns
    from vision_readiness.project import ImageTable


def duplicate_groups(images: ImageTable, features: FeatureColumns) -> tuple[DuplicateGroup, ...]:
    """The images of different sources that share their bytes, by name; damaged files are nobody's duplicate."""
    equal: defaultdict[str | None, list[int]] = defaultdict(list)
    for row in np.flatnonzero(features.readable):
        equal[features.sha256[row]].append(int(row))
    groups = []
    for rows in equal.values():
        if len(set(images.source[rows].tolist())) > 1:
            rows.sort(key=images.key.__getitem__)
            splits = tuple(SPLITS[images.split[row]] for row in rows)
            groups.append(DuplicateGroup(tuple(images.key[row] for row in rows), splits))
    return tuple(sorted(groups, key=lambda group: group.images))


def merged_sources(images: ImageTable, features: FeatureColumns) -> NDArray[np.int32]:
    """The source of each image, of shape (images,), where sources that share a file's bytes count as one.

    Merged sources carry the smallest of their numbers.
    """
    readable = np.flatnonzero(features.readable)
    if not len(readable):
        return images.source
    content = np.unique([str(features.sha256[row]) for row in readable], return_inverse=True)[1]
    origin = np.unique(images.source, return_inverse=True)[1]
    group = images.source
    while True:
        shared = _least(group[readable], content)
        joined = group.copy()
        joined[readable] = shared[content]
        joined = _least(joined, origin)[origin]
        if np.array_equal(joined, group):
            return group
        group = joined


def _least(values: NDArray[np.int32], of: NDArray[np.intp]) -> NDArray[np.int32]:
    """The smallest of ``values`` in each of the sets numbered by ``of``."""
    least = np.full(int(of.max()) + 1, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(least, of, values)
    return least
