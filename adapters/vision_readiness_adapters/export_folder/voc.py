"""Pascal VOC: an XML file for each image, in ``annotations`` or beside the images, with or without splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.errors import TaskError
from vision_readiness.project import Defect, DefectKind, Split, Task
from vision_readiness.project.source_names import SPLIT_NAMES
from vision_readiness_adapters.export_folder.boxes import in_order, is_box, number_column
from vision_readiness_adapters.export_folder.categories import class_name
from vision_readiness_adapters.export_folder.folder import Folder, composed, decoded, join, safe_name, shown
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

_LARGEST = 16 * 2**20


def applies(folder: Folder) -> bool:
    """True for a folder with XML files in it, in one of its splits, or in a folder of either."""
    places = ["", *(under for _, under in folder.splits())]
    inside = [join(place, name) for place in places for name in folder.listing(place).folders]
    return any(folder.listing(place).ending(".xml") for place in (*places, *inside))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set of a VOC folder: detection, classes in alphabetical order as VOC declares none.

    ``xmin`` to ``ymax`` are taken as they are written. The 2007 devkit counts pixels from 1 and includes ``xmax``;
    Roboflow and most tools write from 0, and a file does not tell which. An XML file belongs to the image of its own
    name; where there is none, to the one it names. Files that are damaged or have a DOCTYPE are defects.
    """
    if task not in (None, Task.DETECTION):
        raise TaskError(f"{folder.root} is a Pascal VOC folder, which cannot be judged as {task}; leave the task out.")
    places = _places(folder)
    lists = _lists(folder) if [under for _, under in places] == [""] else {}
    sheets = [_sheet(folder, split, under) for split, under in places if not lists]
    sheets += [_sheet(folder, split, "", stems) for split, stems in lists.items()]
    classes = sorted({name for sheet in sheets for name in sheet.names})
    announcements = [NO_SPLIT] if [under for _, under in places] == [""] and not lists else []
    reading = assemble(Task.DETECTION, classes, [_part(sheet, classes) for sheet in sheets], announcements)
    return replace(reading, has_lists=bool(lists))


def _lists(folder: Folder) -> dict[Split, frozenset[str]]:
    """The stems of the images of each split, as the devkit's ``ImageSets/Main/train.txt`` names them; one has one."""
    places = ("ImageSets/Main", "ImageSets")
    found: dict[Split, frozenset[str]] = {}
    taken: set[str] = set()
    for name, split in SPLIT_NAMES.items():
        place = next((place for place in places if f"{name}.txt" in folder.listing(place).files), None)
        if place is not None and split not in found:
            lines = folder.read_text(f"{place}/{name}.txt", _LARGEST).splitlines()
            found[split] = frozenset(composed(line.split()[0]) for line in lines if line.strip()) - taken
            taken |= found[split]
    return found


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
    return [key for key in folder.inventory.under(under) if key.lower().endswith(".xml")]


def _sheet(folder: Folder, split: Split, under: str, only: frozenset[str] | None = None) -> _Sheet:
    """What the XML files below ``under`` say, or those of the stems ``only``."""
    pictures = folder.pictures(under)
    by_stem = _by_stem(pictures.keys)
    sheet = _Sheet(split)
    for where in _xml_files(folder, under):
        stem = where[:-4]
        if only is not None and composed(stem.rpartition("/")[2]) not in only:
            continue
        root = parsed(folder.read_bytes(where, _LARGEST))
        if isinstance(root, str):
            key = by_stem.get(composed(stem.rpartition("/")[2]), where)
            sheet.defects.append(unlabelled(key, f"{where} {root}"))
            continue
        named = _words(root, "filename") or f"{stem.rpartition('/')[2]}.jpg"
        here = by_stem.get(composed(stem.rpartition("/")[2])) or pictures.find(named)
        key = here or join(under, safe_name(named) or f"{stem.rpartition('/')[2]}.jpg")
        if key in sheet.at:
            said = f"{key} has another XML file: it is not known which is right"
            sheet.defects.append(Defect(DefectKind.CONTRADICTION, where, said, key))
        row = sheet.at.setdefault(key, len(sheet.at))
        if row == len(sheet.size):
            sheet.size.append(_size(root))
        _add_objects(sheet, root, row, where)
    damaged = {defect.image for defect in sheet.defects}
    for key in pictures.keys:
        stem = composed(key.rpartition("/")[2].rpartition(".")[0])
        if key not in sheet.at and (only is None or stem in only):
            sheet.at[key] = len(sheet.at)
            sheet.size.append((0, 0))
            if key not in damaged:
                sheet.defects.append(unlabelled(key, "no XML file speaks of it"))
    return sheet


def _by_stem(keys: Sequence[str]) -> dict[str, str]:
    """The key of the one picture of each stem."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(composed(key.rpartition("/")[2].rpartition(".")[0]), []).append(key)
    return {stem: same[0] for stem, same in found.items() if len(same) == 1}


def _add_objects(sheet: _Sheet, root: Element, row: int, where: str) -> None:
    for number, entry in enumerate(root.iter("object"), start=1):
        name = class_name(_words(entry, "name"))
        if name is None:
            key = next(key for key, at in sheet.at.items() if at == row)
            sheet.defects.append(Defect(DefectKind.UNKNOWN_CATEGORY, where, f"object {number} has no name", key))
            continue
        sheet.image.append(row)
        sheet.names.append(name)
        sheet.corners.append([_words(entry, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")])
        sheet.marks.append([is_marked(_words(entry, mark)) for mark in MARKS])


def _part(sheet: _Sheet, classes: Sequence[str]) -> Part:
    keys = list(sheet.at)
    box = in_order(number_column(sheet.corners, 4))
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
            keys[sheet.image[row]],
        )
        for row in np.flatnonzero(~keep).tolist()
    ]
    size = np.array(sheet.size, dtype=np.int32).reshape(-1, 2)
    return Part(sheet.split, keys, size, found, (), [*sheet.defects, *unreadable])


def parsed(data: bytes) -> Element | str:
    """The root element, or what is wrong with the file. Without a DOCTYPE there is no entity to expand or to fetch."""
    from xml.etree import ElementTree as ET

    text = decoded(data)
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
