"""Circumstances of capture that were measured in the pictures, or read off their file names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.errors import SpecError
from vision_readiness.inspect.months import MONTH, MONTHS, month_named, month_of, months_condition
from vision_readiness.project import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from vision_readiness.inspect.feature_columns import FeatureColumns
    from vision_readiness.project import Dataset

DATE = "date"
NAME_LETTERS = 255
"""As much of a file name as is looked at: no file system has longer ones."""

MAX_LEVELS = 100
"""How many levels a file-name pattern may give; more is an identifier, not a circumstance."""


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


def conditions_from_names(keys: Sequence[str], pattern: str) -> Mapping[str, Condition]:
    r"""The conditions that the named groups of ``pattern``, a regular expression, find in the file names of ``keys``.

    The text of a group is the level; an image whose name does not match, or lacks the group, is in no level. A group
    called ``date`` (2026-01-15, 20260115) or ``month`` gives the condition ``month``.
    Raises ``SpecError`` for a pattern that is not one, names no group, or gives more than ``MAX_LEVELS`` levels.

    >>> list(conditions_from_names(["a/dock-1_night_07.jpg"], r"(?P<camera>dock-\d+)_(?P<lighting>day|night)"))
    ['camera', 'lighting']
    """
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise SpecError(f"the file-name pattern {pattern!r} is not a regular expression: {error}") from None
    if not expression.groupindex:
        raise SpecError(f"the file-name pattern {pattern!r} names no group; write one as (?P<camera>dock-[0-9]+)")
    matches = [expression.search(PurePosixPath(key).name[:NAME_LETTERS]) for key in keys]
    found: dict[str, Condition] = {}
    for name in expression.groupindex:
        values = np.array([(match.group(name) or "") if match else "" for match in matches], dtype=object)
        if name in (DATE, MONTH):
            read = month_of if name == DATE else month_named
            taken = months_condition([read(value) for value in values], "file name")
            found |= {} if taken is None else {MONTH: taken}
            continue
        levels = sorted(set(values) - {""})
        if len(levels) > MAX_LEVELS:
            raise SpecError(
                f"the group {name!r} of the file-name pattern gives {len(levels):,} levels such as {levels[0]!r}; "
                f"match fewer than {MAX_LEVELS + 1}, the camera rather than the frame"
            )
        if levels:
            found[name] = Condition("file name", {level: values == level for level in levels})
    return found


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
