"""Changes as plain text for a terminal: another threshold or target, another model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vision_readiness.compare.markdown import (
    HEAD,
    MOST_ROWS,
    figure_cells,
    more_words,
    next_words,
    occurrence_words,
    outcome_words,
    verdict_words,
)
from vision_readiness.numbers import number
from vision_readiness.render.phrases import badge, change
from vision_readiness.render.words import harmless, short
from vision_readiness_adapters.cli.tables import rate_cell, table

if TYPE_CHECKING:
    from vision_readiness.compare.comparison import Comparison
    from vision_readiness.compare.what_if import Move, OperatingFigures
    from vision_readiness.evaluate.paired import RateChange
    from vision_readiness.report import Report
    from vision_readiness.report.change import ReportChange

LONGEST = 180
CAUTION = "A threshold picked here was chosen on these test images: prove it on new ones."


def what_if_text(before: Report, after: Report, moves: tuple[Move, ...]) -> str:
    """State and requirements before and after, the classes that moved, and what is paid for what is gained."""
    lines = [*_state("before", before), *_state("after", after), "", *_changed(after.compare(before))]
    if moves:
        head = ("class", "", "score", "recall", "precision", "wrong per 1,000 images")
        rows = (
            _cells(move, when, at) for move in moves for when, at in (("before", move.before), ("after", move.after))
        )
        lines += ["", table(head, rows), "", *(price_words(move) for move in moves if move.price), CAUTION]
    return "\n".join(lines)


def price_words(move: Move) -> str:
    """The warning that one metric is bought with the other, with both changes in percentage points."""
    gained = "precision" if move.price == "recall" else "recall"
    said = (f"{name} {change(at.change)} ({change(at.lower)} to {change(at.upper)})" for name, at in _paired(move))
    return f"`{harmless(move.label)}`: {gained} is bought with {move.price}. In points: {', '.join(said)}."


def comparison_text(comparison: Comparison) -> str:
    """What got worse, both states, what changed, every figure, and what to do about the data."""
    lines = [
        harmless(verdict_words(comparison)),
        *_state("before", comparison.before),
        *_state("now", comparison.now),
        "",
        *_changed(comparison.change),
        "",
        table([one.lower() for one in HEAD], map(figure_cells, comparison.figures[:MOST_ROWS])),
        *more_words(comparison),
        "",
        f"NEXT {short(next_words(comparison), LONGEST)}",
    ]
    return "\n".join(lines)


def _paired(move: Move) -> Iterator[tuple[str, RateChange]]:
    yield "recall", move.recall
    yield "precision", move.precision


def _state(when: str, report: Report) -> Iterator[str]:
    artefact = f" {report.subject.model}" if report.subject.model else ""
    yield f"{when:<7} [{badge(report)}] {short(f'{report.subject}{artefact}', 80)}: {short(report.headline, LONGEST)}"


def _changed(found: ReportChange) -> list[str]:
    lines = [*map(outcome_words, found.outcomes), *occurrence_words(found)]
    unchanged = "Every requirement comes out as before, and no reason code came or went."
    return [f"  {short(line, LONGEST)}" for line in lines[:MOST_ROWS]] or [f"  {unchanged}"]


def _cells(move: Move, when: str, at: OperatingFigures) -> tuple[str, ...]:
    wrong = "-" if at.wrong_per_1000_images is None else number(round(at.wrong_per_1000_images, 1))
    name = f"`{move.label}`" if when == "before" else ""
    return (name, when, f"{at.threshold:.3f}", rate_cell(at.recall), rate_cell(at.precision), wrong)
