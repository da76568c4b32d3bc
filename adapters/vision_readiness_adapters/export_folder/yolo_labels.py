"""YOLO's label files as columns, and what has to be left out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Defect, DefectKind, Split
from vision_readiness_adapters.export_folder.boxes import is_box
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, Folder, FolderImages, join, shown
from vision_readiness_adapters.export_folder.image_header import image_sizes
from vision_readiness_adapters.export_folder.outlines import drawable
from vision_readiness_adapters.export_folder.part import Part, Rows, unlabelled


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One folder of images with the rows of their label files.

    ``image`` and ``label`` number a row's image and class, ``box`` (xyxy) and ``polygons`` are in pixels, shape
    (rows, 4) and a flat list of x and y; an empty polygon stands for a row that is a box.
    """

    split: Split
    keys: Sequence[str]
    size: NDArray[np.int32]
    image: list[int]
    label: list[int]
    box: NDArray[np.float64]
    polygons: Sequence[Sequence[float]]
    defects: list[Defect]


class _RowError(ValueError):
    """A row that cannot be taken, and why."""

    def __init__(self, kind: DefectKind, because: str) -> None:
        super().__init__(because)
        self.kind = kind


def read_labels(folder: Folder, split: Split, images: str, labels: str, index: Mapping[int, int]) -> Labelled:
    """The images of the folder ``images`` and the rows of their files in ``labels``.

    ``index`` maps the number of a class to its place. An empty file is an image without objects, no file is a defect,
    and so is a row with a wrong number of columns, a word, or a class that is not named.
    """
    names = folder.listing(images).images
    keys = [join(images, name) for name in names]
    texts = {name.rpartition(".")[0]: name for name in folder.listing(labels).ending(".txt")}
    stems = [name.rpartition(".")[0] for name in names]
    size = image_sizes(FolderImages(folder.root), keys)
    found: list[tuple[int, int, list[float]]] = []
    defects = [
        Defect(DefectKind.UNKNOWN_IMAGE, join(labels, texts[stem]), "no image has this name")
        for stem in sorted(texts.keys() - set(stems) - {"classes", "notes"})
        if not stem.startswith("README")
    ]
    for image, stem in enumerate(stems):
        if stem not in texts:
            defects.append(unlabelled(keys[image], f"there is no {join(labels, stem)}.txt"))
            continue
        where = join(labels, texts[stem])
        for number, line in enumerate(folder.read_text(where, LARGEST_FILE).splitlines(), start=1):
            try:
                if line.strip():
                    found.append((image, *_row(line.split(), index)))
            except _RowError as error:
                defects.append(Defect(error.kind, where, f"line {number} {error}"))
    return _in_pixels(split, keys, size, found, defects)


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
        Defect(DefectKind.UNREADABLE_BOX, labelled.keys[labelled.image[row]], "has a polygon that cannot be drawn")
        for row, value in enumerate(outline)
        if value is None
    ]
    image, label = ([column[row] for row in keep] for column in (labelled.image, labelled.label))
    rows = Rows.of(image, label, labelled.box[keep], [outline[row] for row in keep])
    return Part(labelled.split, labelled.keys, labelled.size, rows, (), [*labelled.defects, *defects])


def _row(words: Sequence[str], index: Mapping[int, int]) -> tuple[int, list[float]]:
    """The class and the relative coordinates of one row."""
    if len(words) < 5 or len(words) % 2 == 0:
        raise _RowError(DefectKind.UNREADABLE_BOX, f"has {len(words)} columns: neither a box nor a polygon")
    try:
        label, *numbers = (float(word) for word in words)
    except ValueError:
        raise _RowError(DefectKind.UNREADABLE_BOX, f"is not all numbers: {shown(' '.join(words))}") from None
    if label not in index:
        raise _RowError(DefectKind.UNDECLARED_CLASS, f"has class {words[0]}, which has no name")
    return index[int(label)], numbers


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
            keys[image[row]],
            f"{shown(found[row][2])} is not a box" if sized[row] else "its size cannot be read, so a label is left out",
        )
        for row in np.flatnonzero(~keep).tolist()
    ]
    rows: list[int] = np.flatnonzero(keep).tolist()
    outlined = [(np.array(polygons[row]).reshape(-1, 2) * scale[image[row]]).ravel().tolist() for row in rows]
    return Labelled(
        split, keys, size, image[keep].tolist(), [found[row][1] for row in rows], box[keep], outlined, defects
    )
