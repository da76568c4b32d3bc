"""Folders of labelled pictures: ``<split>/<class>/image``, or ``<split>/_classes.csv`` for several labels an image."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vision_readiness.errors import TaskError
from vision_readiness.project import Defect, DefectKind, Split, Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.categories import class_name
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, Folder, join, safe_name, shown
from vision_readiness_adapters.export_folder.part import NO_SPLIT, Part, Reading, Rows, assemble, unlabelled

SHEET = "_classes.csv"

UNLABELED = "unlabeled"
"""The column in which Roboflow marks the images that nobody labelled; it is no class."""

_NOT_CLASSES = {"images", "labels", "annotations", "jpegimages", "masks", "segmentationclass"}
_ON, _OFF = ("1", "1.0", "true"), ("0", "0.0", "false", "")


def has_folders(folder: Folder) -> bool:
    """True when a split holds folders of images that are not named after a part of another layout."""
    return any(_classes_of(folder, under) for _, under in folder.splits())


def read_folders(folder: Folder, task: Task | None = None) -> Reading:
    """The data set of a folder per class, classes in alphabetical order; sizes are not declared, so they are 0.

    A class folder that is empty in one split is a class all the same. An image outside of them is a defect.
    """
    if task not in (None, Task.CLASSIFICATION):
        raise TaskError(f"{folder.root} holds a folder for each class, which is no {task}; leave the task out.")
    names = {split_folder: _classes_of(folder, split_folder) for _, split_folder in folder.splits()}
    classes = sorted({name for found in names.values() for name in found})
    parts = []
    for split, under in folder.splits():
        labelled = [
            (image, classes.index(name))
            for name in names[under]
            for image in folder.inventory.images(join(under, name))
        ]
        inside = {key for key, _ in labelled}
        loose = [key for key in folder.inventory.images(under) if key not in inside]
        rows = Rows.of(range(len(labelled)), [label for _, label in labelled])
        defects = [unlabelled(key, "the image is in no class folder") for key in loose]
        keys = [*(key for key, _ in labelled), *loose]
        parts.append(Part(split, keys, np.zeros((len(keys), 2), dtype=np.int32), rows, (), defects))
    return assemble(Task.CLASSIFICATION, classes, parts)


def has_sheets(folder: Folder) -> bool:
    """True when the folder or one of its splits has a ``_classes.csv``."""
    return bool(_sheets(folder))


def read_sheets(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind ``_classes.csv``: a row an image, a column of 0 and 1 a class, in the order of the header.

    Raises ``TaskError`` for the masks of a semantic segmentation export, which has a file of the same name.
    """
    if task not in (None, Task.MULTILABEL):
        raise TaskError(f"{folder.root} holds several labels an image, which is no {task}; leave the task out.")
    places = _sheets(folder)
    sheets = [_sheet(folder, split, under) for split, under in places]
    classes = tuple(dict.fromkeys(name for sheet in sheets for name in sheet.classes if name))
    parts = [_labelled(folder, sheet, classes) for sheet in sheets]
    return assemble(Task.MULTILABEL, classes, parts, [NO_SPLIT] if [under for _, under in places] == [""] else [])


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One ``_classes.csv``; ``lines`` pairs a line's number with its cells."""

    split: Split
    under: str
    classes: tuple[str, ...]
    lines: tuple[tuple[int, Sequence[str]], ...]

    @property
    def key(self) -> str:
        return join(self.under, SHEET)


def _classes_of(folder: Folder, under: str) -> list[str]:
    """The folders of a split that hold one class each: all of them, where any has no name of another layout.

    What is called ``masks`` is a class beside ``no_masks``, and no class beside ``images``.
    """
    names = list(folder.listing(under).folders)
    named = [name for name in names if name.lower() not in _NOT_CLASSES]
    return names if any(_holds_images(folder, join(under, name)) for name in named) else []


def _holds_images(folder: Folder, place: str) -> bool:
    """Whether the folder or one of those in it holds a picture."""
    inside = folder.listing(place)
    return bool(inside.images) or any(folder.listing(join(place, name)).images for name in inside.folders)


def _sheets(folder: Folder) -> list[tuple[Split, str]]:
    found = [(split, under) for split, under in folder.splits() if SHEET in folder.listing(under).files]
    return found or [(Split.TRAIN, "")] * (SHEET in folder.listing().files)


def _sheet(folder: Folder, split: Split, under: str) -> _Sheet:
    key = join(under, SHEET)
    try:
        header, *lines = csv.reader(folder.read_text(key, LARGEST_FILE).splitlines())
    except (csv.Error, ValueError) as error:
        raise ExportError(f"{folder.root / key} is not a table of classes ({error}); export it again.") from error
    names = [cell.strip() for cell in header]
    masks = any(name.lower().endswith("_mask.png") for name in folder.listing(under).images)
    if masks or (names and names[0].lower() == "pixel value"):
        raise TaskError(f"{folder.root} holds semantic segmentation masks, which are not judged; use instance masks.")
    if len(names) < 2 or names[0].lower() != "filename":
        raise ExportError(f"{folder.root / key} has no 'filename' and class columns; export the version again.")
    cells = tuple((number, line) for number, line in enumerate(lines, start=2) if any(line))
    classes = (class_name(name) or "" for name in names[1:])
    return _Sheet(split, under, tuple("" if name.lower() == UNLABELED else name for name in classes), cells)


def _labelled(folder: Folder, sheet: _Sheet, classes: Sequence[str]) -> Part:
    pictures = folder.pictures(sheet.under)
    at: dict[str, int] = {}
    pairs: set[tuple[int, int]] = set()
    defects: list[Defect] = []
    for number, line in sheet.lines:
        name = safe_name(line[0].strip())
        if name is None:
            detail = f"line {number} names {shown(line[0])}: not a file inside the folder"
            defects.append(Defect(DefectKind.UNKNOWN_IMAGE, sheet.key, detail))
            continue
        key = pictures.find(name) or join(sheet.under, name)
        if key in at:
            defects.append(Defect(DefectKind.UNKNOWN_IMAGE, sheet.key, f"line {number} names {key} again"))
        image = at.setdefault(key, len(at))
        pairs.update((image, classes.index(name)) for name in _switched_on(sheet, number, line, defects))
    forgotten = [key for key in pictures.keys if key not in at]
    defects += [unlabelled(key, f"no line of {sheet.key} names it") for key in forgotten]
    keys = [*at, *forgotten]
    rows = Rows.of([image for image, _ in sorted(pairs)], [label for _, label in sorted(pairs)])
    return Part(sheet.split, keys, np.zeros((len(keys), 2), dtype=np.int32), rows, (), defects)


def _switched_on(sheet: _Sheet, number: int, line: Sequence[str], defects: list[Defect]) -> Iterator[str]:
    """The classes that have a 1 in ``line``; a cell that is neither 0 nor 1, or not there, becomes a defect."""
    cells = [cell.strip().lower() for cell in line[1:]]
    cells += ["(nothing)"] * (len(sheet.classes) - len(cells))
    for name, cell in zip(sheet.classes, cells, strict=False):
        if cell in _ON and name:
            yield name
        elif cell not in (*_ON, *_OFF):
            detail = f"line {number} has {shown(cell)} for {name!r}: neither 0 nor 1"
            defects.append(Defect(DefectKind.UNREADABLE_BOX, sheet.key, detail))
