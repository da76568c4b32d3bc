import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.project import Predictions, Task
from vision_readiness.testing import a_dataset

BOX, ASIDE = (0.0, 0.0, 10.0, 10.0), (20.0, 20.0, 30.0, 30.0)


def store(right, wrong, images=None):
    """One object and answer an image: found with each score of ``right``; each score of ``wrong`` beside nothing."""
    images = images or max(len(right), len(wrong))
    dataset = a_dataset({f"test/{n}.jpg": [("cat", BOX)] for n in range(images)})
    rows = sorted(
        [(n, score, BOX) for n, score in enumerate(right)] + [(n, score, ASIDE) for n, score in enumerate(wrong)]
    )
    image, score, box = zip(*rows, strict=True)
    predictions = Predictions(
        np.ones(images, bool), np.array(image, np.int32), np.zeros(len(rows), np.int32), np.array(score), np.array(box)
    )
    return match(dataset, predictions)


def chosen(matches, floors=None, *, valid=None, group=None, names=None):
    images = len(matches.answered)
    return choose_operating_point(
        matches,
        floors or {},
        valid=np.ones(images, bool) if valid is None else valid,
        test=np.ones(images, bool),
        group=np.arange(images, dtype=np.int32) if group is None else group,
        names=names or tuple(f"{n}.jpg" for n in range(images)),
    )


def test_without_floors_the_best_f1_is_taken_half_way_to_the_next_score():
    point = chosen(store([0.9, 0.8, 0.7], [0.2, 0.1]))
    assert point.deployed.tolist() == [pytest.approx(0.45)]
    assert point.origin == ("chosen on valid",)


def test_a_floor_for_precision_raises_the_threshold_that_a_floor_for_recall_lowers():
    right, wrong = list(np.linspace(0.3, 0.95, 40)), list(np.linspace(0.05, 0.6, 40))
    matches = store(right, wrong)
    careful = chosen(matches, {"cat": Floors(recall=0.98, precision=0.3)}).deployed[0]
    exact = chosen(matches, {"cat": Floors(recall=0.3, precision=0.98)}).deployed[0]
    assert careful < exact


def test_equal_scores_stand_or_fall_together():
    matches = store([0.5] * 10, [0.5] * 3)
    point = chosen(matches)
    assert point.given(matches).all()
    assert point.deployed[0] < 0.5


def test_a_threshold_of_the_spec_is_taken_as_it_is():
    point = chosen(store([0.9], [0.2]), {"cat": Floors(threshold=0.33)})
    assert point.deployed.tolist() == [0.33]
    assert point.origin == ("spec",)


def test_a_class_without_answers_or_truths_gets_one_half():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)]}, classes=["cat", "dog"])
    nothing = Predictions(np.ones(1, bool), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))
    assert chosen(match(dataset, nothing)).deployed.tolist() == [0.5, 0.5]


def test_without_valid_no_image_is_judged_at_a_threshold_it_helped_to_choose():
    rng = np.random.default_rng(0)
    matches = store(list(rng.uniform(0.2, 1, 40)), list(rng.uniform(0, 0.7, 40)))
    point = chosen(matches, valid=np.zeros(40, bool))
    assert point.origin == ("cross-fitted on test",)
    assert set(point.fold.tolist()) == {0, 1}
    halves = [chosen(matches.within(point.fold != fold), valid=np.ones(40, bool)).deployed[0] for fold in (0, 1)]
    assert point.thresholds[:2, 0].tolist() == halves
    assert point.deployed.tolist() == [chosen(matches).deployed[0]]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=40), st.randoms(use_true_random=False))
def test_halves_follow_the_names_and_keep_groups_together(groups, random):
    group = np.array(groups, dtype=np.int32)
    names = [f"picture-{n}" for n in range(len(group))]
    matches = store([0.9] * len(group), [0.1])
    none = np.zeros(len(group), bool)
    fold = chosen(matches, valid=none, group=group, names=tuple(names)).fold
    for number in set(groups):
        assert len(set(fold[group == number].tolist())) == 1
    order = list(range(len(group)))
    random.shuffle(order)
    again = chosen(matches, valid=none, group=group[order], names=tuple(names[n] for n in order)).fold
    assert again.tolist() == fold[order].tolist()


def test_a_classifier_gives_its_top_answer_at_any_score_unless_a_threshold_is_fixed():
    dataset = a_dataset({"test/a.jpg": ["cat"]}, task=Task.CLASSIFICATION, classes=["cat", "dog"])
    rows = Predictions(
        np.ones(1, bool), np.zeros(2, np.int32), np.arange(2, dtype=np.int32), np.array([0.3, 0.2]), np.zeros((2, 4))
    )
    matches = match(dataset, rows)
    point = chosen(matches, {"dog": Floors(threshold=0.6)})
    assert point.origin == ("top answer", "spec")
    assert point.deployed.tolist() == [0.0, 0.6]
    assert point.found(matches).tolist() == [True]


@given(st.integers(0, 3000))
def test_what_is_found_is_what_a_given_answer_hits(seed):
    made_set = made(seed, images=8)
    matches = match(made_set.dataset, made_set.predictions)
    point = chosen(matches)
    assert point.found(matches).sum() == matches.answers.hit[point.given(matches), 0].sum()
