from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.sdk.render import reports
from tests.sdk.render.parts import ATTACKS, camera_image, examples
from tests.sdk.render.reports import but
from vision_readiness.errors import InputError
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.render.pictures import failure_picture, picture_id, picture_requests

MISSED = FailureExample("a.jpg", FailureKind.MISSED, "forklift", (300.0, 200.0, 320.0, 216.0))


def opened(encoded: bytes) -> Image.Image:
    image = Image.open(BytesIO(encoded))
    image.load()
    return image


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("size", [(640, 480), (3000, 200), (60, 900), (8, 8)])
def test_a_picture_is_a_small_jpeg_for_every_kind_and_shape(kind: FailureKind, size: tuple[int, int]):
    picture = opened(failure_picture(camera_image(*size), replace(MISSED, kind=kind)))
    assert picture.format == "JPEG"
    assert picture.width <= 480
    assert picture.height <= 360


def test_a_small_object_is_brought_near():
    pixels = np.asarray(opened(failure_picture(camera_image(), MISSED))).astype(int)
    columns = np.flatnonzero(((pixels[:300, :, 0] > 200) & (pixels[:300, :, 2] < 90)).any(axis=0))
    assert np.ptp(columns) > 100


def test_the_kinds_differ_by_more_than_colour():
    grey = {
        kind: opened(failure_picture(camera_image(), replace(MISSED, kind=kind))).convert("1").tobytes()
        for kind in FailureKind
    }
    assert len(set(grey.values())) == 3


def test_a_camera_held_sideways_is_shown_upright():
    sideways = failure_picture(camera_image(640, 480, orientation=6), replace(MISSED, box=(0, 0, 480, 640)))
    assert opened(sideways).size == (270, 360)


def test_nothing_of_the_original_but_its_pixels_is_kept():
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at the customer's gate"
    Image.new("RGB", (64, 64)).save(stream, "JPEG", exif=exif, comment=b"gate", icc_profile=b"profile of the gate")
    assert b"gate" not in failure_picture(stream.getvalue(), MISSED)


def test_a_classification_shows_the_whole_image():
    assert opened(failure_picture(camera_image(), replace(MISSED, box=(0, 0, 0, 0)))).size == (480, 360)


@given(st.tuples(*[st.floats(-1e9, 1e9) | st.just(float("nan"))] * 4))
def test_any_box_gives_a_picture(box: tuple[float, float, float, float]):
    assert failure_picture(TINY, replace(MISSED, box=box))


TINY = camera_image(32, 24)


def test_equal_input_gives_equal_bytes():
    assert failure_picture(camera_image(), MISSED) == failure_picture(camera_image(), MISSED)


@pytest.mark.parametrize("encoded", [b"", b"not an image", camera_image()[:400]])
def test_bytes_that_are_no_image_give_one_clear_line(encoded: bytes):
    with pytest.raises(InputError, match=r"^a\.jpg cannot be drawn: .*no picture of it$"):
        failure_picture(encoded, MISSED)


def test_an_image_of_unreasonable_size_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(InputError, match="cannot be drawn"):
        failure_picture(camera_image(40, 40), MISSED)


def test_a_page_asks_for_at_most_24_pictures_and_6_of_a_class():
    requested = picture_requests(reports.hostile())
    assert len(requested) == 24
    counts = [sum(example.label == label for example in requested) for label in {e.label for e in requested}]
    assert max(counts) == 6


def test_the_first_pictures_are_of_the_error_the_answer_is_about():
    first = picture_requests(reports.blocked())[:3]
    assert {(example.label, example.kind) for example in first} == {("forklift", FailureKind.MISSED)}


def test_every_class_that_errs_gets_a_picture_before_any_gets_many():
    report = but(reports.ready(), examples=tuple(e for n in range(24) for e in examples(f"class {n}", 6)))
    assert len({example.label for example in picture_requests(report)}) > 12


def test_an_id_is_safe_and_tells_examples_apart():
    ids = {picture_id(replace(MISSED, image=attack)) for attack in ATTACKS}
    ids |= {picture_id(MISSED), picture_id(replace(MISSED, box=(0, 0, 1, 1))), picture_id(replace(MISSED, label="x"))}
    assert len(ids) == len(ATTACKS) + 3
    assert all(one.isalnum() and one.isascii() for one in ids)
    assert picture_id(replace(MISSED, box=(300, 200, 320, 216))) == picture_id(MISSED)
