"""A picture made into the model's input, and the way back for its boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Preprocessing, Resize


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies in the input: ``input = picture * scale + offset``, along (x, y), in pixels.

    ``width`` and ``height`` are the picture's. An offset is negative where the picture was cropped.
    """

    width: int
    height: int
    scale: tuple[float, float]
    offset: tuple[float, float]

    def to_picture(self, box: NDArray[np.floating]) -> NDArray[np.float64]:
        """Boxes (n, 4), xyxy in input pixels, as boxes in the picture's pixels, cut at its edges."""
        offset, scale = np.array(self.offset * 2, dtype=np.float64), np.array(self.scale * 2, dtype=np.float64)
        moved = (box.astype(np.float64) - offset) / scale
        edge = np.array([self.width, self.height] * 2, dtype=np.float64)
        return np.clip(moved, 0.0, edge, out=moved)

    def to_input(self, box: NDArray[np.floating]) -> NDArray[np.float64]:
        """Boxes (n, 4), xyxy in the picture's pixels, as boxes in input pixels."""
        offset, scale = np.array(self.offset * 2, dtype=np.float64), np.array(self.scale * 2, dtype=np.float64)
        return box.astype(np.float64) * scale + offset


def place(width: int, height: int, how: Preprocessing) -> Placement:
    """Where a picture of ``width`` x ``height`` pixels goes; a letterboxed one is centred and rounded to pixels."""
    if how.resize is Resize.STRETCH:
        return Placement(width, height, (how.width / width, how.height / height), (0.0, 0.0))
    ratios = how.width / width, how.height / height
    if how.resize is Resize.CENTER_CROP:
        ratio = max(ratios)
        offset = (how.width - width * ratio) / 2, (how.height - height * ratio) / 2
        return Placement(width, height, (ratio, ratio), offset)
    inner_width = max(1, round(width * min(ratios)))
    inner_height = max(1, round(height * min(ratios)))
    left, top = (how.width - inner_width) // 2, (how.height - inner_height) // 2
    return Placement(width, height, (inner_width / width, inner_height / height), (float(left), float(top)))


def to_tensor(
    picture: NDArray[np.uint8], how: Preprocessing, *, channels: int = 3, dtype: str = "float32"
) -> tuple[NDArray[np.generic], Placement]:
    """The input of shape (1, channels, height, width) for an RGB ``picture``, and where the picture lies in it.

    Resized bilinearly, with support that grows when shrinking (Pillow's rule, no aliasing). Mean and std are in the
    order of the input's channels: after the swap where ``how.bgr``. One channel means the grey picture.
    """
    placement = place(picture.shape[1], picture.shape[0], how)
    pixels = _fitted(picture, how, placement, grey=how.grayscale or channels == 1)
    if pixels.ndim == 2:
        planes = np.broadcast_to(pixels, (channels, *pixels.shape))
    else:
        planes = pixels.transpose(2, 0, 1)[::-1] if how.bgr else pixels.transpose(2, 0, 1)
    if dtype == "uint8":
        return np.ascontiguousarray(planes[None]), placement
    unit = 255.0 if how.unit_range else 1.0
    std, mean = np.array(how.std[:channels]), np.array(how.mean[:channels])
    factor = (1.0 / (unit * std)).astype(np.float32)[:, None, None]
    shift = (mean / std).astype(np.float32)[:, None, None]
    tensor = np.multiply(planes, factor, dtype=np.float32, order="C")
    if shift.any():
        tensor -= shift
    return tensor[None].astype(dtype, copy=False), placement


def _fitted(picture: NDArray[np.uint8], how: Preprocessing, placement: Placement, *, grey: bool) -> NDArray[np.uint8]:
    """The picture's pixels resized into an area of the input's size, padded with ``how.padding``."""
    from PIL import Image

    image = Image.fromarray(picture)
    if grey:
        image = image.convert("L")
    (scale_x, scale_y), (left, top) = placement.scale, placement.offset
    if how.resize is not Resize.LETTERBOX:
        source = (-left / scale_x, -top / scale_y, (how.width - left) / scale_x, (how.height - top) / scale_y)
        source = (*np.clip(source[:2], 0, None), min(source[2], placement.width), min(source[3], placement.height))
        return np.asarray(image.resize((how.width, how.height), Image.Resampling.BILINEAR, box=source))
    inner = round(placement.width * scale_x), round(placement.height * scale_y)
    canvas = Image.new(image.mode, (how.width, how.height), how.padding if grey else (how.padding,) * 3)
    canvas.paste(image.resize(inner, Image.Resampling.BILINEAR), (int(left), int(top)))
    return np.asarray(canvas)
