"""What the rows of YOLO label files are: boxes, polygons, rotated boxes, or no labels at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.numbers import percent
from vision_readiness.project import Defect, DefectKind, Split, Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.folder import shown
from vision_readiness_adapters.export_folder.part import FEW_OUTLINES

BOX, SCORED, TRACKED, ROTATED = 5, 6, 7, 9
"""Columns of a row that is a box; with a score; with a score and a number; and of the corners of a rotated box."""

FEW_OUTSIDE = 0.1
"""The share of boxes that may leave their image where they are what they are read as."""

MOST = 0.95
"""What nearly every row shows is how they were written."""

ENOUGH_ROWS = 20


class RowError(ValueError):
    """A row that cannot be taken, and why."""

    def __init__(self, kind: DefectKind, because: str) -> None:
        super().__init__(because)
        self.kind = kind


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One folder of images with the rows of their label files.

    ``image`` and ``label`` number a row's image and class, ``box`` (xyxy) and ``polygons`` are in pixels, shape
    (rows, 4) and a flat list of x and y; an empty polygon stands for a row that is a box. ``texts`` are the files read.
    """

    split: Split
    keys: Sequence[str]
    size: NDArray[np.int32]
    image: list[int]
    label: list[int]
    box: NDArray[np.float64]
    polygons: Sequence[Sequence[float]]
    defects: list[Defect]
    texts: frozenset[str] = frozenset()


def read_row(words: Sequence[str], index: Mapping[int, int]) -> tuple[int, list[float]]:
    """The class and the relative coordinates of one row; raises ``RowError``."""
    if len(words) < BOX or len(words) % 2 == 0:
        raise RowError(DefectKind.UNREADABLE_BOX, f"has {len(words)} columns: neither a box nor a polygon")
    try:
        label, *numbers = (float(word) for word in words)
    except ValueError:
        raise RowError(DefectKind.UNREADABLE_BOX, f"is not all numbers: {shown(' '.join(words))}") from None
    if label not in index:
        raise RowError(DefectKind.UNDECLARED_CLASS, f"has class {words[0]}, which has no name")
    return index[int(label)], numbers


def refuse_no_labels(rows: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Nothing; raises ``ExportError`` where the rows of a split, with their files, are not labels as YOLO has them.

    Those are the answers of a model (``save_conf``, tracking), pixels in place of shares, and corners in place of
    centre and size.
    """
    columns = Counter(len(words) for _, words in rows)
    if not columns:
        return
    where, usual = rows[0][0], columns.most_common(1)[0][0]
    if usual == SCORED:
        raise ExportError(
            f"{where} has rows of six columns: a box with a score in the last column, as `yolo predict save_conf`"
            " writes it. Those are the answers of a model; give the labels that people made."
        )
    if usual == TRACKED and all(_is_whole(words[-1]) for _, words in rows if len(words) == TRACKED):
        raise ExportError(
            f"{where} has rows of seven columns: a box with a score and a track number in the last columns, as"
            " `yolo track` writes it. Those are the answers of a model; give the labels that people made."
        )
    boxes = _numbers([words for _, words in rows if len(words) == BOX])
    if len(boxes) < ENOUGH_ROWS:
        return
    if np.mean((boxes > 1.5).any(axis=1)) >= MOST:
        raise ExportError(
            f"{where} has coordinates such as {boxes[0].max():g}: they look like pixels, where YOLO has shares of"
            " the image from 0 to 1. Divide them by width and height, or export again."
        )
    outside = (np.abs(boxes[:, :2] - 0.5) + boxes[:, 2:] / 2 > 0.51).any(axis=1)
    if np.mean((boxes[:, 2:] > boxes[:, :2]).all(axis=1)) >= MOST and np.mean(outside) > FEW_OUTSIDE:
        raise ExportError(
            f"{where} has boxes that look like corners (x1 y1 x2 y2), where YOLO has centre and size (cx cy w h):"
            f" read as those, {percent(float(np.mean(outside)))} of them leave their image. Export again."
        )


def task_of(labelled: Sequence[Labelled]) -> tuple[Task, list[str]]:
    """The task that the rows are for, and what to tell of rows that are for another."""
    corners = [len(polygon) for part in labelled for polygon in part.polygons if polygon]
    boxes = sum(not polygon for part in labelled for polygon in part.polygons)
    if not corners:
        return Task.DETECTION, []
    if not boxes and all(numbers == ROTATED - 1 for numbers in corners):
        return Task.DETECTION, [
            "The labels are rotated boxes (four corners a row); each is taken by the upright box around it."
        ]
    if len(corners) < FEW_OUTLINES * (len(corners) + boxes):
        said = f"{len(corners):,} of {len(corners) + boxes:,} objects are drawn as polygons; the others are boxes, so"
        return Task.DETECTION, [f"{said} each polygon is taken by the box around it."]
    return Task.SEGMENTATION, []


def _is_whole(word: str) -> bool:
    try:
        return float(word).is_integer()
    except ValueError:
        return False


def _numbers(rows: Sequence[Sequence[str]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The coordinates of the rows that are all numbers, of shape (rows, 4)."""
    read = []
    for words in rows:
        try:
            read.append([float(word) for word in words[1:]])
        except ValueError:
            continue
    return np.array(read, dtype=np.float64).reshape(-1, BOX - 1)
