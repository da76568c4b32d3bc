"""One encoded image as a small grey picture, or the reason why there is none."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

MAX_PIXELS = 2**27
"""About 134 megapixels: more than any camera on the market, few enough to be decoded by several workers at once."""

_GREY_PIXELS = 2**22
_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"RIFF", "WebP"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"GIF8", "GIF"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    *((b"P%d" % number + space, "PNM") for number in range(1, 7) for space in (b"\n", b" ", b"\r", b"\t")),
)
_RANGES = ((1, 1 / 255), (255, 1), (4095, 16))
"""The ends of ranges of grey values, with what each is divided by to have 8 bits."""
_ORIENTATION_TAG = 0x0112
_EXIF_IFD, _TAKEN_TAG = 0x8769, 0x9003


@dataclass(frozen=True, slots=True)
class GreyPicture:
    """A picture in the frame of its EXIF orientation: its true size in pixels, and its grey image at about half of it.

    The grey image is full size where a side is under 128 px, and smaller than half where half is over 4 megapixels.
    ``taken`` is when the camera says that it took the picture, as it wrote it; empty where it does not.
    """

    width: int
    height: int
    grey: Image
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why a file gives no whole picture, as a clause: "the JPEG is cut off"."""

    because: str


def format_of(data: bytes) -> str | None:
    r"""The format of an image file by its first 16 bytes; ``None`` for one that is not decoded here.

    >>> format_of(b"\x89PNG\r\n\x1a\n"), format_of(b"hello")
    ('PNG', None)
    """
    if data[4:8] == b"ftyp":
        return "AVIF" if data[8:12] in (b"avif", b"avis") else None
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)
    return None if kind == "WebP" and data[8:12] != b"WEBP" else kind


def decode(data: bytes) -> GreyPicture | Undecodable:
    """The picture in ``data``, the first frame where there are several; ``format_of`` says which formats.

    A file that is empty, cut off, damaged, over ``MAX_PIXELS`` or something else gives ``Undecodable``; nothing is
    raised. Damage that leaves a JPEG's structure whole is not seen.
    """
    kind = format_of(data)
    if kind is None:
        return Undecodable(_not_an_image(data))
    try:
        with _opener(kind)(io.BytesIO(data)) as image:
            return _grey(image)
    except MemoryError:
        return Undecodable(f"the {kind} needs more memory than there is; resize it")
    except Exception as error:  # noqa: BLE001 - hostile bytes make decoders raise anything; the file is named, the scan goes on
        if "truncated" in str(error).lower():
            return Undecodable(f"the {kind} is cut off; fetch or export it again")
        return Undecodable(f"the {kind} is damaged ({str(error)[:80] or type(error).__name__})")


def _grey(image: Image) -> GreyPicture | Undecodable:
    width, height = image.size
    if width * height > MAX_PIXELS:
        megapixels = width * height / 1e6
        return Undecodable(f"it is {megapixels:,.0f} megapixels large, over the limit of {MAX_PIXELS / 1e6:.0f}")
    factor = 1 if min(width, height) < 128 else 2
    while width * height > _GREY_PIXELS * factor**2:
        factor *= 2
    orientation, taken = _orientation(image), _taken(image)
    image.draft("L", (max(1, width // factor), max(1, height // factor)))
    image.info.pop("transparency", None)  # converting would warn that it is lost, and it is not looked at
    grey = in_8_bits(image).convert("L")
    if grey.size == (width, height) and factor > 1:
        grey = grey.reduce(factor)
    return _oriented(GreyPicture(width, height, grey, taken), orientation)


def _opener(kind: str) -> Callable[[io.BytesIO], Image]:
    # Image.open would weigh the picture against a process-wide limit and warn on stderr; the plugins do not.
    match kind:
        case "JPEG":
            from PIL.JpegImagePlugin import JpegImageFile

            return JpegImageFile
        case "PNG":
            from PIL.PngImagePlugin import PngImageFile

            return PngImageFile
        case "WebP":
            from PIL.WebPImagePlugin import WebPImageFile

            return WebPImageFile
        case "BMP":
            from PIL.BmpImagePlugin import BmpImageFile

            return BmpImageFile
        case "TIFF":
            from PIL.TiffImagePlugin import TiffImageFile

            return TiffImageFile
        case "GIF":
            from PIL.GifImagePlugin import GifImageFile

            return GifImageFile
        case "AVIF":
            from PIL.AvifImagePlugin import AvifImageFile

            return AvifImageFile
        case "JPEG 2000":
            from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

            return Jpeg2KImageFile
        case _:
            from PIL.PpmImagePlugin import PpmImageFile

            return PpmImageFile


def in_8_bits(image: Image) -> Image:
    """A picture of wider values with values from 0 to 255; any other as it is.

    Values up to 1 are shares, up to 255 are as they are, up to 4,095 those of a 12-bit sensor, else of 16 bits.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    from PIL.Image import fromarray

    levels = np.nan_to_num(np.asarray(image, dtype=np.float32))
    most = levels.max(initial=0)
    scale = next((scale for end, scale in _RANGES if most <= end and (end > 1 or image.mode == "F")), 257)
    return fromarray(np.clip(np.rint(levels / scale), 0, 255).astype(np.uint8))


def _orientation(image: Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - EXIF that cannot be read turns nothing, as in every viewer
        return 1


def _taken(image: Image) -> str:
    try:
        return str(image.getexif().get_ifd(_EXIF_IFD).get(_TAKEN_TAG, ""))
    except Exception:  # noqa: BLE001 - EXIF that cannot be read says nothing
        return ""


def _oriented(picture: GreyPicture, orientation: int) -> GreyPicture:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    if orientation not in turns:
        return picture
    grey = picture.grey.transpose(turns[orientation])
    if orientation < 5:
        return replace(picture, grey=grey)
    return GreyPicture(picture.height, picture.width, grey, picture.taken)


def _not_an_image(data: bytes) -> str:
    if not data:
        return "the file is empty"
    start = data[:64].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "the file is a web page, not an image; the download was answered with an error or a login"
    if start.startswith(b"version https://git-lfs"):
        return "the file is a Git LFS pointer, not the image; run `git lfs pull`"
    if data[4:8] == b"ftyp":
        return "the file is HEIC or a video; export the version with JPEG or PNG images"
    return f"the file is not a JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF; it starts with {data[:8]!r}"
