"""Conditions that a pattern of the specification reads off file names."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.errors import SpecError
from vision_readiness.project import Condition
from vision_readiness.project.months import MONTH, month_named, month_of, months_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vision_readiness.evidence import Evidence
    from vision_readiness.spec import DeploymentSpec

DATE = "date"
FILE_NAME = "file name"

MEASURED = ("measured", "EXIF")
"""Origins that a file name wins over."""

NAME_LETTERS = 255
"""As much of a file name as is looked at: no file system has longer ones."""

MAX_LEVELS = 100
"""How many levels a file-name pattern may give; more is an identifier, not a circumstance."""


def with_names(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images are in the conditions that the pattern of ``spec`` finds in their names.

    What is declared or tagged wins over file names, and they over what is measured. Raises ``SpecError`` for a pattern
    that cannot be used.
    """
    if spec.file_name_pattern is None:
        return evidence
    images = evidence.images
    named = conditions_from_names(images.key, spec.file_name_pattern)
    known = {
        name: condition
        for name, condition in images.conditions.items()
        if condition.origin != FILE_NAME and not (name in named and condition.origin in MEASURED)
    }
    return replace(evidence, images=replace(images, conditions=MappingProxyType({**named, **known})))


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
            taken = months_condition([read(value) for value in values], FILE_NAME)
            found |= {} if taken is None else {MONTH: taken}
            continue
        levels = sorted(set(values) - {""})
        if len(levels) > MAX_LEVELS:
            raise SpecError(
                f"the group {name!r} of the file-name pattern gives {len(levels):,} levels such as {levels[0]!r}; "
                f"match fewer than {MAX_LEVELS + 1}, the camera rather than the frame"
            )
        if levels:
            found[name] = Condition(FILE_NAME, {level: values == level for level in levels})
    return found
