"""Cameras that took no training image: how a model does on them is what the next camera will see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.project import Condition, Split
from vision_readiness.spec.capture import CAMERA, UNSEEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.evidence import Evidence
    from vision_readiness.project import ImageTable
    from vision_readiness.spec import DeploymentSpec


@dataclass(frozen=True, slots=True)
class CameraCounts:
    """The cameras of the leak-free test images, how many of them took no training image, and what is not known."""

    tested: int
    new: int
    unknown_train: int
    train: int


def with_new_cameras(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images of cameras that took no training image are the level ``unseen`` of ``camera``.

    There is no such level where every camera took training images, and none while the camera of any training image is
    not known, or none is here: then no camera is surely new.
    """
    known = evidence.images.conditions.get(CAMERA)
    if known is None or not evidence.images.of(Split.TRAIN).any():
        return evidence
    members = {level: mask for level, mask in known.members.items() if level != UNSEEN}
    train = evidence.images.of(Split.TRAIN)
    everywhere = np.any([*members.values(), np.zeros(len(train), bool)], axis=0)
    new = [mask for mask in members.values() if not (mask & train).any()]
    if new and not (train & ~everywhere).any():
        members[UNSEEN] = np.any(new, axis=0)
    if members.keys() == known.members.keys():
        return evidence
    conditions = MappingProxyType({**evidence.images.conditions, CAMERA: Condition(known.origin, members)})
    return replace(evidence, images=replace(evidence.images, conditions=conditions))


def camera_counts(evidence: Evidence) -> CameraCounts:
    """The cameras of the test images; 0 of them where no camera is known."""
    camera, train = camera_of(evidence.images), evidence.images.of(Split.TRAIN)
    tested = np.setdiff1d(camera[evidence.judged(Split.TEST)], [-1])
    new = np.setdiff1d(tested, camera[train])
    unknown = int(np.count_nonzero(camera[train] < 0))
    return CameraCounts(
        len(tested), 0 if unknown or not train.any() else len(new), unknown, int(np.count_nonzero(train))
    )


def asks_for_new_cameras(where: tuple[tuple[str, str], ...]) -> bool:
    """Whether a situation is about cameras that are not in train."""
    return (CAMERA, UNSEEN) in where


def camera_of(images: ImageTable) -> NDArray[np.int32]:
    """The number of each image's camera, of shape (images,); -1 where it is not known."""
    known, camera = images.conditions.get(CAMERA), np.full(len(images), -1, np.int32)
    levels = [level for level in (known.members if known else ()) if level != UNSEEN]
    for number, level in enumerate(sorted(levels)):
        assert known is not None  # noqa: S101 - it has levels
        camera[known.members[level]] = number
    return camera
