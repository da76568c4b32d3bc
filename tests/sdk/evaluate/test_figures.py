import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.figures import SIZES, Figures, count_bounds, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.project import Predictions, Task
from vision_readiness.testing import a_dataset


def laid_out(dataset, predictions, group=None, *, threshold=None):
    """Figures on all images, and the whole as a scope."""
    matches = match(dataset, predictions)
    every = np.ones(len(dataset.images), bool)
    group = dataset.images.source if group is None else group
    floors = dict.fromkeys(dataset.classes, Floors(threshold=threshold))
    point = choose_operating_point(matches, floors, valid=every, test=every, group=group, names=dataset.images.key)
    return Figures.at(matches, point, group), scope_of(matches, every)


def of_seed(seed, **options):
    made_set = made(seed, **{"images": 10, "crowd": True, **options})
    return laid_out(made_set.dataset, made_set.predictions)


@given(st.integers(0, 5000))
def test_each_truth_stands_once_in_the_confusions_and_so_does_each_answer(seed):
    figures, scope = of_seed(seed)
    matrix, truths, answers = figures.confusion(scope), figures.matches.truths, figures.matches.answers
    rows = np.bincount(truths.label[scope.truths], minlength=len(matrix) - 1)
    columns = np.bincount(answers.label[scope.answers & figures.given], minlength=len(matrix) - 1)
    assert matrix[:-1].sum(axis=1).tolist() == rows.tolist()
    assert matrix[:, :-1].sum(axis=0).tolist() == columns.tolist()
    assert matrix[-1, -1] == 0


@given(st.integers(0, 5000))
def test_the_average_recall_of_classes_averages_to_that_of_coco(seed):
    figures, scope = of_seed(seed)
    by_class = [one for label in range(3) if (one := figures.average_recall(label, scope)) is not None]
    whole = coco_figures(figures.matches)["ar_100"]
    assert (np.mean(by_class) if by_class else None) == (None if whole is None else pytest.approx(whole, abs=1e-12))


@given(st.integers(0, 5000))
def test_repeated_and_misplaced_answers_are_a_part_of_the_false_alarms(seed):
    figures, scope = of_seed(seed)
    counts = figures.repeated_and_misplaced(scope)
    assert (counts.sum(axis=0) <= figures.confusion(scope)[-1, :-1]).all()


def test_an_answer_is_repeated_on_an_object_that_is_found_and_misplaced_beside_one():
    dataset = a_dataset({"test/a.jpg": [("cat", (0, 0, 10, 10)), ("dog", (60, 0, 70, 10))]}, classes=["cat", "dog"])
    boxes = [(0, 0, 10, 10), (0, 0, 10, 9), (0, 0, 10, 4), (60, 0, 70, 10), (30, 30, 40, 40)]
    rows = Predictions(
        np.ones(1, bool),
        np.zeros(5, np.int32),
        np.zeros(5, np.int32),
        np.array([0.9, 0.8, 0.7, 0.6, 0.5]),
        np.array(boxes, float),
    )
    figures, scope = laid_out(dataset, rows, threshold=0.1)
    assert figures.confusion(scope).tolist() == [[1, 0, 0], [1, 0, 0], [3, 0, 0]]
    assert figures.repeated_and_misplaced(scope).tolist() == [[1, 0], [1, 0]]


@given(st.integers(0, 5000))
def test_recall_and_precision_are_those_of_the_confusions(seed):
    figures, scope = of_seed(seed)
    matrix = figures.confusion(scope)
    for label in range(3):
        recall, precision = figures.recall(label, scope), figures.precision(label, scope)
        assert (recall.hits, recall.trials) == (matrix[label, label], matrix[label].sum())
        assert (precision.hits, precision.trials) == (matrix[label, label], matrix[:, label].sum())


@given(st.integers(0, 5000))
def test_sizes_and_parts_add_up_to_the_whole(seed):
    figures, scope = of_seed(seed)
    first = np.arange(10) < 4
    for label in range(3):
        whole = figures.recall(label, scope).hits
        assert whole == sum(figures.recall(label, scope.of_size(size, figures.matches)).hits for size in SIZES)
        parts = (scope.narrowed(part, figures.matches) for part in (first, ~first))
        assert whole == sum(figures.recall(label, part).hits for part in parts)


def test_a_size_belongs_to_the_level_whose_lower_end_it_is():
    dataset = a_dataset({"test/a.jpg": [("cat", (0, 0, 32, 32)), ("cat", (0, 0, 31, 32)), ("cat", (0, 0, 96, 96))]})
    nothing = Predictions(np.ones(1, bool), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))
    figures, scope = laid_out(dataset, nothing)
    counted = [int(scope.of_size(size, figures.matches).truths.sum()) for size in ("small", "medium", "large")]
    assert counted == [1, 1, 1]


def test_false_alarms_are_counted_on_images_without_any_object():
    dataset = a_dataset({"test/a.jpg": [("cat", (0, 0, 9, 9))], "test/b.jpg": [], "test/c.jpg": [], "test/d.jpg": []})
    box = (0.0, 0.0, 9.0, 9.0)
    rows = Predictions(
        np.array([True, True, True, False]),
        np.array([0, 0, 1, 1], np.int32),
        np.zeros(4, np.int32),
        np.array([0.9, 0.8, 0.9, 0.85]),
        np.array([box, (20, 20, 30, 30), box, (30, 0, 40, 9)], float),
    )
    figures, scope = laid_out(dataset, rows, threshold=0.5)
    counts, empty = figures.false_alarms(scope)
    assert (counts.tolist(), empty) == ([2, 0], 2)


def test_groups_holding_a_class_are_counted_once():
    dataset = a_dataset({f"test/{n}.jpg": [("cat", (0, 0, 9, 9))] for n in range(6)})
    nothing = Predictions(np.ones(6, bool), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))
    figures, scope = laid_out(dataset, nothing, np.array([0, 0, 1, 1, 2, 2], np.int32))
    assert figures.groups_holding(0, scope) == 3
    assert figures.recall(0, scope).groups == 3


def test_the_confusions_of_a_classifier_have_no_background():
    dataset = a_dataset(
        {"test/a.jpg": ["cat"], "test/b.jpg": ["dog"]}, task=Task.CLASSIFICATION, classes=["cat", "dog"]
    )
    rows = Predictions(
        np.ones(2, bool),
        np.array([0, 0, 1, 1], np.int32),
        np.array([0, 1, 0, 1], np.int32),
        np.array([0.9, 0.1, 0.7, 0.3]),
        np.zeros((4, 4)),
    )
    figures, scope = laid_out(dataset, rows)
    assert figures.confusion(scope).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(("events", "lower", "upper"), [(0, 0.0, 2.996), (1, 0.0513, 4.744), (10, 5.425, 16.962)])
def test_bounds_of_a_count_are_close_to_the_exact_ones(events, lower, upper):
    bounds = count_bounds(np.array([events]), 1.0, 5.0)
    assert bounds.lower == pytest.approx(lower, abs=0.08)
    assert bounds.upper == pytest.approx(upper, abs=0.08)
    assert bounds.p_value == pytest.approx(sum(math.exp(-5) * 5**k / math.factorial(k) for k in range(events + 1)))


@given(st.lists(st.integers(0, 6), min_size=2, max_size=40), st.floats(0.1, 50))
def test_events_that_cluster_and_less_exposure_never_narrow_the_bounds(counts, exposure):
    bounds = count_bounds(np.array(counts), exposure, 5.0)
    assert bounds.lower <= bounds.rate <= bounds.upper
    together = count_bounds(np.array([sum(counts), *[0] * (len(counts) - 1)]), exposure, 5.0)
    assert together.upper >= bounds.upper - 1e-9
    less = count_bounds(np.array(counts), exposure / 2, 5.0)
    assert less.upper >= bounds.upper


def test_without_exposure_nothing_is_known():
    bounds = count_bounds(np.zeros(0, np.int64), 0.0, 5.0)
    assert (bounds.rate, bounds.lower, bounds.upper, bounds.p_value) == (None, 0.0, math.inf, 1.0)
