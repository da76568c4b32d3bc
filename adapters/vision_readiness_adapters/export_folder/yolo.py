"""Roboflow YOLO exports: ``data.yaml``, ``<split>/images`` and ``<split>/labels``.

A line of a label file is ``class cx cy w h`` or ``class x1 y1 x2 y2 …`` (a polygon), relative to the image's size:
https://docs.ultralytics.com/datasets/detect and https://docs.ultralytics.com/datasets/segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from vision_readiness.errors import TaskError
from vision_readiness.project import Split, Task
from vision_readiness.project.source_names import SPLIT_NAMES
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.categories import class_name, id_of
from vision_readiness_adapters.export_folder.folder import Folder, join, shown
from vision_readiness_adapters.export_folder.part import NO_SPLIT, Reading, assemble
from vision_readiness_adapters.export_folder.yolo_labels import Labelled, read_labels, to_part

DESCRIPTIONS = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")


def applies(folder: Folder) -> bool:
    """True for a folder with a ``data.yaml``."""
    return description(folder) is not None


def description(folder: Folder) -> str | None:
    """The name of the YAML file that describes the export, if there is one."""
    return next((name for name in DESCRIPTIONS if name in folder.listing().files), None)


def read(folder: Folder, task: Task | None = None, described_by: str | None = None) -> Reading:
    """The data set of a YOLO export; ``task`` is segmentation when a row is a polygon, unless it is given.

    ``described_by`` names the YAML file when it is not one of ``DESCRIPTIONS``. A class is known by its number in
    ``names``. Folders are looked for where the YAML says, and where Roboflow puts them. Raises ``ExportError`` when
    there is no class list or no image, ``TaskError`` for keypoints.
    """
    key = described_by or description(folder) or DESCRIPTIONS[0]
    data = folder.read_yaml(key)
    if not isinstance(data, dict):
        raise ExportError(f"{folder.root / key} does not describe a data set; export the version again.")
    if "kpt_shape" in data:
        raise TaskError(f"{key} describes keypoints, which are not judged; use an export with boxes or masks.")
    names = _names(data, f"{folder.root / key}")
    announcements = _count_conflict(data, names, key)
    places = _places(folder, data, announcements)
    if not places:
        raise ExportError(f"{folder.root} has no folder of images where {key} says; export the version again.")
    classes = tuple(dict.fromkeys(names.values()))
    index = {number: classes.index(name) for number, name in names.items()}
    labelled = [read_labels(folder, split, images, labels_folder(images), index) for split, images in places]
    found = _task(labelled) if task is None else task
    if not found.has_boxes:
        raise TaskError(f"{folder.root} is a YOLO export, which cannot be judged as {found}; leave the task out.")
    parts = [to_part(part, has_masks=found is Task.SEGMENTATION) for part in labelled]
    return assemble(found, classes, parts, announcements)


def labels_folder(images: str) -> str:
    """Where the labels of a folder of images are: its last ``images`` replaced, else beside the images.

    >>> labels_folder("train/images"), labels_folder("images/train"), labels_folder("train")
    ('train/labels', 'labels/train', 'train')
    """
    parts = images.split("/")
    for at in reversed(range(len(parts))):
        if parts[at] == "images":
            return "/".join([*parts[:at], "labels", *parts[at + 1 :]])
    return images


def _task(labelled: list[Labelled]) -> Task:
    return Task.SEGMENTATION if any(polygon for part in labelled for polygon in part.polygons) else Task.DETECTION


def _names(data: Mapping[str, Any], where: str) -> dict[int, str]:
    names = data.get("names")
    pairs = names.items() if isinstance(names, dict) else enumerate(names) if isinstance(names, list) else ()
    read = {id_of(number): class_name(name) for number, name in pairs}
    known = {number: name for number, name in read.items() if number is not None and name is not None}
    if not known or len(known) < len(read):
        raise ExportError(f"{where} has no usable list 'names' ({shown(names)}); name every class in it.")
    return dict(sorted(known.items()))


def _count_conflict(data: Mapping[str, Any], names: Mapping[int, str], key: str) -> list[str]:
    declared = id_of(data.get("nc"))
    if declared is None or declared == len(names):
        return []
    return [f"{key} says nc: {declared} but names {len(names)} classes; the names are used."]


def _places(folder: Folder, data: Mapping[str, Any], announcements: list[str]) -> list[tuple[Split, str]]:
    """The folders of images with their splits; one that two splits name belongs to the first of them."""
    declared = [
        (split, found)
        for name, split in SPLIT_NAMES.items()
        for value in _listed(data.get(name))
        if (found := _declared_folder(folder, value)) is not None
    ]
    usual = [(split, join(name, "images")) for split, name in folder.splits()]
    beside = [(split, name) for split, name in folder.splits()]
    nested = [(SPLIT_NAMES[name.lower()], join("images", name)) for name in folder.listing("images").folders
              if name.lower() in SPLIT_NAMES]  # fmt: skip
    places: dict[str, Split] = {}
    for split, place in (*declared, *usual, *nested, *beside):
        if not folder.listing(place).images:
            continue
        if places.setdefault(place, split) is not split:
            announcements.append(f"{place} is named as {places[place]} and as {split}; it counts as {places[place]}.")
    if not places:
        flat = [place for place in ("images", "") if folder.listing(place).images][:1]
        announcements.extend(NO_SPLIT for _ in flat)
        return [(Split.TRAIN, place) for place in flat]
    return [(split, place) for place, split in places.items()]


def _listed(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _declared_folder(folder: Folder, value: str) -> str | None:
    """The folder that a path in the YAML means here: Roboflow writes ``../train/images``, others their own machine's.

    The longest end of the path that exists counts; one name alone only where the path is no longer.
    """
    parts = [part for part in PurePosixPath(value.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    shortest = min(2, len(parts))
    for start in range(max(len(parts) - shortest + 1, 0)):
        place = "/".join(parts[start:])
        if place and folder.listing(place).images:
            return place
    return None
