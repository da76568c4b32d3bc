from __future__ import annotations

import pytest

from tests.adapters.exports import picture, put, voc_sheet
from vision_readiness.errors import TaskError
from vision_readiness.project import DefectKind, Split, Task
from vision_readiness_adapters.export_folder import ExportFolder

CAT, DOG = ("cat", 1, 1, 4, 5), ("dog", 0, 0, 8, 6)


def load(path, **more):
    return ExportFolder(path, **more).version().dataset


@pytest.mark.parametrize(
    ("images", "sheets"), [("images", "annotations"), ("JPEGImages", "Annotations"), (".", "."), ("images", ".")]
)
def test_corners_are_taken_as_written_wherever_the_files_lie(tmp_path, images, sheets):
    put(tmp_path / images / "a.jpg", picture())
    put(tmp_path / sheets / "a.xml", voc_sheet("a.jpg", DOG, CAT))
    version = ExportFolder(tmp_path).version()
    dataset = version.dataset
    assert (dataset.task, dataset.classes) == (Task.DETECTION, ("cat", "dog"))
    assert dataset.objects.box.tolist() == [[1, 1, 4, 5], [0, 0, 8, 6]]
    assert (dataset.images.width[0], dataset.images.height[0]) == (8, 6)
    assert dataset.images.of(Split.TRAIN).all()
    assert "no train, valid and test split" in version.announcements[0]


def test_splits_have_files_of_their_own(tmp_path):
    for split in ("train", "valid", "test"):
        put(tmp_path / split / f"{split}.jpg", picture())
        put(tmp_path / split / f"{split}.xml", voc_sheet(f"{split}.jpg", CAT))
    version = ExportFolder(tmp_path).version()
    assert version.dataset.images.key == ("train/train.jpg", "valid/valid.jpg", "test/test.jpg")
    assert version.dataset.images.split.tolist() == [0, 1, 2]
    assert version.announcements == ()


@pytest.mark.parametrize("named", [None, "elsewhere.jpg", "b.jpg", "../../b.jpg"])
def test_a_file_belongs_to_the_image_of_its_own_name(tmp_path, named):
    for name in "ab":
        put(tmp_path / f"images/{name}.png", picture(form="PNG"))
    put(tmp_path / "annotations/a.xml", voc_sheet(named, CAT))
    put(tmp_path / "annotations/b.xml", voc_sheet("b.png"))
    dataset = load(tmp_path)
    assert dataset.objects.image.tolist() == [0]
    assert dataset.images.key == ("images/a.png", "images/b.png")
    assert dataset.defects == ()


def test_a_file_without_namesake_belongs_to_the_image_it_names(tmp_path):
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "annotations/0001.xml", voc_sheet("some/where/a.jpg", CAT))
    assert load(tmp_path).images.key == ("images/a.jpg",)


def test_an_image_without_a_file_and_a_file_without_an_image_stay(tmp_path):
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "annotations/gone.xml", voc_sheet("gone.jpg", CAT))
    dataset = load(tmp_path)
    assert dataset.images.key == ("gone.jpg", "images/a.jpg")
    assert [(defect.kind, defect.where) for defect in dataset.defects] == [
        (DefectKind.UNLABELLED_IMAGE, "images/a.jpg")
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<annotation><object>", "not complete XML"),
        ("", "not complete XML"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>', "DOCTYPE"),
    ],
)
def test_a_damaged_or_hostile_file_leaves_its_image_unlabelled(tmp_path, text, says):
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "annotations/a.xml", text)
    put(tmp_path / "annotations/b.xml", voc_sheet("b.jpg", CAT))
    (defect,) = load(tmp_path).defects
    assert (defect.kind, defect.where) == (DefectKind.UNLABELLED_IMAGE, "images/a.jpg")
    assert says in defect.detail


@pytest.mark.parametrize("corner", ["", "left", "nan", "1e300"])
def test_a_box_that_is_none_is_left_out_and_named(tmp_path, corner):
    put(tmp_path / "images/a.jpg", picture())
    text = voc_sheet("a.jpg", CAT, DOG).replace("<xmin>1<", f"<xmin>{corner}<")
    put(tmp_path / "annotations/a.xml", text)
    dataset = load(tmp_path)
    (defect,) = dataset.defects
    assert dataset.objects.label.tolist() == [1]
    assert (defect.kind, defect.where) == (DefectKind.UNREADABLE_BOX, "images/a.jpg")
    assert "'cat'" in defect.detail


def test_swapped_corners_are_put_in_order(tmp_path):
    put(tmp_path / "images/a.jpg", picture())
    text = voc_sheet("a.jpg", CAT).replace("<xmin>1<", "<xmin>9<")
    put(tmp_path / "annotations/a.xml", text)
    dataset = load(tmp_path)
    assert not dataset.defects
    assert (dataset.objects.box[:, 2:] > dataset.objects.box[:, :2]).all()


def test_the_lists_of_the_devkit_part_the_images(tmp_path):
    for stem, split in (("a", "train"), ("b", "val"), ("c", "test"), ("d", "trainval")):
        put(tmp_path / f"JPEGImages/{stem}.jpg", picture())
        put(tmp_path / f"Annotations/{stem}.xml", voc_sheet(f"{stem}.jpg", CAT))
        put(tmp_path / f"ImageSets/Main/{split}.txt", f"{stem}\n")
    images = load(tmp_path).images
    assert images.key == ("JPEGImages/a.jpg", "JPEGImages/b.jpg", "JPEGImages/c.jpg")
    assert images.split.tolist() == [0, 1, 2]


def test_an_object_without_a_name_is_a_defect(tmp_path):
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "annotations/a.xml", voc_sheet("a.jpg", CAT, (" ", 0, 0, 1, 1)))
    (defect,) = load(tmp_path).defects
    assert (defect.kind, defect.where) == (DefectKind.UNKNOWN_CATEGORY, "annotations/a.xml")


def test_two_files_for_one_image_are_both_taken_and_named(tmp_path):
    put(tmp_path / "images/a.jpg", picture())
    put(tmp_path / "annotations/a.xml", voc_sheet("a.jpg", CAT))
    put(tmp_path / "annotations/copy.xml", voc_sheet("a.jpg", DOG))
    dataset = load(tmp_path)
    assert (len(dataset.images), len(dataset.objects), dataset.defects[0].where) == (1, 2, "annotations/copy.xml")


def test_another_task_cannot_be_forced(tmp_path):
    put(tmp_path / "annotations/a.xml", voc_sheet("a.jpg", CAT))
    with pytest.raises(TaskError, match="Pascal VOC"):
        load(tmp_path, task=Task.SEGMENTATION)


def test_objects_that_are_marked_are_known_as_such_and_marks_that_none_has_are_not(tmp_path):
    put(tmp_path / "a.jpg", picture())
    sheet = voc_sheet("a.jpg", DOG, CAT).replace("<name>dog</name>", "<name>dog</name><occluded>1</occluded>")
    put(tmp_path / "a.xml", sheet.replace("<name>cat</name>", "<name>cat</name><truncated>0</truncated>"))
    objects = load(tmp_path).objects
    assert {mark: marked.tolist() for mark, marked in objects.marks.items()} == {"occluded": [False, True]}
