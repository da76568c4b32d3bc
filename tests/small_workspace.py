"""A workspace small enough to be read hundreds of times: the first images of a bundled project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from vision_readiness_adapters.bundled_projects import bundled_workspace

WORKSPACE, PROJECT, NUMBER = "acme", "dock-packages", 3


def small_workspace(folder: Path, images: int = 8) -> Path:
    """``folder`` with ``images`` of each split of the ready project, its model and its notes, which are made to fit."""
    whole = bundled_workspace() / WORKSPACE / PROJECT / str(NUMBER)
    made = folder / WORKSPACE / PROJECT / str(NUMBER)
    for split in ("train", "valid", "test"):
        (made / split).mkdir(parents=True)
        read = json.loads((whole / split / "_annotations.coco.json").read_text())
        read["images"] = read["images"][:images]
        kept = {image["id"] for image in read["images"]}
        read["annotations"] = [row for row in read["annotations"] if row["image_id"] in kept]
        (made / split / "_annotations.coco.json").write_text(json.dumps(read))
        for image in read["images"]:
            shutil.copy(whole / split / image["file_name"], made / split)
    for name in ("model.onnx", "README.roboflow.txt", "README.dataset.txt"):
        shutil.copy(whole / name, made)
    notes = json.loads((whole / "version.json").read_text())
    for part in (notes["project"], notes["version"]):
        part |= {"images": 3 * images, "splits": dict.fromkeys(("train", "valid", "test"), images)}
    (made / "version.json").write_text(json.dumps(notes))
    return folder
