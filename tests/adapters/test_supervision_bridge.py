from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from tests.conftest import REPOSITORY
from vision_readiness.errors import InputError
from vision_readiness.project import Predictions, Split, Task
from vision_readiness.project.masks import Masks
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.supervision_bridge import (
    SupervisionSource,
    from_detections,
    to_detection_dataset,
    to_detections,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # supervision's own imports
    supervision = pytest.importorskip("supervision")

DOCK = bundled_workspace() / "acme" / "dock-packages" / "3"
MASKS = REPOSITORY / "fixtures" / "acme" / "parcel-masks" / "2"


def loaded(folder, *, masks=False):
    return {
        split: supervision.DetectionDataset.from_coco(
            str(folder / split.value), str(folder / split.value / "_annotations.coco.json"), force_masks=masks
        )
        for split in Split
    }


@pytest.fixture(scope="module")
def dock():
    return ExportFolder(DOCK).version().dataset


def same(one, other, *, within=1e-3):
    assert (one.task, one.classes, one.images.key) == (other.task, other.classes, other.images.key)
    assert np.array_equal(one.images.split, other.images.split)
    assert np.array_equal(one.objects.label, other.objects.label)
    assert np.allclose(one.objects.box, other.objects.box, atol=within)


def test_a_data_set_of_supervision_is_the_export_without_its_root(dock):
    held = loaded(DOCK)
    assert held[Split.TEST].classes[0] == "dock-objects"
    source = SupervisionSource(held, named="acme/dock-packages/3")
    version = source.version()
    same(version.dataset, dock)
    assert str(version.id) == "acme/dock-packages/3"
    assert source.images.read(version.dataset.images.key[0])[:2] == b"\xff\xd8"


def test_masks_come_along():
    made = SupervisionSource(loaded(MASKS, masks=True)).version().dataset
    held = ExportFolder(MASKS).version().dataset
    assert made.task is held.task is Task.SEGMENTATION
    assert np.array_equal(np.bincount(made.objects.label), np.bincount(held.objects.label))
    assert np.allclose(np.sort(made.objects.area), np.sort(held.objects.area), rtol=0.2, atol=30)


def test_an_unlabelled_class_stays_where_no_export_says_that_it_is_a_root(tmp_path):
    for split in Split:
        (tmp_path / split.value).mkdir()
        read = json.loads((DOCK / split.value / "_annotations.coco.json").read_text())
        read["images"], read["annotations"] = read["images"][:2], [a for a in read["annotations"] if a["image_id"] < 2]
        (tmp_path / f"{split.value}.json").write_text(json.dumps(read))
        for image in read["images"]:
            name = image["file_name"]
            (tmp_path / split.value / name).write_bytes((DOCK / split.value / name).read_bytes())
    held = {
        split: supervision.DetectionDataset.from_coco(
            str(tmp_path / split.value), str(tmp_path / f"{split.value}.json")
        )
        for split in Split
    }
    assert SupervisionSource(held).version().dataset.classes[0] == "dock-objects"


@pytest.mark.parametrize("folder", [DOCK, MASKS])
def test_there_and_back_changes_nothing(folder):
    held = ExportFolder(folder).version().dataset
    there = {split: to_detection_dataset(held, folder, split) for split in Split}
    same(SupervisionSource(there).version().dataset, held, within=1e-4)
    assert there[Split.TEST].classes == list(held.classes)


def test_all_splits_make_one_data_set_unless_one_is_named(dock):
    assert len(to_detection_dataset(dock, DOCK)) == len(dock.images)
    assert len(to_detection_dataset(dock, DOCK, Split.TEST)) == int(dock.images.of(Split.TEST).sum())


def test_a_classification_is_refused():
    held = ExportFolder(REPOSITORY / "fixtures" / "acme" / "crate-grading" / "2").version().dataset
    with pytest.raises(InputError, match="classification"):
        to_detection_dataset(held, "")


def predictions(dataset, *, masked=False):
    image = np.flatnonzero(dataset.images.of(Split.TEST))[[0, 0, 2]].astype(np.int32)
    answered = dataset.images.of(Split.TEST)
    box = np.array([[1, 2, 30, 40], [5, 5, 9, 9], [0, 0, 20, 20]], dtype=np.float64)
    bitmaps = [np.pad(np.ones((3, row + 1), bool), ((0, 93), (0, 127 - row))) for row in range(3)]
    masks = Masks.from_bitmaps(bitmaps) if masked else None
    return Predictions(answered, image, np.array([0, 2, 1], np.int32), np.array([0.9, 0.5, 0.7]), box, masks)


@pytest.mark.parametrize("masked", [False, True])
def test_predictions_come_back_as_they_went(dock, masked):
    given = predictions(dock, masked=masked)
    found = to_detections(given, dock)
    assert len(found) == 140
    back = from_detections(found, dock)
    for column in ("answered", "image", "label", "score", "box"):
        assert np.array_equal(getattr(back, column), getattr(given, column))
    if masked:
        assert all(np.array_equal(back.masks.bitmap(row), given.masks.bitmap(row)) for row in range(3))


def test_classes_are_matched_by_name_and_those_unknown_left_out(dock):
    key = dock.images.key[int(np.flatnonzero(dock.images.of(Split.TEST))[0])]
    one = supervision.Detections(
        xyxy=np.zeros((3, 4)), confidence=np.array([0.9, 0.8, 0.7]), class_id=np.array([0, 1, 2])
    )
    back = from_detections({key.rpartition("/")[2]: one}, dock, classes=["dock-objects", "person", "package"])
    assert [dock.classes[label] for label in back.label] == ["person", "package"]
    assert back.answered.sum() == 1


def test_what_cannot_be_taken_is_told(dock):
    key = dock.images.key[0]
    boxes = np.zeros((1, 4))
    score = np.array([0.5])
    unclear = [
        ({"nothing.jpg": supervision.Detections.empty()}, "no image nothing.jpg"),
        ({key: supervision.Detections(xyxy=boxes, class_id=np.array([0]))}, "no confidence"),
        ({key: supervision.Detections(xyxy=boxes, confidence=score)}, "no class"),
        ({key: supervision.Detections(xyxy=boxes, confidence=score, class_id=np.array([7]))}, "of class 7"),
    ]
    for found, said in unclear:
        with pytest.raises(InputError, match=said):
            from_detections(found, dock)


def test_images_that_are_no_files_are_refused():
    held = supervision.DetectionDataset(["a"], ["nowhere/1.jpg"], {"nowhere/1.jpg": supervision.Detections.empty()})
    with pytest.raises(InputError, match="are not files"):
        SupervisionSource({Split.TEST: held})


def test_no_answers_give_empty_columns(dock):
    back = from_detections({dock.images.key[0]: supervision.Detections.empty()}, dock)
    assert (len(back), back.answered.sum(), back.box.shape) == (0, 1, (0, 4))
