"""A rate that a threshold has to keep, and what came of asking for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.evaluate.constrained import ConstrainedThreshold
from vision_readiness.evaluate.paired import RateChange, paid_with
from vision_readiness.evaluate.rates import RateBounds

if TYPE_CHECKING:
    from vision_readiness.requirement import Metric


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rate that a threshold has to keep; ``per`` names a condition whose levels have a threshold each."""

    metric: Metric
    at_least: float
    per: str | None = None


@dataclass(frozen=True, slots=True)
class ThresholdChoice:
    """What came of one constraint; ``where`` holds the level it was chosen in, and is empty for all images."""

    label: str
    where: tuple[tuple[str, str], ...]
    metric: Metric
    at_least: float
    result: ConstrainedThreshold


@dataclass(frozen=True, slots=True)
class KeptRate:
    """One constraint with its answer. ``on_test`` bounds the rate it keeps on the leak-free test images.

    ``changes`` are those of recall and precision on test against the threshold that would be chosen without the
    constraint, image by image; ``None`` for a level of a condition, and where no threshold is proven.
    """

    choice: ThresholdChoice
    on_test: RateBounds
    changes: tuple[RateChange, RateChange] | None = None

    @property
    def paid_with(self) -> str | None:
        """The rate that the constraint is surely paid with on test, ``None`` for neither."""
        return None if self.changes is None else paid_with(*self.changes)
