"""Label Studio's JSON and JSON_MIN: a list of tasks, with boxes in percent of the image.

Format: https://labelstud.io/guide/export
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from vision_readiness.project import Task
from vision_readiness_adapters.export_folder.folder import Folder
from vision_readiness_adapters.export_folder.gathered import Gathered, documents
from vision_readiness_adapters.export_folder.part import Reading

_IMAGES = ("image", "img", "photo", "picture", "url")


def applies(folder: Folder) -> bool:
    """True for a folder with such a list of tasks."""
    return bool(_files(folder))


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set behind Label Studio's tasks; one without a finished annotation is an image without truth.

    A task names its image by a path or an address of the server, which ends in the file's name; what an upload puts
    before that name (``5f3c-``) does not matter.
    """
    gathered = Gathered(folder)
    for where in _files(folder):
        payload = folder.read_json(where)
        for entry in payload if isinstance(payload, list) else ():
            fields = entry if isinstance(entry, dict) else {}
            row = gathered.add_image(_image(gathered, fields), where)
            if row is None:
                continue
            results = _results(fields)
            if results is None:
                gathered.add_untold(row, f"{where} holds no finished annotation of it")
            for result in results or ():
                _add(gathered, row, result)
    return gathered.reading(task, "no task is about it")


def _files(folder: Folder) -> list[str]:
    lists = documents(folder, ".json", looks=('"rectanglelabels"',), begins="[")
    return lists or documents(folder, ".json", looks=('"polygonlabels"',), begins="[")


def _image(gathered: Gathered, fields: dict[str, Any]) -> object:
    data = fields.get("data") if isinstance(fields.get("data"), dict) else fields
    value = next((data[name] for name in _IMAGES if isinstance(data.get(name), str)), None) if data else None
    if value is None:
        return None
    address = urlsplit(value)
    name = unquote(parse_qs(address.query).get("d", [address.path])[0]) if "://" in value or "?d=" in value else value
    last = name.replace("\\", "/").rpartition("/")[2]
    uploaded = last.partition("-")[2]
    return next((one for one in (name, last, uploaded) if gathered.pictures.find(one)), last)


def _results(fields: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The regions of the first annotation that was not cancelled, ``None`` where there is none."""
    if "annotations" in fields or "completions" in fields:
        made = fields.get("annotations") or fields.get("completions") or []
        done = [one for one in made if isinstance(one, dict) and not one.get("was_cancelled")]
        regions = done[0].get("result", []) if done else None
    else:
        regions = next((value for value in fields.values() if _is_regions(value)), None)
    return None if regions is None else [one for one in regions if isinstance(one, dict)]


def _is_regions(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and ("x" in one or "points" in one) for one in value)


def _add(gathered: Gathered, row: int, result: dict[str, Any]) -> None:
    value = result.get("value", result)
    if not isinstance(value, dict) or result.get("type", "rectanglelabels") not in ("rectanglelabels", "polygonlabels"):
        return
    names = value.get("rectanglelabels") or value.get("polygonlabels") or [None]
    width, height = result.get("original_width"), result.get("original_height")
    if not (isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0):
        width, height = gathered.pixels(row)
    points = list(_points(value))
    x, y = [point[0] * width / 100 for point in points], [point[1] * height / 100 for point in points]
    corners = [min(x), min(y), max(x), max(y)] if points else []
    outline = [side for point in zip(x, y, strict=True) for side in point] if "points" in value else []
    gathered.add_object(row, names[0], corners, outline)


def _points(value: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """The corners of a region in percent; nothing for one that is none."""
    try:
        if "points" in value:
            yield from [(float(x), float(y)) for x, y in value["points"]]
            return
        x, y, w, h = (float(value[side]) for side in ("x", "y", "width", "height"))
        yield from [(x, y), (x + w, y + h)]
    except (TypeError, ValueError, KeyError):
        return
