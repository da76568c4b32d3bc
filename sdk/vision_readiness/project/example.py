"""A data set written out in a few words, for examples and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from vision_readiness.project.project import SPLITS, Condition, Dataset, Defect, ImageTable, ObjectTable, Split, Task

if TYPE_CHECKING:
    from vision_readiness.project.masks import Masks


Box: TypeAlias = tuple[float, float, float, float]

Label: TypeAlias = "str | tuple[str, Box]"


def a_dataset(
    labels: Mapping[str, Sequence[Label]],
    *,
    task: Task = Task.DETECTION,
    classes: Sequence[str] | None = None,
    size: tuple[int, int] = (64, 48),
    crowd: Sequence[bool] | None = None,
    masks: Masks | None = None,
    defects: Sequence[Defect] = (),
    conditions: Mapping[str, Condition] | None = None,
) -> Dataset:
    """A data set from what is labelled in each image: ``("cat", (x1, y1, x2, y2))``, or ``"cat"`` without a box.

    The first part of a key is its split (``valid/a.jpg``; ``train`` where it is none), and keys that share the name
    before ``.rf.`` share a source. ``classes`` are the labels' own, sorted, unless given. ``size`` is the declared
    (width, height) of every image; ``crowd`` and ``masks`` have a row for each label, in order.

    >>> dataset = a_dataset({"train/a.jpg": [("cat", (0, 0, 9, 9))], "test/b.jpg": []})
    >>> dataset.classes, dataset.images.split.tolist(), len(dataset.objects)
    (('cat',), [0, 2], 1)
    """
    rows = [(image, *_named(label)) for image, found in enumerate(labels.values()) for label in found]
    names = tuple(classes) if classes is not None else tuple(sorted({name for _, name, _ in rows}))
    sources = {stem: number for number, stem in enumerate(dict.fromkeys(map(_source_stem, labels)))}
    box = np.array([box for _, _, box in rows], dtype=np.float64).reshape(-1, 4)
    images = ImageTable(
        key=tuple(labels),
        split=np.array([_split_of(key) for key in labels], dtype=np.int8),
        source=np.array([sources[_source_stem(key)] for key in labels], dtype=np.int32),
        width=np.full(len(labels), size[0], dtype=np.int32),
        height=np.full(len(labels), size[1], dtype=np.int32),
        conditions=MappingProxyType(dict(conditions or {})),
    )
    objects = ObjectTable(
        image=np.array([image for image, _, _ in rows], dtype=np.int32),
        label=np.array([names.index(name) for _, name, _ in rows], dtype=np.int32),
        box=box,
        area=(box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) if masks is None else masks.area(),
        crowd=np.zeros(len(rows), dtype=bool) if crowd is None else np.array(crowd, dtype=bool),
        masks=masks,
    )
    return Dataset(task=task, classes=names, images=images, objects=objects, defects=tuple(defects))


def _named(label: Label) -> tuple[str, Box]:
    return (label, (0.0, 0.0, 0.0, 0.0)) if isinstance(label, str) else label


def _split_of(key: str) -> int:
    first = PurePosixPath(key).parts[0]
    return SPLITS.index(Split(first)) if first in set(Split) else 0


def _source_stem(key: str) -> str:
    return PurePosixPath(key).name.split(".rf.")[0]
