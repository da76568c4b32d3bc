"""The features of one image, from a single decode."""

from __future__ import annotations

import json
import math
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.picture import Undecodable, decode
from vision_readiness.project.months import MONTHS, month_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from vision_readiness.ports import Cache

FEATURES_VERSION = 2
"""Raised whenever a measure changes its meaning, so that no cached value outlives its code."""

_BAND_PIXELS = 2**14  # small enough to stay in the processor's cache, and under malloc's mmap threshold


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one picture after its EXIF orientation; grey values are 0 to 255, shares 0 to 1.

    ``bright`` is the share of pixels at 250 or more, ``dark`` of those at 5 or less. ``sharpness`` is the standard
    deviation of the Laplacian over that of the picture, so that a dim picture is not taken for a blurred one; nan
    where there is too little contrast to tell. ``dhash`` is a difference hash of 32 bytes, row by row. ``month`` is the
    number of the month in which the camera says it was taken (EXIF), 0 where it does not say.
    """

    width: int
    height: int
    mean: float
    std: float
    p99: float
    bright: float
    dark: float
    sharpness: float
    dhash: bytes
    month: int = 0


@dataclass(frozen=True, slots=True)
class ImageFeatures:
    """One image file: its digest, ``None`` where it could not be read, and its measures or why there are none."""

    sha256: str | None
    measures: Measures | None
    because: str | None


def measure(data: bytes, cache: Cache | None = None) -> ImageFeatures:
    """The features of the image file ``data``; nothing is decoded when ``cache`` knows them. Raises nothing."""
    digest = sha256(data).hexdigest()
    if cache is None:
        return _measure(data, digest)
    key = _cache_key(digest)
    known = cache.get(key)
    features = None if known is None else _loads(known, digest)
    if features is None:
        features = _measure(data, digest)
        cache.put(key, _dumps(features))
    return features


def _cache_key(digest: str) -> str:
    from PIL import __version__ as pillow

    return f"image-features/{FEATURES_VERSION}/pillow-{pillow}/{digest}"


def _measure(data: bytes, digest: str) -> ImageFeatures:
    picture = decode(data)
    if isinstance(picture, Undecodable):
        return ImageFeatures(digest, None, picture.because)
    grey = picture.grey
    counts = np.array(grey.histogram(), dtype=np.int64)
    levels = np.arange(256)
    pixels = int(counts.sum())
    mean = float(counts @ levels) / pixels
    std = math.sqrt(max(0.0, float(counts @ levels**2) / pixels - mean**2))
    measures = Measures(
        width=picture.width,
        height=picture.height,
        mean=mean,
        std=std,
        p99=float(np.searchsorted(np.cumsum(counts), 0.99 * pixels)),
        bright=float(counts[250:].sum()) / pixels,
        dark=float(counts[:6].sum()) / pixels,
        sharpness=_edges(np.asarray(grey)) / std if std >= 4 else math.nan,
        dhash=_difference_hash(grey),
        month=MONTHS.index(month) + 1 if (month := month_of(picture.taken)) else 0,
    )
    return ImageFeatures(digest, measures, None)


def _edges(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """The standard deviation of the 4-neighbour Laplacian; nan for a picture without an inside."""
    if min(grey.shape) < 3:
        return math.nan
    inside = (grey.shape[0] - 2) * (grey.shape[1] - 2)
    rows = max(1, _BAND_PIXELS // grey.shape[1])
    total = squares = 0
    for top in range(0, grey.shape[0] - 2, rows):
        pixels = grey[top : top + rows + 2].astype(np.int16)
        laplacian = 4 * pixels[1:-1, 1:-1]
        for neighbour in (pixels[:-2, 1:-1], pixels[2:, 1:-1], pixels[1:-1, :-2], pixels[1:-1, 2:]):
            laplacian -= neighbour
        total += int(laplacian.sum(dtype=np.int64))
        squares += int(np.square(laplacian, dtype=np.int32).sum(dtype=np.int64))
    return math.sqrt(max(0.0, squares / inside - (total / inside) ** 2))


def _difference_hash(grey: Image) -> bytes:
    """Whether each pixel of the 17 x 16 thumbnail is brighter than its left neighbour: 256 bits."""
    from PIL.Image import Resampling

    thumbnail = np.asarray(grey.resize((17, 16), Resampling.BILINEAR))
    return np.packbits(thumbnail[:, 1:] > thumbnail[:, :-1]).tobytes()


def _dumps(features: ImageFeatures) -> bytes:
    if features.measures is None:
        return json.dumps({"sha256": features.sha256, "because": features.because}).encode()
    *numbers, dhash, month = astuple(features.measures)
    entry = {"sha256": features.sha256, "measures": numbers, "dhash": dhash.hex(), "month": month}
    return json.dumps(entry).encode()


def _loads(value: bytes, digest: str) -> ImageFeatures | None:
    """The features that were cached for the file with this digest; ``None`` where the entry is not what was put."""
    try:
        entry = json.loads(value)
        if entry["sha256"] != digest:
            return None
        if "because" in entry:
            return ImageFeatures(digest, None, str(entry["because"]))
        width, height, mean, std, p99, bright, dark, sharpness = map(float, entry["measures"])
        dhash = bytes.fromhex(entry["dhash"])
        month = int(entry["month"])
        measures = Measures(int(width), int(height), mean, std, p99, bright, dark, sharpness, dhash, month)
    except (ValueError, TypeError, KeyError):
        return None
    return ImageFeatures(digest, measures, None) if len(dhash) == 32 and 0 <= month <= len(MONTHS) else None
