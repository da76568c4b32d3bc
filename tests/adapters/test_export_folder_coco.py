from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.exports import CAT, DOG, ROOT, coco, coco_box, coco_image, picture, put
from vision_readiness.errors import ReadinessError, TaskError
from vision_readiness.project import DefectKind, Split, Task
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder import ExportFolder


def load(path, **more):
    return ExportFolder(path, **more).version().dataset


def kinds(dataset):
    return Counter(defect.kind for defect in dataset.defects)


def test_boxes_become_corners_and_the_synthetic_root_is_no_class(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 2, [1, 2, 3, 4], area=7, iscrowd=1)])
    dataset = load(tmp_path)
    assert (dataset.task, dataset.classes) == (Task.DETECTION, ("cat", "dog"))
    assert dataset.objects.label.tolist() == [1]
    assert dataset.objects.box.tolist() == [[1.0, 2.0, 4.0, 6.0]]
    assert (dataset.objects.area.tolist(), dataset.objects.crowd.tolist()) == ([7.0], [True])
    assert dataset.objects.box.dtype == np.float64
    assert dataset.images.key == ("train/a.jpg",)


def test_text_numbers_and_missing_area_and_crowd_are_read(tmp_path):
    boxes = [coco_box(0, 0, 1, ["1", "2.5", 3, 4]), coco_box(1, "0", "1", [0, 0, 2, 2], area="4.5")]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], boxes)
    objects = load(tmp_path).objects
    assert objects.box.tolist() == [[0, 0, 2, 2], [1, 2.5, 4, 6.5]]
    assert objects.area.tolist() == [4.5, 12.0]
    assert not objects.crowd.any()


def test_zero_area_and_out_of_frame_boxes_stay_as_they_are(tmp_path):
    coco(
        tmp_path / "train",
        [coco_image(0, "a.jpg")],
        [coco_box(0, 0, 1, [3, 3, 0, 0]), coco_box(1, 0, 1, [-5, 2, 40, 40])],
    )
    dataset = load(tmp_path)
    assert dataset.objects.box.tolist() == [[-5, 2, 35, 42], [3, 3, 3, 3]]
    assert dataset.defects == ()


def test_a_root_with_the_name_of_its_class_leaves_the_class(tmp_path):
    categories = [{"id": 0, "name": "cat", "supercategory": "none"}, {"id": 1, "name": "cat", "supercategory": "cat"}]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)], categories)
    dataset = load(tmp_path)
    assert (dataset.classes, dataset.objects.label.tolist(), dataset.defects) == (("cat",), [0], ())


def test_a_namesake_of_the_root_stays_a_class_even_when_nobody_labelled_it(tmp_path):
    categories = [
        {"id": 0, "name": "cat", "supercategory": "none"},
        {"id": 1, "name": "cat", "supercategory": "cat"},
        {"id": 2, "name": "dog", "supercategory": "cat"},
    ]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 2)], categories)
    dataset = load(tmp_path)
    assert (dataset.classes, dataset.objects.label.tolist()) == (("cat", "dog"), [1])


def test_a_root_that_another_split_references_is_a_class_everywhere(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)])
    coco(tmp_path / "valid", [coco_image(0, "b.jpg")], [coco_box(0, 0, 0)])
    assert load(tmp_path).classes == ("things", "cat", "dog")


def test_a_flat_export_keeps_category_zero(tmp_path):
    categories = [{"id": 0, "name": "cat", "supercategory": "none"}, {"id": 1, "name": "dog", "supercategory": "none"}]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)], categories)
    assert load(tmp_path).classes == ("cat", "dog")


def test_classes_are_matched_by_name_where_ids_differ_between_splits(tmp_path):
    swapped = [ROOT, {**CAT, "id": 2}, {**DOG, "id": 1}, {"id": 3, "name": 7, "supercategory": "things"}]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)])
    coco(tmp_path / "test", [coco_image(0, "b.jpg")], [coco_box(0, 0, 2), coco_box(1, 0, 3)], swapped)
    dataset = load(tmp_path)
    assert dataset.classes == ("cat", "dog", "7")
    assert dataset.objects.label.tolist() == [0, 0, 2]


def test_one_id_with_two_names_is_an_error_that_says_so(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [], [CAT, {**DOG, "id": 1}])
    with pytest.raises(ExportError, match=r"category 1 is both 'cat' and 'dog'"):
        load(tmp_path)


def test_ids_restart_in_each_split_and_folders_may_be_called_val_or_validation(tmp_path):
    for name in ("train", "val", "validation", "test"):
        coco(tmp_path / name, [coco_image(0, f"{name}.jpg")], [coco_box(0, 0, 1)])
    images = load(tmp_path).images
    assert images.key == ("train/train.jpg", "val/val.jpg", "validation/validation.jpg", "test/test.jpg")
    assert images.of(Split.VALID).tolist() == [False, True, True, False]


def test_copies_of_one_source_share_a_number_across_splits(tmp_path):
    names = [f"dock_jpg.rf.{code * 32}.jpg" for code in "ab"]
    coco(tmp_path / "train", [coco_image(i, name) for i, name in enumerate(names)], [])
    coco(tmp_path / "test", [coco_image(0, f"dock_jpg.rf.{'c' * 32}.jpg"), coco_image(1, "gate.jpg")], [])
    assert load(tmp_path).images.source.tolist() == [0, 0, 0, 1]


def test_null_images_are_kept_without_a_defect(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg"), coco_image(1, "empty.jpg")], [coco_box(0, 0, 1)])
    dataset = load(tmp_path)
    assert (len(dataset.images), dataset.objects.image.tolist(), dataset.defects) == (2, [0], ())


def test_an_export_of_null_images_alone_has_empty_columns(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [])
    objects = load(tmp_path).objects
    assert (len(objects), objects.box.shape) == (0, (0, 4))


def test_images_that_were_moved_into_a_folder_are_found(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [], files=False)
    put(tmp_path / "train/images/a.jpg", picture())
    source = ExportFolder(tmp_path)
    assert source.version().dataset.images.key == ("train/images/a.jpg",)
    assert source.images.read("train/images/a.jpg") == picture()


def test_images_of_one_name_in_two_folders_stay_apart(tmp_path):
    images = [coco_image(0, "a.jpg"), coco_image(1, "cam/a.jpg"), coco_image(2, "images/a.jpg")]
    coco(tmp_path / "train", images, [])
    assert load(tmp_path).images.key == ("train/a.jpg", "train/cam/a.jpg", "train/images/a.jpg")


def test_apple_double_files_are_ignored(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [])
    put(tmp_path / "train/._a.jpg", b"\0\5\x16\7")
    put(tmp_path / "train/.__annotations.coco.json", b"\0\5\x16\7")
    dataset = load(tmp_path)
    assert (dataset.images.key, dataset.defects) == (("train/a.jpg",), ())


def test_listed_images_without_a_file_stay_and_files_without_an_entry_are_a_defect(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "gone.jpg")], [], files=False)
    put(tmp_path / "train/loose.jpg", picture())
    put(tmp_path / "test/unlabelled.jpg", picture())
    dataset = load(tmp_path)
    assert dataset.images.key == ("train/gone.jpg", "train/loose.jpg", "test/unlabelled.jpg")
    assert [(d.kind, d.where) for d in dataset.defects] == [
        (DefectKind.UNLABELLED_IMAGE, "test/unlabelled.jpg"),
        (DefectKind.UNLABELLED_IMAGE, "train/loose.jpg"),
    ]


@pytest.mark.parametrize(
    ("annotation", "kind", "where", "says"),
    [
        (coco_box("x9", 0, 77), DefectKind.UNKNOWN_CATEGORY, "train/a.jpg", "'x9' has category 77"),
        (coco_box(9, 0, [1]), DefectKind.UNKNOWN_CATEGORY, "train/a.jpg", "category [1]"),
        (coco_box(9, 55, 1), DefectKind.UNKNOWN_IMAGE, "train/_annotations.coco.json", "annotation 9 is on image 55"),
        (coco_box(9, 0, 1, [1, 2, 3]), DefectKind.UNREADABLE_BOX, "train/a.jpg", "[1, 2, 3]"),
        (coco_box(9, 0, 1, None), DefectKind.UNREADABLE_BOX, "train/a.jpg", "None"),
        (coco_box(9, 0, 1, [0, 0, float("nan"), 1]), DefectKind.UNREADABLE_BOX, "train/a.jpg", "nan"),
        (coco_box(9, 0, 1, [0, 0, 1e308, 1e308]), DefectKind.UNREADABLE_BOX, "train/a.jpg", "1e+308"),
        (coco_box(9, 0, 1, [5, 5, -3, 2]), DefectKind.UNREADABLE_BOX, "train/a.jpg", "-3"),
        ("not an annotation", DefectKind.UNKNOWN_IMAGE, "train/_annotations.coco.json", "None"),
    ],
)
def test_an_annotation_that_cannot_be_taken_is_left_out_and_named(tmp_path, annotation, kind, where, says):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1), annotation])
    dataset = load(tmp_path)
    (defect,) = dataset.defects
    assert len(dataset.objects) == 1
    assert (defect.kind, defect.where) == (kind, where)
    assert says in defect.detail


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/passwd", "a/../../b.jpg", "C:\\x.jpg", "a\0.jpg", "", None, 5])
def test_a_file_name_that_leads_out_of_the_folder_is_a_defect(tmp_path, name):
    put(tmp_path / "secret.jpg", picture())
    coco(tmp_path / "export/train", [coco_image(0, name), coco_image(1, "a.jpg")], [coco_box(3, 0, 1)], files=False)
    dataset = load(tmp_path / "export")
    assert dataset.images.key == ("train/a.jpg",)
    assert kinds(dataset) == {DefectKind.UNKNOWN_IMAGE: 2}


def test_a_file_listed_twice_is_a_defect(tmp_path):
    images = [coco_image(0, "a.jpg"), coco_image(2, "a.jpg")]
    coco(tmp_path / "train", images, [coco_box(0, 0, 1), coco_box(1, 2, 2, [0, 0, 1, 1])])
    dataset = load(tmp_path)
    assert dataset.images.key == ("train/a.jpg",)
    assert dataset.objects.image.tolist() == [0, 0]
    assert kinds(dataset) == {DefectKind.UNKNOWN_IMAGE: 1}


def test_no_box_of_an_image_id_that_two_images_share_lands_on_either(tmp_path):
    images = [coco_image(0, "a.jpg"), coco_image(0, "b.jpg"), coco_image(1, "c.jpg")]
    coco(tmp_path / "train", images, [coco_box(0, 0, 1), coco_box(1, 1, 2, [0, 0, 1, 1])])
    dataset = load(tmp_path)
    assert dataset.images.key == ("train/a.jpg", "train/b.jpg", "train/c.jpg")
    assert dataset.objects.image.tolist() == [2]
    assert dataset.images.told.tolist() == [False, False, True]
    assert kinds(dataset) == {DefectKind.CONTRADICTION: 2, DefectKind.UNKNOWN_IMAGE: 1}


def test_the_order_of_a_file_changes_nothing(tmp_path):
    images = [coco_image(i, f"{name}.jpg") for i, name in enumerate("dbca")]
    boxes = [coco_box(i, i % 4, 1 + i % 2, [i % 3, 0, 2, 2]) for i in range(10)] + [coco_box(99, 0, 9)]
    coco(tmp_path / "one/train", images, boxes)
    coco(tmp_path / "two/train", images[::-1], boxes[::-1], [DOG, CAT, ROOT])
    one, two = load(tmp_path / "one"), load(tmp_path / "two")
    assert one.images.key == two.images.key
    assert one.classes == two.classes
    assert one.defects == two.defects
    for column in ("image", "label", "box", "area", "crowd"):
        assert np.array_equal(getattr(one.objects, column), getattr(two.objects, column))


def test_annotations_at_the_root_are_train_and_that_is_announced(tmp_path):
    coco(tmp_path, [coco_image(0, "a.jpg")], [])
    version = ExportFolder(tmp_path).version()
    assert version.dataset.images.of(Split.TRAIN).all()
    assert "no train, valid and test split" in version.announcements[0]


TRIANGLE = [[1, 1, 5, 1, 3, 4]]


def test_a_polygon_makes_it_segmentation_and_a_box_beside_it_is_its_rectangle(tmp_path):
    boxes = [coco_box(0, 0, 1, [1, 1, 4, 3], segmentation=TRIANGLE), coco_box(1, 0, 2, [0, 0, 2, 2], segmentation=[])]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], boxes)
    dataset = load(tmp_path)
    masks = dataset.objects.masks
    assert dataset.task is Task.SEGMENTATION
    assert masks.size.tolist() == [[6, 8], [6, 8]]
    assert dataset.objects.area.tolist() == masks.area().tolist()
    assert masks.bitmap(1).sum() == 4


def test_polygons_that_repeat_every_box_are_detection(tmp_path):
    corners = [[1, 1, 5, 1, 5, 4, 1, 4]]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1, [1, 1, 4, 3], segmentation=corners)])
    assert load(tmp_path).task is Task.DETECTION
    assert load(tmp_path, task=Task.SEGMENTATION).objects.masks.area().tolist() == [12.0]


def test_the_task_can_be_forced_to_detection(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1, segmentation=TRIANGLE)])
    dataset = load(tmp_path, task=Task.DETECTION)
    assert (dataset.task, dataset.objects.masks) == (Task.DETECTION, None)
    with pytest.raises(TaskError, match="classification"):
        load(tmp_path, task=Task.CLASSIFICATION)


def test_run_length_codes_are_masks_compressed_or_not(tmp_path):
    from pycocotools import mask

    pixels = np.zeros((6, 8), dtype=np.uint8, order="F")
    pixels[1:4, 2:6] = 1
    code = mask.encode(pixels)
    compressed = {"size": [6, 8], "counts": code["counts"].decode()}
    plain = {"size": [6, 8], "counts": [13, 3, 3, 3, 3, 3, 3, 3, 14]}
    boxes = [coco_box(i, 0, 1, segmentation=code) for i, code in enumerate((compressed, plain))]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], boxes)
    masks = load(tmp_path).objects.masks
    assert all((masks.bitmap(row) == pixels.astype(bool)).all() for row in (0, 1))


@pytest.mark.parametrize(
    "outline",
    [
        {"size": [6, 8], "counts": [100, 3]},
        {"size": [6, 8], "counts": [-1, 49]},
        {"size": [60000, 80000], "counts": [4800000000]},
        {"size": [6, 8], "counts": "zzzzzzzzzzzzzzz"},
        {"size": [6, 8], "counts": "é~"},
        {"size": [6, 8]},
        [[0, 0, 1e9, 0, 1e9, 1e9]],
        [[0, 0, float("nan"), 0, 1, 1]],
        [[0, 0, 1, 0, 1, 1, 2]],
        [["a", "b", "c", "d", "e", "f"]],
        "everything",
    ],
)
def test_an_outline_that_cannot_be_drawn_is_a_defect(tmp_path, outline):
    boxes = [coco_box(0, 0, 1, segmentation=TRIANGLE), coco_box(7, 0, 2, segmentation=outline)]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], boxes)
    dataset = load(tmp_path)
    (defect,) = dataset.defects
    assert len(dataset.objects) == len(dataset.objects.masks) == 1
    assert (defect.kind, defect.where) == (DefectKind.UNREADABLE_BOX, "train/a.jpg")
    assert "annotation 7" in defect.detail


def test_masks_are_drawn_in_the_oriented_frame_when_no_size_is_declared(tmp_path):
    image = {"id": 0, "file_name": "a.jpg"}
    coco(tmp_path / "train", [image], [coco_box(0, 0, 1, segmentation=TRIANGLE)], files=False)
    put(tmp_path / "train/a.jpg", picture(8, 6, orientation=6))
    dataset = load(tmp_path)
    assert dataset.objects.masks.size.tolist() == [[8, 6]]


def test_keypoints_get_one_clear_line(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)], [{**CAT, "keypoints": ["nose"]}])
    with pytest.raises(TaskError, match="holds keypoints, which are not judged"):
        load(tmp_path)


def test_what_a_report_wrote_back_is_no_condition(tmp_path):
    ours = {"vision_readiness_report": "5f0c2b7a9d3e4416", "vision_readiness_why": "missed `cat`"}
    marked = {"user_tags": ["vision-readiness", "vision-readiness-missed"], "user_metadata": ours}
    told = {"user_tags": ["lighting:night"]}
    coco(tmp_path / "train", [coco_image(0, "a.jpg", extra=marked), coco_image(1, "b.jpg", extra=told)], [])
    assert list(load(tmp_path).images.conditions) == ["lighting"]


def test_tags_and_metadata_become_conditions_and_what_is_declared_wins(tmp_path):
    extras = [
        {"user_tags": ["lighting:night", "rainy"], "user_metadata": {"camera": "dock-1", "shift": 2}},
        {"user_tags": ["lighting:day", "camera:dock-9", "a:b:c"], "user_metadata": {"camera": "dock-2", "x": [1]}},
        {"user_tags": "night", "user_metadata": None},
    ]
    images = [
        coco_image(i, f"{name}.jpg", extra=extra) for i, (name, extra) in enumerate(zip("cba", extras, strict=True))
    ]
    coco(tmp_path / "train", images, [])
    conditions = load(tmp_path).images.conditions
    told = {
        name: (condition.origin, {level: mask.tolist() for level, mask in condition.members.items()})
        for name, condition in conditions.items()
    }
    assert told == {
        "a": ("tag", {"b:c": [False, True, False]}),
        "camera": ("declared", {"dock-1": [False, False, True], "dock-2": [False, True, False]}),
        "lighting": ("tag", {"day": [False, True, False], "night": [False, False, True]}),
        "shift": ("declared", {"2": [False, False, True]}),
        "tag": ("tag", {"rainy": [False, False, True]}),
    }


def test_metadata_that_names_images_is_no_condition(tmp_path):
    images = [coco_image(i, f"{i}.jpg", extra={"user_metadata": {"frame": i, "site": "a"}}) for i in range(60)]
    coco(tmp_path / "train", images, [], files=False)
    version = ExportFolder(tmp_path).version()
    assert list(version.dataset.images.conditions) == ["site"]
    assert "'frame' has 60 different values" in version.announcements[0]


def months(folder):
    known = load(folder).images.conditions.get("month")
    return None if known is None else {month: np.flatnonzero(mask).tolist() for month, mask in known.members.items()}


def test_the_month_is_known_from_metadata_tags_and_stamps(tmp_path):
    extras = [
        {"user_metadata": {"captured_at": "2026-01-15T08:00:00Z"}},
        {"user_tags": ["date:20260702"]},
        {"user_metadata": {"month": "12"}},
    ]
    images = [coco_image(i, f"{i}.jpg", extra=extra) for i, extra in enumerate(extras)]
    coco(tmp_path / "declared" / "train", images, [])
    assert months(tmp_path / "declared") == {"January": [0], "December": [2]}
    stamps = ["2026-01-15T08:00:00+00:00", "2026-07-02 09:00:00", "yesterday"]
    images = [{**coco_image(i, f"{i}.jpg"), "date_captured": stamp} for i, stamp in enumerate(stamps)]
    coco(tmp_path / "stamped" / "train", images, [])
    assert months(tmp_path / "stamped") == {"January": [0], "July": [1]}


def test_one_stamp_for_all_images_is_the_moment_of_the_export(tmp_path):
    images = [{**coco_image(i, f"{i}.jpg"), "date_captured": "2026-01-15T08:00:00+00:00"} for i in range(3)]
    coco(tmp_path / "train", images, [])
    assert months(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [
        '{"images": [',
        "",
        "[]",
        "null",
        '{"images": [], "annotations": []}',
        '{"images": {}, "annotations": [], "categories": []}',
    ],
)
def test_a_damaged_or_foreign_json_is_one_line_that_names_the_file(tmp_path, content):
    put(tmp_path / "train/_annotations.coco.json", content)
    with pytest.raises(ExportError, match=r"_annotations\.coco\.json.*export") as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_json_nested_without_end_is_one_line(tmp_path):
    put(tmp_path / "train/_annotations.coco.json", "[" * 200_000)
    with pytest.raises(ExportError, match="not complete JSON"):
        load(tmp_path)


def test_an_export_without_images_or_without_classes_says_so(tmp_path):
    coco(tmp_path / "one/train", [], [])
    coco(tmp_path / "two/train", [coco_image(0, "a.jpg")], [], [])
    with pytest.raises(ExportError, match="holds no image"):
        load(tmp_path / "one")
    with pytest.raises(ExportError, match="declares no class"):
        load(tmp_path / "two")


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "bbox", "name"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SMALL = st.integers(0, 3) | ODD
EXTRA = st.fixed_dictionaries({}, optional={"user_tags": ODD, "user_metadata": ODD})
NAME = st.sampled_from(["a", "b.jpg"]) | ODD
SIDES = st.lists(SMALL, min_size=4, max_size=4) | ODD


def entries(**fields):
    return st.lists(st.fixed_dictionaries({}, optional=fields) | ODD, max_size=4)


IMAGES = entries(id=SMALL, file_name=NAME, width=SMALL, height=SMALL, extra=EXTRA)
BOXES = entries(
    id=SMALL,
    image_id=SMALL,
    category_id=SMALL,
    bbox=SIDES,
    area=ODD,
    iscrowd=SMALL,
    segmentation=st.just(TRIANGLE) | ODD,
)
CATEGORIES = entries(id=SMALL, name=NAME, supercategory=NAME)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    images=IMAGES | st.just([coco_image(0, "a.jpg")]), annotations=BOXES, categories=CATEGORIES | st.just([ROOT, CAT])
)
def test_whatever_the_json_holds_the_answer_is_a_data_set_or_one_clear_error(tmp_path, images, annotations, categories):
    payload = {"images": images, "annotations": annotations, "categories": categories}
    put(tmp_path / "train/_annotations.coco.json", json.dumps(payload))
    try:
        dataset = load(tmp_path)
    except ReadinessError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the other half of the claim is below
    else:
        objects = dataset.objects
        assert np.isfinite(objects.box).all()
        assert np.isfinite(objects.area).all()
        assert ((objects.label >= 0) & (objects.label < len(dataset.classes))).all()
        assert ((objects.image >= 0) & (objects.image < len(dataset.images))).all()


def test_marks_stand_in_an_annotation_or_among_its_attributes(tmp_path):
    boxes = [
        coco_box(0, 0, 1, [0, 0, 2, 2], attributes={"occluded": True, "rotation": 0.0}),
        coco_box(1, 0, 1, [1, 0, 2, 2], attributes={"occluded": False}, truncated="1"),
        coco_box(2, 0, 1, [2, 0, 2, 2], attributes=["occluded"], difficult=0),
        coco_box(3, 0, 9, [3, 0, 2, 2], attributes={"occluded": True}),
    ]
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], boxes)
    coco(tmp_path / "test", [coco_image(0, "b.jpg")], [coco_box(0, 0, 1, [0, 0, 2, 2])])
    marks = load(tmp_path).objects.marks
    assert {mark: marked.tolist() for mark, marked in marks.items()} == {
        "occluded": [True, False, False, False],
        "truncated": [False, True, False, False],
    }
