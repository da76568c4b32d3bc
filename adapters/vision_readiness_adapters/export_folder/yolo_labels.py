"""YOLO's label files as columns, and what has to be left out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Defect, DefectKind, Split
from vision_readiness_adapters.export_folder.boxes import is_box
from vision_readiness_adapters.export_folder.folder import (
    LARGEST_FILE,
    Folder,
    FolderImages,
    composed,
    join,
    shown,
)
from vision_readiness_adapters.export_folder.image_header import image_sizes
from vision_readiness_adapters.export_folder.outlines import drawable
from vision_readiness_adapters.export_folder.part import Part, Rows, unlabelled
from vision_readiness_adapters.export_folder.yolo_rows import Labelled, RowError, read_row, refuse_no_labels

TELLING_ROWS = 5_000
"""Rows of a split that are looked at to tell how its labels were written."""


def read_labels(folder: Folder, split: Split, keys: Sequence[str], index: Mapping[int, int]) -> Labelled:
    """The images ``keys`` of a split and the rows of their label files.

    ``index`` maps the number of a class to its place. An empty file is an image without objects, no file is a defect,
    and so is a row with a wrong number of columns, a word, or a class that is not named. Raises ``ExportError`` where
    the rows are no labels.
    """
    size = image_sizes(FolderImages(folder.root), keys)
    texts, shared = _label_files(folder, keys)
    found: list[tuple[int, int, list[float]]] = []
    rows: list[tuple[str, list[str]]] = []
    defects = list(shared)
    doubtful = {defect.image for defect in shared}
    for image, key in enumerate(keys):
        where = texts.get(key)
        if where is None:
            defects.append(unlabelled(key, "there is no label file for it"))
            continue
        if key in doubtful:
            continue
        for number, line in enumerate(folder.read_text(where, LARGEST_FILE).splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            if len(rows) < TELLING_ROWS:
                rows.append((where, words))
            try:
                found.append((image, *read_row(words, index)))
            except RowError as error:
                defects.append(Defect(error.kind, where, f"line {number} {error}", key))
    refuse_no_labels(rows)
    return replace(_in_pixels(split, keys, size, found, defects), texts=frozenset(texts.values()))


def _label_files(folder: Folder, keys: Sequence[str]) -> tuple[dict[str, str], list[Defect]]:
    """The label file of each image that has one, and a defect for images that share one."""
    known = {composed(key): key for key in folder.inventory.files if key.lower().endswith(".txt")}
    texts: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    for key in keys:
        where = next((known[place] for place in _label_places(composed(key)) if place in known), None)
        if where is not None:
            texts[key] = where
            owners.setdefault(where, []).append(key)
    shared = [
        Defect(DefectKind.CONTRADICTION, where, f"{key} shares it with {len(same) - 1:,} other images", key)
        for where, same in owners.items()
        if len(same) > 1
        for key in same
    ]
    return texts, shared


def _label_places(key: str) -> Iterator[str]:
    """Where the label file of an image may be: its last folder ``images`` replaced, then beside it.

    >>> list(_label_places("train/images/night/a.jpg"))
    ['train/labels/night/a.txt', 'train/images/night/a.txt']
    """
    *folders, name = key.split("/")
    text = f"{name.rpartition('.')[0] or name}.txt"
    at = max((place for place, folder in enumerate(folders) if folder.lower() == "images"), default=None)
    if at is not None:
        yield "/".join([*folders[:at], "labels", *folders[at + 1 :], text])
    yield "/".join([*folders, text])


def orphans(folder: Folder, labelled: Sequence[Labelled]) -> list[Defect]:
    """A defect for each file that lies among the label files of a data set and belongs to none of its images."""
    taken = {where for part in labelled for where in part.texts}
    places = {where.rpartition("/")[0] for where in taken} - {""}
    return [
        Defect(DefectKind.UNKNOWN_IMAGE, join(place, name), "no image has this name")
        for place in sorted(places)
        for name in folder.listing(place).ending(".txt")
        if join(place, name) not in taken and not name.startswith(("classes.", "notes.", "README"))
    ]


def to_part(labelled: Labelled, *, has_masks: bool) -> Part:
    """The folder as a part of the data set, each row with a mask if ``has_masks``."""
    if not has_masks:
        rows = Rows.of(labelled.image, labelled.label, labelled.box)
        return Part(labelled.split, labelled.keys, labelled.size, rows, (), labelled.defects)
    sizes = labelled.size[labelled.image].reshape(-1, 2).tolist()
    outline = [
        drawable([polygon] if polygon else [], box, *size)
        for polygon, box, size in zip(labelled.polygons, labelled.box, sizes, strict=True)
    ]
    keep = [row for row, value in enumerate(outline) if value is not None]
    defects = [
        Defect(
            DefectKind.UNREADABLE_BOX,
            labelled.keys[labelled.image[row]],
            "has a polygon that cannot be drawn",
            labelled.keys[labelled.image[row]],
        )
        for row, value in enumerate(outline)
        if value is None
    ]
    image, label = ([column[row] for row in keep] for column in (labelled.image, labelled.label))
    rows = Rows.of(image, label, labelled.box[keep], [outline[row] for row in keep])
    return Part(labelled.split, labelled.keys, labelled.size, rows, (), [*labelled.defects, *defects])


def _in_pixels(
    split: Split,
    keys: Sequence[str],
    size: NDArray[np.int32],
    found: Sequence[tuple[int, int, list[float]]],
    defects: list[Defect],
) -> Labelled:
    scale = size.astype(np.float64)
    box = np.zeros((len(found), 4))
    polygons: list[list[float]] = []
    for row, (_, _, numbers) in enumerate(found):
        if len(numbers) == 4:
            x, y, width, height = numbers
            box[row] = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        else:
            box[row] = min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
        polygons.append(numbers if len(numbers) > 4 else [])
    image = np.array([row[0] for row in found], dtype=np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        box *= np.tile(scale[image].reshape(-1, 2), 2)
    sized = np.asarray(size[image].all(axis=1))
    keep = is_box(box) & sized
    defects += [
        Defect(
            DefectKind.UNREADABLE_BOX,
            keys[int(image[row])],
            f"{shown(found[row][2])} is not a box" if sized[row] else "its size cannot be read, so a label is left out",
            keys[int(image[row])],
        )
        for row in np.flatnonzero(~keep).tolist()
    ]
    rows: list[int] = np.flatnonzero(keep).tolist()
    outlined = [(np.array(polygons[row]).reshape(-1, 2) * scale[image[row]]).ravel().tolist() for row in rows]
    return Labelled(
        split, keys, size, image[keep].tolist(), [found[row][1] for row in rows], box[keep], outlined, defects
    )
