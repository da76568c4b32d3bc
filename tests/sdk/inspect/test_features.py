from __future__ import annotations

import math
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image, ImageFilter

from vision_readiness.inspect.features import measure
from vision_readiness.testing import MemoryCache, an_image


def a_scene(seed=0, side=256):
    coarse = np.random.default_rng(seed).integers(0, 256, (16, 16), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.NEAREST))


def measures(pixels, kind="PNG"):
    found = measure(an_image(pixels, kind)).measures
    assert found is not None
    return found


def distance(one, two):
    return sum((a ^ b).bit_count() for a, b in zip(one.dhash, two.dhash, strict=True))


def test_grey_measures_are_those_of_the_pixels():
    pixels = np.random.default_rng(3).integers(0, 256, (100, 90), dtype=np.uint8)
    found = measures(pixels)
    assert (found.width, found.height) == (90, 100)
    assert found.mean == pytest.approx(pixels.mean())
    assert found.std == pytest.approx(pixels.std())
    assert found.p99 == np.quantile(pixels, 0.99, method="inverted_cdf")
    assert found.bright == np.mean(pixels >= 250)
    assert found.dark == np.mean(pixels <= 5)


def test_sharpness_is_the_spread_of_the_laplacian_over_that_of_the_grey_values():
    pixels = np.random.default_rng(3).integers(0, 256, (100, 900), dtype=np.uint8)
    wide = pixels.astype(float)
    laplacian = 4 * wide[1:-1, 1:-1] - wide[:-2, 1:-1] - wide[2:, 1:-1] - wide[1:-1, :-2] - wide[1:-1, 2:]
    assert measures(pixels).sharpness == pytest.approx(laplacian.std() / pixels.std())


def test_blur_lowers_sharpness_and_dimming_does_not():
    scene = a_scene()
    blurred = np.asarray(Image.fromarray(scene).filter(ImageFilter.GaussianBlur(4)))
    assert measures(blurred).sharpness < 0.5 * measures(scene).sharpness
    assert measures(scene // 4).sharpness == pytest.approx(measures(scene).sharpness, rel=0.02)


@pytest.mark.parametrize("pixels", [np.full((64, 64), 7, np.uint8), np.array([[0, 255]], np.uint8)])
def test_a_picture_without_contrast_or_inside_has_no_sharpness(pixels):
    assert math.isnan(measures(pixels).sharpness)


def test_the_hash_survives_encoding_and_tells_scenes_apart():
    assert distance(measures(a_scene(1)), measures(a_scene(1), "JPEG")) <= 10
    assert distance(measures(a_scene(1)), measures(a_scene(2))) > 60


def test_the_hash_is_of_the_picture_as_it_is_shown():
    tags = Image.Exif()
    tags[0x0112] = 6  # stored lying, shown upright
    stored = an_image(np.rot90(a_scene()), "PNG", exif=tags)
    shown = measure(stored).measures
    assert shown is not None
    assert distance(shown, measures(a_scene())) == 0


def test_a_damaged_file_has_a_digest_and_a_reason():
    found = measure(b"not an image")
    assert found.sha256 == sha256(b"not an image").hexdigest()
    assert found.measures is None
    assert found.because is not None


@pytest.mark.parametrize("data", [an_image(a_scene()), an_image(np.zeros((20, 20), np.uint8)), b"", b"<html>"])
def test_the_cache_gives_back_what_was_measured(data, monkeypatch):
    cache = MemoryCache()
    fresh = measure(data, cache)
    monkeypatch.setattr("vision_readiness.inspect.features.decode", lambda _: pytest.fail("decoded again"))
    assert str(measure(data, cache)) == str(fresh) == str(replace(fresh))  # as text, for nan is not nan


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"null", b'{"sha256": 1}', b"\xff\xfe", b'{"measures": [1]}'])
def test_a_damaged_cache_entry_is_measured_anew_and_mended(damage):
    cache, data = MemoryCache(), an_image(a_scene())
    fresh = measure(data, cache)
    ((key, entry),) = cache.entries.items()
    cache.put(key, damage)
    assert measure(data, cache) == fresh
    assert cache.entries == {key: entry}


def test_an_entry_of_another_file_is_not_believed():
    cache, data = MemoryCache(), an_image(a_scene(1))
    measure(an_image(a_scene(2)), cache)
    ((_, other),) = cache.entries.items()
    fresh = measure(data, cache)
    (key,) = [key for key in cache.entries if str(fresh.sha256) in key]
    cache.put(key, other)
    assert measure(data, cache) == fresh


@pytest.mark.parametrize(("taken", "month"), [("2026:07:15 10:00:00", 7), ("0000:00:00 00:00:00", 0), (None, 0)])
def test_the_month_is_the_one_that_the_camera_wrote(taken, month):
    tags = Image.Exif()
    if taken is not None:
        tags.get_ifd(0x8769)[0x9003] = taken
    cache, data = MemoryCache(), an_image(a_scene(), exif=tags)
    assert measure(data, cache).measures.month == month
    assert measure(data, cache).measures.month == month
