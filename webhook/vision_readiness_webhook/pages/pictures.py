"""The history of a project as a small picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from vision_readiness.numbers import count
from vision_readiness.render.markup import svg, svg_text
from vision_readiness.render.words import harmless
from vision_readiness_webhook.pages.words import BADGES, state_of, tone_of
from vision_readiness_webhook.store.reports import ReportRow

HEIGHT, TOP, BOTTOM = 150.0, 18.0, 112.0
LEFT, RIGHT = 4.0, 96.0
MOST_LABELS = 12


def history_chart(rows: Sequence[ReportRow], most: int = 24) -> Markup:
    """The scores of a project's reports from old to new, a filled dot where it was deployable; ``rows`` newest first.

    Nothing for fewer than two reports.
    """
    shown = list(reversed(rows[:most]))
    if len(shown) < 2:
        return Markup("")
    first, last = shown[0], shown[-1]
    said = (
        f"{count(len(shown), 'report')}: from {BADGES[state_of(first)]} at score {first.score or 0} "
        f"to {BADGES[state_of(last)]} at score {last.score or 0}"
    )
    return svg("history", HEIGHT, said, _parts(shown))


def _parts(rows: Sequence[ReportRow]) -> Iterator[Markup]:
    step = (RIGHT - LEFT) / (len(rows) - 1)
    places = [(LEFT + n * step, BOTTOM - (BOTTOM - TOP) * (row.score or 0) / 100) for n, row in enumerate(rows)]
    for score in (0, 50, 100):
        y = BOTTOM - (BOTTOM - TOP) * score / 100
        yield Markup('<line class="axis" x1="0%" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/>').format(y)
    for (x1, y1), (x2, y2) in pairwise(places):
        yield Markup('<line class="trend" x1="{:.2f}%" y1="{:.1f}" x2="{:.2f}%" y2="{:.1f}"/>').format(x1, y1, x2, y2)
    every = -(-len(rows) // MOST_LABELS)
    for n, (row, (x, y)) in enumerate(zip(rows, places, strict=True)):
        yield _dot(row, x, y)
        if (len(rows) - 1 - n) % every == 0:
            yield svg_text(x, HEIGHT - 12, f"v{row.version}" if row.version is not None else "–", "label", "middle")


def _dot(row: ReportRow, x: float, y: float) -> Markup:
    kind = "open" if row.readiness_state.deployable else "shut"
    named = f"{BADGES[state_of(row)]}, score {row.score or 0}: {row.headline}"
    return Markup('<circle class="dot {} tone-{}" cx="{:.2f}%" cy="{:.1f}" r="6"><title>{}</title></circle>').format(
        kind, tone_of(state_of(row)), x, y, harmless(named)
    )
