from __future__ import annotations

from collections import Counter

import pytest

from tests.adapters.exports import picture, put, yolo
from vision_readiness.errors import TaskError
from vision_readiness.project import DefectKind, Split, Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder import ExportFolder

BOX = "1 0.5 0.5 0.2 0.4\n"
POLYGON = "0 0.1 0.2 0.5 0.2 0.3 0.8\n"


def load(path, **more):
    return ExportFolder(path, **more).version().dataset


def test_relative_boxes_become_corners_in_pixels(tmp_path):
    dataset = load(yolo(tmp_path, {"train/a": BOX, "valid/b": BOX}))
    assert (dataset.task, dataset.classes) == (Task.DETECTION, ("cat", "dog"))
    assert dataset.images.key == ("train/images/a.jpg", "valid/images/b.jpg")
    assert dataset.objects.box.tolist() == [[40, 15, 60, 35]] * 2
    assert dataset.objects.area.tolist() == [400, 400]
    assert (dataset.images.width.tolist(), dataset.images.height.tolist()) == ([100, 100], [50, 50])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_size_is_that_of_the_oriented_image(tmp_path, form):
    yolo(tmp_path, {"train/a": BOX})
    put(tmp_path / "train/images/a.jpg", picture(100, 50, orientation=8, form=form))
    dataset = load(tmp_path)
    assert (dataset.images.width[0], dataset.images.height[0]) == (50, 100)
    assert dataset.objects.box.tolist() == [[20, 30, 30, 70]]


def test_an_empty_file_is_a_null_image_and_no_file_is_a_defect(tmp_path):
    dataset = load(yolo(tmp_path, {"train/a": "\n", "train/b": None}))
    (defect,) = dataset.defects
    assert len(dataset.images) == 2
    assert (defect.kind, defect.where) == (DefectKind.UNLABELLED_IMAGE, "train/images/b.jpg")


def test_a_label_file_without_image_is_a_defect_but_a_class_list_is_not(tmp_path):
    yolo(tmp_path, {"train/a": BOX})
    put(tmp_path / "train/labels/gone.txt", BOX)
    put(tmp_path / "train/labels/classes.txt", "cat\ndog\n")
    put(tmp_path / "train/labels/._a.txt", b"\0\5\x16\7")
    (defect,) = load(tmp_path).defects
    assert (defect.kind, defect.where) == (DefectKind.UNKNOWN_IMAGE, "train/labels/gone.txt")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("0 0.5 0.5 0.2", DefectKind.UNREADABLE_BOX),
        ("0 0.5 0.5 0.2 0.4 0.9", DefectKind.UNREADABLE_BOX),
        ("0 0.5 half 0.2 0.4", DefectKind.UNREADABLE_BOX),
        ("0 0.5 nan 0.2 0.4", DefectKind.UNREADABLE_BOX),
        ("0 0.5 1e400 0.2 -inf", DefectKind.UNREADABLE_BOX),
        ("0 0.5 0.5 -0.2 0.4", DefectKind.UNREADABLE_BOX),
        ("2 0.5 0.5 0.2 0.4", DefectKind.UNDECLARED_CLASS),
        ("-1 0.5 0.5 0.2 0.4", DefectKind.UNDECLARED_CLASS),
        ("0.5 0.5 0.5 0.2 0.4", DefectKind.UNDECLARED_CLASS),
        ("nan 0.5 0.5 0.2 0.4", DefectKind.UNDECLARED_CLASS),
    ],
)
def test_a_row_that_cannot_be_taken_is_left_out_and_named(tmp_path, row, kind):
    dataset = load(yolo(tmp_path, {"train/a": BOX + row}))
    assert len(dataset.objects) == 1
    assert Counter(defect.kind for defect in dataset.defects) == {kind: 1}


def test_a_polygon_makes_it_segmentation_unless_the_task_is_given(tmp_path):
    path = yolo(tmp_path, {"train/a": BOX + POLYGON})
    dataset = load(path)
    assert dataset.task is Task.SEGMENTATION
    assert dataset.objects.box.tolist() == [[10, 10, 50, 40], [40, 15, 60, 35]]
    assert dataset.objects.masks.area().tolist() == dataset.objects.area.tolist()
    assert dataset.objects.area[1] == 400
    boxes = load(path, task=Task.DETECTION)
    assert (boxes.objects.masks, boxes.objects.area.tolist()) == (None, [1200, 400])


def test_an_image_whose_size_cannot_be_read_loses_its_labels_and_says_so(tmp_path):
    yolo(tmp_path, {"train/a": BOX, "train/b": BOX})
    put(tmp_path / "train/images/a.jpg", b"")
    dataset = load(tmp_path)
    (defect,) = dataset.defects
    assert dataset.objects.image.tolist() == [1]
    assert (defect.where, "size cannot be read" in defect.detail) == ("train/images/a.jpg", True)


@pytest.mark.parametrize(
    ("names", "expected"),
    [("{1: dog, 0: cat}", ("cat", "dog")), ("[7, 007]", ("7", "007")), ("[no, on]", ("no", "on"))],
)
def test_class_names_are_text_in_the_order_of_their_numbers(tmp_path, names, expected):
    assert load(yolo(tmp_path, {"train/a": BOX}, names)).classes == expected


def test_a_gap_in_the_class_numbers_is_respected(tmp_path):
    dataset = load(yolo(tmp_path, {"train/a": "5 0.5 0.5 0.2 0.4"}, "{0: cat, 5: dog}"))
    assert (dataset.classes, dataset.objects.label.tolist()) == (("cat", "dog"), [1])


def test_a_class_count_that_disagrees_is_announced(tmp_path):
    version = ExportFolder(yolo(tmp_path, {"train/a": BOX}, "[cat, dog, owl]")).version()
    assert version.announcements == ("data.yaml says nc: 2 but names 3 classes; the names are used.",)


def test_paths_of_another_machine_are_found_here(tmp_path):
    yolo(tmp_path, {"train/a": BOX, "val/b": BOX})
    put(
        tmp_path / "data.yaml",
        "path: /home/someone/data\ntrain: /home/someone/data/train/images\nval: val/images\nnames: [cat, dog]",
    )
    assert load(tmp_path).images.key == ("train/images/a.jpg", "val/images/b.jpg")


def test_splits_below_images_are_found(tmp_path):
    put(tmp_path / "data.yaml", "path: ../datasets/x\ntrain: images/train\nval: images/val\nnames: [cat, dog]")
    for split in ("train", "val"):
        put(tmp_path / f"images/{split}/{split}.jpg", picture())
        put(tmp_path / f"labels/{split}/{split}.txt", BOX)
    dataset = load(tmp_path)
    assert dataset.images.key == ("images/train/train.jpg", "images/val/val.jpg")
    assert len(dataset.objects) == 2


def test_a_path_never_leads_out_of_the_folder(tmp_path):
    put(tmp_path / "secret/images/s.jpg", picture())
    yolo(tmp_path / "export", {"train/a": BOX}, more="test: ../secret/images")
    assert load(tmp_path / "export").images.key == ("train/images/a.jpg",)


def test_a_folder_that_two_splits_name_counts_once_and_is_announced(tmp_path):
    yolo(tmp_path, {"train/a": BOX, "valid/b": BOX}, more="test: ../valid/images")
    version = ExportFolder(tmp_path).version()
    assert version.dataset.images.of(Split.VALID).tolist() == [False, True]
    assert version.announcements == ("1 image is named as valid and as test; it counts as valid.",)


def test_a_flat_folder_is_train_and_that_is_announced(tmp_path):
    put(tmp_path / "data.yaml", "train: ../train/images\nval: ../valid/images\nnames: [cat, dog]")
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "labels/a.txt", BOX)
    version = ExportFolder(tmp_path).version()
    assert version.dataset.images.of(Split.TRAIN).tolist() == [True]
    assert len(version.dataset.objects) == 1
    assert "no train, valid and test split" in version.announcements[0]


def test_the_yaml_itself_may_be_the_source(tmp_path):
    yolo(tmp_path, {"train/a": BOX})
    put(tmp_path / "other.yaml", "names: [left, right]")
    assert load(tmp_path / "data.yaml").classes == ("cat", "dog")
    assert load(tmp_path / "other.yaml").classes == ("left", "right")


@pytest.mark.parametrize(
    "text",
    [
        "names: [cat",
        "- a\n- b",
        "",
        "nc: 2",
        "names: cat",
        "names: [cat, [dog]]",
        "names: {a: b}",
        "a: &a [*a]\nb: *c",
        "[" * 5000,
    ],
)
def test_a_damaged_description_is_one_line_that_names_it(tmp_path, text):
    yolo(tmp_path, {"train/a": BOX})
    put(tmp_path / "data.yaml", text)
    with pytest.raises(ExportError, match=r"data\.yaml") as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_description_without_any_image_is_one_line(tmp_path):
    put(tmp_path / "data.yaml", "names: [cat]")
    with pytest.raises(ExportError, match="no folder of images"):
        load(tmp_path)


def test_keypoints_get_one_clear_line(tmp_path):
    with pytest.raises(TaskError, match="keypoints"):
        load(yolo(tmp_path, {"train/a": BOX}, more="kpt_shape: [17, 3]"))
