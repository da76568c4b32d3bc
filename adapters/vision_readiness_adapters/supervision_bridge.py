"""Data sets and detections to and from supervision.

Supervision numbers classes by their place among an export's categories, where a Roboflow export has its synthetic
root at 0; here a class is its name, and the root is left out as it is from the export itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import InputError
from vision_readiness.project import SPLITS, Dataset, Predictions, ProjectVersion, Split, Task, VersionId
from vision_readiness.project.masks import Masks
from vision_readiness_adapters.export_folder.categories import read_categories
from vision_readiness_adapters.export_folder.folder import FolderImages
from vision_readiness_adapters.export_folder.image_header import image_sizes
from vision_readiness_adapters.export_folder.part import Part, Rows, assemble

if TYPE_CHECKING:
    from supervision import DetectionDataset, Detections

ANNOTATIONS = "_annotations.coco.json"


class SupervisionSource:
    """A ``Source`` with the one version that supervision's data sets make, one for each split.

    Image keys are relative to the folder that holds them all. Raises ``InputError`` for a data set whose images are
    in memory, ``ExportError`` for one without an image or class.
    """

    def __init__(self, splits: Mapping[Split, DetectionDataset], *, named: VersionId | str = "supervision") -> None:
        paths = [Path(path).absolute() for held in splits.values() for path in held.image_paths]
        if any(not path.is_file() for path in paths):
            raise InputError("The supervision data set holds images that are not files; give one made from a folder.")
        folder = Path(os.path.commonpath([path.parent for path in paths])) if paths else Path()
        self.images = FolderImages(folder)
        name = VersionId.parse(named) if isinstance(named, str) else named
        self._version = ProjectVersion(name, _dataset(splits, folder, self.images))

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version, whatever is asked for."""
        return self._version


def to_detection_dataset(dataset: Dataset, root: str | Path, *split: Split) -> DetectionDataset:
    """Supervision's data set of the images in ``split`` (all without), whose files lie below ``root``.

    Crowds and areas are in ``data`` as ``iscrowd`` and ``area``. Raises ``InputError`` for a classification.
    """
    supervision = _supervision()
    if not dataset.task.has_boxes:
        raise InputError("Only boxes and masks go into a DetectionDataset of supervision's; this is a classification.")
    rows = np.flatnonzero(dataset.images.of(*(split or SPLITS)))
    paths = [str(Path(root) / dataset.images.key[row]) for row in rows]
    objects = dataset.objects
    held = {}
    for path, row in zip(paths, rows, strict=True):
        mine = np.flatnonzero(objects.image == row)
        held[path] = supervision.Detections(
            xyxy=objects.box[mine],
            class_id=objects.label[mine].astype(int),
            mask=_bitmaps(objects.masks, mine),
            data={"iscrowd": objects.crowd[mine].astype(int), "area": objects.area[mine]},
        )
    made: DetectionDataset = supervision.DetectionDataset(list(dataset.classes), paths, held)
    return made


def to_detections(predictions: Predictions, dataset: Dataset) -> dict[str, Detections]:
    """Supervision's detections of each image that was answered, by the image's key; class names are in ``data``."""
    supervision = _supervision()
    names = np.array(dataset.classes)
    found = {}
    for row in np.flatnonzero(predictions.answered):
        mine = np.flatnonzero(predictions.image == row)
        found[dataset.images.key[row]] = supervision.Detections(
            xyxy=predictions.box[mine],
            confidence=predictions.score[mine],
            class_id=predictions.label[mine].astype(int),
            mask=_bitmaps(predictions.masks, mine),
            data={"class_name": names[predictions.label[mine]]},
        )
    return found


def from_detections(
    found: Mapping[str, Detections], dataset: Dataset, *, classes: Sequence[str] | None = None
) -> Predictions:
    """The answers in supervision's detections, as columns; ``found`` is by an image's key or file name.

    An image that is left out counts as not asked. A class is known by ``data["class_name"]``, else by its place in
    ``classes``, the data set's own unless given; answers of a class that the data set lacks are left out. Raises
    ``InputError`` for an image that it lacks, and for detections without scores.
    """
    place = {name: row for row, key in enumerate(dataset.images.key) for name in (key, key.rpartition("/")[2])}
    number = {name: label for label, name in enumerate(dataset.classes)}
    unknown = [name for name in found if name not in place]
    if unknown:
        raise InputError(f"The data set holds no image {unknown[0]}; give detections by its keys or file names.")
    answered = np.zeros(len(dataset.images), bool)
    columns = []
    for name in sorted(found, key=place.__getitem__):
        one = found[name]
        if one.confidence is None and len(one):
            raise InputError(f"The detections of {name} have no confidence; give those of a model, not of a person.")
        answered[place[name]] = True
        label = np.array([number.get(word, -1) for word in _names(one, classes or dataset.classes)], dtype=np.int32)
        columns.append((place[name], label, one))
    kept = [(image, label, np.flatnonzero(label >= 0), one) for image, label, one in columns]
    masks = [one.mask[row] for _, _, rows, one in kept if one.mask is not None for row in rows]
    answers = sum(len(rows) for _, _, rows, _ in kept)
    return Predictions(
        answered,
        np.repeat([image for image, _, _, _ in kept], [len(rows) for _, _, rows, _ in kept]).astype(np.int32),
        np.concatenate([np.zeros(0), *(label[rows] for _, label, rows, _ in kept)]).astype(np.int32),
        np.concatenate([np.zeros(0), *(_column(one.confidence, rows) for _, _, rows, one in kept)]),
        np.concatenate([np.zeros((0, 4)), *(one.xyxy[rows] for _, _, rows, one in kept)]).astype(np.float64),
        Masks.from_bitmaps(masks) if answers and len(masks) == answers else None,
    )


def _supervision() -> Any:
    try:
        import supervision
    except ImportError as error:
        raise InputError('supervision is not installed: pip install "vision-readiness[supervision]"') from error
    return supervision


def _dataset(splits: Mapping[Split, DetectionDataset], folder: Path, images: FolderImages) -> Dataset:
    roots = _roots(splits)
    used = {name for held in splits.values() for one in held.annotations.values() for name in _names(one, held.classes)}
    names = [name for held in splits.values() for name in held.classes if name not in roots - used]
    classes = tuple(dict.fromkeys(names))
    parts = [_part(split, held, classes, folder, images) for split, held in splits.items()]
    has_masks = bool(used) and all(part.rows.outline is not None for part in parts)
    return assemble(Task.SEGMENTATION if has_masks else Task.DETECTION, classes, parts).dataset


def _part(split: Split, held: DetectionDataset, classes: Sequence[str], folder: Path, images: FolderImages) -> Part:
    keys = [Path(path).absolute().relative_to(folder).as_posix() for path in held.image_paths]
    ones = [held.annotations[path] for path in held.image_paths]
    number = {name: label for label, name in enumerate(classes)}
    counts = [len(one) for one in ones]
    image = np.repeat(np.arange(len(ones)), counts).astype(np.int32)
    label = np.array([number[name] for one in ones for name in _names(one, held.classes)], dtype=np.int32)
    box = np.concatenate([np.zeros((0, 4)), *(one.xyxy for one in ones)]).astype(np.float64)
    sides = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    area = np.concatenate([np.zeros(0), *(_column(one.data.get("area"), slice(None), one) for one in ones)])
    crowd = np.concatenate([np.zeros(0), *(_column(one.data.get("iscrowd"), slice(None), one) for one in ones)])
    drawn = [bitmap for one in ones if one.mask is not None for bitmap in one.mask]
    codes = Masks.from_bitmaps(drawn) if drawn and len(drawn) == len(label) else None
    outline = None if codes is None else [codes.rle(row) for row in range(len(codes))]
    rows = Rows(
        image, label, box, np.where(area > 0, area, sides), crowd.astype(bool), [] if not len(label) else outline
    )
    return Part(split, keys, image_sizes(images, keys), rows)


def _names(one: Detections, classes: Sequence[str]) -> list[str]:
    """The class of each detection, by name."""
    told = one.data.get("class_name")
    if told is not None:
        return [str(name) for name in told]
    if one.class_id is None and len(one):
        raise InputError("Detections of supervision's have no class; give those of a detector.")
    places = [] if one.class_id is None else one.class_id.tolist()
    if any(not 0 <= place < len(classes) for place in places):
        raise InputError(f"A detection of supervision's is of class {max(places)}, and {len(classes)} are named.")
    return [classes[int(place)] for place in places]


def _column(values: Any, rows: Any, one: Detections | None = None) -> NDArray[np.float64]:
    """A column as numbers; zeros where there is none."""
    held = np.zeros(0 if one is None else len(one)) if values is None else np.asarray(values, dtype=np.float64)
    taken: NDArray[np.float64] = held[rows]
    return taken


def _bitmaps(masks: Masks | None, rows: NDArray[np.integer[Any]]) -> NDArray[np.bool_] | None:
    """Masks of one image in supervision's form, of shape (rows, height, width)."""
    return np.stack([masks.bitmap(int(row)) for row in rows]) if masks is not None and len(rows) else None


def _roots(splits: Mapping[Split, DetectionDataset]) -> set[str]:
    """The categories that the exports beside the images leave out: their synthetic roots."""
    folders = {Path(path).parent for held in splits.values() for path in held.image_paths[:1]}
    files = []
    for path in sorted(folder / ANNOTATIONS for folder in folders):
        try:
            read = json.loads(path.read_bytes())
            files.append((str(path), list(read["categories"]), list(read["annotations"])))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):  # supervision read it, or it is not there
            continue
    declared = {str(row.get("name")) for _, categories, _ in files for row in categories if isinstance(row, dict)}
    return declared - set(read_categories(files).classes)
