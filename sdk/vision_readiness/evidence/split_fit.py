"""One class on the images that a model was trained on, beside those it has never seen, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplitFit:
    """Recall or precision of a class on train, valid and test, with the objects or answers each rests on.

    ``gap`` is train minus test, ``lower`` and ``upper`` its two-sided 90 % interval, ``limit`` how wide it may be.
    ``None`` where there is nothing to count; too few images have no interval.
    """

    label: str
    metric: str
    train: float | None
    valid: float | None
    test: float | None
    train_n: int
    valid_n: int
    test_n: int
    gap: float | None
    lower: float | None
    upper: float | None
    limit: float

    @property
    def is_wide(self) -> bool:
        """Whether the gap is surely wider than it may be."""
        return self.lower is not None and self.lower > self.limit

    @property
    def is_narrow(self) -> bool:
        """Whether it surely is not."""
        return self.upper is not None and self.upper <= self.limit
