"""CreateML: a JSON list of images, with boxes by centre and size in pixels.

Format: https://developer.apple.com/documentation/createml
"""

from __future__ import annotations

from vision_readiness.project import Task
from vision_readiness_adapters.export_folder.folder import Folder
from vision_readiness_adapters.export_folder.gathered import Gathered, documents
from vision_readiness_adapters.export_folder.part import Reading


def applies(folder: Folder) -> bool:
    """True for a folder with such a list in it or in its folders."""
    return bool(_files(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind CreateML's lists; an image that no list names is without truth."""
    gathered = Gathered(folder)
    for where in _files(folder):
        payload = folder.read_json(where)
        place = where.rpartition("/")[0]
        for entry in payload if isinstance(payload, list) else ():
            fields = entry if isinstance(entry, dict) else {}
            name = fields.get("image", fields.get("imagefilename"))
            row = gathered.add_image(f"{place}/{name}" if place and isinstance(name, str) else name, where)
            for one in fields.get("annotations", fields.get("annotation")) or () if row is not None else ():
                box = one.get("coordinates") if isinstance(one, dict) else None
                try:
                    x, y, w, h = (float(box[side]) for side in ("x", "y", "width", "height"))  # type: ignore[index]  # not a mapping: TypeError below
                    corners = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
                except (TypeError, ValueError, KeyError):
                    corners = []
                gathered.add_object(row or 0, one.get("label") if isinstance(one, dict) else None, corners)
    return gathered.reading(task, "no list names it")


def _files(folder: Folder) -> list[str]:
    return documents(folder, ".json", looks=('"image', '"annotation', '"coordinates"'), begins="[")
