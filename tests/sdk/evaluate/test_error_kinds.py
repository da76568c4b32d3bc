import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.error_kinds import ErrorKind, delta_ap, find_errors
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import Matches
from vision_readiness.project import Predictions
from vision_readiness.testing import a_dataset

CAT, DOG = (10.0, 10.0, 30.0, 30.0), (34.0, 10.0, 54.0, 30.0)


def matched(*answers: tuple[str, float, tuple[float, float, float, float]]) -> Matches:
    """One image with a cat and a dog, and one that is empty, with answers to the first."""
    dataset = a_dataset({"test/a.jpg": [("cat", CAT), ("dog", DOG)], "test/b.jpg": []}, classes=("cat", "dog"))
    label, score, box = zip(*answers, strict=True)
    predictions = Predictions(
        np.ones(2, bool),
        np.zeros(len(answers), np.int32),
        np.array([dataset.classes.index(name) for name in label], np.int32),
        np.array(score),
        np.array(box),
    )
    return match(dataset, predictions)


def shifted(box: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return (box[0] + by, box[1], box[2] + by, box[3])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (("dog", 0.5, CAT), ErrorKind.CLASSIFICATION),
        (("cat", 0.5, shifted(CAT, 10)), ErrorKind.LOCALISATION),
        (("dog", 0.5, shifted(CAT, -8)), ErrorKind.BOTH),
        (("cat", 0.5, (50.0, 36.0, 60.0, 46.0)), ErrorKind.BACKGROUND),
    ],
)
def test_an_answer_is_wrong_in_one_way(answer, kind):
    matches = matched(answer)
    errors = find_errors(matches)
    assert [name for name, rows in errors.wrong.items() if rows.any()] == [kind]


def test_a_second_answer_to_an_object_is_a_duplicate():
    matches = matched(("cat", 0.9, CAT), ("cat", 0.5, shifted(CAT, 1)))
    errors = find_errors(matches)
    assert errors.wrong[ErrorKind.DUPLICATE].tolist() == [False, True]


def test_a_truth_is_missed_unless_a_wrong_answer_was_meant_for_it():
    missed = find_errors(matched(("dog", 0.5, CAT))).missed
    assert missed.tolist() == [False, True]


def test_mending_gives_the_truth_to_the_best_of_the_answers_meant_for_it():
    matches = matched(("cat", 0.6, shifted(CAT, 10)), ("cat", 0.4, shifted(CAT, 9)), ("dog", 0.9, DOG))
    gains = delta_ap(matches, find_errors(matches), ErrorKind.LOCALISATION)
    assert gains.tolist() == [pytest.approx(1.0), 0.0]


@given(st.integers(0, 10_000))
def test_every_answer_that_took_nothing_has_one_kind(seed):
    made_set = made(seed, images=10, crowd=True)
    matches = match(made_set.dataset, made_set.predictions)
    errors = find_errors(matches)
    kinds = np.sum(list(errors.wrong.values()), axis=0)
    took = matches.answers.hit[:, 0] | matches.answers.ignored[:, 0]
    np.testing.assert_array_equal(kinds, ~took)


@given(st.integers(0, 10_000), st.sampled_from(ErrorKind))
def test_mending_never_costs_anything(seed, kind):
    made_set = made(seed, images=10)
    matches = match(made_set.dataset, made_set.predictions)
    gains = delta_ap(matches, find_errors(matches), kind)
    assert (gains[~np.isnan(gains)] >= 0).all()
