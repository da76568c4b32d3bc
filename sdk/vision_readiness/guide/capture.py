"""The capture plan: more test images for what is not proven, more training images for where the model is weak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vision_readiness.project import Split
from vision_readiness.report_tables import CaptureItem
from vision_readiness.requirement import Outcome, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


def capture_plan(decision: Decision) -> tuple[CaptureItem, ...]:
    """What to collect: for each class and situation that lacks evidence its dearest need, then for each weak slice.

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
    """What it is assumed to take so that a class is no longer weak in a slice: as many objects as are no longer few."""
    more, told = decision.bench.policy.few_training_objects, set()
    for weak in decision.slices.found if decision.slices else ():
        if (weak.label, weak.where) not in told:
            told.add((weak.label, weak.where))
            goal = f"{weak.metric} of {weak.label}, {weak.situation}, as elsewhere"
            yield CaptureItem(goal, weak.label, weak.situation, None, more, None, "objects", Split.TRAIN)
