"""The search for weak slices in words: how many were tried, and which a class does worse in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.numbers import count, percent_range, points, points_range
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.rates import RateBounds
    from vision_readiness.evaluate.weak_slices import SliceScan
    from vision_readiness.report import Report

CAUTION = "A slice is found because it looks weak, so the true difference is often a little smaller."
HEAD = ("Class", "Figure", "Situation", "There", "Elsewhere", "Difference")


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceRow:
    """One weak slice in words, with its sample and its intervals."""

    label: str
    figure: str
    situation: str
    there: str
    elsewhere: str
    difference: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under ``HEAD``."""
        return self.label, self.figure, self.situation, self.there, self.elsewhere, self.difference


def slice_rows(report: Report) -> tuple[SliceRow, ...]:
    """A row a weak slice, the surest first; empty where none was found or nothing was searched."""
    scan = report.errors.weak_slices
    return tuple(
        SliceRow(
            label=one.label,
            figure="found" if one.metric is Metric.RECALL else "right when it answers",
            situation=one.situation,
            there=_counted(one.inside),
            elsewhere=_counted(one.outside),
            difference=f"{points(one.effect)} ({points_range(one.effect_lower, one.effect_upper)})",
        )
        for one in (scan.found if scan else ())
    )


def search_words(scan: SliceScan) -> str:
    """How the search went, such as ``92 slices were tried; 27 looked weak on half of the images, 3 are confirmed``."""
    verb = "was" if scan.tried == 1 else "were"
    tried = f"{count(scan.tried, 'slice')} of the test images {verb} tried, each with a class and a figure"
    if not scan.found:
        return f"{tried}; none is surely weaker than the rest."
    kept = count(len(scan.found), "slice is", "slices are")
    return f"{tried}; {scan.promising:,} looked weak on one half of the images, and {kept} confirmed by the other half."


def _counted(bounds: RateBounds) -> str:
    return f"{bounds.hits:,} of {bounds.trials:,} ({percent_range(bounds.lower, bounds.upper)})"
