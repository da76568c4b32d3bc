import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision_readiness.predict.order import best_assignment, better_class_order, confusion
from vision_readiness.project import ObjectTable, Predictions, Task

CLASSES = ("cat", "dog", "hen")


def labelled(version, labels, task=Task.DETECTION):
    n = len(labels)
    box = np.tile([0.0, 0.0, 10.0, 10.0], (n, 1))
    rows = np.arange(n, dtype=np.int32)
    objects = ObjectTable(rows, np.array(labels, dtype=np.int32), box, np.full(n, 100.0), np.zeros(n, dtype=bool))
    return version(CLASSES, task, sizes=((16, 16),) * n, objects=objects).dataset


def said(labels):
    n = len(labels)
    rows, label = np.arange(n, dtype=np.int32), np.array(labels, dtype=np.int32)
    return Predictions(np.ones(n, bool), rows, label, np.full(n, 0.9), np.tile([0.0, 0.0, 10.0, 9.0], (n, 1)))


def test_a_shifted_order_is_found(version):
    truth = [0, 1, 2] * 20
    order = better_class_order(said([(label + 1) % 3 for label in truth]), labelled(version, truth), CLASSES)
    assert order is not None
    assert order.classes == ("hen", "cat", "dog")
    assert (order.agreed, order.assumed_agreed, order.objects) == (60, 0, 60)


def test_the_order_is_told_in_the_models_own_sequence(version):
    truth = [0, 1, 2] * 20
    swapped = said([{0: 1, 1: 0, 2: 2}[label] for label in truth])
    order = better_class_order(swapped, labelled(version, truth), ("hen", "dog", "cat"))
    assert order is not None
    assert order.classes == ("hen", "cat", "dog")


def test_the_right_order_stays(version):
    truth = [0, 1, 2] * 20
    assert better_class_order(said(truth), labelled(version, truth), CLASSES) is None


@pytest.mark.parametrize("answers", [[1, 0] * 3, [2] * 6])
def test_few_or_stubborn_answers_prove_nothing(version, answers):
    assert better_class_order(said(answers), labelled(version, [0, 1] * 3), CLASSES) is None


def test_no_answers_prove_nothing(version):
    nothing = Predictions(np.ones(2, bool), np.zeros(0, int), np.zeros(0, int), np.zeros(0), np.zeros((0, 4)))
    assert better_class_order(nothing, labelled(version, [0, 1]), CLASSES) is None


def test_an_image_is_called_its_best_class(version):
    dataset = labelled(version, [0, 1], Task.CLASSIFICATION)
    image, label = np.repeat(np.arange(2), 3), np.tile(np.arange(3), 2)
    scores = np.array([0.1, 0.2, 0.7, 0.2, 0.7, 0.1])
    counts = confusion(Predictions(np.ones(2, bool), image, label, scores, np.zeros((6, 4))), dataset)
    assert counts.tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]


@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.just(6)), elements=st.integers(0, 50)))
def test_an_assignment_uses_no_column_twice_and_no_swap_betters_it(counts):
    chosen = best_assignment(counts)
    assert len(set(chosen.tolist())) == len(counts)
    for i in range(len(counts)):
        for j in range(len(counts)):
            now = counts[i, chosen[i]] + counts[j, chosen[j]]
            assert i == j or counts[i, chosen[j]] + counts[j, chosen[i]] <= now
