import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vision_readiness.predict.picture import UnreadablePicture, decode


def encoded(image, form="PNG", **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def test_exif_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(encoded(Image.new("RGB", (20, 10)), "JPEG", exif=exif)).shape == (20, 10, 3)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK"])
def test_any_mode_becomes_rgb(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    picture = decode(encoded(Image.new(mode, (4, 3)), form))
    assert (picture.shape, picture.dtype) == ((3, 4, 3), np.uint8)


def test_sixteen_bit_grey_is_scaled():
    data = encoded(Image.fromarray(np.full((3, 4), 0x8000, dtype=np.uint16)))
    assert decode(data).max() == 0x80


def test_a_bomb_is_refused_by_its_header():
    with pytest.raises(UnreadablePicture, match="20 x 10 pixels are over the limit of 100"):
        decode(encoded(Image.new("RGB", (20, 10))), max_pixels=100)


def test_a_cut_file_says_so():
    whole = encoded(Image.effect_noise((64, 64), 50).convert("RGB"), "JPEG")
    with pytest.raises(UnreadablePicture, match="cannot be decoded"):
        decode(whole[: len(whole) // 2])


def test_an_empty_file_says_so():
    with pytest.raises(UnreadablePicture, match="empty"):
        decode(b"")


@given(st.binary(min_size=1, max_size=200))
def test_bytes_that_are_no_image_raise_nothing_else(data):
    with pytest.raises(UnreadablePicture) as caught:
        decode(data)
    assert "\n" not in str(caught.value)
