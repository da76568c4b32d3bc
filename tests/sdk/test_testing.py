from __future__ import annotations

import pickle
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.sdk.render.reports import blocked
from vision_readiness.errors import SourceError
from vision_readiness.project import Split, Task
from vision_readiness.publish import write_back
from vision_readiness.testing import MemoryCache, MemoryImages, MemoryPublisher, StillClock, a_dataset, an_image, silent


def test_memory_images_give_what_they_hold_and_name_what_they_do_not():
    images = pickle.loads(pickle.dumps(MemoryImages({"a.jpg": b"a"})))  # noqa: S301 - what was pickled a moment ago
    assert images.read("a.jpg") == b"a"
    with pytest.raises(SourceError, match=r"b\.jpg"):
        images.read("b.jpg")


def test_a_memory_cache_remembers():
    cache = MemoryCache()
    cache.put("key", b"value")
    assert (cache.get("key"), cache.get("other"), cache.entries) == (b"value", None, {"key": b"value"})


def test_a_memory_publisher_takes_each_step_once():
    publisher, plan = MemoryPublisher(), write_back(blocked(), parts=["event", "tags"])
    assert [publisher.publish(plan).changed for _ in range(2)] == [True, False]
    assert list(publisher.written) == [step.key for step in plan.steps]


def test_a_still_clock_moves_only_when_told():
    clock = StillClock()
    assert (clock.now(), clock.perf()) == (clock.now(), clock.perf())
    clock.advance(2.0, cpu=0.5)
    assert (clock.now(), clock.perf(), clock.cpu()) == (datetime(2026, 1, 1, 0, 0, 2, tzinfo=UTC), 2.0, 0.5)


def test_silent_progress_hands_everything_on():
    assert list(silent.track([1, 2], "counting")) == [1, 2]


def test_a_dataset_reads_splits_and_sources_off_its_keys():
    dataset = a_dataset({"train/a.rf.1.jpg": [], "test/a.rf.2.jpg": [], "b.jpg": []}, size=(20, 10))
    assert dataset.images.source.tolist() == [0, 0, 1]
    assert dataset.images.of(Split.TRAIN).tolist() == [True, False, True]
    assert (dataset.images.width.tolist(), dataset.images.height.tolist()) == ([20] * 3, [10] * 3)


def test_a_dataset_holds_boxes_or_bare_classes():
    boxed = a_dataset({"a.jpg": [("dog", (1, 2, 4, 6)), ("cat", (0, 0, 1, 1))]})
    assert (boxed.classes, boxed.objects.label.tolist(), boxed.objects.area.tolist()) == (
        ("cat", "dog"),
        [1, 0],
        [12, 1],
    )
    bare = a_dataset({"a.jpg": ["dog"]}, task=Task.CLASSIFICATION, classes=["cat", "dog"])
    assert (bare.objects.label.tolist(), bare.objects.box.tolist()) == ([1], [[0, 0, 0, 0]])


def test_an_image_is_an_encoded_file():
    assert an_image(np.zeros((2, 3), np.uint8)).startswith(b"\xff\xd8\xff")
