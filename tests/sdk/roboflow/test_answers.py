"""Bodies are written by hand after roboflow/inference, entities/responses/inference.py."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.project import Task
from vision_readiness.project.masks import Masks
from vision_readiness.roboflow.answers import found_in, read_answer

PERSON = {"x": 30.0, "y": 20.0, "width": 20.0, "height": 10.0, "confidence": 0.9, "class": "person", "class_id": 7,
          "detection_id": "d-1"}  # fmt: skip
PALLET = {"x": 50, "y": 40, "width": 10, "height": 10, "confidence": 0.95, "class": "pallet", "class_id": 0}
DETECTED = {"inference_id": "i-1", "time": 0.02, "image": {"width": 100, "height": 80}, "predictions": [PERSON, PALLET]}
CLASSIFIED = {"image": {"width": 100, "height": 80}, "time": 0.01, "top": "red", "confidence": 0.7,
              "predictions": [{"class": "red", "class_id": 1, "confidence": 0.7},
                              {"class": "blue", "class_id": 0, "confidence": 0.2}]}  # fmt: skip
SEVERAL = {"image": {"width": 80, "height": 100}, "predicted_classes": ["wet"],
           "predictions": {"wet": {"confidence": 0.8, "class_id": 0},
                           "torn": {"confidence": 0.1, "class_id": 1}}}  # fmt: skip


def detected(*rows, width=100, height=80, **image):
    return {"image": {"width": width, "height": height, **image}, "predictions": list(rows)}


def segmented(**mask):
    return found_in(detected({**PERSON, **mask}), Task.SEGMENTATION, 100, 80)


def test_boxes_are_corners_in_the_picture_best_first_and_classes_are_names():
    found = read_answer(json.dumps(DETECTED).encode(), Task.DETECTION, 100, 80)
    assert found.names == ("pallet", "person")
    assert found.score.tolist() == [0.95, 0.9]
    assert found.box.tolist() == [[45, 35, 55, 45], [20, 15, 40, 25]]
    assert found.seconds == 0.02


def test_labels_follow_the_names_whatever_the_servers_numbers_are():
    found = found_in(DETECTED, Task.DETECTION, 100, 80)
    answer = found.answer(("person", "forklift", "pallet"), Task.DETECTION, {"server": 0.1})
    assert answer.label.tolist() == [2, 0]
    assert answer.label.dtype == np.int32
    assert answer.seconds == {"server": 0.1}


def test_a_server_that_took_the_picture_in_smaller_answers_in_that_size():
    found = found_in(detected(PERSON, width=50, height=20), Task.DETECTION, 100, 80)
    assert found.box.tolist() == [[40, 60, 80, 80]]


def test_an_answer_without_a_size_is_in_that_of_the_picture():
    found = found_in({"predictions": [PERSON]}, Task.DETECTION, 100, 80)
    assert found.box.tolist() == [[20, 15, 40, 25]]


def test_nothing_found_is_an_answer():
    found = found_in(detected(), Task.DETECTION, 100, 80)
    assert (found.names, found.box.shape) == ((), (0, 4))
    assert len(found.answer(("person",), Task.DETECTION, {}).label) == 0
    masks = found_in(detected(), Task.SEGMENTATION, 100, 80).masks
    assert masks is not None
    assert len(masks) == 0


def test_a_list_with_one_answer_is_that_answer():
    assert found_in([DETECTED], Task.DETECTION, 100, 80).names == ("pallet", "person")


sizes = st.integers(1, 4000)
parts = st.tuples(*[st.floats(0.0, 1.0)] * 4)


@given(sizes, sizes, sizes, sizes, st.lists(parts, max_size=5))
def test_a_box_keeps_its_place_in_the_picture_whatever_size_the_server_saw(width, height, seen_w, seen_h, places):
    corners = np.array([[min(a, c), min(b, d), max(a, c), max(b, d)] for a, b, c, d in places]).reshape(-1, 4)
    seen = corners * [seen_w, seen_h, seen_w, seen_h]
    rows = [
        {"x": (x1 + x2) / 2, "y": (y1 + y2) / 2, "width": x2 - x1, "height": y2 - y1, "confidence": 0.5, "class": "a"}
        for x1, y1, x2, y2 in seen.tolist()
    ]
    found = found_in(detected(*rows, width=seen_w, height=seen_h), Task.DETECTION, width, height)
    assert np.allclose(found.box, corners * [width, height, width, height], atol=1e-6)
    assert ((found.box >= 0) & (found.box <= [width, height, width, height])).all()


def test_a_polygon_is_drawn_in_the_picture():
    square = [{"x": 10, "y": 10}, {"x": 30, "y": 10}, {"x": 30, "y": 30}, {"x": 10, "y": 30}]
    assert segmented(points=square).masks.area().tolist() == [400]
    half = found_in(detected({**PERSON, "points": square}, width=50, height=40), Task.SEGMENTATION, 100, 80)
    assert half.masks.size.tolist() == [[80, 100]]
    assert half.masks.area().tolist() == [1600]
    assert half.masks.bitmap(0)[20:60, 20:60].all()


def test_a_polygon_of_two_points_covers_nothing():
    assert segmented(points=[{"x": 1, "y": 1}, {"x": 5, "y": 5}]).masks.area().tolist() == [0]


def test_a_polygon_far_outside_is_cut_at_the_edges():
    far = [{"x": -1e12, "y": -1e12}, {"x": 1e12, "y": -1e12}, {"x": 1e12, "y": 1e12}, {"x": -1e12, "y": 1e12}]
    assert segmented(points=far).masks.area().tolist() == [8000]


def coded(bitmap):
    rle = Masks.from_bitmaps([bitmap]).rle(0)
    return {"size": rle["size"], "counts": rle["counts"].decode()}


def test_a_code_keeps_its_holes():
    ring = np.zeros((80, 100), dtype=bool)
    ring[10:50, 20:70] = True
    ring[20:30, 30:40] = False
    found = segmented(mask_format="rle", rle=coded(ring))
    assert (found.masks.bitmap(0) == ring).all()


@pytest.mark.parametrize("size", [(40, 50), (160, 200), (16, 10)])
def test_a_code_of_another_size_covers_the_same_part(size):
    small = np.zeros(size, dtype=bool)
    small[: size[0] // 2, size[1] // 2 :] = True
    drawn = segmented(rle=coded(small)).masks.bitmap(0)
    expected = np.zeros((80, 100), dtype=bool)
    expected[:40, 50:] = True
    assert (drawn == expected).all()


def test_runs_without_compression_are_a_code_as_well():
    assert segmented(rle={"size": [80, 100], "counts": [0, 80, 7920]}).masks.area().tolist() == [80]


@given(st.data())
def test_any_code_keeps_its_mask(data):
    height, width = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    bits = data.draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    bitmap = np.array(bits).reshape(height, width)
    body = detected({**PERSON, "rle": coded(bitmap)}, width=width, height=height)
    assert (found_in(body, Task.SEGMENTATION, width, height).masks.bitmap(0) == bitmap).all()
    doubled = found_in(body, Task.SEGMENTATION, 2 * width, 2 * height).masks.bitmap(0)
    assert (doubled == bitmap.repeat(2, axis=0).repeat(2, axis=1)).all()


@pytest.mark.parametrize(
    "rle",
    [None, {}, {"size": [80, 100]}, {"size": [80, 100], "counts": "zzzz"}, {"size": [80, 100], "counts": "🙂"},
     {"size": [80, 100], "counts": [9]}, {"size": [80, 100], "counts": [-1, 8001]}, {"size": [80], "counts": []},
     {"size": [2**20, 2**20], "counts": [2**40]}, {"size": ["80", "100"], "counts": [8000]},
     {"size": [80, 100], "counts": [True] * 8000}],
)  # fmt: skip
def test_a_code_that_does_not_fill_its_size_is_refused(rle):
    with pytest.raises(ValueError, match="mask"):
        segmented(rle=rle)


def test_a_classifier_has_a_score_for_each_class_and_0_for_one_that_was_left_out():
    found = found_in(CLASSIFIED, Task.CLASSIFICATION, 100, 80)
    answer = found.answer(("blue", "green", "red"), Task.CLASSIFICATION, {})
    assert answer.score.tolist() == [0.2, 0.0, 0.7]
    assert answer.label.tolist() == [0, 1, 2]
    assert not answer.box.any()


def test_several_labels_come_by_name_also_those_below_the_threshold():
    answer = found_in(SEVERAL, Task.MULTILABEL, 100, 80).answer(("torn", "wet"), Task.MULTILABEL, {})
    assert answer.score.tolist() == [0.1, 0.8]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "JSON"), ("<html>", "JSON"), ("[" * 100_000, "JSON"), ("[]", "predictions"), ("null", "predictions"),
        ("7", "predictions"), ('{"message": "no"}', "predictions"), ('{"predictions": {}}', "predictions"),
        ('{"predictions": [7]}', "predictions"), ('{"is_stub": true, "predictions": []}', "stub"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_one_line(body, word):
    with pytest.raises(ValueError, match=word) as refused:
        read_answer(body.encode(), Task.DETECTION, 100, 80)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "spoilt",
    [{"x": None}, {"x": "left"}, {"width": float("nan")}, {"height": float("inf")}, {"confidence": 40},
     {"confidence": None}, {"confidence": -0.1}, {"class": None}, {"class": ""}, {"class": ["person"]}],
)  # fmt: skip
def test_a_row_that_is_not_whole_spoils_the_answer_because_leaving_it_out_would_be_a_miss(spoilt):
    with pytest.raises(ValueError, match="predictions"):
        found_in(detected(PALLET, {**PERSON, **spoilt}), Task.DETECTION, 100, 80)


def test_a_detector_is_no_instance_segmentation_model():
    with pytest.raises(ValueError, match="instance segmentation"):
        segmented()


def test_an_image_of_more_pixels_than_any_has_is_refused():
    with pytest.raises(ValueError, match="pixels"):
        found_in(detected(PERSON, width=10**6, height=10**6), Task.DETECTION, 100, 80)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PERSON, "rle", "points"]), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries({"image": values, "predictions": st.lists(values, max_size=3)}), st.sampled_from(list(Task))
)
def test_any_json_is_read_or_refused(body, task):
    try:
        found = found_in(body, task, 10, 10)
    except ValueError:
        return
    assert len(found.names) == len(found.score) == len(found.box)
