"""Everything that a specification makes of images: applied when deciding, never when gathering."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from vision_readiness.situations.file_names import with_names
from vision_readiness.situations.image_sets import with_sets
from vision_readiness.situations.new_cameras import with_new_cameras
from vision_readiness.situations.seasons import with_seasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision_readiness.evidence import Evidence
    from vision_readiness.spec import DeploymentSpec


SITUATIONS: tuple[Callable[[Evidence, DeploymentSpec], Evidence], ...] = (
    with_names,
    with_sets,
    with_new_cameras,
    with_seasons,
)
"""What is made of images, in this order: sets may be tagged, cameras and months may stand in file names."""


def with_situations(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images are also in the situations that ``spec`` and the splits make; twice is as once."""
    return reduce(lambda known, situation: situation(known, spec), SITUATIONS, evidence)
