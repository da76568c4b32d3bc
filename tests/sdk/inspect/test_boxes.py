from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.inspect.boxes import box_faults
from vision_readiness.inspect.facts import BoxFault
from vision_readiness.project import Split
from vision_readiness.testing import a_dataset


def faults(labels, size=(100, 80), **options):
    dataset = a_dataset(labels, **options)
    shape = len(dataset.images)
    return box_faults(dataset, np.full(shape, size[0], np.int32), np.full(shape, size[1], np.int32))


def fault_of(*boxes, size=(100, 80), **options):
    found = faults({"valid/a.jpg": [("cat", box) for box in boxes]}, size=size, **options)
    return {fault: boxes.count for fault, boxes in found.items()}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((10, 10, 50, 50), []),
        ((10, 10, 10, 10), [BoxFault.ZERO_AREA]),
        ((10, 10, 10, 50), [BoxFault.ZERO_AREA]),
        ((50, 10, 40, 50), [BoxFault.ZERO_AREA]),
        ((-1, -1, 101, 40), []),
        ((-1.5, 10, 50, 50), [BoxFault.OUTSIDE]),
        ((10, 10, 50, 81.5), [BoxFault.OUTSIDE]),
        ((200, 200, 300, 300), [BoxFault.OUTSIDE]),
        ((10, 10, 13.9, 50), [BoxFault.TINY]),
        ((10, 10, 14, 50), []),
        ((0, 0, 100, 77), [BoxFault.HUGE]),
        ((0, 0, 100, 76), []),
    ],
)
def test_each_fault_begins_where_its_name_says(box, expected):
    assert list(fault_of(box)) == expected


def test_nothing_is_outside_an_image_of_unknown_size():
    assert fault_of((-50, -50, 900, 900), size=(0, 0)) == {}


def test_a_fault_names_image_split_class_and_box():
    (example,) = faults({"valid/a.jpg": [("cat", (10, 10, 10, 10))]})[BoxFault.ZERO_AREA].examples
    assert (example.image, example.split, example.label, example.box) == ("valid/a.jpg", Split.VALID, "cat", (10,) * 4)


def test_a_box_labelled_three_times_could_lose_two():
    assert fault_of((10, 10, 50, 50), (10, 10, 50, 51), (11, 10, 50, 50)) == {BoxFault.DUPLICATE: 2}


def test_overlap_of_another_class_or_image_or_of_a_crowd_is_no_duplicate():
    box = (10, 10, 50, 50)
    assert faults({"a.jpg": [("cat", box), ("dog", box)], "b.jpg": [("cat", box)]}) == {}
    assert fault_of(box, box, crowd=[False, True]) == {}


def test_an_iou_of_exactly_nine_tenths_is_no_duplicate():
    assert fault_of((0, 0, 10, 10), (0, 0, 10, 9)) == {}


def test_examples_stop_at_twelve_and_counts_do_not():
    found = faults({f"{n:02}.jpg": [("cat", (5, 5, 5, 9))] for n in range(20)})[BoxFault.ZERO_AREA]
    assert found.count == 20
    assert [example.image for example in found.examples] == [f"{n:02}.jpg" for n in range(12)]


def test_no_boxes_have_no_faults():
    assert faults({"a.jpg": []}) == {}


corner = st.integers(0, 12)
boxes = st.lists(st.tuples(corner, corner, st.integers(1, 40), st.integers(1, 40)), max_size=12)


@given(boxes, st.randoms(use_true_random=False))
def test_duplicates_are_those_of_a_plain_double_loop_in_any_order(sizes, random):
    found = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in sizes]
    random.shuffle(found)
    ordered = sorted(found, key=lambda box: box)
    repeated = sum(any(iou(box, other) > 0.9 for other in ordered[:place]) for place, box in enumerate(ordered))
    assert fault_of(*found).get(BoxFault.DUPLICATE, 0) == repeated


def iou(one, two):
    wide, high = min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1])
    shared = max(0, wide) * max(0, high)
    area = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)]
    return shared / (sum(area) - shared)
