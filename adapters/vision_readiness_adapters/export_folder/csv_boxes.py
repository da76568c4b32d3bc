"""Boxes in a table: Open Images' CSV, and the one with a file name and pixels that TensorFlow's tools use."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from vision_readiness.project import Task
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, Folder
from vision_readiness_adapters.export_folder.gathered import Gathered, documents
from vision_readiness_adapters.export_folder.part import Reading

_OPEN_IMAGES = ("ImageID", "LabelName", "XMin", "YMax")
_PIXELS = ("filename", "class", "xmin", "ymax")


def applies(folder: Folder) -> bool:
    """True for a folder with such a table in it or in its folders."""
    return bool(_files(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind the tables; an image of no row may be empty or not, so it is one without truth.

    Open Images has shares of the image from 0 to 1 and codes for classes, which ``class-descriptions*.csv`` names.
    """
    gathered, names = Gathered(folder), _descriptions(folder)
    stems = {key.rpartition("/")[2].rpartition(".")[0]: key for key in gathered.pictures.keys}
    for where in _files(folder):
        place = where.rpartition("/")[0]
        for line in csv.DictReader(folder.read_text(where, LARGEST_FILE).splitlines()):
            in_shares = "ImageID" in line
            name = stems.get(line.get("ImageID") or "", line.get("ImageID")) if in_shares else line.get("filename")
            row = gathered.add_image(f"{place}/{name}" if place and not in_shares else name, where)
            if row is None:
                continue
            label, corners = line.get("class"), [line.get(side) for side in ("xmin", "ymin", "xmax", "ymax")]
            if in_shares:
                label = names.get(line.get("LabelName") or "", line.get("LabelName"))
                scale, sides = 2 * gathered.pixels(row), ("XMin", "YMin", "XMax", "YMax")
                corners = [_times(line.get(side), by) for side, by in zip(sides, scale, strict=True)]
            gathered.add_object(row, label, corners)
    return gathered.reading(task, "no row of a table is about it")


def _files(folder: Folder) -> list[str]:
    return documents(folder, ".csv", looks=_OPEN_IMAGES) or documents(folder, ".csv", looks=_PIXELS)


def _times(value: str | None, by: int) -> str | None:
    """A share of a side in pixels; what is not a number stays as it is, to be named."""
    try:
        return str(float(value or "") * by)
    except ValueError:
        return value


def _descriptions(folder: Folder) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for key in folder.inventory.files:
        if key.rpartition("/")[2].startswith(("class-descriptions", "classes")) and key.endswith(".csv"):
            rows = csv.reader(folder.read_text(key, LARGEST_FILE).splitlines())
            names |= {row[0]: row[1] for row in rows if len(row) > 1}
    return names
