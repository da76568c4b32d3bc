"""One scene written in every format is one data set, and its damages are named in each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.adapters.exports import picture, put
from tests.command_line import run
from vision_readiness.errors import ReadinessError
from vision_readiness.project import DefectKind, Task
from vision_readiness_adapters.export_folder import FORMATS, ExportFolder, is_export

W, H = 40, 30
SCENE: dict[str, list[tuple[str, float, float, float, float]]] = {
    "train/a.jpg": [("cat", 2, 3, 10, 12), ("dog", 20, 5, 38, 28)],
    "train/b.jpg": [],
    "valid/c.jpg": [("dog", 0, 0, 40, 30)],
    "test/night/d.jpg": [("cat", 4, 4, 8, 9)],
}
"""Pictures with labelled boxes as x1, y1, x2, y2."""


def pictures(root: Path) -> None:
    for key in SCENE:
        put(root / key, picture(W, H))


def labelme(root: Path) -> None:
    for key, objects in SCENE.items():
        shapes = [
            {"label": name, "shape_type": "rectangle", "points": [[x2, y1], [x1, y2]]}
            for name, x1, y1, x2, y2 in objects
        ]
        sheet = {"imagePath": Path(key).name, "imageWidth": W, "imageHeight": H, "shapes": shapes}
        put((root / key).with_suffix(".json"), sheet)


def createml(root: Path) -> None:
    for split in ("train", "valid", "test"):
        entries = [
            {"image": key.partition("/")[2], "annotations": [_centred(*one) for one in objects]}
            for key, objects in SCENE.items()
            if key.startswith(split)
        ]
        put(root / split / "_annotations.createml.json", json.dumps(entries))


def _centred(name: str, x1: float, y1: float, x2: float, y2: float) -> dict[str, Any]:
    box = {"x": (x1 + x2) / 2, "y": (y1 + y2) / 2, "width": x2 - x1, "height": y2 - y1}
    return {"label": name, "coordinates": box}


def cvat(root: Path) -> None:
    images = "".join(
        f'<image id="0" name="{key}" width="{W}" height="{H}">'
        + "".join(
            f'<box label="{name}" xtl="{x1}" ytl="{y1}" xbr="{x2}" ybr="{y2}" occluded="0"/>'
            for name, x1, y1, x2, y2 in objects
        )
        + "</image>"
        for key, objects in SCENE.items()
    )
    put(root / "annotations.xml", f"<?xml version='1.0'?><annotations><version>1.1</version>{images}</annotations>")


def label_studio(root: Path) -> None:
    tasks = [
        {
            "data": {"image": f"/data/local-files/?d=set/{key}"},
            "annotations": [{"result": [_percent(*o) for o in objects]}],
        }
        for key, objects in SCENE.items()
    ]
    put(root / "project-1.json", json.dumps(tasks))


def _percent(name: str, x1: float, y1: float, x2: float, y2: float) -> dict[str, Any]:
    value = {"x": 100 * x1 / W, "y": 100 * y1 / H, "width": 100 * (x2 - x1) / W, "height": 100 * (y2 - y1) / H}
    value["rotation"] = 0
    more = {"original_width": W, "original_height": H, "type": "rectanglelabels"}
    return {"value": {**value, "rectanglelabels": [name]}, **more}


def tensorflow_csv(root: Path) -> None:
    rows = [
        f"{key},{W},{H},{name},{x1},{y1},{x2},{y2}" for key, all_of in SCENE.items() for name, x1, y1, x2, y2 in all_of
    ]
    put(root / "_annotations.csv", "\n".join(["filename,width,height,class,xmin,ymin,xmax,ymax", *rows]))


def open_images(root: Path) -> None:
    rows = [
        f"{Path(key).stem},xclick,/m/{name},1,{x1 / W},{x2 / W},{y1 / H},{y2 / H},0"
        for key, all_of in SCENE.items()
        for name, x1, y1, x2, y2 in all_of
    ]
    head = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsGroupOf"
    put(root / "boxes.csv", "\n".join([head, *rows]))
    put(root / "class-descriptions-boxable.csv", "/m/cat,cat\n/m/dog,dog\n")


WRITERS = (labelme, createml, cvat, label_studio, tensorflow_csv, open_images)
SILENT_ON_EMPTY = (tensorflow_csv, open_images)
"""Formats that have no word for an image without objects."""


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_one_scene_is_one_data_set_in_every_format(tmp_path, write):
    pictures(tmp_path)
    write(tmp_path)
    assert is_export(tmp_path)
    dataset = ExportFolder(tmp_path).version().dataset
    assert (dataset.task, dataset.classes) == (Task.DETECTION, ("cat", "dog"))
    assert dataset.images.key == tuple(SCENE)
    assert dataset.images.split.tolist() == [0, 0, 1, 2]
    assert dataset.objects.image.tolist() == [0, 0, 2, 3]
    assert dataset.objects.label.tolist() == [0, 1, 1, 0]
    expected = [one[1:] for objects in SCENE.values() for one in objects]
    np.testing.assert_allclose(dataset.objects.box, expected, atol=1e-6)
    unsaid = {defect.image for defect in dataset.defects}
    assert unsaid == ({"train/b.jpg"} if write in SILENT_ON_EMPTY else set())


def test_the_command_lists_every_format():
    ran = run("formats")
    assert ran.code == 0
    assert all(one.name in ran.out and one.tells in ran.out for one in FORMATS)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["a.jpg", "b/c.jpg"], "2 pictures and no labels"),
        (["a.jpg", "deep/in/there/a.txt"], "as YOLO does, but no data.yaml"),
        (["data.tfrecord"], "export the version as COCO"),
        (["notes.md"], "holds no picture"),
    ],
)
def test_a_folder_that_is_no_export_is_told_what_it_lacks(tmp_path, files, says):
    for name in files:
        put(tmp_path / name, picture() if name.endswith(".jpg") else "0 1 2")
    with pytest.raises(ReadinessError, match=says):
        ExportFolder(tmp_path)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_a_picture_that_no_document_speaks_of_has_no_truth(tmp_path, write):
    pictures(tmp_path)
    put(tmp_path / "test/more.jpg", picture(W, H))
    write(tmp_path)
    dataset = ExportFolder(tmp_path).version().dataset
    assert "test/more.jpg" in dataset.images.key
    assert not dataset.images.told[dataset.images.key.index("test/more.jpg")]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_a_picture_that_is_missing_keeps_its_labels(tmp_path, write):
    pictures(tmp_path)
    write(tmp_path)
    (tmp_path / "valid/c.jpg").unlink()
    dataset = ExportFolder(tmp_path).version().dataset
    assert len(dataset.images) == len(SCENE)
    assert len(dataset.objects) == 4 or any(defect.kind is DefectKind.UNREADABLE_BOX for defect in dataset.defects)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("damage", ["<", "[", "{", "nan", ""])
def test_damaged_documents_end_in_findings_or_one_line(tmp_path, write, damage):
    """No traceback, and no image less without a word."""
    pictures(tmp_path)
    write(tmp_path)
    for path in sorted([*tmp_path.rglob("*.json"), *tmp_path.rglob("*.xml"), *tmp_path.rglob("*.csv")]):
        text = path.read_text()
        path.write_text(text[: len(text) // 2] + damage)
    try:
        dataset = ExportFolder(tmp_path).version().dataset
    except ReadinessError as error:
        refused = str(error)
        assert "\n" not in refused
    else:
        unsaid = {defect.image for defect in dataset.defects if defect.image}
        assert all(key in dataset.images.key or key in unsaid for key in SCENE)
