"""The ways in which camera images degrade, each in five steps of a quantity with a unit."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from vision_readiness.stress.scene import Picture, Scene, occluded, rotated, smaller

if TYPE_CHECKING:
    from PIL.ImageFilter import MultibandFilter

Apply: TypeAlias = Callable[[Scene, float, np.random.Generator], Scene]
Paint: TypeAlias = Callable[[Picture, float, np.random.Generator], Picture]

WORST = 5
"""The highest severity; 0 is the picture as it is."""

GAMMA = 2.2
"""Cameras store light to the power of 1 / 2.2, so that half the light is 0.73 times the value."""

LONG_SIDE = 640
"""Lengths in pixels are those in a picture whose longer side is this long; in others they grow with it."""


class Quantity(StrEnum):
    """What a shift moves. The first three are measured in every picture, brightness and sharpness as by the scan."""

    BRIGHTNESS = "mean brightness"
    SHARPNESS = "sharpness"
    WARMTH = "red over blue"
    NOISE = "noise"
    JPEG_QUALITY = "JPEG quality"
    SIZE = "size"
    HIDDEN = "share hidden"
    ANGLE = "angle"

    @property
    def is_measured(self) -> bool:
        return self in (Quantity.BRIGHTNESS, Quantity.SHARPNESS, Quantity.WARMTH)

    def words(self, value: float, *, bare: bool = False) -> str:
        """A value in words, such as ``mean brightness 62``; ``bare`` leaves out what it is.

        >>> Quantity.BRIGHTNESS.words(62.4), Quantity.SHARPNESS.words(0.2149, bare=True), Quantity.SIZE.words(0.4)
        ('mean brightness 62', '0.215', 'size 40 %')
        """
        match self:
            case Quantity.SHARPNESS | Quantity.WARMTH:
                said = f"{value:.3g}"
            case Quantity.SIZE | Quantity.HIDDEN:
                said = f"{100 * value:.0f} %"
            case Quantity.ANGLE:
                said = f"{value:.1f}°"
            case _:
                said = f"{value:.0f}"
        return said if bare else f"{self} {said}"


@dataclass(frozen=True, slots=True)
class Shift:
    """One way of getting worse.

    ``strengths`` has one entry for each severity from 0 (which changes nothing) to 5, in ``unit``, and goes one way.
    ``quantity`` is what it moves in a picture; where that is not measured it is the strength itself. ``apply`` takes
    a scene, a strength and a seeded generator, and changes none of them but the generator.
    """

    name: str
    strengths: tuple[float, float, float, float, float, float]
    unit: str
    quantity: Quantity
    apply: Apply

    def strength(self, severity: float) -> float:
        """The strength at a severity from 0 to 5, by straight lines between the whole ones."""
        return float(np.interp(severity, range(WORST + 1), self.strengths))

    def __call__(self, scene: Scene, severity: float, random: np.random.Generator) -> Scene:
        """The scene at ``severity``; the very same at 0."""
        return self.apply(scene, self.strength(severity), random) if severity else scene


def _painted(paint: Paint) -> Apply:
    """A shift of the picture alone: every object stays where it is."""

    def apply(scene: Scene, strength: float, random: np.random.Generator) -> Scene:
        return replace(scene, picture=paint(scene.picture, strength, random))

    return apply


def _dimmed(picture: Picture, stops: float, random: np.random.Generator) -> Picture:
    """``stops`` less light."""
    return _exposed(picture, -stops, random)


def _exposed(picture: Picture, stops: float, random: np.random.Generator) -> Picture:
    """``stops`` more light, each of them twice as much, as a camera stores it; what is too bright is cut off."""
    exposed: Picture = _levels(2 ** (stops / GAMMA))[picture]
    return exposed


def _warmer(picture: Picture, percent: float, random: np.random.Generator) -> Picture:
    """Red raised and blue lowered by ``percent``: a wrong white balance, or the light of a lamp."""
    red, blue = _levels(1 + percent / 100)[picture[..., 0]], _levels(1 - percent / 100)[picture[..., 2]]
    return np.stack([red, picture[..., 1], blue], axis=-1)


def _colder(picture: Picture, percent: float, random: np.random.Generator) -> Picture:
    """The same the other way round."""
    return _warmer(picture, -percent, random)


def _levels(factor: float) -> Picture:
    """What each of the 256 values becomes when it is multiplied."""
    levels: Picture = np.clip(np.rint(np.arange(256) * factor), 0, 255).astype(np.uint8)
    return levels


def _blurred(picture: Picture, sigma: float, random: np.random.Generator) -> Picture:
    """Out of focus: a Gaussian of ``sigma`` pixels."""
    from PIL import ImageFilter

    return _filtered(picture, ImageFilter.GaussianBlur(sigma * _scale(picture)))


def _moved(picture: Picture, length: float, random: np.random.Generator) -> Picture:
    """A point drawn out to a line of ``length`` pixels, along or across the picture."""
    from PIL import ImageFilter

    radius = length * _scale(picture) / 2
    return _filtered(picture, ImageFilter.BoxBlur((radius, 0) if random.random() < 0.5 else (0, radius)))


def _filtered(picture: Picture, kernel: MultibandFilter) -> Picture:
    from PIL import Image

    return np.asarray(Image.fromarray(picture).filter(kernel))


def _scale(picture: Picture) -> float:
    height, width = picture.shape[:2]
    return max(int(height), int(width)) / LONG_SIDE


def _noisy(picture: Picture, sigma: float, random: np.random.Generator) -> Picture:
    """Independent normal noise in every pixel and channel."""
    noise = random.standard_normal(picture.shape, dtype=np.float32) * np.float32(sigma)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def _compressed(picture: Picture, quality: float, random: np.random.Generator) -> Picture:
    """The picture after a JPEG of libjpeg's ``quality``."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=round(quality))
    return np.asarray(Image.open(file).convert("RGB"))


BRIGHTNESS, SHARPNESS, WARMTH = Quantity.BRIGHTNESS, Quantity.SHARPNESS, Quantity.WARMTH

SHIFTS = (
    Shift("darker", (0, 1, 2, 3, 4, 5), "stops less light", BRIGHTNESS, _painted(_dimmed)),
    Shift("brighter", (0, 0.4, 0.8, 1.2, 1.6, 2), "stops more light", BRIGHTNESS, _painted(_exposed)),
    Shift("blur", (0, 1, 2.5, 5, 9, 14), "px of blur", SHARPNESS, _painted(_blurred)),
    Shift("motion", (0, 5, 10, 18, 30, 48), "px of motion", SHARPNESS, _painted(_moved)),
    Shift("noise", (0, 6, 12, 20, 32, 48), "of 255, standard deviation", Quantity.NOISE, _painted(_noisy)),
    Shift("jpeg", (100, 60, 40, 25, 15, 8), "JPEG quality", Quantity.JPEG_QUALITY, _painted(_compressed)),
    Shift("scale", (1, 0.85, 0.7, 0.55, 0.4, 0.25), "of the size", Quantity.SIZE, smaller),
    Shift("occlusion", (0, 0.1, 0.2, 0.35, 0.5, 0.65), "of each box", Quantity.HIDDEN, occluded),
    Shift("rotation", (0, 4, 8, 14, 22, 32), "degrees", Quantity.ANGLE, rotated),
    Shift("warmer", (0, 3, 7, 14, 24, 36), "% of red against blue", WARMTH, _painted(_warmer)),
    Shift("colder", (0, 3, 7, 14, 24, 36), "% of blue against red", WARMTH, _painted(_colder)),
)
"""Every shift, in the order people are shown them."""


def measured_in(picture: Picture, quantity: Quantity) -> float:
    """The brightness (0 to 255), sharpness or warmth (mean red over mean blue) of a picture.

    The first two are what the scan of a data set measures. nan for the sharpness of a picture with too little
    contrast, the warmth of one without blue, and for what is not measured.
    """
    from PIL import Image

    from vision_readiness.inspect.features import measure

    if quantity is Quantity.WARMTH:
        red, blue = float(picture[..., 0].mean()), float(picture[..., 2].mean())
        return red / blue if blue else math.nan
    if not quantity.is_measured:
        return math.nan
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "BMP")
    measures = measure(file.getvalue()).measures
    if measures is None:
        return math.nan
    return measures.mean if quantity is Quantity.BRIGHTNESS else measures.sharpness
