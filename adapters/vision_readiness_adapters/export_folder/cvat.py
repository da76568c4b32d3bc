"""CVAT for images: one XML file with an ``image`` element each.

Format: https://docs.cvat.ai/docs/manual/advanced/xml_format
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.project import Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, Folder
from vision_readiness_adapters.export_folder.gathered import Gathered, documents
from vision_readiness_adapters.export_folder.part import Reading
from vision_readiness_adapters.export_folder.voc import parsed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def applies(folder: Folder) -> bool:
    """True for a folder with such a file."""
    return bool(_files(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind CVAT's XML: boxes and polygons; an image element without any is an empty image.

    Raises ``ExportError`` for a file that is not complete.
    """
    gathered = Gathered(folder)
    for where in _files(folder):
        root = parsed(folder.read_bytes(where, LARGEST_FILE))
        if isinstance(root, str):
            raise ExportError(f"{folder.root / where} {root}; export the task again.")
        for image in root.iter("image"):
            size = (_side(image.get("width")), _side(image.get("height")))
            subset = image.get("subset")
            name = f"{subset}/{image.get('name')}" if subset else image.get("name")
            row = gathered.add_image(name, where, size)
            for element in image if row is not None else ():
                _add(gathered, row or 0, element)
    return gathered.reading(task, "no image element of the XML names it")


def _files(folder: Folder) -> list[str]:
    return documents(folder, ".xml", looks=("<annotations",))


def _side(value: str | None) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 7 else 0


def _add(gathered: Gathered, row: int, element: Element) -> None:
    name = element.get("label")
    if element.tag == "box":
        gathered.add_object(row, name, [element.get(side) for side in ("xtl", "ytl", "xbr", "ybr")])
    elif element.tag in ("polygon", "ellipse"):
        points = [pair.split(",") for pair in (element.get("points") or "").split(";")]
        try:
            x, y = ([float(pair[side]) for pair in points] for side in (0, 1))
            corners = [min(x), min(y), max(x), max(y)]
            outline = [side for point in zip(x, y, strict=True) for side in point]
        except (ValueError, IndexError):
            corners, outline = [], []
        gathered.add_object(row, name, corners, outline)
