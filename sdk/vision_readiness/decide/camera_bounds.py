"""Bounds of a rate on cameras that are not in train, where the cameras are what errs together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.evaluate.few_groups import bounds_of_few_groups
from vision_readiness.situations.new_cameras import asks_for_new_cameras, camera_of

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.evaluate.rates import RateBounds
    from vision_readiness.project import ImageTable

FEWEST = 2
"""One camera shows nothing of how cameras differ."""


def bounds_in(
    figures: Figures, images: ImageTable, place: int, scope: Scope, where: tuple[tuple[str, str], ...], alpha: float
) -> tuple[RateBounds, RateBounds]:
    """Recall and precision of a class in a situation; on new cameras the cameras are what errs together.

    ``groups`` counts source images even there, but for a single camera, which is one group.
    """
    recall, precision = figures.recall(place, scope, alpha), figures.precision(place, scope, alpha)
    if not asks_for_new_cameras(where):
        return recall, precision
    camera, matches = camera_of(images), figures.matches
    truths, answers = figures.truths_of(place, scope), figures.answers_of(place, scope)
    found = bounds_of_few_groups(figures.found[truths], camera[matches.truths.image[truths]], alpha=alpha)
    right = bounds_of_few_groups(matches.answers.hit[answers, 0], camera[matches.answers.image[answers]], alpha=alpha)
    return _with_groups_of(recall, found), _with_groups_of(precision, right)


def _with_groups_of(by_image: RateBounds, by_camera: RateBounds) -> RateBounds:
    return replace(by_camera, groups=by_image.groups) if by_camera.groups >= FEWEST else by_camera
