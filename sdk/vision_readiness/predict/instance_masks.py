"""Instance masks from a segmenter's prototypes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.outputs import Frame, sigmoid
from vision_readiness.predict.preprocess import Placement
from vision_readiness.project.masks import Masks


def draw(
    weights: NDArray[np.floating],
    prototypes: NDArray[np.floating],
    box: NDArray[np.float64],
    placement: Placement,
    frame: Frame,
) -> Masks:
    """A mask in the picture's pixels for each row of ``weights`` (n, k) over ``prototypes`` (k, h, w).

    A pixel belongs where sigmoid(weights x prototypes), resized to the picture, is over 0.5 and its centre lies in
    the row's ``box`` (xyxy, picture pixels). Only the box's part of the picture is resized (Bolya et al. 2019, YOLACT).
    """
    depth, height, width = prototypes.shape
    planes = weights.astype(np.float32) @ prototypes.reshape(depth, -1).astype(np.float32)
    per_pixel = np.array([width / frame.width, height / frame.height] * 2)
    seen = placement.to_picture(np.array([[0.0, 0.0, frame.width, frame.height]]))[0]
    areas = np.rint(np.clip(box, np.tile(seen[:2], 2), np.tile(seen[2:], 2))).astype(int)
    sources = placement.to_input(areas.astype(np.float64)) * per_pixel
    rles = []
    for plane, (left, top, right, bottom), source in zip(
        planes.reshape(-1, height, width), areas, sources, strict=True
    ):
        bitmap = np.zeros((placement.height, placement.width), dtype=bool, order="F")
        if right > left and bottom > top:
            bitmap[top:bottom, left:right] = _resized(plane, source, (right - left, bottom - top)) > 0.5
        rles.append(Masks.from_bitmaps([bitmap]).rle(0))  # one bitmap at a time: three hundred of a photo fill memory
    return Masks.from_rles(rles)


def _resized(plane: NDArray[np.float32], source: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float32]:
    """Sigmoid of the ``source`` part (xyxy, cut at the edges) of ``plane``, resized bilinearly to ``size`` (w, h)."""
    from PIL import Image

    limit = np.array([plane.shape[1], plane.shape[0]] * 2)
    inside = np.clip(source, 0.0, limit)
    if (inside[2:] <= inside[:2]).any():
        return np.zeros(size[::-1], dtype=np.float32)
    # The filter reaches over the part's edge, so a margin comes along: two cells, more where the part is shrunk.
    reach = 2 + np.ceil((inside[2:] - inside[:2]) / size).astype(int)
    first = np.maximum(np.floor(inside[:2]).astype(int) - reach, 0)
    last = np.minimum(np.ceil(inside[2:]).astype(int) + reach, limit[:2])
    part = sigmoid(plane[first[1] : last[1], first[0] : last[0]])
    left, top, right, bottom = (inside - np.tile(first, 2)).tolist()
    image = Image.fromarray(np.ascontiguousarray(part, dtype=np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR, box=(left, top, right, bottom)), dtype=np.float32)
