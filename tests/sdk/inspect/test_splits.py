from __future__ import annotations

from vision_readiness.inspect.splits import count_splits
from vision_readiness.project import Split, Task
from vision_readiness.testing import a_dataset

BOX = (1.0, 1.0, 9.0, 9.0)


def test_copies_are_counted_as_images_but_not_as_sources():
    dataset = a_dataset(
        {
            "train/a.rf.1.jpg": [("cat", BOX), ("cat", BOX)],
            "train/a.rf.2.jpg": [("cat", BOX)],
            "train/b.rf.3.jpg": [("dog", BOX)],
            "train/c.rf.4.jpg": [],
            "test/d.rf.5.jpg": [("dog", BOX)],
        },
    )
    facts = count_splits(dataset)
    assert list(facts) == [Split.TRAIN, Split.TEST]
    train = facts[Split.TRAIN]
    assert (train.images, train.sources, train.empty_images) == (4, 3, 1)
    assert train.objects == {"cat": 3, "dog": 1}
    assert train.images_with == {"cat": 2, "dog": 1}
    assert train.sources_with == {"cat": 1, "dog": 1}
    assert facts[Split.TEST].objects == {"cat": 0, "dog": 1}


def test_an_image_without_a_class_is_empty_and_a_class_without_an_image_is_named():
    dataset = a_dataset({"a.jpg": ["cat"], "b.jpg": []}, task=Task.CLASSIFICATION, classes=["cat", "dog"])
    facts = count_splits(dataset)[Split.TRAIN]
    assert (facts.empty_images, facts.images_with) == (1, {"cat": 1, "dog": 0})


def test_no_images_have_no_splits():
    assert count_splits(a_dataset({})) == {}
