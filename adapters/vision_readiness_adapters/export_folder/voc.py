"""Pascal VOC: an XML file for each image, in ``annotations`` or beside the images, with or without splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.errors import TaskError
from vision_readiness.project import Defect, DefectKind, Split, Task
from vision_readiness_adapters.export_folder.boxes import is_box, number_column
from vision_readiness_adapters.export_folder.categories import class_name
from vision_readiness_adapters.export_folder.folder import Folder, join, safe_name, shown
from vision_readiness_adapters.export_folder.part import (
    MARKS,
    NO_SPLIT,
    Part,
    Reading,
    Rows,
    assemble,
    is_marked,
    unlabelled,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FOLDERS = ("annotations", "Annotations", "")
_LARGEST = 16 * 2**20


def applies(folder: Folder) -> bool:
    """True for a folder with XML files in it, in one of its splits, or in ``annotations`` of either."""
    return bool(_places(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set of a VOC folder: detection, classes in alphabetical order as VOC declares none.

    ``xmin`` to ``ymax`` are taken as they are written. The 2007 devkit counts pixels from 1 and includes ``xmax``;
    Roboflow and most tools write from 0, and a file does not tell which. An XML file belongs to the image of its own
    name; where there is none, to the one it names. Files that are damaged or have a DOCTYPE are defects.
    """
    if task not in (None, Task.DETECTION):
        raise TaskError(f"{folder.root} is a Pascal VOC folder, which cannot be judged as {task}; leave the task out.")
    sheets = [_sheet(folder, split, under) for split, under in _places(folder)]
    classes = sorted({name for sheet in sheets for name in sheet.names})
    announcements = [NO_SPLIT] if [under for _, under in _places(folder)] == [""] else []
    return assemble(Task.DETECTION, classes, [_part(sheet, classes) for sheet in sheets], announcements)


@dataclass(slots=True)
class _Sheet:
    """What the XML files of one folder say; ``at`` is the row of each image."""

    split: Split
    at: dict[str, int] = field(default_factory=dict)
    size: list[tuple[int, int]] = field(default_factory=list)
    image: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    corners: list[Sequence[str]] = field(default_factory=list)
    marks: list[list[bool]] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)


def _places(folder: Folder) -> list[tuple[Split, str]]:
    if any(_xml_files(folder, under) for _, under in folder.splits()):
        return folder.splits()
    return [(Split.TRAIN, "")] if _xml_files(folder, "") else []


def _xml_files(folder: Folder, under: str) -> list[str]:
    places = (join(under, name) for name in _FOLDERS if not name or name in folder.listing(under).folders)
    return [join(place, name) for place in places for name in folder.listing(place).ending(".xml")]


def _sheet(folder: Folder, split: Split, under: str) -> _Sheet:
    pictures = folder.pictures(under)
    by_stem = {name.rpartition(".")[0]: key for name, key in pictures.items()}
    sheet = _Sheet(split)
    broken: dict[str, str] = {}
    for where in _xml_files(folder, under):
        stem = where.rpartition("/")[2][:-4]
        root = _parsed(folder.read_bytes(where, _LARGEST))
        if isinstance(root, str):
            broken[stem] = root
            sheet.defects.append(unlabelled(by_stem.get(stem, where), f"{where} {root}"))
            continue
        named = safe_name(_words(root, "filename")) or f"{stem}.jpg"
        key = by_stem.get(stem) or pictures.get(named.rpartition("/")[2]) or join(under, named)
        if key in sheet.at:
            sheet.defects.append(Defect(DefectKind.UNKNOWN_IMAGE, where, f"{key} has another XML file; both are taken"))
        row = sheet.at.setdefault(key, len(sheet.at))
        if row == len(sheet.size):
            sheet.size.append(_size(root))
        _add_objects(sheet, root, row, where)
    for name, key in pictures.items():
        if key not in sheet.at:
            sheet.at[key] = len(sheet.at)
            sheet.size.append((0, 0))
            if name.rpartition(".")[0] not in broken:
                sheet.defects.append(unlabelled(key, "no XML file speaks of it"))
    return sheet


def _add_objects(sheet: _Sheet, root: Element, row: int, where: str) -> None:
    for number, entry in enumerate(root.iter("object"), start=1):
        name = class_name(_words(entry, "name"))
        if name is None:
            sheet.defects.append(Defect(DefectKind.UNKNOWN_CATEGORY, where, f"object {number} has no name"))
            continue
        sheet.image.append(row)
        sheet.names.append(name)
        sheet.corners.append([_words(entry, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")])
        sheet.marks.append([is_marked(_words(entry, mark)) for mark in MARKS])


def _part(sheet: _Sheet, classes: Sequence[str]) -> Part:
    keys = list(sheet.at)
    box = number_column(sheet.corners, 4)
    keep = is_box(box)
    rows: list[int] = np.flatnonzero(keep).tolist()
    index = {name: at for at, name in enumerate(classes)}
    plain = Rows.of([sheet.image[row] for row in rows], [index[sheet.names[row]] for row in rows], box[keep])
    marked = np.array(sheet.marks, np.bool_).reshape(-1, len(MARKS))[keep]
    found = replace(plain, marks=dict(zip(MARKS, marked.T, strict=True)))
    unreadable = [
        Defect(
            DefectKind.UNREADABLE_BOX,
            keys[sheet.image[row]],
            f"object {sheet.names[row]!r} has bndbox {shown(sheet.corners[row])}",
        )
        for row in np.flatnonzero(~keep).tolist()
    ]
    size = np.array(sheet.size, dtype=np.int32).reshape(-1, 2)
    return Part(sheet.split, keys, size, found, (), [*sheet.defects, *unreadable])


def _parsed(data: bytes) -> Element | str:
    """The root element, or what is wrong with the file. Without a DOCTYPE there is no entity to expand or to fetch."""
    from xml.etree import ElementTree as ET

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "has a DOCTYPE, so it is not read"
    try:
        return ET.fromstring(text)  # noqa: S314 - same
    except (ET.ParseError, ValueError, RecursionError) as error:
        return f"is not complete XML ({error})"


def _words(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _size(root: Element) -> tuple[int, int]:
    said = number_column([[_words(root, f"size/{side}")] for side in ("width", "height")], 1)[:, 0]
    width, height = (int(pixels) if 0 < pixels < 2**20 else 0 for pixels in said)
    return width, height
