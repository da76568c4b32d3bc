"""What mending a class is expected to lift: the AP50 that its most costly kind of error takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from vision_readiness.evaluate.error_kinds import ErrorKind
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.costs import ErrorCost
    from vision_readiness.requirement import RequirementResult

EITHER = (ErrorKind.CLASSIFICATION, ErrorKind.LOCALISATION)
KINDS: Mapping[Metric, tuple[ErrorKind, ...]] = {
    Metric.RECALL: (ErrorKind.MISSED, *EITHER),
    Metric.PRECISION: (ErrorKind.BACKGROUND, ErrorKind.DUPLICATE, ErrorKind.BOTH, *EITHER),
}
"""The kinds of errors that a rate suffers from; a figure that is not here suffers from all."""


def dearest_error(result: RequirementResult, costs: Iterable[ErrorCost]) -> ErrorCost | None:
    """The kind of error that costs the class of a requirement most, of those that its metric suffers from."""
    kinds = KINDS.get(result.requirement.metric, tuple(ErrorKind))
    mine = [cost for cost in costs if cost.label == result.requirement.label and cost.kind in kinds]
    return max(mine, key=lambda cost: cost.delta_ap50, default=None)
