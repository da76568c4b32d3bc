"""The golden and the challenge set: which images are in them, as levels of the condition ``set``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.project import Condition
from vision_readiness.situations.file_names import NAME_LETTERS
from vision_readiness.spec.capture import CHALLENGE, GOLDEN, SET, ImageSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.evidence import Evidence
    from vision_readiness.project import ImageTable
    from vision_readiness.spec import DeploymentSpec


def with_sets(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images know which of the sets of ``spec`` they are in; the images tagged so always are."""
    known, images = evidence.images.conditions.get(SET), evidence.images
    members = dict(known.members) if known else {}
    for level, chosen in ((GOLDEN, spec.golden_set), (CHALLENGE, spec.challenge_set)):
        if chosen is not None:
            members[level] = members_of(chosen, level, images)
    if not members:
        return evidence
    condition = Condition("spec" if known is None else known.origin, members)
    conditions = MappingProxyType({**images.conditions, SET: condition})
    return replace(evidence, images=replace(images, conditions=conditions))


def members_of(chosen: ImageSet, level: str, images: ImageTable) -> NDArray[np.bool_]:
    """A mask of shape (images,) of the images that any mark of a set fits."""
    mask = np.zeros(len(images), bool)
    for tag in (f"{SET}:{level}", *chosen.tags):
        name, colon, value = tag.partition(":")
        condition = images.conditions.get(name.strip() if colon else "tag")
        member = condition.members.get(value.strip() if colon else name.strip()) if condition else None
        mask = mask if member is None else mask | member
    if chosen.file_name_pattern is not None or chosen.folders:
        expression = re.compile(chosen.file_name_pattern) if chosen.file_name_pattern else None
        fits = (_fits(PurePosixPath(key), expression, frozenset(chosen.folders)) for key in images.key)
        mask = mask | np.fromiter(fits, bool, len(images))
    return mask


def _fits(key: PurePosixPath, expression: re.Pattern[str] | None, folders: frozenset[str]) -> bool:
    named = expression is not None and expression.search(key.name[:NAME_LETTERS]) is not None
    return named or not folders.isdisjoint(key.parts[:-1])
