"""The capture plan: more test images for what is not proven, more training images for where the model is weak."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.assess import NotAssessed
from vision_readiness.evaluate.planner import expected, plan_sample
from vision_readiness.project import Split
from vision_readiness.requirement import Outcome, RequirementResult
from vision_readiness.situations.new_cameras import asks_for_new_cameras

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


@dataclass(frozen=True, slots=True)
class CaptureItem:
    """How many more test images a requirement is expected to need, or training images a weak slice: an estimate.

    ``have`` counts what is there now, ``None`` where that is not known.
    """

    requirement: str
    label: str | None
    situation: str | None
    have: int | None
    more: int
    more_images: int | None
    unit: str
    split: Split = Split.TEST


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEstimate:
    """How many more test images, mixed as those at hand, should prove all that is not proven together: an estimate.

    It holds with ``chance`` were the rates measured the true ones. ``proves`` names the requirements that are in it,
    ``dearest`` the one most likely to stay open, ``unreachable`` those that such images would not prove: they need a
    better model, other cameras, or a first look at what they are about. ``more_valid_images`` are needed besides where
    thresholds rest on too few objects.
    """

    proves: tuple[str, ...]
    have: int
    more_images: int
    chance: float
    dearest: str
    unreachable: tuple[str, ...] = ()
    more_valid_images: int | None = None


def capture_plan(decision: Decision) -> tuple[CaptureItem, ...]:
    """What to collect: for each class and situation that lacks evidence its largest need, then for each weak slice.

    Requirements that no number of images would prove are not in it: they need a better model.
    """
    needs: dict[tuple[str | None, str | None], RequirementResult] = {}
    for result in decision.requirements:
        if result.outcome is not Outcome.INCONCLUSIVE or result.requirement.metric.is_budget or not result.more:
            continue
        key = (result.requirement.label, situation(result))
        if key not in needs or _cost(result) > _cost(needs[key]):
            needs[key] = result
    ordered = sorted(needs.values(), key=lambda result: (-_cost(result), result.requirement.name))
    return (*map(_item, ordered), *_of_slices(decision))


def sample_estimate(decision: Decision) -> SampleEstimate | None:
    """The test images that should prove every rate that is not proven at once; ``None`` where nothing is to be proven.

    A requirement on the average precision counts with the images from which on it may decide.
    """
    assessment = decision.assessment
    if isinstance(assessment, NotAssessed):
        return None
    have, labels = int(np.count_nonzero(assessment.scope.images)), assessment.evidence.dataset.classes
    wanted, unreachable, least = [], [], have
    for result in decision.requirements:
        asked = result.requirement
        if result.outcome is not Outcome.INCONCLUSIVE or asked.metric.is_budget:
            continue
        behind = assessment.point.objects_behind(labels.index(asked.label)) if asked.label in labels else None
        one = expected(result, have, behind)
        elsewhere = one is None and not asked.metric.is_average
        if result.more is None or elsewhere or asks_for_new_cameras(asked.where):
            unreachable.append(asked.name)
        elif one is None:
            least = max(least, have + (result.more_images or 0))
        else:
            wanted.append(one)
    plan = plan_sample(wanted, alpha=assessment.policy.alpha, min_groups=assessment.policy.min_groups)
    if plan is None:
        return None
    proves, images = tuple(one.name for one in wanted), max(least, plan.images)
    more, valid = max(1, images - have), _more_valid(decision, plan.behind, have)
    return SampleEstimate(
        proves=proves,
        have=have,
        more_images=more,
        chance=plan.chance,
        dearest=plan.dearest,
        unreachable=tuple(unreachable),
        more_valid_images=valid,
    )


def _more_valid(decision: Decision, behind: float, tested: int) -> int | None:
    """The valid images, mixed as those at hand, that bring ``behind`` times the objects to choose thresholds on."""
    evidence = decision.assessment.evidence
    valid = int(np.count_nonzero(evidence.judged(Split.VALID)))
    chosen_on = valid or tested // 2  # without valid images, each half of test is judged at thresholds of the other
    return None if behind == 1 else max(1, math.ceil(behind * chosen_on) - valid)


def situation(result: RequirementResult) -> str | None:
    """The situation of a requirement in words, ``None`` where it is about all images."""
    return ", ".join(f"{name} {level}" for name, level in result.requirement.where) or None


def _cost(result: RequirementResult) -> int:
    return result.more_images or result.more or 0


def _item(result: RequirementResult) -> CaptureItem:
    return CaptureItem(
        result.requirement.name,
        result.requirement.label,
        situation(result),
        result.trials,
        result.more or 0,
        result.more_images,
        result.unit,
    )


def _of_slices(decision: Decision) -> Iterator[CaptureItem]:
    """The training objects assumed to mend a weak slice: as many as are no longer few."""
    more, told = decision.assessment.policy.few_training_objects, set()
    for weak in decision.slices.found if decision.slices else ():
        if (weak.label, weak.where) not in told:
            told.add((weak.label, weak.where))
            goal = f"{weak.metric} of {weak.label}, {weak.situation}, as elsewhere"
            yield CaptureItem(goal, weak.label, weak.situation, None, more, None, "objects", Split.TRAIN)
