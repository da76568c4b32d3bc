"""Evaluation images of which it is not known whole what is labelled in them, by the places where they gather."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.facts import EXAMPLES, Untold
from vision_readiness.project import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.project import Dataset


def untold(dataset: Dataset) -> tuple[Untold, ...]:
    """The places of valid and test that hold such images, a whole split first; empty where the truth is known of all.

    Places are the split, its folders, the levels of conditions, and classes by the objects that are known.
    """
    images = dataset.images
    if images.told is None:
        return ()
    found = []
    for split in (Split.VALID, Split.TEST):
        mine = images.of(split)
        for place, members in _places(dataset, mine):
            lost = members & ~images.told
            if lost.any():
                rows = np.flatnonzero(lost)[:EXAMPLES]
                examples = tuple(images.key[row] for row in rows.tolist())
                counts = {"images": int(lost.sum()), "of": int(members.sum())}
                found.append(Untold(split=split, place=place, **counts, examples=examples))
    return tuple(found)


def _places(dataset: Dataset, mine: NDArray[np.bool_]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    images, objects = dataset.images, dataset.objects
    yield "", mine
    folders = np.array([str(PurePosixPath(key).parent) for key in images.key], dtype=object)
    inside = sorted(set(folders[mine].tolist()))
    for folder in inside if len(inside) > 1 else ():
        yield f"folder {folder}", mine & (folders == folder)
    for name, condition in images.conditions.items():
        for level, members in condition.members.items():
            yield f"{name} {level}", mine & members
    for place, label in enumerate(dataset.classes):
        members = np.zeros(len(images), bool)
        members[objects.image[objects.label == place]] = True
        yield f"class {label}", mine & members
