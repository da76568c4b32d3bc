"""The zip of an export: the folder's own files, or another format made from its data set."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from vision_readiness.project import SPLITS, Dataset, Task
from vision_readiness_adapters.testing.shelf import Kept, Picture

COCO = frozenset({"coco", "coco-segmentation"})
YOLO = frozenset({"yolov5pytorch", "yolov7pytorch", "yolov8", "yolov9", "yolov11"})
OURS = frozenset({"model.onnx", "spec.yaml", "version.json", "waivers.yaml"})
"""What lies beside an export in an offline workspace, and is not part of it."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def archive(kept: Kept, format_: str) -> bytes | None:
    """The zip of a version in a format, the same bytes each time; ``None`` for a format that it cannot have.

    A folder that has the format is packed as it is. COCO is made from any boxes or masks, YOLO from boxes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as zipped:
        files = _files(kept, format_)
        if files is None:
            return None
        for name, data in files:
            zipped.writestr(zipfile.ZipInfo(name, _LONG_AGO), data)
    return packed.getvalue()


def _files(kept: Kept, format_: str) -> Iterator[tuple[str, bytes]] | None:
    if format_ in _own_formats(kept.folder):
        return _as_it_is(kept.folder)
    task = kept.held.dataset.task
    if format_ in COCO and task.has_boxes:
        return _coco(kept)
    if format_ in YOLO and task is Task.DETECTION:
        return _yolo(kept)
    return None


def _own_formats(folder: Path) -> frozenset[str]:
    """The formats of the files that are there."""
    if any(folder.glob("*/_annotations.coco.json")):
        return COCO
    if (folder / "data.yaml").is_file():
        return YOLO
    if any(folder.glob("*/_classes.csv")):
        return frozenset({"multiclass"})
    nested = (path for path in folder.glob("*/*") if path.is_dir())
    return frozenset({"folder"}) if any(nested) else frozenset({"voc"})


def _as_it_is(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in OURS:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _coco(kept: Kept) -> Iterator[tuple[str, bytes]]:
    dataset = kept.held.dataset
    root = str(kept.notes["project"].get("annotation") or kept.id.project)
    classes = [{"id": row, "name": name, "supercategory": root} for row, name in enumerate(dataset.classes, start=1)]
    categories = [{"id": 0, "name": root, "supercategory": "none"}, *classes]
    for split in SPLITS:
        rows = np.flatnonzero(dataset.images.of(split))
        if not len(rows):
            continue
        pictures = [kept.pictures[row] for row in rows]
        images = [
            {"id": number, "license": 1, "file_name": picture.name, "height": picture.height, "width": picture.width}
            for number, picture in enumerate(pictures)
        ]
        whole = {"info": {"year": "2026", "version": str(kept.id.number), "description": "Exported from roboflow.com"},
                 "licenses": [], "categories": categories, "images": images,
                 "annotations": list(_annotations(dataset, rows))}  # fmt: skip
        yield f"{split.value}/_annotations.coco.json", json.dumps(whole).encode()
        yield from ((f"{split.value}/{picture.name}", kept.bytes_of(picture)) for picture in pictures)


def _annotations(dataset: Dataset, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[dict[str, Any]]:
    objects, place = dataset.objects, {int(row): number for number, row in enumerate(rows)}
    mine = np.flatnonzero(np.isin(objects.image, rows))
    for number, row in enumerate(mine):
        left, top, right, bottom = objects.box[row].tolist()
        outline: Any = []
        if objects.masks is not None:
            code = objects.masks.rle(int(row))
            outline = {"size": code["size"], "counts": code["counts"].decode()}
        yield {"id": number, "image_id": place[int(objects.image[row])], "category_id": int(objects.label[row]) + 1,
               "bbox": [left, top, right - left, bottom - top], "area": float(objects.area[row]),
               "segmentation": outline, "iscrowd": int(objects.crowd[row])}  # fmt: skip


def _yolo(kept: Kept) -> Iterator[tuple[str, bytes]]:
    classes = kept.held.dataset.classes
    places = {"train": "../train/images", "val": "../valid/images", "test": "../test/images"}
    address = {"workspace": kept.id.workspace, "project": kept.id.project, "version": kept.id.number}
    whole = {**places, "nc": len(classes), "names": list(classes), "roboflow": address}
    yield "data.yaml", json.dumps(whole, indent=1).encode()  # JSON is YAML
    for picture in kept.pictures:
        stem = picture.name.rpartition(".")[0]
        yield f"{picture.split}/images/{picture.name}", kept.bytes_of(picture)
        yield f"{picture.split}/labels/{stem}.txt", "".join(_lines(picture, classes)).encode()


def _lines(picture: Picture, classes: tuple[str, ...]) -> Iterator[str]:
    for box in picture.boxes:
        x, y = box["x"] / picture.width, box["y"] / picture.height
        yield f"{classes.index(box['label'])} {x:.6f} {y:.6f} {box['width'] / picture.width:.6f} "
        yield f"{box['height'] / picture.height:.6f}\n"
