"""A small export whose objects are red and green cells, and a model that finds exactly such cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SIDE = 64
CLASSES = ("red", "green")
ROOT = {"id": 0, "name": "cells", "supercategory": "none"}
CATEGORIES = [ROOT, *({"id": n, "name": name, "supercategory": "cells"} for n, name in enumerate(CLASSES, start=1))]


def small_export(root: Path, *, train: int = 2, valid: int = 2, test: int = 3, pale: int = 0) -> Path:
    """A COCO export of ``SIDE`` px pictures with two cells of each class; in ``pale`` test pictures reds are pale."""
    number = 0
    for split, count in {"train": train, "valid": valid, "test": test}.items():
        (root / split).mkdir(parents=True)
        images: list[dict[str, Any]] = []
        boxes: list[dict[str, Any]] = []
        for place in range(count):
            name = f"{split}{place}_png.rf.{number:032x}.png"
            cells = np.random.default_rng(number).permutation(64)[:4]
            _picture(number, cells, pale=split == "test" and place < pale).save(root / split / name)
            images.append({"id": place, "file_name": name, "width": SIDE, "height": SIDE})
            for order, cell in enumerate(cells.tolist()):
                box = [cell % 8 * 8, cell // 8 * 8, 8, 8]
                boxes.append({"id": len(boxes), "image_id": place, "category_id": order // 2 + 1, "bbox": box})
            number += 1
        document = {"images": images, "annotations": boxes, "categories": CATEGORIES}
        (root / split / "_annotations.coco.json").write_text(json.dumps(document))
    return root


def perfect_answers(root: Path, *splits: str) -> list[dict[str, Any]]:
    """Rows of a predictions file that answer every object of ``splits`` (valid and test) exactly."""
    rows = []
    for split in splits or ("valid", "test"):
        document = json.loads((root / split / "_annotations.coco.json").read_text())
        names = {image["id"]: image["file_name"] for image in document["images"]}
        rows += [
            {
                "image_id": f"{split}/{names[box['image_id']]}",
                "category_id": CLASSES[box["category_id"] - 1],
                "bbox": box["bbox"],
                "score": 0.9,
            }
            for box in document["annotations"]
        ]
    return rows


def _picture(seed: int, cells: np.ndarray, *, pale: bool) -> Image.Image:
    """Grey cells like no other picture's, two of them red and two green."""
    rng = np.random.default_rng(seed)
    grid = np.repeat(rng.integers(60, 200, (8, 8, 1), dtype=np.uint8), 3, axis=2)
    strong = rng.integers(150, 250, 4)
    for order, cell in enumerate(cells.tolist()):
        colour = np.zeros(3, np.uint8)
        colour[order // 2] = 8 if pale and order < 2 else strong[order]
        grid[cell // 8, cell % 8] = colour
    return Image.fromarray(np.kron(grid, np.ones((8, 8, 1), np.uint8)))
