import numpy as np

from tests.sdk.evaluate.test_figures import laid_out
from vision_readiness.evaluate.examples import MOST, PER_CLASS, FailureKind, failure_examples
from vision_readiness.project import Condition, Predictions
from vision_readiness.testing import a_dataset

BOX, ASIDE = (0.0, 0.0, 10.0, 10.0), (20.0, 20.0, 30.0, 30.0)


def examples(labels, rows, conditions=None):
    dataset = a_dataset(labels, classes=["cat", "dog"], conditions=conditions)
    rows = sorted(rows)
    image, label, score, box = zip(*rows, strict=True) if rows else ((), (), (), ())
    predictions = Predictions(
        np.ones(len(labels), bool),
        np.array(image, np.int32),
        np.array(label, np.int32),
        np.array(score, float),
        np.array(box, float).reshape(-1, 4),
    )
    figures, scope = laid_out(dataset, predictions, threshold=0.5)
    return failure_examples(figures, scope, dataset.images, [0, 1])


def test_a_miss_a_false_alarm_and_a_confusion_are_told_apart():
    labels = {"test/a.jpg": [("cat", BOX)], "test/b.jpg": [("dog", BOX)], "test/c.jpg": [("cat", BOX)]}
    found = examples(labels, [(1, 0, 0.9, BOX), (2, 0, 0.8, BOX), (2, 0, 0.7, ASIDE), (1, 1, 0.9, BOX)])
    kinds = {(one.image, one.kind, one.label, one.answered) for one in found}
    assert ("test/a.jpg", FailureKind.MISSED, "cat", None) in kinds
    assert ("test/b.jpg", FailureKind.CONFUSED, "dog", "cat") in kinds
    assert ("test/c.jpg", FailureKind.FALSE_ALARM, "cat", "cat") in kinds
    assert all(one.score is None for one in found if one.kind is FailureKind.MISSED)


def test_larger_misses_come_first_one_an_image_and_a_few_a_class():
    labels = {f"test/{n:02d}.jpg": [("cat", (0, 0, n + 1, 10)), ("cat", (30, 30, 31, 31))] for n in range(20)}
    found = examples(labels, [])
    assert [one.image for one in found] == [f"test/{n:02d}.jpg" for n in range(19, 19 - PER_CLASS, -1)]


def test_half_are_misses_where_there_are_false_alarms_too():
    labels = {f"test/{n:02d}.jpg": [("cat", BOX)] for n in range(20)} | {
        f"test/e{n}.jpg": [("cat", BOX)] for n in range(30)
    }
    rows = [(n, 0, 0.9, BOX) for n in range(20, 50)] + [(n, 0, 0.95, ASIDE) for n in range(20, 32)]
    kinds = [one.kind for one in examples(labels, rows)]
    assert kinds.count(FailureKind.MISSED) == PER_CLASS // 2
    assert kinds.count(FailureKind.FALSE_ALARM) == PER_CLASS // 2
    assert len(kinds) <= MOST


def test_the_situation_is_told_where_it_is_known_and_not_only_measured():
    members = {"night": np.array([True, False])}
    conditions = {"lighting": Condition("tag", members), "brightness": Condition("measured", members)}
    found = examples({"test/a.jpg": [("cat", BOX)], "test/b.jpg": [("cat", BOX)]}, [], conditions)
    assert {one.image: one.situation for one in found} == {"test/a.jpg": "lighting night", "test/b.jpg": None}


def test_without_failures_there_is_nothing_to_show():
    assert examples({"test/a.jpg": [("cat", BOX)]}, [(0, 0, 0.9, BOX)]) == ()
