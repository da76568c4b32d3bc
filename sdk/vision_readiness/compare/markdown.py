"""Two versions or models side by side, in words and as GitHub-flavoured markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vision_readiness.numbers import percent
from vision_readiness.render.escaping import escaped
from vision_readiness.render.markdown import table
from vision_readiness.render.phrases import badge, change
from vision_readiness.render.words import OUTCOMES

if TYPE_CHECKING:
    from vision_readiness.compare import Change
    from vision_readiness.compare.comparison import Comparison
    from vision_readiness.report import Report
    from vision_readiness.report.change import OutcomeChange, ReportChange

MOST_ROWS = 40
HEAD = ("Class", "Figure", "Situation", "Before", "Now", "Change", "90 % interval", "Verdict")


def comparison_markdown(comparison: Comparison) -> str:
    """The decisions, what changed, the figures with what got worse first, and what to do; names cannot format."""
    parts = [
        f"## {escaped(verdict_words(comparison))}",
        table(
            ("", "State", "Version", "In short"),
            (_decided("Now", comparison.now), _decided("Before", comparison.before)),
        ),
        *_changes(comparison),
        f"### Figures, what got worse first\n\n{table(HEAD, map(figure_cells, comparison.figures[:MOST_ROWS]))}",
        *more_words(comparison),
        f"**Next:** {escaped(next_words(comparison))}",
    ]
    return "\n\n".join(parts) + "\n"


def verdict_words(comparison: Comparison) -> str:
    """What the comparison comes to, in one sentence."""
    worse = comparison.worse_labels
    if not worse:
        return "No class got worse for sure."
    names = ", ".join(f"`{label}`" for label in worse[:5])
    return f"Got worse: {names}{f' and {len(worse) - 5} more' if len(worse) > 5 else ''}."


def figure_cells(one: Change) -> tuple[str, ...]:
    """One figure as cells under ``HEAD``; changes in percentage points."""
    interval = "" if one.lower is None or one.upper is None else f"{change(one.lower)} to {change(one.upper)}"
    return (
        one.label,
        "AP50" if one.metric == "ap50" else one.metric,
        one.situation or "all",
        "" if one.before is None else percent(one.before),
        "" if one.now is None else percent(one.now),
        change(one.change),
        interval,
        one.verdict,
    )


def outcome_words(one: OutcomeChange) -> str:
    """A requirement that came out differently, with the sentence that says why."""
    before, after = (OUTCOMES[at] if at else "Not asked" for at in (one.before, one.after))
    return f"{one.requirement}: {before} → {after}. {one.because}"


def occurrence_words(change: ReportChange) -> Iterator[str]:
    """The codes that came and went, without those of requirements that came out differently and say so themselves."""
    said = {one.question for one in change.outcomes}
    yield from (f"New: {one.code} {one.subject}. {one.sentence}" for one in change.new if one.key not in said)
    yield from (f"Gone: {one.code} {one.subject}." for one in change.fixed if one.key not in said)


def next_words(comparison: Comparison) -> str:
    """The next-best thing to do about the data of what got worse."""
    fix = comparison.next_data_action
    if fix is not None:
        return f"{fix.title.rstrip('.')} ({fix.effort})."
    if comparison.worse_labels:
        return "What got worse still meets what is asked of it: nothing has to be collected for it."
    return "Nothing has to be collected because of this change."


def more_words(comparison: Comparison) -> Iterator[str]:
    """How many figures are left out, where any are."""
    left = len(comparison.figures) - MOST_ROWS
    if left > 0:
        yield f"and {left:,} more in the JSON."


def _decided(when: str, report: Report) -> tuple[str, ...]:
    return (when, badge(report), f"{report.subject} {report.subject.model or ''}".strip(), report.headline)


def _changes(comparison: Comparison) -> Iterator[str]:
    lines = [*map(outcome_words, comparison.change.outcomes), *occurrence_words(comparison.change)]
    if lines:
        yield "### What changed\n\n" + "\n".join(f"- {escaped(line)}" for line in lines[:MOST_ROWS])
