"""A picture from the bytes of an image file."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import SourceError
from vision_readiness.inspect.picture import MAX_PIXELS, in_8_bits


class UnreadablePicture(SourceError):  # noqa: N818 - named for what it is; the run goes on without the image
    """The bytes are not an image that can be decoded whole."""


def decode(data: bytes, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """The picture in an image file: RGB of shape (height, width, 3), upright by its EXIF orientation.

    Transparency is dropped and wider grey values are brought to 8 bits. Raises ``UnreadablePicture``, one line, for
    bytes that are empty, no image, cut off, or hold more than ``max_pixels``; nothing is decoded before the size is
    known.
    """
    from PIL import Image, ImageOps

    if not data:
        raise UnreadablePicture("the file is empty: export it again")
    try:
        image: Image.Image = Image.open(io.BytesIO(data))
        small_enough = image.width * image.height <= max_pixels
        if small_enough:
            upright = ImageOps.exif_transpose(image)
            return np.asarray(in_8_bits(upright).convert("RGB"), dtype=np.uint8)
    except Exception as error:  # hostile files make Pillow raise nearly anything
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadablePicture(f"the image cannot be decoded ({reason}): export it again") from error
    raise UnreadablePicture(f"{image.width} x {image.height} pixels are over the limit of {max_pixels:,}: shrink it")
