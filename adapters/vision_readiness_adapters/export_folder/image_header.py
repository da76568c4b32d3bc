"""The size of an image from its header, without decoding a pixel."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import SourceError
from vision_readiness.ports import Images

_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)


def image_sizes(images: Images, keys: Sequence[str]) -> NDArray[np.int32]:
    """Width and height of each image in pixels, EXIF orientation applied, of shape (keys, 2).

    (0, 0) stands for an image that is missing or whose header cannot be read.
    """
    sizes = [(0, 0)] * len(keys)
    for row, key in enumerate(keys):
        try:
            sizes[row] = header_size(images.read(key))
        except SourceError:
            continue
    return np.array(sizes, dtype=np.int32).reshape(-1, 2)


def header_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of an encoded image, EXIF orientation applied; (0, 0) when its header is damaged."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is not decoded here
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                # Pillow decodes a whole PNG to look for an EXIF block behind its pixels.
                turned = (image.format != "PNG" or "exif" in image.info) and image.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001 - Pillow's readers raise anything on a damaged header
        return 0, 0
    return (height, width) if turned in _TURNED else (width, height)
