from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vision_readiness.inspect.picture import MAX_PIXELS, GreyPicture, Undecodable, decode
from vision_readiness.testing import an_image

SCENE = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def because(data):
    answer = decode(data)
    assert isinstance(answer, Undecodable)
    return answer.because


def bomb_png(width, height):
    """A PNG whose header promises more pixels than its few bytes hold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 99)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "BMP", "TIFF", "GIF"])
def test_every_common_format_is_decoded_at_half_size(kind):
    picture = decode(an_image(SCENE, kind))
    assert isinstance(picture, GreyPicture)
    assert (picture.width, picture.height, picture.grey.size, picture.grey.mode) == (400, 300, (200, 150), "L")


def test_a_small_picture_keeps_its_size():
    picture = decode(an_image(SCENE[:100]))
    assert isinstance(picture, GreyPicture)
    assert picture.grey.size == (400, 100)


def test_a_large_picture_is_shrunk_to_4_megapixels():
    picture = decode(an_image(np.zeros((4000, 6000), dtype=np.uint8)))
    assert isinstance(picture, GreyPicture)
    assert (picture.width, picture.height, picture.grey.size) == (6000, 4000, (1500, 1000))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_as_pillow_applies_it(orientation):
    from PIL import ImageOps

    data = an_image(SCENE[:100, :120], "PNG", exif=exif(orientation))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("L")
    picture = decode(data)
    assert isinstance(picture, GreyPicture)
    assert (picture.width, picture.height) == upright.size
    assert np.array_equal(np.asarray(picture.grey), np.asarray(upright))


def test_exif_that_cannot_be_read_turns_nothing():
    picture = decode(an_image(SCENE, exif=b"Exif\0\0" + b"\xff" * 40))
    assert isinstance(picture, GreyPicture)
    assert (picture.width, picture.height) == (400, 300)


@pytest.mark.parametrize("wide", [np.uint16, np.int32])
def test_16_bit_pictures_keep_their_contrast(wide):
    ramp = np.tile(np.linspace(0, 65535, 100).astype(wide), (50, 1))
    picture = decode(an_image(ramp, "TIFF"))
    assert isinstance(picture, GreyPicture)
    assert picture.grey.getextrema() == (0, 255)


def test_a_cmyk_jpeg_and_a_palette_with_transparency_are_decoded():
    file = io.BytesIO()
    Image.fromarray(SCENE).convert("CMYK").save(file, "JPEG")
    assert isinstance(decode(file.getvalue()), GreyPicture)
    file = io.BytesIO()
    Image.fromarray(SCENE).convert("P").save(file, "PNG", transparency=bytes(range(256)))
    assert isinstance(decode(file.getvalue()), GreyPicture)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull"),
        (b"\0\0\0\x1cftypheic\0\0\0\0", "HEIC"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not a JPEG"),
        (b"%PDF-1.7", "not a JPEG"),
        (b"\xff\xd8\xff\xe0 and then nothing of the kind", "the JPEG is"),
        (bomb_png(60_000, 60_000), "3,600 megapixels"),
        (bomb_png(80, 80), "the PNG is"),
    ],
)
def test_a_file_that_is_no_picture_says_why(data, words):
    assert words in because(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_cut_off_gives_no_picture(kind, kept):
    data = an_image(SCENE, kind)
    assert isinstance(decode(data[: int(len(data) * kept)]), Undecodable)


def test_a_truncated_jpeg_is_called_cut_off():
    assert because(an_image(SCENE)[:-2000]) == "the JPEG is cut off; fetch or export it again"


def test_the_size_limit_is_read_from_the_header_before_anything_is_decoded():
    assert "megapixels" in because(bomb_png(MAX_PIXELS // 4 + 1, 4))
    assert "cut off" in because(bomb_png(MAX_PIXELS // 4, 4))


@given(
    st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\0", b"GIF89a", b""])
)
def test_no_bytes_whatever_raise(tail, head):
    assert isinstance(decode(head + tail), Undecodable | GreyPicture)
