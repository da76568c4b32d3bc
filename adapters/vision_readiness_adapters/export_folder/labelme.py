"""LabelMe: a JSON file beside each image, with ``shapes`` in pixels.

Format: https://github.com/wkentaro/labelme
"""

from __future__ import annotations

from typing import Any

from vision_readiness.project import Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.folder import Folder
from vision_readiness_adapters.export_folder.gathered import Gathered, documents
from vision_readiness_adapters.export_folder.part import Reading


def applies(folder: Folder) -> bool:
    """True for a folder with LabelMe's files in it or in its folders."""
    return bool(_files(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind LabelMe's files: rectangles and circles as boxes, polygons as outlines."""
    gathered = Gathered(folder)
    for where in _files(folder):
        try:
            payload = folder.read_json(where)
        except ExportError as error:
            row = gathered.add_image(f"{where[:-5]}.jpg", where)
            if row is not None:
                gathered.add_untold(row, str(error))
            continue
        fields = payload if isinstance(payload, dict) else {}
        stem = where[:-5]
        named = next((key for key in gathered.pictures.keys if key.rpartition(".")[0] == stem), fields.get("imagePath"))
        size = (_side(fields.get("imageWidth")), _side(fields.get("imageHeight")))
        row = gathered.add_image(named, where, size)
        for shape in fields.get("shapes") or () if row is not None else ():
            _add_shape(gathered, row or 0, shape if isinstance(shape, dict) else {})
    return gathered.reading(task, "no LabelMe file speaks of it")


def _files(folder: Folder) -> list[str]:
    return documents(folder, ".json", looks=('"shapes"',), begins="{")


def _side(value: object) -> int:
    return value if isinstance(value, int) and 0 < value < 2**20 else 0


def _add_shape(gathered: Gathered, row: int, shape: dict[str, Any]) -> None:
    points = shape.get("points")
    pairs = (
        [point for point in points if isinstance(point, list) and len(point) == 2] if isinstance(points, list) else []
    )
    kind = shape.get("shape_type", "polygon")
    try:
        x, y = ([float(point[side]) for point in pairs] for side in (0, 1))
    except (TypeError, ValueError):
        x, y = [], []
    corners: list[float] = []
    if kind == "circle" and len(x) == 2:
        radius = ((x[1] - x[0]) ** 2 + (y[1] - y[0]) ** 2) ** 0.5
        corners = [x[0] - radius, y[0] - radius, x[0] + radius, y[0] + radius]
    elif x and kind in ("rectangle", "polygon", "rotation"):
        corners = [min(x), min(y), max(x), max(y)]
    outline = [side for point in zip(x, y, strict=True) for side in point] if kind == "polygon" and len(x) > 2 else []
    gathered.add_object(row, shape.get("label"), corners, outline)
