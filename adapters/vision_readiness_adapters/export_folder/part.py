"""What each folder of an export says, and the one data set they make together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import SPLITS, Dataset, Defect, DefectKind, ImageTable, ObjectTable, Split, Task
from vision_readiness.project.masks import Masks
from vision_readiness.project.source_names import number_sources
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.conditions import Mark, conditions_from

MARKS = ("difficult", "occluded", "truncated")
"""What annotators say of single objects: the fields of Pascal VOC, and the attributes that tools write into COCO."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Labelled objects as columns; ``image`` is a row of the part, ``outline`` what pycocotools draws a mask from.

    ``area`` counts only where there is no outline: the areas that Roboflow writes beside polygons are those of boxes.
    ``marks`` are masks of the objects that annotators marked, by one of ``MARKS``.
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    outline: Sequence[Any] | None = None
    marks: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    @staticmethod
    def of(
        image: Sequence[int] | NDArray[np.int32],
        label: Sequence[int] | NDArray[np.int32],
        box: NDArray[np.float64] | None = None,
        outline: Sequence[Any] | None = None,
    ) -> Rows:
        """Rows with the area of their box, none of them a crowd; without ``box`` they are image labels."""
        boxes = np.zeros((len(image), 4)) if box is None else box
        area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        crowd = np.zeros(len(image), dtype=np.bool_)
        return Rows(np.array(image, dtype=np.int32), np.array(label, dtype=np.int32), boxes, area, crowd, outline)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The images and objects of one folder. ``size`` has shape (images, 2): width and height, 0 where not declared."""

    split: Split
    keys: Sequence[str]
    size: NDArray[np.int32]
    rows: Rows
    marks: Sequence[Mark] = ()
    defects: Sequence[Defect] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A data set as it was read, and what a person should be told about that.

    It ``has_lists`` where files of its own say which images belong to it.
    """

    dataset: Dataset
    announcements: tuple[str, ...] = ()
    has_lists: bool = False


FEW_OUTLINES = 0.1
"""Under this share of outlines among the objects, those are drawn by mistake and the task is detection."""

NO_SPLIT = "The folder has no train, valid and test split: all its images count as train."


def assemble(task: Task, classes: Sequence[str], parts: Sequence[Part], announcements: Iterable[str] = ()) -> Reading:
    """The parts as one data set, its rows sorted: images by split and key, objects by image, class and box.

    Raises ``ExportError`` when there is no image, or no class.
    """
    keys = [key for part in parts for key in part.keys]
    if not keys:
        raise ExportError("The export holds no image; generate the version again, or check the folder.")
    if not classes:
        raise ExportError("The export declares no class; label some images and export the version again.")
    split = np.repeat([SPLITS.index(part.split) for part in parts], [len(part.keys) for part in parts]).astype(np.int8)
    order = np.array(sorted(range(len(keys)), key=lambda row: (split[row], keys[row])), dtype=np.int64)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    starts = np.cumsum([0, *(len(part.keys) for part in parts)])
    size = np.concatenate([part.size.reshape(-1, 2) for part in parts])[order]
    marks = [
        Mark(int(place[mark.image + start]), mark.origin, mark.name, mark.level)
        for part, start in zip(parts, starts[:-1], strict=True)
        for mark in part.marks
    ]
    conditions, left_out = conditions_from(marks, len(keys))
    ordered = tuple(keys[row] for row in order)
    found = chain.from_iterable(part.defects for part in parts)
    defects = tuple(sorted(found, key=lambda defect: (defect.where, defect.kind, defect.detail)))
    damaged = {defect.image for defect in defects if defect.image is not None}
    told = np.array([key not in damaged for key in ordered]) if damaged else None
    images = ImageTable(ordered, split[order], number_sources(ordered), size[:, 0], size[:, 1], conditions, told)
    image = np.concatenate([place[part.rows.image + start] for part, start in zip(parts, starts[:-1], strict=True)])
    objects = _objects([part.rows for part in parts], image.astype(np.int32), size, has_masks=task is Task.SEGMENTATION)
    return Reading(Dataset(task, tuple(classes), images, objects, defects), (*announcements, *left_out))


def _objects(
    rows: Sequence[Rows], image: NDArray[np.int32], size: NDArray[np.int32], *, has_masks: bool
) -> ObjectTable:
    label = np.concatenate([part.label for part in rows])
    box = np.concatenate([part.box.reshape(-1, 4) for part in rows])
    area = np.concatenate([part.area for part in rows])
    crowd = np.concatenate([part.crowd for part in rows])
    order = np.lexsort((crowd, area, *box.T[::-1], label, image))
    image, label, box, area, crowd = image[order], label[order], box[order], area[order], crowd[order]
    masks = None
    if has_masks:
        outlines = [outline for part in rows for outline in part.outline or ()]
        masks = Masks.from_coco([outlines[row] for row in order], size[image][:, ::-1].tolist())
        area = masks.area()
    return ObjectTable(image, label, box, area, crowd, masks, _marks(rows, order))


def _marks(rows: Sequence[Rows], order: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    """The marks that any object carries; many tools write that none does without ever asking for it."""
    nothing = [np.zeros(len(part.image), np.bool_) for part in rows]
    marks = {
        mark: np.concatenate([part.marks.get(mark, none) for part, none in zip(rows, nothing, strict=True)])[order]
        for mark in MARKS
    }
    return {mark: marked for mark, marked in marks.items() if marked.any()}


def is_marked(value: object) -> bool:
    """Whether what stands beside a mark says that the object carries it.

    >>> is_marked(True), is_marked("1"), is_marked("True"), is_marked(0), is_marked("0"), is_marked(None)
    (True, True, True, False, False, False)
    """
    return str(value).strip().lower() in ("1", "true", "yes")


def unlabelled(where: str, detail: str) -> Defect:
    """The defect of an image that no annotation speaks of: it may be empty, or forgotten."""
    return Defect(DefectKind.UNLABELLED_IMAGE, where, detail, where)
