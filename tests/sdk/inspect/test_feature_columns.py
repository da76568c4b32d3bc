from __future__ import annotations

import joblib
import numpy as np
import pytest

from vision_readiness.inspect.feature_columns import FeatureColumns, measure_images
from vision_readiness.testing import MemoryCache, MemoryImages, an_image


@pytest.fixture(scope="module")
def files():
    random = np.random.default_rng(5)
    scenes = {f"{n}.jpg": an_image(random.integers(0, 256, (40, 50), dtype=np.uint8)) for n in range(70)}
    return scenes | {"cut.jpg": scenes["3.jpg"][:500], "empty.jpg": b""}


def same(one, two):
    columns = FeatureColumns.__slots__
    return all(
        np.array_equal(getattr(one, c), getattr(two, c), equal_nan=c in "mean std p99 bright dark sharpness")
        if isinstance(getattr(one, c), np.ndarray)
        else getattr(one, c) == getattr(two, c)
        for c in columns
    )


@pytest.mark.parametrize("workers", [2, 3, None])
def test_the_number_of_workers_changes_nothing(files, workers):
    images, keys = MemoryImages(files), tuple(files)
    assert same(measure_images(keys, images, workers=1), measure_images(keys, images, workers=workers))


def test_another_backend_changes_nothing(files):
    images, keys = MemoryImages(files), tuple(files)[:5]
    with joblib.parallel_config(backend="multiprocessing", n_jobs=2):
        elsewhere = measure_images(keys, images, workers=2)
    assert same(measure_images(keys, images), elsewhere)


def test_rows_follow_the_keys(files):
    keys = tuple(files)
    there, back = (measure_images(order, MemoryImages(files)) for order in (keys, keys[::-1]))
    assert there.sha256 == back.sha256[::-1]
    assert np.array_equal(there.dhash, back.dhash[::-1])


def test_files_that_are_missing_or_damaged_become_rows_that_say_why(files):
    found = measure_images(("3.jpg", "gone.jpg", "cut.jpg", "empty.jpg"), MemoryImages(files))
    assert found.readable.tolist() == [True, False, False, False]
    assert found.because[0] is None
    assert "gone.jpg" in str(found.because[1])
    assert found.sha256[1] is None
    assert np.isnan(found.mean[1:]).all()


def test_no_images_give_no_rows():
    found = measure_images((), MemoryImages({}))
    assert found.dhash.shape == (0, 4)
    assert len(found.mean) == len(found.sha256) == 0


def test_a_cached_image_is_not_decoded_again(files, monkeypatch):
    cache, images, keys = MemoryCache(), MemoryImages(files), tuple(files)
    fresh = measure_images(keys, images, cache=cache)
    monkeypatch.setattr("vision_readiness.inspect.features.decode", lambda _: pytest.fail("decoded again"))
    assert same(measure_images(keys, images, cache=cache), fresh)


def test_progress_follows_every_image(files):
    seen = []

    class Counting:
        def track(self, items, what):
            for item in items:
                seen.append(what)
                yield item

    measure_images(tuple(files), MemoryImages(files), progress=Counting())
    assert seen == ["reading images"] * len(files)
