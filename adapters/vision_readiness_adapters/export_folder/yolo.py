"""YOLO data sets: images, a text file of rows for each, and a file that names the classes.

A row is ``class cx cy w h`` or ``class x1 y1 x2 y2 …`` (a polygon), relative to the image's size:
https://docs.ultralytics.com/datasets/detect and https://docs.ultralytics.com/datasets/segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vision_readiness.errors import TaskError
from vision_readiness.numbers import count
from vision_readiness.project import Split, Task
from vision_readiness.project.source_names import SPLIT_NAMES
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, Folder, Pictures, join, safe_name
from vision_readiness_adapters.export_folder.part import NO_SPLIT, Reading, assemble
from vision_readiness_adapters.export_folder.yolo_description import Description, described, read_description
from vision_readiness_adapters.export_folder.yolo_labels import orphans, read_labels, to_part
from vision_readiness_adapters.export_folder.yolo_rows import task_of

Images = dict[Split, list[str]]


def applies(folder: Folder) -> bool:
    """True for a folder with a file that describes a YOLO data set."""
    return described(folder) is not None


def read(folder: Folder, task: Task | None = None, described_by: str | None = None) -> Reading:
    """The data set of a YOLO export; ``task`` is segmentation when rows are polygons, unless it is given.

    ``described_by`` names the YAML file when it has an unusual name. A class is known by its number in ``names``.
    Images are where the file says, in folders (with all below them) or in lists of files, else where Roboflow puts
    them. Raises ``ExportError`` when there is no class list or no image, ``TaskError`` for keypoints.
    """
    key = described_by or described(folder)
    assert key is not None  # noqa: S101 - applies() saw to it
    description = read_description(folder, key)
    images = _images(folder, description)
    if not any(images.values()):
        raise ExportError(f"{folder.root} has no folder of images where {key} says; export the version again.")
    classes = tuple(dict.fromkeys(description.names.values()))
    index = {number: classes.index(name) for number, name in description.names.items()}
    labelled = [read_labels(folder, split, keys, index) for split, keys in images.items()]
    found, remarks = task_of(labelled) if task is None else (task, [])
    if not found.has_boxes:
        raise TaskError(f"{folder.root} is a YOLO export, which cannot be judged as {found}; leave the task out.")
    parts = [to_part(part, has_masks=found is Task.SEGMENTATION) for part in labelled]
    parts[0] = replace(parts[0], defects=[*parts[0].defects, *orphans(folder, labelled)])
    has_lists = any(value.lower().endswith(".txt") for _, value in description.declared)
    return replace(assemble(found, classes, parts, [*description.announcements, *remarks]), has_lists=has_lists)


def _images(folder: Folder, description: Description) -> Images:
    """The keys of the images of each split; an image that two splits name belongs to the first of them."""
    found: Images = {}
    for split, value in description.declared:
        found.setdefault(split, []).extend(_declared(folder, description.base, value))
    found = {split: keys for split, keys in found.items() if keys}
    for split, place in _usual(folder):
        if split not in found and (keys := folder.inventory.images(place)):
            found[split] = list(keys)
    if not found:
        flat = next((place for place in ("images", "") if folder.inventory.images(place)), None)
        if flat is not None:
            description.announcements.append(NO_SPLIT)
            found = {Split.TRAIN: list(folder.inventory.images(flat))}
    return _told_apart(found, description)


def _usual(folder: Folder) -> Iterator[tuple[Split, str]]:
    """Where Roboflow and Ultralytics put the images of a split, the folder itself last."""
    for split, name in folder.splits():
        yield split, join(name, "images")
    for name in folder.listing("images").folders:
        if name.lower() in SPLIT_NAMES:
            yield SPLIT_NAMES[name.lower()], join("images", name)
    yield from folder.splits()


def _told_apart(found: Images, description: Description) -> Images:
    first: dict[str, Split] = {}
    twice: dict[tuple[Split, Split], int] = {}
    for split in Split:
        for key in found.get(split, ()):
            if first.setdefault(key, split) is not split:
                twice[first[key], split] = twice.get((first[key], split), 0) + 1
    for (one, other), images in twice.items():
        those, count_as = ("is", "it counts") if images == 1 else ("are", "they count")
        said = f"{count(images, 'image')} {those} named as {one} and as {other}; {count_as} as {one}."
        description.announcements.append(said)
    return {split: [key for key, home in first.items() if home is split] for split in found}


def _declared(folder: Folder, base: str, value: str) -> list[str]:
    """The images that one entry of the description means: those of a list of files, or in and below a folder.

    Roboflow writes ``../train/images``, others paths of their own machine: the longest end of the path that exists
    counts; one name alone only where the path is no longer.
    """
    parts = [part for part in value.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    below = [*(part for part in base.split("/") if part), *parts]
    shortest = min(2, len(parts))
    ends = [below, *(parts[start:] for start in range(max(len(parts) - shortest + 1, 0)))]
    for end in ends:
        place = "/".join(end)
        if place in folder.inventory.files:
            return _of_list(folder, place) if place.lower().endswith(".txt") else [place]
        if images := folder.inventory.images(place):
            return list(images)
    return []


def _of_list(folder: Folder, key: str) -> list[str]:
    """The images that a list of files names; one that is not here is named as if it stood beside the list."""
    pictures = Pictures(key.rpartition("/")[0], folder.inventory.images())
    keys = []
    for line in folder.read_text(key, LARGEST_FILE).splitlines():
        if name := line.strip():
            found = pictures.find(name)
            missing = safe_name(name) or safe_name(name.replace("\\", "/").rpartition("/")[2])
            keys += [found] if found else [join(pictures.under, missing)] if missing else []
    return keys
