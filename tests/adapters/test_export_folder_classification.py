from __future__ import annotations

import pytest

from tests.adapters.exports import picture, put
from vision_readiness.errors import TaskError
from vision_readiness.project import DefectKind, Split, Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder import ExportFolder


def load(path, **more):
    return ExportFolder(path, **more).version().dataset


def pictures(root, *keys):
    for key in keys:
        put(root / key, picture())
    return root


def test_a_folder_is_a_class_and_a_label_has_no_box(tmp_path):
    dataset = load(
        pictures(tmp_path, "train/shoe/a.jpg", "train/hat/b.jpg", "validation/hat/c.jpg", "test/t-shirt/d.jpg")
    )
    assert (dataset.task, dataset.classes) == (Task.CLASSIFICATION, ("hat", "shoe", "t-shirt"))
    assert dataset.images.key == ("train/hat/b.jpg", "train/shoe/a.jpg", "validation/hat/c.jpg", "test/t-shirt/d.jpg")
    assert dataset.objects.label.tolist() == [0, 1, 0, 2]
    assert dataset.images.of(Split.VALID).tolist() == [False, False, True, False]
    assert not dataset.objects.box.any()
    assert not dataset.images.width.any()


def test_a_single_class_is_still_a_data_set(tmp_path):
    assert load(pictures(tmp_path, "train/hat/a.jpg", "test/hat/b.jpg")).classes == ("hat",)


def test_an_empty_class_folder_is_a_class(tmp_path):
    pictures(tmp_path, "train/hat/a.jpg")
    (tmp_path / "train/shoe").mkdir()
    assert load(tmp_path).classes == ("hat", "shoe")


def test_an_image_outside_the_class_folders_is_a_defect(tmp_path):
    dataset = load(pictures(tmp_path, "train/hat/a.jpg", "train/loose.jpg", "train/hat/._a.jpg"))
    (defect,) = dataset.defects
    assert (defect.kind, defect.where, len(dataset.images)) == (DefectKind.UNLABELLED_IMAGE, "train/loose.jpg", 2)


def test_images_and_labels_without_a_description_are_not_taken_for_classes(tmp_path):
    pictures(tmp_path, "train/images/a.jpg")
    put(tmp_path / "train/labels/a.txt", "0 0.5 0.5 1 1")
    with pytest.raises(ExportError, match="not an export that can be read"):
        load(tmp_path)


def test_ones_in_a_sheet_are_labels_and_its_header_names_the_classes(tmp_path):
    pictures(tmp_path, "train/a.jpg", "train/b.jpg", "train/c.jpg", "valid/d.jpg")
    put(tmp_path / "train/_classes.csv", "filename, wet, broken\na.jpg, 1, 1\nb.jpg,0,0\n\nc.jpg,0,1\n")
    put(tmp_path / "valid/_classes.csv", "filename, broken, rusty\nd.jpg, 1, 1\n")
    dataset = load(tmp_path)
    assert (dataset.task, dataset.classes) == (Task.MULTILABEL, ("wet", "broken", "rusty"))
    assert list(zip(dataset.objects.image.tolist(), dataset.objects.label.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (2, 1),
        (3, 1),
        (3, 2),
    ]
    assert dataset.defects == ()


def test_what_a_sheet_says_wrongly_becomes_defects(tmp_path):
    pictures(tmp_path, "train/a.jpg", "train/b.jpg", "train/loose.jpg")
    lines = ["filename,wet,broken", "a.jpg,yes,1", "b.jpg,1", "../x.jpg,1,1", "a.jpg,0,1", "gone.jpg,1,0"]
    put(tmp_path / "train/_classes.csv", "\n".join(lines))
    dataset = load(tmp_path)
    assert dataset.images.key == ("train/a.jpg", "train/b.jpg", "train/gone.jpg", "train/loose.jpg")
    assert len(dataset.objects) == 3
    assert [(defect.kind, defect.where) for defect in dataset.defects] == [
        (DefectKind.UNKNOWN_IMAGE, "train/_classes.csv"),
        (DefectKind.UNKNOWN_IMAGE, "train/_classes.csv"),
        (DefectKind.UNREADABLE_BOX, "train/_classes.csv"),
        (DefectKind.UNREADABLE_BOX, "train/_classes.csv"),
        (DefectKind.UNLABELLED_IMAGE, "train/loose.jpg"),
    ]


@pytest.mark.parametrize("text", ["", "filename\na.jpg", "name,cat\na.jpg,1", "filename,cat\n" + "x" * 200_000 + ",1"])
def test_a_sheet_that_is_none_is_one_line_that_names_it(tmp_path, text):
    put(tmp_path / "train/_classes.csv", text)
    with pytest.raises(ExportError, match=r"_classes\.csv"):
        load(tmp_path)


def test_semantic_segmentation_gets_one_clear_line(tmp_path):
    pictures(tmp_path, "train/a.jpg", "train/a_mask.png")
    put(tmp_path / "train/_classes.csv", "Pixel Value, Class\n0, background\n1, road\n")
    with pytest.raises(TaskError, match="semantic segmentation masks, which are not judged"):
        load(tmp_path)


@pytest.mark.parametrize("key", ["train/hat/a.jpg", "train/_classes.csv"])
def test_another_task_cannot_be_forced(tmp_path, key):
    put(tmp_path / key, picture() if key.endswith("jpg") else "filename,cat\na.jpg,1")
    with pytest.raises(TaskError, match="leave the task out"):
        load(tmp_path, task=Task.DETECTION)
