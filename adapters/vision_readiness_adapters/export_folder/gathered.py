"""Objects gathered from documents that each name their image: what most labelling tools write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from vision_readiness.errors import TaskError
from vision_readiness.project import Defect, DefectKind, Split, Task
from vision_readiness.project.source_names import split_named
from vision_readiness_adapters.export_folder.boxes import in_order, is_box, number_column
from vision_readiness_adapters.export_folder.categories import class_name
from vision_readiness_adapters.export_folder.folder import Folder, FolderImages, Pictures, safe_name, shown
from vision_readiness_adapters.export_folder.image_header import image_sizes
from vision_readiness_adapters.export_folder.outlines import drawable
from vision_readiness_adapters.export_folder.part import (
    FEW_OUTLINES,
    NO_SPLIT,
    Part,
    Reading,
    Rows,
    assemble,
    unlabelled,
)

PEEK = 2**14


@dataclass(eq=False)
class Gathered:
    """What the documents of ``folder`` say so far: a row an object, in pixels, by the row of its image."""

    folder: Folder
    at: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    size: list[tuple[int, int]] = field(default_factory=list)
    image: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    corners: list[Sequence[Any]] = field(default_factory=list)
    outlines: list[Sequence[float]] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    @cached_property
    def pictures(self) -> Pictures:
        return self.folder.pictures()

    def add_image(self, name: object, where: str, size: tuple[int, int] = (0, 0)) -> int | None:
        """The row of the image that ``name`` means; ``None``, and a defect, for a name that leads out of the folder."""
        key = self.pictures.find(name) or safe_name(name)
        if key is None:
            self.defects.append(Defect(DefectKind.UNKNOWN_IMAGE, where, f"names {shown(name)}: no file in the folder"))
            return None
        return self._row(key, size)

    def _row(self, key: str, size: tuple[int, int] = (0, 0)) -> int:
        row = self.at.setdefault(key, len(self.at))
        if row == len(self.size):
            self.keys.append(key)
            self.size.append(size)
        return row

    def add_object(self, row: int, name: object, corners: Sequence[Any], outline: Sequence[float] = ()) -> None:
        """An object of the image at ``row``, with its box as x1, y1, x2, y2, and its polygon where it has one."""
        label = class_name(name)
        if label is None:
            key = self.keys[row]
            self.defects.append(Defect(DefectKind.UNKNOWN_CATEGORY, key, f"has an object called {shown(name)}", key))
            return
        self.image.append(row)
        self.names.append(label.strip())
        self.corners.append(corners)
        self.outlines.append(outline)

    def add_untold(self, row: int, because: str) -> None:
        """The image at ``row`` is one of which nobody said what is labelled."""
        self.defects.append(unlabelled(self.keys[row], because))

    def pixels(self, row: int) -> tuple[int, int]:
        """Width and height of the image at ``row``, read off its header where no document says them."""
        if not all(self.size[row]):
            width, height = image_sizes(FolderImages(self.folder.root), [self.keys[row]])[0].tolist()
            self.size[row] = (width, height)
        return self.size[row]

    def reading(self, task: Task | None = None, unspoken: str | None = None) -> Reading:
        """The data set: split by the folder that an image stands in, classes in alphabetical order.

        ``unspoken`` says what an image of no document lacks; without it such an image is left to the account.
        Raises ``TaskError`` for a task without boxes.
        """
        for key in self.pictures.keys if unspoken is not None else ():
            if key not in self.at:
                self._row(key)
                self.defects.append(unlabelled(key, unspoken or ""))
        outlined = sum(bool(outline) for outline in self.outlines) > FEW_OUTLINES * len(self.outlines)
        found = task or (Task.SEGMENTATION if outlined else Task.DETECTION)
        if not found.has_boxes:
            raise TaskError(f"{self.folder.root} holds boxes, which cannot be judged as {found}; leave the task out.")
        classes = sorted(set(self.names))
        parts = list(self._parts(classes, has_masks=found is Task.SEGMENTATION))
        has_splits = any(_split_of(key) is not None for key in self.at)
        return assemble(found, classes, parts, [] if has_splits else [NO_SPLIT])

    def _parts(self, classes: Sequence[str], *, has_masks: bool) -> Iterator[Part]:
        keys = self.keys
        splits = [_split_of(key) for key in keys]
        box = in_order(number_column(self.corners, 4))
        readable = is_box(box)
        defects = list(self.defects)
        outline: list[Any] = [None] * len(box)
        for row, image in enumerate(self.image):
            if readable[row] and has_masks:
                polygon = self.outlines[row]
                outline[row] = drawable([polygon] if polygon else [], box[row], *self.pixels(image))
                readable[row] = outline[row] is not None
            if not readable[row]:
                said = f"has {self.names[row]!r} at {shown(self.corners[row])}: not a box or outline"
                defects.append(Defect(DefectKind.UNREADABLE_BOX, keys[image], said, keys[image]))
        labels = np.array([classes.index(name) for name in self.names], dtype=np.int32)
        owners = np.array(self.image, dtype=np.int64)
        for split in dict.fromkeys(splits):
            mine = [row for row, home in enumerate(splits) if home is split]
            place = np.full(len(keys), -1, dtype=np.int32)
            place[mine] = np.arange(len(mine))
            chosen = np.flatnonzero(readable & (place[owners] >= 0)) if len(owners) else np.zeros(0, np.int64)
            drawn = [outline[row] for row in chosen] if has_masks else None
            rows = Rows.of(place[owners[chosen]], labels[chosen], box[chosen], drawn)
            size = np.array([self.size[row] for row in mine], dtype=np.int32).reshape(-1, 2)
            yield Part(split or Split.TRAIN, [keys[row] for row in mine], size, rows, (), defects)
            defects = []


def _split_of(key: str) -> Split | None:
    """The split whose name a folder of the key has."""
    return next((split for folder in key.split("/")[:-1] if (split := split_named(folder)) is not None), None)


def peek(folder: Folder, key: str) -> str:
    """The first bytes of a document as text, empty where it cannot be read."""
    try:
        with (folder.root / key).open("rb") as file:
            return file.read(PEEK).decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    except OSError:
        return ""


def documents(folder: Folder, suffix: str, *, looks: Sequence[str], begins: str = "") -> list[str]:
    """The keys of the documents at the root, in a folder of it or in one of a split, whose beginning ``looks`` so."""
    places = ["", *folder.listing().folders]
    places += [f"{place}/{name}" for place in places[1:] for name in folder.listing(place).folders]
    found = []
    for place in places:
        names = folder.listing(place).ending(suffix)
        for name in names if not place or len(names) < 3 else (names[0],):  # one of many tells of them all
            start = peek(folder, key := f"{place}/{name}" if place else name)
            if start.startswith(begins) and all(text in start for text in looks):
                found += [key] if len(names) < 3 or not place else [f"{place}/{one}" for one in names]
    return list(dict.fromkeys(found))
