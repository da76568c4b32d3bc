"""Small exports, written by hand for one test each."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = {"id": 0, "name": "things", "supercategory": "none"}
CAT = {"id": 1, "name": "cat", "supercategory": "things"}
DOG = {"id": 2, "name": "dog", "supercategory": "things"}


def picture(width: int = 8, height: int = 6, *, orientation: int | None = None, form: str = "JPEG") -> bytes:
    """The bytes of a grey image, with an EXIF orientation if one is given."""
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(buffer, form, exif=exif)
    return buffer.getvalue()


def put(path: Path, content: bytes | str | object) -> Path:
    """A file with ``content``: bytes and text as they are, anything else as JSON. Folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def coco_image(number: object, name: object, **more: object) -> dict[str, Any]:
    return {"id": number, "file_name": name, "width": 8, "height": 6, **more}


def coco_box(
    number: object, image: object, category: object, bbox: object = (1, 1, 4, 3), **more: object
) -> dict[str, Any]:
    return {"id": number, "image_id": image, "category_id": category, "bbox": bbox, **more}


def coco(
    folder: Path,
    images: list[Any],
    annotations: list[Any],
    categories: list[Any] | None = None,
    *,
    files: bool = True,
) -> Path:
    """``folder`` with COCO annotations, and with the images they name if ``files``."""
    chosen = [ROOT, CAT, DOG] if categories is None else categories
    put(folder / "_annotations.coco.json", {"images": images, "annotations": annotations, "categories": chosen})
    for image in images if files else ():
        put(folder / image["file_name"], picture())
    return folder


def yolo(root: Path, files: dict[str, str | None], names: str = "[cat, dog]", more: str = "") -> Path:
    """A YOLO export: ``files`` maps ``split/stem`` to its label text, ``None`` for no label file."""
    put(root / "data.yaml", f"train: ../train/images\nval: ../valid/images\nnc: 2\nnames: {names}\n{more}")
    for name, text in files.items():
        split, stem = name.split("/")
        put(root / split / "images" / f"{stem}.jpg", picture(100, 50))
        if text is not None:
            put(root / split / "labels" / f"{stem}.txt", text)
    return root


def voc_sheet(name: str | None, *objects: tuple[str, int, int, int, int]) -> str:
    """The XML of one image; each object is a name and its corners."""
    boxes = "".join(
        f"<object><name>{label}</name><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax>"
        "</bndbox></object>"
        for label, x1, y1, x2, y2 in objects
    )
    named = f"<filename>{name}</filename>" if name else ""
    return f"<annotation>{named}<size><width>8</width><height>6</height></size>{boxes}</annotation>"
