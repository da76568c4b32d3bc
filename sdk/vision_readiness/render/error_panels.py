"""What errors cost and where they happen, in the shape a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_readiness.numbers import count
from vision_readiness.render.panels import CoverageMap, coverage_map

if TYPE_CHECKING:
    from vision_readiness.evaluate.costs import CostlyImage, ErrorCost
    from vision_readiness.evaluate.slice_costs import SliceCost
    from vision_readiness.report import Report
    from vision_readiness.report.tables import CoverageCell, Interval

WORTH_SAYING = 0.0005
"""Under so much average precision a kind of error is left out."""

COCO_NAMES: Mapping[str, str] = {
    "ap": "AP, IoU 0.50–0.95",
    "ap50": "AP50",
    "ap75": "AP75",
    "ap_small": "AP, small",
    "ap_medium": "AP, medium",
    "ap_large": "AP, large",
    "ar_1": "AR, 1 answer an image",
    "ar_10": "AR, 10 answers",
    "ar_100": "AR, 100 answers",
    "ar_small": "AR, small",
    "ar_medium": "AR, medium",
    "ar_large": "AR, large",
}
"""COCO's figures in the order of pycocotools."""


def error_costs(report: Report) -> tuple[ErrorCost, ...]:
    """The kinds of errors that cost a class something noticeable, most costly first."""
    return tuple(cost for cost in report.errors.costs if cost.delta_ap50 >= WORTH_SAYING)


def weak_cells(report: Report) -> tuple[SliceCost, ...]:
    """The most costly kind of error in each situation in which a class is weaker than overall, weakest first."""
    first: dict[tuple[str, str, str], SliceCost] = {}
    for cost in report.errors.slice_costs.costs:
        if cost.delta_ap50 >= WORTH_SAYING:
            first.setdefault((cost.label, cost.condition, cost.level), cost)
    return tuple(first.values())


def left_out_words(report: Report) -> str:
    """Which classes in which situations are not among the weak cells, and why."""
    costs = report.errors.slice_costs
    parts = (
        f"{count(costs.no_weaker, 'cell')} no weaker than the class" if costs.no_weaker else "",
        f"{count(costs.too_few, 'cell')} with too few labelled images to tell" if costs.too_few else "",
        f"{count(costs.beyond, 'cell')} weaker by less than these" if costs.beyond else "",
    )
    said = ", ".join(part for part in parts if part)
    return f"Left out: {said}." if said else ""


def dearest_in(report: Report, label: str) -> SliceCost | None:
    """What costs a class most in the situation in which it is weakest; ``None`` where it is nowhere weaker."""
    return next((cost for cost in weak_cells(report) if cost.label == label), None)


def failure_map(report: Report) -> CoverageMap | None:
    """The classes that err in any situation, by situation; ``None`` where none does."""
    known = coverage_map(report)
    if known is None:
        return None
    rows = {label: cells for label, cells in known.rows.items() if any(failing(cell) for cell in cells)}
    return CoverageMap(known.columns, rows) if rows else None


def failing(cell: CoverageCell | None) -> float:
    """The larger of the shares of objects missed and of answers wrong, 0 where nothing is known."""
    if cell is None:
        return 0.0
    return max(1 - figure.value if figure.value is not None else 0.0 for figure in (cell.recall, cell.precision))


def failing_words(cell: CoverageCell) -> tuple[str, str]:
    """What goes wrong in a cell, such as ``("12 of 45 missed", "3 of 36 wrong")``."""
    return _part(cell.recall, "missed"), _part(cell.precision, "wrong")


def _part(figure: Interval, what: str) -> str:
    if figure.value is None or figure.hits is None:
        return "–"
    return f"{figure.n - figure.hits:,} of {figure.n:,} {what}"


def image_words(image: CostlyImage) -> str:
    """The errors of an image, such as ``3 missed, 1 false alarm, 2 confused``."""
    parts = (
        f"{image.missed:,} missed" if image.missed else "",
        count(image.false_alarms, "false alarm") if image.false_alarms else "",
        f"{image.confused:,} confused" if image.confused else "",
    )
    return ", ".join(part for part in parts if part)


def coco_rows(report: Report) -> tuple[tuple[str, str], ...]:
    """COCO's twelve figures by name; empty where they were not measured."""
    known = report.figures.evaluation.get("coco")
    if not isinstance(known, Mapping):
        return ()
    pairs = ((name, known.get(key)) for key, name in COCO_NAMES.items() if key in known)
    return tuple((name, f"{value:.3f}" if isinstance(value, int | float) else "none there") for name, value in pairs)
