"""What describes a YOLO data set: a YAML file of any name, Darknet's ``.data``, or a list of class names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vision_readiness.errors import TaskError
from vision_readiness.project import Split
from vision_readiness.project.source_names import SPLIT_NAMES
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.categories import class_name, id_of
from vision_readiness_adapters.export_folder.folder import Folder, join, shown

YAML_NAMES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
"""The usual names, which are taken before any other YAML file that has ``names``."""

CLASS_LISTS = ("_darknet.labels", "obj.names", "classes.txt", "predefined_classes.txt", "classes.names", "coco.names")


@dataclass(frozen=True, slots=True)
class Description:
    """The names of the classes by number, and what stands for the images of each split: folders or lists of files.

    ``base`` is the folder that those are relative to; nothing is ``declared`` where a list of classes is all there is.
    """

    key: str
    names: Mapping[int, str]
    base: str = ""
    declared: tuple[tuple[Split, str], ...] = ()
    announcements: list[str] = field(default_factory=list)


def described(folder: Folder) -> str | None:
    """The key of the file that describes the data set, if there is one."""
    files = folder.listing().files
    usual = next((name for name in YAML_NAMES if name in files), None)
    if usual is not None:
        return usual
    for name in files:
        if name.lower().endswith((".yaml", ".yml")) and _names_classes(folder, name):
            return name
    darknet = next((name for name in files if name.lower().endswith(".data")), None)
    return darknet or _class_list(folder)


def read_description(folder: Folder, key: str) -> Description:
    """What the file at ``key`` describes; raises ``ExportError`` without usable names, ``TaskError`` for keypoints."""
    if key.lower().endswith((".yaml", ".yml")):
        return _of_yaml(folder, key)
    if key.lower().endswith(".data"):
        return _of_darknet(folder, key)
    return Description(key, _numbered(folder, key))


def _names_classes(folder: Folder, key: str) -> bool:
    try:
        data = folder.read_yaml(key)
    except ExportError:
        return False
    return isinstance(data, dict) and isinstance(data.get("names"), (list, dict)) and ("train" in data or "val" in data)


def _class_list(folder: Folder) -> str | None:
    """The first list of class names, in the root, in a split or beside the labels, where there are label files too."""
    places = ["", *(under for _, under in folder.splits()), "labels"]
    found = (join(place, name) for place in places for name in CLASS_LISTS if name in folder.listing(place).files)
    key = next(found, None)
    if key is None:
        return None
    texts = (place for place in folder.inventory.files if place.lower().endswith(".txt") and place != key)
    is_beside_pictures = any(folder.inventory.images()) and any(texts)
    return key if is_beside_pictures else None


def _of_yaml(folder: Folder, key: str) -> Description:
    data = folder.read_yaml(key)
    if not isinstance(data, dict):
        raise ExportError(f"{folder.root / key} does not describe a data set; export the version again.")
    if "kpt_shape" in data:
        raise TaskError(f"{key} describes keypoints, which are not judged; use an export with boxes or masks.")
    names = _names(data, f"{folder.root / key}")
    path = data.get("path")
    base = "/".join(part for part in str(path or "").replace("\\", "/").split("/") if part not in ("", ".", ".."))
    declared = tuple(
        (split, value) for name, split in SPLIT_NAMES.items() for value in _listed(data.get(name)) if value.strip()
    )
    return Description(key, names, base, declared, list(_count_conflict(data, names, key)))


def _of_darknet(folder: Folder, key: str) -> Description:
    pairs = (line.partition("=") for line in folder.read_text(key).splitlines())
    data = {name.strip(): value.strip() for name, sign, value in pairs if sign}
    list_of_names = data.get("names", "").replace("\\", "/").rpartition("/")[2]
    names_key = next((one for one in folder.inventory.files if one.rpartition("/")[2] == list_of_names), None)
    if names_key is None:
        raise ExportError(f"{folder.root / key} names its classes in {shown(list_of_names)}, which is not here.")
    declared = tuple((split, data[name]) for name, split in SPLIT_NAMES.items() if data.get(name))
    return Description(key, _numbered(folder, names_key), "", declared)


def _numbered(folder: Folder, key: str) -> dict[int, str]:
    names = [name for line in folder.read_text(key).splitlines() if (name := class_name(line.strip())) is not None]
    if not names:
        raise ExportError(f"{folder.root / key} names no class; write one name a line.")
    return dict(enumerate(names))


def _names(data: Mapping[str, Any], where: str) -> dict[int, str]:
    names = data.get("names")
    pairs = names.items() if isinstance(names, dict) else enumerate(names) if isinstance(names, list) else ()
    read = {id_of(number): class_name(name) for number, name in pairs}
    known = {number: name for number, name in read.items() if number is not None and name is not None}
    if not known or len(known) < len(read):
        raise ExportError(f"{where} has no usable list 'names' ({shown(names)}); name every class in it.")
    return dict(sorted(known.items()))


def _count_conflict(data: Mapping[str, Any], names: Mapping[int, str], key: str) -> Iterator[str]:
    declared = id_of(data.get("nc"))
    if declared is not None and declared != len(names):
        yield f"{key} says nc: {declared} but names {len(names)} classes; the names are used."


def _listed(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
