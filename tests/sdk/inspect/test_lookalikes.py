from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.inspect import lookalikes as module
from vision_readiness.inspect.facts import DatasetFacts, Lookalikes, SplitFacts
from vision_readiness.inspect.feature_columns import FeatureColumns
from vision_readiness.inspect.features import ImageFeatures, Measures
from vision_readiness.inspect.lookalikes import lookalikes, nearest
from vision_readiness.project import Split, Task
from vision_readiness.testing import a_dataset

BITS = np.random.default_rng(2).integers(0, 2, 256, dtype=np.uint8)


def hash_of(flipped=0, bits=BITS):
    bits = bits.copy()
    bits[:flipped] ^= 1
    return np.packbits(bits).tobytes()


def found(*images):
    """The lookalikes among images given as (key, hash, std)."""
    table = a_dataset({key: [] for key, *_ in images}).images
    records = [Measures(9, 9, 99.0, std, 200.0, 0.0, 0.0, 1.0, dhash) for _, dhash, std in images]
    features = FeatureColumns.of([ImageFeatures(str(row), record, None) for row, record in enumerate(records)])
    return lookalikes(table, features, table.source)


def test_an_evaluation_image_is_shown_with_the_training_image_most_like_it():
    near = found(
        ("train/far.jpg", hash_of(9), 50.0),
        ("train/near.jpg", hash_of(2), 50.0),
        ("train/near2.jpg", hash_of(2), 50.0),
        ("valid/v.jpg", hash_of(100), 50.0),
        ("test/t.jpg", hash_of(), 50.0),
        ("test/u.jpg", hash_of(200), 50.0),
    )
    assert near == (Lookalikes(Split.TEST, Split.TRAIN, 1, 2, (("test/t.jpg", "train/near.jpg"),)),)


@pytest.mark.parametrize(("flipped", "alike"), [(10, True), (11, False)])
def test_ten_bits_may_differ_and_no_more(flipped, alike):
    assert bool(found(("train/a.jpg", hash_of(), 50.0), ("test/b.jpg", hash_of(flipped), 50.0))) is alike


def test_a_copy_of_the_same_source_is_a_leak_and_no_lookalike():
    assert not found(("train/a.rf.1.jpg", hash_of(), 50.0), ("test/a.rf.2.jpg", hash_of(), 50.0))


def test_plain_pictures_are_not_taken_for_each_other():
    plain = np.zeros(256, dtype=np.uint8)
    assert not found(("train/a.jpg", hash_of(), 3.0), ("test/b.jpg", hash_of(), 50.0))
    assert not found(("train/a.jpg", hash_of(bits=plain), 50.0), ("test/b.jpg", hash_of(bits=plain), 50.0))
    assert not found(("train/a.jpg", hash_of(bits=1 - plain), 50.0), ("test/b.jpg", hash_of(bits=1 - plain), 50.0))


@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.integers(0, 12))
def test_blocks_find_what_a_plain_loop_finds(seed, rows, others):
    random = np.random.default_rng(seed)
    base = random.integers(0, 256, 32, dtype=np.uint8)
    noise = [
        random.integers(0, 2**8, (n, 32), dtype=np.uint8) & (random.random((n, 32)) < 0.07) * 255
        for n in (rows, others)
    ]
    one, two = ((base ^ flips.astype(np.uint8)).view(np.uint64).reshape(-1, 4) for flips in noise)
    group, other = random.integers(0, 4, rows, dtype=np.int32), random.integers(0, 4, others, dtype=np.int32)
    expected = []
    for row in range(rows):
        distances = [
            (int(np.bitwise_count(one[row] ^ two[column]).sum()), column)
            for column in range(others)
            if group[row] != other[column]
        ]
        if distances and min(distances)[0] <= 10:
            expected.append((row, min(distances)[1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", (5, 3))
        row, twin = nearest(one, two, group, other)
    assert list(zip(row.tolist(), twin.tolist(), strict=True)) == expected


@pytest.mark.parametrize(("alike", "fixed"), [(5, False), (6, True)])
def test_a_scene_is_fixed_when_more_than_a_third_of_the_evaluation_images_look_seen(alike, fixed):
    split = SplitFacts(images=15, sources=15, empty_images=0, objects={}, images_with={}, sources_with={})
    facts = DatasetFacts(
        task=Task.DETECTION,
        classes=(),
        digest="",
        splits={Split.TRAIN: split, Split.TEST: split},
        lookalikes=(Lookalikes(Split.TEST, Split.TRAIN, alike, 15, ()),),
    )
    assert facts.fixed_scene is fixed
