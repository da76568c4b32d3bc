"""Everything that a specification makes of images: applied when deciding, never when gathering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.situations.image_sets import with_sets
from vision_readiness.situations.new_cameras import with_new_cameras
from vision_readiness.situations.seasons import with_seasons

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence
    from vision_readiness.spec import DeploymentSpec


def with_situations(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images are also in the situations that ``spec`` and the splits make.

    Those are its golden and challenge sets, its seasons, and cameras that are not in train.
    """
    return with_seasons(with_new_cameras(with_sets(evidence, spec)), spec)
