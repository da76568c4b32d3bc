"""Facts as plain text tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vision_readiness.benchmark.percentiles import percentile_bounds, within_budget
from vision_readiness.numbers import count, milliseconds, more, percent, percent_range
from vision_readiness.render.slice_panels import CAUTION, HEAD, search_words, slice_rows
from vision_readiness.render.words import harmless
from vision_readiness.requirement import QUANTILES

if TYPE_CHECKING:
    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.evaluate.slice_figures import SliceFigures
    from vision_readiness.reasons.reason import Reason
    from vision_readiness.report import Report
    from vision_readiness.report.tables import Interval

WIDEST = 40


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under their heads, the first column to the left and the others to the right."""
    cells = [[harmless(cell)[:WIDEST] for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def scan_table(report: Report) -> str:
    """Splits by classes, then what was found."""
    labels = list(report.data.splits[0].objects) if report.data.splits else []
    splits = [split.split for split in report.data.splits]
    rows = [
        ["images", *(f"{split.images:,}" for split in report.data.splits)],
        ["source images", *(f"{split.sources:,}" for split in report.data.splits)],
        ["empty images", *(f"{split.empty_images:,}" for split in report.data.splits)],
        *([f"`{label}`", *(f"{split.objects[label]:,}" for split in report.data.splits)] for label in labels),
    ]
    found = [f"{one.severity} {one.code} {harmless(one.sentence)}" for one in report.findings]
    return "\n".join([table([report.data.task, *splits], rows), "", *(found or ["Nothing was found."])])


def class_table(report: Report) -> str:
    """Each class with its threshold, recall, precision and average precision."""
    head = ["class", "threshold", "recall", "precision", "AP", "AP50", "test objects"]
    rows = [
        [
            f"`{one.label}`",
            "-" if one.threshold is None else f"{one.threshold:.3f}",
            rate_cell(one.recall),
            rate_cell(one.precision),
            _figure(one.ap),
            _figure(one.ap50),
            f"{one.test_objects:,}",
        ]
        for one in report.figures.classes
    ]
    return table(head, rows)


def slice_table(report: Report) -> str:
    """How the search for weak slices went, and each that was found."""
    scan = report.errors.weak_slices
    if scan is None:
        return "No test image could be searched for weak slices."
    rows = [(f"`{row.label}`", *row.cells[1:]) for row in slice_rows(report)]
    found = [table([one.lower() for one in HEAD], rows), CAUTION] if rows else []
    return "\n".join([search_words(scan), *found])


def figures_table(rows: Sequence[SliceFigures]) -> str:
    """Every figure of each class in each slice; a dash where there is nothing to count."""
    head = ["class", "slice", "images", "objects", "recall", "precision", "F1", "AP", "AP50", "AP75", "AR"]
    cells = []
    for row in rows:
        place = "all" if row.condition == row.level else f"{row.condition} {row.level}"
        figures = (row.recall, row.precision, row.f1, row.ap, row.ap50, row.ap75, row.ar)
        told = ["-" if one is None else f"{one:.3f}" for one in figures]
        cells.append([f"`{row.label}`", place, f"{row.images:,}", f"{row.truths:,}", *told])
    return table(head, cells)


def rate_cell(interval: Interval) -> str:
    """A rate with its 90 % interval, a dash where there is none."""
    if interval.value is None or interval.lower is None or interval.upper is None:
        return "-"
    return f"{percent(interval.value)} ({percent_range(interval.lower, interval.upper)})"


def _figure(interval: Interval) -> str:
    if interval.value is None:
        return "-"
    known = interval.lower is not None and interval.upper is not None
    return f"{interval.value:.3f} ({interval.lower:.3f}–{interval.upper:.3f})" if known else f"{interval.value:.3f}"


def benchmark_table(facts: LatencyFacts, budget_ms: float | None) -> str:
    """Percentiles with their bounds, stages, and the verdict on a p95 budget."""
    rows = []
    for metric, quantile in QUANTILES.items():
        bounds = percentile_bounds(facts.seconds, quantile)
        rows.append([metric.removesuffix("_ms"), *(_ms(one) for one in (bounds.value, bounds.lower, bounds.upper))])
    lines = [table([f"{len(facts.seconds):,} calls", "seen", "at least", "at most"], rows)]
    stages = ", ".join(
        f"{name} {_ms(float(sorted(column)[len(column) // 2]))}" for name, column in facts.stages.items()
    )
    lines.append(f"on {facts.device}; median of stages: {stages}; {count(facts.failures, 'call')} failed")
    if facts.unstable:
        lines.append("The times did not settle: measure again on an idle machine.")
    if budget_ms is not None:
        verdict = within_budget(facts.seconds, QUANTILES["p95_ms"], budget_ms / 1000)  # type: ignore[index]  # a str enum
        lacks = f"; it takes {more(verdict.calls_needed, 'calls')}" if verdict.calls_needed else ""
        lines.append(f"p95 within {milliseconds(budget_ms)}: {verdict.outcome}{lacks}")
    return "\n".join(lines)


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else milliseconds(seconds * 1000)


def reason_text(reason: Reason) -> str:
    """A reason code in full."""
    waiver = "A named person may accept the risk." if reason.waivable else "It cannot be waived."
    parts = [f"{reason.code} {reason.name} ({reason.severity})", reason.meaning]
    parts += [f"Fix ({reason.action}): {reason.fix}", waiver, f"Counts against the {reason.stage}."]
    parts += [f"Needs {', '.join(need.what for need in reason.needs)}."] if reason.needs else []
    parts += [f"Until it is mended these mean nothing: {', '.join(reason.explains)}."] if reason.explains else []
    return "\n\n".join(parts)
