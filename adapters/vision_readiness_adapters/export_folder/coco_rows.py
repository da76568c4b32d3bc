"""COCO's annotations as columns, and what has to be left out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Defect, DefectKind
from vision_readiness_adapters.export_folder.boxes import is_box, number_column
from vision_readiness_adapters.export_folder.folder import shown
from vision_readiness_adapters.export_folder.outlines import drawable
from vision_readiness_adapters.export_folder.part import MARKS, Rows, is_marked


def read_rows(
    annotations: Iterable[Any],
    images: Mapping[Any, int],
    labels: Mapping[Any, int],
    size: NDArray[np.int32] | None,
    names: tuple[str, Sequence[str]],
) -> tuple[Rows, list[Defect]]:
    """The objects of one file, and a defect for each annotation that is left out.

    ``images`` and ``labels`` map ids to rows and classes. With ``size``, of shape (images, 2), the rows have outlines.
    ``names`` are the file and its images' keys, to say where a defect stands. Boxes go from xywh to xyxy, unclipped.
    """
    entries = [entry if isinstance(entry, dict) else {} for entry in annotations]
    image = _looked_up(entries, "image_id", images)
    label = _looked_up(entries, "category_id", labels)
    box = number_column([entry.get("bbox") for entry in entries], 4)
    with np.errstate(invalid="ignore", over="ignore"):
        box[:, 2:] += box[:, :2]
    readable = is_box(box)
    keep = (image >= 0) & (label >= 0) & readable
    outline = None
    if size is not None:
        drawn = {int(row): drawable(entries[row].get("segmentation"), box[row], *size[image[row]].tolist())
                 for row in np.flatnonzero(keep)}  # fmt: skip
        keep[[row for row, value in drawn.items() if value is None]] = False
        outline = [value for value in drawn.values() if value is not None]
    where, keys = names
    defects = [
        _defect(entries[row], where, None if image[row] < 0 else keys[int(image[row])], label[row], readable[row])
        for row in np.flatnonzero(~keep)
    ]
    rows = Rows.of(image[keep], label[keep], box[keep], outline)
    area = number_column([(entry.get("area"),) for entry in entries], 1)[keep, 0]
    crowd = np.array([entry.get("iscrowd") in (1, "1") for entry in entries], dtype=np.bool_)[keep]
    with np.errstate(invalid="ignore"):
        own = np.isfinite(area) & (area >= 0)
    return replace(rows, area=np.where(own, area, rows.area), crowd=crowd, marks=_marks(entries, keep)), defects


def _marks(entries: Sequence[Mapping[str, Any]], keep: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """What is marked in the entry itself or, as CVAT does, among its ``attributes``."""
    kept = [entry for entry, is_kept in zip(entries, keep.tolist(), strict=True) if is_kept]
    said = [(entry, attributes if isinstance(attributes := entry.get("attributes"), dict) else {}) for entry in kept]
    return {
        mark: np.array([is_marked(entry.get(mark)) or is_marked(more.get(mark)) for entry, more in said], np.bool_)
        for mark in MARKS
    }


def _looked_up(entries: Sequence[Mapping[str, Any]], name: str, found: Mapping[Any, int]) -> NDArray[np.int32]:
    ids = [entry.get(name) for entry in entries]
    return np.array([found.get(i, -1) if isinstance(i, (int, str, float)) else -1 for i in ids], dtype=np.int32)


def _defect(entry: Mapping[str, Any], where: str, image: str | None, label: int, readable: bool) -> Defect:
    about = f"annotation {shown(entry.get('id'))}"
    if image is None:
        return Defect(DefectKind.UNKNOWN_IMAGE, where, f"{about} is on image {shown(entry.get('image_id'))}")
    if label < 0:
        said = f"{about} has category {shown(entry.get('category_id'))}"
        return Defect(DefectKind.UNKNOWN_CATEGORY, image, said, image)
    what = f"bbox {shown(entry.get('bbox'))}" if not readable else "an outline that cannot be drawn"
    return Defect(DefectKind.UNREADABLE_BOX, image, f"{about} has {what}", image)
