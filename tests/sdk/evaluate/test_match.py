from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import MAX_ANSWERS
from vision_readiness.project import Predictions, Task
from vision_readiness.testing import a_dataset

BOX = (0.0, 0.0, 10.0, 10.0)


def answers(dataset, *rows, answered=None):
    """Predictions from (image, label, score, box) rows, in any order of images."""
    rows = sorted(rows, key=lambda row: row[0])
    image, label, score, box = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Predictions(
        np.ones(len(dataset.images), bool) if answered is None else np.array(answered),
        np.array(image, np.int32),
        np.array(label, np.int32),
        np.array(score, np.float64),
        np.array(box, np.float64).reshape(-1, 4),
    )


def test_the_surer_answer_finds_the_object_and_the_other_is_a_false_alarm():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)]})
    matches = match(dataset, answers(dataset, (0, 0, 0.4, BOX), (0, 0, 0.9, (0, 0, 9, 9))))
    assert matches.answers.score.tolist() == [0.9, 0.4]
    assert matches.answers.hit[:, 0].tolist() == [True, False]
    assert matches.truths.found_score.tolist() == [0.9]
    assert matches.answers.hit[0].sum() == 7  # an IoU of 0.81 reaches the levels 0.5 to 0.8


def test_an_answer_of_another_class_is_confused_with_what_it_covers():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)], "test/b.jpg": [("dog", BOX)]})
    matches = match(dataset, answers(dataset, (1, 0, 0.9, BOX)))
    assert matches.answers.confused.tolist() == [True]
    assert matches.truths.label[matches.answers.confused_with].tolist() == [1]
    assert not matches.truths.found.any()


def test_a_crowd_absorbs_any_number_and_is_never_missed():
    dataset = a_dataset({"test/a.jpg": [("cat", (0, 0, 100, 100))]}, crowd=[True])
    matches = match(dataset, answers(dataset, (0, 0, 0.9, BOX), (0, 0, 0.8, (50, 50, 60, 60))))
    assert matches.answers.ignored[:, 0].tolist() == [True, True]
    assert not matches.answers.hit.any()
    assert not matches.truths.found.any()
    assert not matches.answers.confused.any()


def test_an_image_that_was_not_answered_is_left_out():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)], "test/b.jpg": [("cat", BOX)]})
    matches = match(dataset, answers(dataset, (0, 0, 0.9, BOX), answered=[True, False]))
    assert matches.truths.image.tolist() == [0]


def test_an_image_answered_with_nothing_has_missed_its_objects():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)]})
    matches = match(dataset, answers(dataset))
    assert matches.truths.found.tolist() == [False]
    assert len(matches.answers) == 0
    assert matches.answers.hit.shape == (0, 10)


def test_answers_without_any_truth_are_false_alarms():
    dataset = a_dataset({"test/a.jpg": []}, classes=["cat"])
    matches = match(dataset, answers(dataset, (0, 0, 0.9, BOX)))
    for column in (matches.answers.hit, matches.answers.ignored, matches.answers.confused):
        assert not column.any()


def test_a_box_without_area_is_found_by_nothing():
    flat = (5.0, 5.0, 5.0, 5.0)
    dataset = a_dataset({"test/a.jpg": [("cat", flat)]})
    assert not match(dataset, answers(dataset, (0, 0, 0.9, flat))).truths.found.any()


def test_the_answers_of_a_class_in_an_image_are_capped_and_counted():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)], "test/b.jpg": [("cat", BOX)]})
    rows = [(image, 0, 0.5 + n / 1000, (n, 20, n + 5, 25)) for image in (0, 1) for n in range(MAX_ANSWERS + 7)]
    matches = match(dataset, answers(dataset, *rows))
    assert (len(matches.answers), matches.capped) == (2 * MAX_ANSWERS, 14)
    assert matches.answers.score.min() == pytest.approx(0.507)


@given(st.integers(0, 5000), st.randoms(use_true_random=False))
def test_the_order_of_answers_in_an_image_and_of_objects_changes_nothing(seed, random):
    made_set = made(seed, images=6, crowd=True)
    given_rows, objects = made_set.predictions, made_set.dataset.objects
    shuffled = list(range(len(given_rows)))
    random.shuffle(shuffled)
    rows = np.array(sorted(shuffled, key=lambda row: given_rows.image[row]), dtype=int)
    mixed = list(range(len(objects)))
    random.shuffle(mixed)
    other = replace(
        objects,
        **{name: getattr(objects, name)[mixed] for name in ("image", "label", "box", "area", "crowd")},
    )
    again = match(
        replace(made_set.dataset, objects=other),
        replace(given_rows, **{name: getattr(given_rows, name)[rows] for name in ("image", "label", "score", "box")}),
    )
    first = match(made_set.dataset, given_rows)
    for name in ("image", "label", "score", "box", "hit", "ignored", "confused"):
        np.testing.assert_array_equal(getattr(first.answers, name), getattr(again.answers, name))
    for one, two in zip(sorted_truths(first), sorted_truths(again), strict=True):
        assert one == two


def sorted_truths(matches):
    truths = matches.truths
    return sorted(
        zip(truths.image.tolist(), truths.label.tolist(), truths.box.tolist(), truths.found_score.tolist(), strict=True)
    )


@given(st.integers(0, 5000))
def test_every_hit_has_its_truth_and_every_found_truth_its_answer(seed):
    matches = match(
        *[getattr(made(seed, images=6, crowd=True, ties=True), part) for part in ("dataset", "predictions")]
    )
    assert matches.answers.hit[:, 0].sum() == matches.truths.found.sum()
    assert not (matches.answers.hit & matches.answers.ignored).any()
    assert not (matches.answers.confused & matches.answers.hit[:, 0]).any()


@given(st.integers(0, 5000), st.integers(0, 63))
def test_a_part_of_the_images_is_matched_as_the_whole_was(seed, bits):
    made_set = made(seed, images=6)
    part = np.array([bool(bits >> n & 1) for n in range(6)])
    within = match(made_set.dataset, made_set.predictions).within(part)
    rows = part[made_set.predictions.image]
    cut = {name: getattr(made_set.predictions, name)[rows] for name in ("image", "label", "score", "box")}
    alone = match(made_set.dataset, replace(made_set.predictions, answered=part, **cut))
    np.testing.assert_array_equal(within.answers.hit, alone.answers.hit)
    np.testing.assert_array_equal(within.truths.found_score, alone.truths.found_score)
    np.testing.assert_array_equal(within.answers.confused_with, alone.answers.confused_with)


def labelled(task=Task.CLASSIFICATION, **images):
    return a_dataset({f"test/{name}.jpg": labels for name, labels in images.items()}, task=task, classes=["cat", "dog"])


def scores(*rows):
    """A row an image: the scores of cat and dog."""
    return [(image, label, score, (0, 0, 0, 0)) for image, row in enumerate(rows) for label, score in enumerate(row)]


def test_a_classifier_gives_its_top_class_only():
    dataset = labelled(a=["cat"], b=["dog"])
    matches = match(dataset, answers(dataset, *scores((0.9, 0.1), (0.6, 0.4))))
    operating = matches.answers.operating
    assert matches.answers.label[operating].tolist() == [0, 0]
    assert matches.truths.found.tolist() == [True, False]
    wrong = np.flatnonzero(matches.answers.confused)
    assert matches.truths.label[matches.answers.confused_with[wrong]].tolist() == [1]


def test_an_image_without_a_label_is_not_confused_with_the_label_of_the_next():
    dataset = labelled(a=[], b=["dog"])
    matches = match(dataset, answers(dataset, *scores((0.9, 0.1), (0.1, 0.9))))
    assert not matches.answers.confused.any()
    last = labelled(a=["dog"], b=[])
    assert not match(last, answers(last, *scores((0.1, 0.9), (0.9, 0.1)))).answers.confused.any()


def test_each_label_of_an_image_is_judged_on_its_own():
    dataset = labelled(Task.MULTILABEL, a=["cat", "dog"], b=["dog"])
    matches = match(dataset, answers(dataset, *scores((0.9, 0.4), (0.7, 0.8))))
    assert matches.answers.operating.all()
    assert matches.truths.found.all()
    assert sorted(matches.truths.found_score.tolist()) == [0.4, 0.8, 0.9]
    assert matches.answers.hit[:, 0].sum() == 3
