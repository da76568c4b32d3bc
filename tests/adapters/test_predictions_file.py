import json

import numpy as np
import pytest

from vision_readiness.errors import InputError
from vision_readiness.project import Dataset, ImageTable, ObjectTable, Split, Task
from vision_readiness_adapters.predictions_file import read_predictions

KEYS = ("train/a.jpg", "valid/b.jpg", "test/c.jpg", "test/d.jpg", "valid/c.jpg")
ROW = {"image_id": "test/c.jpg", "category_id": "dog", "bbox": [10, 20, 30, 40], "score": 0.5}


def dataset(task=Task.DETECTION):
    n = len(KEYS)
    split = np.array([0, 1, 2, 2, 1], dtype=np.int8)
    table = ImageTable(KEYS, split, np.arange(n, dtype=np.int32), np.full(n, 100), np.full(n, 80))
    none = np.zeros(0, dtype=np.int32)
    objects = ObjectTable(none, none, np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=bool))
    return Dataset(task, ("cat", "dog"), table, objects)


@pytest.fixture
def read(tmp_path):
    """Reads rows from a file, beside an export whose numbers start anew in each split."""
    for split in ("train", "valid", "test"):
        names = [key.split("/")[1] for key in KEYS if key.startswith(split)]
        document = {
            "images": [{"id": n, "file_name": name} for n, name in enumerate(names)],
            "categories": [{"id": 0, "name": "pets"}, {"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
        }
        (tmp_path / split).mkdir()
        (tmp_path / split / "_annotations.coco.json").write_text(json.dumps(document))

    def reader(rows, task=Task.DETECTION, **options):
        (tmp_path / "answers.json").write_text(json.dumps(rows))
        return read_predictions(tmp_path / "answers.json", dataset(task), **options)

    reader.export = tmp_path
    return reader


def test_names_need_no_export(read):
    found = read([{**ROW, "image_id": "d.jpg", "category_id": "cat"}, ROW])
    assert found.image.tolist() == [2, 3]
    assert found.label.tolist() == [1, 0]
    assert found.box[0].tolist() == [10.0, 20.0, 40.0, 60.0]
    assert found.masks is None


def test_an_image_of_the_split_without_a_row_was_answered_with_nothing(read):
    assert read([ROW]).answered.tolist() == [False, False, True, True, False]
    assert read([]).answered.tolist() == [False, False, True, True, False]
    assert read([], split=Split.VALID).answered.tolist() == [False, True, False, False, True]


def test_names_of_another_split_answer_for_that_split(read):
    assert read([{**ROW, "image_id": "valid/b.jpg"}]).answered.tolist() == [False, True, False, False, True]


def test_a_file_name_key_wins_over_a_number(read):
    assert read([{**ROW, "image_id": 0, "file_name": "test/d.jpg"}]).image.tolist() == [3]


def test_numbers_are_those_of_test_unless_told(read):
    rows = [{**ROW, "image_id": 1, "category_id": 2}]
    assert read(rows, export=read.export).image.tolist() == [3]
    assert read(rows, export=read.export, split=Split.VALID).image.tolist() == [4]
    assert read(rows, export=read.export).label.tolist() == [1]


def test_a_name_in_several_splits_is_that_of_test(read):
    assert read([{**ROW, "image_id": "c.jpg"}]).image.tolist() == [2]


def test_rows_of_one_image_keep_their_order(read):
    found = read([{**ROW, "score": score} for score in (0.1, 0.9, 0.5)])
    assert found.score.tolist() == [0.1, 0.9, 0.5]


@pytest.mark.parametrize(
    "segmentation",
    [[[10, 20, 40, 20, 40, 60, 10, 60]], {"size": [80, 100], "counts": [0, 80, 7920]}],
)
def test_outlines_become_masks(read, segmentation):
    masks = read([{**ROW, "segmentation": segmentation}]).masks
    assert masks is not None
    assert masks.bitmap(0).shape == (80, 100)
    assert masks.bitmap(0).any()


def test_a_classifier_needs_no_box(read):
    found = read([{"image_id": "c.jpg", "category_id": "cat", "score": 1}], task=Task.CLASSIFICATION)
    assert found.box.tolist() == [[0.0] * 4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_id": "x.jpg"}, r"row 1 has image_id 'x\.jpg', which is not an image of the data set"),
        ({"image_id": None}, "row 1 has no image_id"),
        ({"image_id": 7}, "row 1 has image_id 7, which test/_annotations.coco.json lacks \\(it has 0 to 1\\)"),
        ({"image_id": True}, "row 1 has no image_id"),
        ({"category_id": "cow"}, "row 1 has class 'cow'; the classes are cat, dog"),
        ({"category_id": 9}, "row 1 has category_id 9"),
        ({"category_id": 0}, "row 1 has class 'pets'"),
        ({"category_id": None}, "row 1 has no category_id"),
        ({"bbox": [1, 2, 3]}, "row 1 has bbox"),
        ({"bbox": [1, 2, "3", 4]}, "row 1 has bbox"),
        ({"bbox": [1, 2, -3, 4]}, "negative side"),
        ({"bbox": [1, 2, float("nan"), 4]}, "row 1 has bbox"),
        ({"bbox": [1, 2, 10**400, 4]}, "row 1 has bbox"),
        ({"bbox": None}, "row 1 has bbox"),
        ({"score": 1.5}, "row 1 has score 1.5: give a number from 0 to 1"),
        ({"score": float("nan")}, "row 1 has score nan"),
        ({"score": "high"}, "row 1 has score high"),
    ],
)
def test_a_bad_row_is_named(read, change, message):
    with pytest.raises(InputError, match=message):
        read([ROW, {**ROW, **change}], export=read.export)


def test_a_row_that_is_no_object_is_named(read):
    with pytest.raises(InputError, match="row 0 is 7"):
        read([7])


@pytest.mark.parametrize("segmentation", ["scribble", [[1, 2, "x", 4, 5, 6]], {"size": [8, 8], "counts": [64]}])
def test_a_bad_outline_is_an_error(read, segmentation):
    with pytest.raises(InputError, match=r"answers\.json"):
        read([{**ROW, "segmentation": segmentation}])


def test_outlines_for_some_rows_only_are_an_error(read):
    with pytest.raises(InputError, match="1 of 2 rows have no segmentation"):
        read([ROW, {**ROW, "segmentation": [[1, 1, 9, 1, 9, 9]]}])


def test_numbers_without_an_export_are_an_error(read):
    with pytest.raises(InputError, match="counts by numbers, and no export explains them"):
        read([{**ROW, "image_id": 0}])
    with pytest.raises(InputError, match="has no _annotations"):
        read([{**ROW, "image_id": 0}], export=read.export / "elsewhere")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[{", "is not complete JSON"),
        (b"{}", "is not a list"),
        (b"\xff\xfe", "is not complete JSON"),
        (b"[" * 99999, "JSON"),
    ],
)
def test_a_damaged_file_is_one_line(tmp_path, content, message):
    (tmp_path / "answers.json").write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_predictions(tmp_path / "answers.json", dataset())
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_predictions(tmp_path / "answers.json", dataset())
