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


def lines(tmp_path, text, name="answers.json"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def test_one_row_a_line_is_read(read):
    path = lines(read.export, "\n".join(json.dumps({**ROW, "score": score}) for score in (0.2, 0.9)))
    assert read_predictions(path, dataset()).score.tolist() == [0.2, 0.9]


def test_a_whole_coco_file_brings_its_own_numbers(read):
    document = {
        "images": [{"id": 0, "file_name": "d.jpg"}],
        "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}],
        "annotations": [{**ROW, "image_id": 0, "category_id": 1}],
    }
    found = read(document)
    assert (found.image.tolist(), found.label.tolist()) == ([3], [1])


def test_numbers_as_text_and_with_a_point_are_numbers(read):
    plain = read([{**ROW, "image_id": 1, "category_id": 2}], export=read.export)
    for image, category in (("1", "2"), (1.0, 2.0)):
        found = read([{**ROW, "image_id": image, "category_id": category}], export=read.export)
        assert (found.image.tolist(), found.label.tolist()) == (plain.image.tolist(), plain.label.tolist())


def test_a_name_with_another_suffix_and_folder_is_found_by_its_stem(read):
    assert read([{**ROW, "image_id": "/content/resized/d.png"}]).image.tolist() == [3]


def test_classes_counted_one_too_high_are_said(read):
    rows = [{**ROW, "category_id": number} for number in (1, 2, 3)]
    with pytest.raises(InputError, match="subtract 1"):
        read(rows, export=read.export)


def test_answers_by_image_as_roboflow_and_fiftyone_write_them(read):
    box = {"x": 25, "y": 40, "width": 30, "height": 40, "class": "dog", "confidence": 0.5}
    shares = {"label": "dog", "bounding_box": [0.1, 0.25, 0.3, 0.5], "confidence": 0.5}
    for document in (
        {"c.jpg": {"predictions": [box]}},
        [{"image": "c.jpg", "predictions": [box]}],
        {"samples": [{"filepath": "/data/c.jpg", "predictions": {"detections": [shares]}}]},
    ):
        found = read(document)
        assert (found.image.tolist(), found.label.tolist()) == ([2], [1])
        assert found.box.tolist() == [[10.0, 20.0, 40.0, 60.0]]


def test_the_answers_to_one_image_without_its_name_are_refused(read):
    with pytest.raises(InputError, match="not its name"):
        read({"predictions": [], "image": {"width": 3}})


def test_a_folder_of_text_files_with_scores_is_read(tmp_path):
    lines(tmp_path, "1 0.25 0.5 0.3 0.5 0.75\n", "c.txt")
    found = read_predictions(tmp_path, dataset())
    assert (found.image.tolist(), found.label.tolist(), found.score.tolist()) == ([2], [1], [0.75])
    np.testing.assert_allclose(found.box, [[10.0, 20.0, 40.0, 60.0]])
    lines(tmp_path, "1 0.25 0.5 0.3 0.5\n", "d.txt")
    with pytest.raises(InputError, match="save_conf"):
        read_predictions(tmp_path, dataset())


def test_a_mask_without_a_box_has_the_box_around_it(read):
    row = {**ROW, "segmentation": [[10, 20, 40, 20, 40, 60, 10, 60]]}
    del row["bbox"]
    assert read([row], task=Task.SEGMENTATION).box.tolist() == [[10.0, 20.0, 40.0, 60.0]]


def test_boxes_in_another_form_are_said(read):
    rng = np.random.default_rng(2)
    near = rng.uniform(5, 40, (40, 2))
    corners = np.concatenate([near, near + rng.uniform(5, 40, (40, 2))], axis=1)
    with pytest.raises(InputError, match="corners"):
        read([{**ROW, "bbox": box} for box in corners.tolist()])
    with pytest.raises(InputError, match="shares"):
        read([{**ROW, "bbox": box} for box in (corners / [100, 80, 100, 80]).tolist()])


def test_names_that_are_numbers_are_refused_where_they_may_be_ids_too(tmp_path):
    keys = ("test/0.jpg", "test/1.jpg", "test/2.jpg")
    split = np.full(3, 2, dtype=np.int8)
    table = ImageTable(keys, split, np.arange(3, dtype=np.int32), np.full(3, 100), np.full(3, 80))
    none = np.zeros(0, dtype=np.int32)
    objects = ObjectTable(none, none, np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=bool))
    numbered = Dataset(Task.DETECTION, ("cat", "dog"), table, objects)
    (tmp_path / "test").mkdir()
    ids = [{"id": 2 - n, "file_name": f"{n}.jpg"} for n in range(3)]
    categories = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    (tmp_path / "test/_annotations.coco.json").write_text(json.dumps({"images": ids, "categories": categories}))
    path = lines(tmp_path, json.dumps([{**ROW, "image_id": 0, "category_id": 1}]))
    with pytest.raises(InputError, match="give file names"):
        read_predictions(path, numbered, export=tmp_path)
