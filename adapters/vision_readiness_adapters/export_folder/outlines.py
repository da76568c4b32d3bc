"""Polygons and run-length codes as a file gives them: which mean a mask, and which are safe to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.masks import run_lengths

LARGEST_CANVAS = 2**28
"""Masks are not drawn on images of more pixels than this."""


def says_more_than_box(value: object, box: object) -> bool:
    """True for a polygon or run-length code that is not just the four corners of ``box`` (COCO's xywh).

    An empty one says nothing, and corners may be off by a pixel.
    """
    if isinstance(value, dict):
        return True
    if not isinstance(value, list) or not any(value):
        return False
    try:
        x, y, width, height = (float(side) for side in box)  # type: ignore[attr-defined]  # not a box: TypeError below
        points = [
            (float(px), float(py)) for polygon in value for px, py in zip(polygon[::2], polygon[1::2], strict=True)
        ]
    except (TypeError, ValueError, OverflowError):
        return True
    if len(value) > 1 or len(points) not in (4, 5):
        return True
    corner_x, corner_y = (x, x + width), (y, y + height)
    return not all(_near(px, corner_x) and _near(py, corner_y) for px, py in points)


def drawable(value: object, box: NDArray[np.float64], width: int, height: int) -> Any | None:
    """``value`` as pycocotools may be given it, in an image of ``width`` and ``height`` pixels; else ``None``.

    No polygon, or none with three corners, gives the rectangle of ``box`` (xyxy). pycocotools trusts its input: a
    point far away or a code longer than its image costs memory without end, so both are refused.
    """
    if not 0 < width * height <= LARGEST_CANVAS:
        return None
    if isinstance(value, dict):
        return _code(value, width, height)
    try:
        polygons = [np.asarray(polygon, dtype=np.float64) for polygon in value or ()]  # type: ignore[attr-defined]  # same
    except (TypeError, ValueError, OverflowError):
        return None
    closed = [polygon for polygon in polygons if polygon.size >= 6]
    if not closed:
        x1, y1, x2, y2 = box
        closed = [np.array([x1, y1, x2, y1, x2, y2, x1, y2])]
    if all(polygon.ndim == 1 and polygon.size % 2 == 0 and _is_near(polygon, width, height) for polygon in closed):
        return [polygon.tolist() for polygon in closed]
    return None


def _is_near(polygon: NDArray[np.float64], width: int, height: int) -> bool:
    reach = np.tile([width, height], polygon.size // 2)
    return bool(np.all((polygon >= -reach) & (polygon <= 2 * reach)))


def _near(value: float, sides: Sequence[float]) -> bool:
    return any(math.isclose(value, side, abs_tol=1.0) for side in sides)


def _code(code: dict[str, Any], width: int, height: int) -> dict[str, Any] | None:
    counts = code.get("counts")
    runs = run_lengths(counts) if isinstance(counts, str) else counts
    if code.get("size") != [height, width] or not isinstance(runs, list):
        return None
    fits = all(isinstance(run, int) and run >= 0 for run in runs) and sum(runs) == width * height
    return {"size": [height, width], "counts": counts} if fits else None
