"""Conditions of capture, measured in the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.project import Condition
from vision_readiness.project.months import MONTH, MONTHS, months_condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vision_readiness.inspect.feature_columns import FeatureColumns
    from vision_readiness.project import Dataset


def measured_conditions(dataset: Dataset, features: FeatureColumns) -> Mapping[str, Condition]:
    """Brightness, sharpness and, for tasks with boxes, crowding; one whose values hardly vary is left out.

    Brightness and sharpness are thirds of the whole data set; an image that was not decoded is in none. Crowding
    counts the objects of images that have any. ``month`` is when cameras say that they took the pictures.
    """
    found = {
        "brightness": _thirds(features.mean, ("darkest third", "middle third", "brightest third"), apart=2.0),
        "sharpness": _thirds(
            features.sharpness,
            ("least sharp third", "middle third", "sharpest third"),
            apart=0.1 * float(np.nanmedian(features.sharpness)) if np.isfinite(features.sharpness).any() else 0.0,
        ),
        "crowding": _crowding(dataset) if dataset.task.has_boxes else None,
    }
    measured = {name: Condition("measured", levels) for name, levels in found.items() if levels is not None}
    taken = months_condition([MONTHS[month - 1] if month else None for month in features.month.tolist()], "EXIF")
    return measured if taken is None else {**measured, MONTH: taken}


def _thirds(
    values: NDArray[np.float64], names: tuple[str, str, str], *, apart: float
) -> Mapping[str, NDArray[np.bool_]] | None:
    """Masks of the lower, middle and upper third; ``None`` unless the outer thirds' medians are more than ``apart``."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, first, second, high = np.quantile(known, [1 / 6, 1 / 3, 2 / 3, 5 / 6])
    if high - low <= apart:
        return None
    lower, upper = values < first, values > second
    masks = (lower, np.isfinite(values) & ~lower & ~upper, upper)
    return {name: mask for name, mask in zip(names, masks, strict=True) if mask.any()}


def _crowding(dataset: Dataset) -> Mapping[str, NDArray[np.bool_]] | None:
    """Images with few, some and many objects, a third each as far as ties allow, named by their numbers."""
    objects = np.bincount(dataset.objects.image, minlength=len(dataset.images))
    counts = objects[objects > 0]
    if not len(counts):
        return None
    first, second = np.quantile(counts, [1 / 3, 2 / 3], method="inverted_cdf")
    thirds = ((objects > 0) & (objects <= first), (objects > first) & (objects <= second), objects > second)
    levels = [mask for mask in thirds if mask.any()]
    if len(levels) < 2:
        return None
    names = [_range(int(objects[mask].min()), int(objects[mask].max())) for mask in levels]
    return dict(zip(names, levels, strict=True))


def _range(fewest: int, most: int) -> str:
    if fewest == most:
        return "1 object" if most == 1 else f"{most} objects"
    return f"{fewest}-{most} objects"
