from __future__ import annotations

from vision_readiness.inspect.leakage import leak_free, leaks
from vision_readiness.project import Split
from vision_readiness.testing import a_dataset


def table(*keys):
    return a_dataset({key: [] for key in keys}).images


def test_a_source_in_two_splits_is_a_leak_of_the_later_one():
    images = table("train/a.rf.1.jpg", "valid/a.rf.2.jpg", "valid/b.rf.1.jpg", "test/b.rf.2.jpg", "test/a.rf.3.jpg")
    found = [(leak.split, leak.other, leak.images, leak.of, leak.examples) for leak in leaks(images, images.source)]
    assert found == [
        (Split.VALID, Split.TRAIN, 1, 2, ("valid/a.rf.2.jpg",)),
        (Split.TEST, Split.TRAIN, 1, 2, ("test/a.rf.3.jpg",)),
        (Split.TEST, Split.VALID, 2, 2, ("test/a.rf.3.jpg", "test/b.rf.2.jpg")),
    ]


def test_only_evaluation_images_seen_nowhere_before_are_leak_free():
    keys = ("train/a.jpg", "train/t.jpg", "valid/a.jpg", "valid/b.jpg", "test/a.jpg", "test/b.jpg", "test/c.jpg")
    images = table(*keys)
    free = leak_free(images, images.source)
    assert [key for key, is_free in zip(keys, free, strict=True) if is_free] == ["valid/b.jpg", "test/c.jpg"]


def test_a_missing_split_leaks_nowhere():
    images = table("test/a.jpg", "test/b.jpg")
    assert leaks(images, images.source) == ()
    assert leak_free(images, images.source).all()
