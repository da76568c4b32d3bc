"""A picture together with the objects in it, and what moves both: scale, rotation, and something in the way."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.masks import Masks

if TYPE_CHECKING:
    from PIL.Image import Image as Drawn
    from PIL.Image import Resampling

Picture = NDArray[np.uint8]

GREY = (114, 114, 114)
"""What stands where there is no picture: the padding detectors are trained with."""

LEAST_SEEN = 0.5
"""An object of which less than this share is left in the frame is neither missed nor found."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture (RGB, shape (height, width, 3)) and the objects in it, ``box`` of shape (objects, 4) in its pixels.

    ``gone`` of shape (objects,) marks objects that have mostly left the frame.
    """

    picture: Picture
    box: NDArray[np.float64]
    gone: NDArray[np.bool_]
    masks: Masks | None = None

    @staticmethod
    def of(picture: Picture, box: NDArray[np.float64], masks: Masks | None = None) -> Scene:
        """A scene in which nothing is gone."""
        return Scene(picture, box, np.zeros(len(box), dtype=bool), masks)


def smaller(scene: Scene, factor: float, random: np.random.Generator) -> Scene:
    """The scene at ``factor`` of its size, in the middle of a grey canvas of the old size."""
    from PIL import Image

    height, width = scene.picture.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    corner = ((width - size[0]) // 2, (height - size[1]) // 2)

    def fitted(image: Drawn, empty: Drawn, how: Resampling) -> Drawn:
        empty.paste(image.resize(size, how), corner)
        return empty

    canvas = Image.new("RGB", (width, height), GREY)
    picture = fitted(Image.fromarray(scene.picture), canvas, Image.Resampling.BILINEAR)
    scale, shift = np.tile(size, 2) / np.tile((width, height), 2), np.tile(corner, 2)

    def moved(mask: Drawn) -> Drawn:
        return fitted(mask, Image.new("L", (width, height)), Image.Resampling.NEAREST)

    return Scene(np.asarray(picture), scene.box * scale + shift, scene.gone, _redrawn(scene.masks, moved))


def rotated(scene: Scene, degrees: float, random: np.random.Generator) -> Scene:
    """The scene turned about its middle, one way or the other, in the old frame; grey comes in at the corners.

    A box is that of the turned ellipse which the old box holds: the box of the turned corners would be far too large
    for most objects (Kalra et al., ICCV 2021). It is cut at the frame.
    """
    from PIL import Image

    degrees = degrees if random.random() < 0.5 else -degrees
    height, width = scene.picture.shape[:2]
    picture = Image.fromarray(scene.picture).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=GREY)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cos, sin], [-sin, cos]])  # counter-clockwise where y points down
    middle = np.array([width, height]) / 2
    centre = ((scene.box[:, :2] + scene.box[:, 2:]) / 2 - middle) @ turn.T + middle
    half = np.sqrt(((scene.box[:, 2:] - scene.box[:, :2]) / 2) ** 2 @ (turn**2).T)
    whole = np.hstack([centre - half, centre + half])
    box = np.clip(whole, 0, np.tile((width, height), 2))
    gone = scene.gone | (_area(box) < LEAST_SEEN * _area(whole))
    masks = _redrawn(scene.masks, lambda mask: mask.rotate(degrees, Image.Resampling.NEAREST))
    return Scene(np.asarray(picture), box, gone, masks)


def occluded(scene: Scene, share: float, random: np.random.Generator) -> Scene:
    """The scene with a grey patch over ``share`` (0 to 1) of each object's box; the objects stay what they are.

    A larger share covers all that a smaller one covers, as long as ``random`` starts alike.
    """
    side = scene.box[:, 2:] - scene.box[:, :2]
    patch = side * math.sqrt(share)
    start = scene.box[:, :2] + random.random(side.shape) * (side - patch)
    picture = scene.picture.copy()
    ends = np.rint(np.hstack([start, start + patch])).clip(0).astype(np.int64)
    for left, top, right, bottom in ends.tolist():
        picture[top:bottom, left:right] = GREY
    return replace(scene, picture=picture)


def _area(box: NDArray[np.float64]) -> NDArray[np.float64]:
    area: NDArray[np.float64] = np.prod(np.maximum(box[:, 2:] - box[:, :2], 0), axis=1)
    return area


def _redrawn(masks: Masks | None, moved: Callable[[Drawn], Drawn]) -> Masks | None:
    from PIL import Image

    if masks is None:
        return None
    bitmaps = (Image.fromarray(masks.bitmap(row).astype(np.uint8)) for row in range(len(masks)))
    return Masks.from_bitmaps([np.asarray(moved(bitmap)).astype(bool) for bitmap in bitmaps])
