from __future__ import annotations

import numpy as np

from vision_readiness.inspect.conditions import measured_conditions
from vision_readiness.inspect.feature_columns import FeatureColumns
from vision_readiness.inspect.features import ImageFeatures, Measures
from vision_readiness.project import Task
from vision_readiness.testing import a_dataset

BOX = (1.0, 1.0, 9.0, 9.0)


def measured(means, sharpness=None, objects=None, **options):
    """The conditions of images with these mean grey values (None for one that was not decoded), as lists of rows."""
    sharpness = sharpness or [1.0] * len(means)
    rows = [
        None if mean is None else Measures(9, 9, float(mean), 50.0, 200.0, 0.0, 0.0, sharp, bytes(32))
        for mean, sharp in zip(means, sharpness, strict=True)
    ]
    features = FeatureColumns.of([ImageFeatures("0", row, None if row else "empty") for row in rows])
    counts = objects or [1] * len(means)
    dataset = a_dataset({f"{n}.jpg": [("cat", BOX)] * count for n, count in enumerate(counts)}, **options)
    found = measured_conditions(dataset, features)
    assert all(condition.origin == "measured" for condition in found.values())
    return {
        name: {level: np.flatnonzero(mask).tolist() for level, mask in condition.members.items()}
        for name, condition in found.items()
    }


def test_brightness_is_in_thirds_of_the_whole_data_set():
    assert measured([50, 10, 200, 90, 20, 190])["brightness"] == {
        "darkest third": [1, 4],
        "middle third": [0, 3],
        "brightest third": [2, 5],
    }


def test_an_image_that_was_not_decoded_is_in_no_third():
    levels = measured([10, None, 100, 200])["brightness"]
    assert sorted(row for rows in levels.values() for row in rows) == [0, 2, 3]


def test_values_that_hardly_vary_are_no_condition():
    assert measured([100, 100.5, 101, 101.5, 102], [1, 1.01, 1.02, 1.03, 1.04]) == {}


def test_sharpness_counts_by_its_share_not_its_unit():
    levels = measured([100] * 3, [0.01, 0.02, 0.03])["sharpness"]
    assert levels == {"least sharp third": [0], "middle third": [1], "sharpest third": [2]}


def test_an_image_whose_sharpness_cannot_be_told_is_in_no_third():
    levels = measured([100] * 4, [1.0, 2.0, 3.0, np.nan])["sharpness"]
    assert all(3 not in rows for rows in levels.values())


def test_crowding_is_named_by_the_numbers_it_counted():
    assert measured([100] * 7, objects=[1, 2, 3, 4, 9, 5, 0]) == {
        "crowding": {"1-2 objects": [0, 1], "3-4 objects": [2, 3], "5-9 objects": [4, 5]}
    }


def test_ties_are_never_torn_apart():
    assert measured([100] * 5, objects=[1, 1, 1, 1, 2]) == {"crowding": {"1 object": [0, 1, 2, 3], "2 objects": [4]}}


def test_crowding_needs_boxes_and_numbers_that_differ():
    assert measured([100] * 4, objects=[1, 1, 2, 3], task=Task.MULTILABEL) == {}
    assert measured([100] * 3, objects=[1, 1, 1]) == {}
    assert measured([100] * 3, objects=[0, 0, 0], classes=["cat"]) == {}


def test_nothing_is_measured_where_nothing_was_decoded():
    assert measured([None, None]) == {}
    assert measured([]) == {}


def test_the_month_in_which_a_camera_took_a_picture_is_measured():
    rows = [Measures(9, 9, 99.0, 50.0, 200.0, 0.0, 0.0, 1.0, bytes(32), month) for month in (0, 12, 1)]
    features = FeatureColumns.of([ImageFeatures("0", row, None) for row in rows])
    taken = measured_conditions(a_dataset({f"{n}.jpg": [("cat", BOX)] for n in range(3)}), features)["month"]
    assert taken.origin == "EXIF"
    assert {month: mask.tolist() for month, mask in taken.members.items()} == {
        "January": [False, False, True],
        "December": [False, True, False],
    }
