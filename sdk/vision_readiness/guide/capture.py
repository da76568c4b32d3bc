"""The capture plan: how many more test images each requirement that is not proven is expected to need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.report_tables import CaptureItem
from vision_readiness.requirement import Outcome, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


def capture_plan(decision: Decision) -> tuple[CaptureItem, ...]:
    """One item for each class and situation that lacks evidence, the dearest first, with the need of all its metrics.

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
    return tuple(_item(result) for result in ordered)


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
