"""The seasons of a specification: which images are of them, as levels of the condition ``season``."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.project import Condition
from vision_readiness.project.months import MONTH, SEASON

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence
    from vision_readiness.spec import DeploymentSpec


def with_seasons(evidence: Evidence, spec: DeploymentSpec) -> Evidence:
    """``evidence`` whose images are in the seasons of ``spec`` that their month belongs to.

    What says which season an image is of wins over its month.
    """
    images = evidence.images
    declared, taken = images.conditions.get(SEASON), images.conditions.get(MONTH)
    seasons = {name: season.months for name, season in spec.seasons.items() if season.months}
    if taken is None or not seasons:
        return evidence
    none = np.zeros(len(images), bool)
    said = dict(declared.members) if declared else {}
    silent = ~np.any([none, *said.values()], axis=0)
    found = {
        name: np.any([none, *(taken.members[month] for month in months if month in taken.members)], axis=0)
        for name, months in seasons.items()
    }
    members = said | {name: said.get(name, none) | (mask & silent) for name, mask in found.items()}
    season = Condition(declared.origin if declared else taken.origin, {k: v for k, v in members.items() if v.any()})
    conditions = MappingProxyType({**images.conditions, SEASON: season})
    return replace(evidence, images=replace(images, conditions=conditions))
