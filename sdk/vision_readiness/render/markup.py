"""What the page and its charts are put together from: sentences with terms, and the parts of a picture in SVG.

Lengths along the x axis of a picture are percent of its width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from vision_readiness.render.words import harmless

EMPTY = Markup("")
_UNIT = re.compile(r"(?<=\d) (?=%|ms\b|MB\b)")
_TERM = re.compile("`([^`]+)`")


def finalized(value: object) -> object:
    """What is printed for ``value``: text is made harmless, and a unit stays on the line of its number."""
    return value if hasattr(value, "__html__") else _UNIT.sub("\u00a0", harmless(str(value)))


def prose(text: str) -> Markup:
    """A sentence with what stands between backticks set as a term."""
    return Markup(_TERM.sub(r"<code>\1</code>", str(escape(finalized(text)))))  # noqa: S704 - escaped first


def svg(kind: str, height: float, said: str, parts: Iterable[Markup]) -> Markup:
    """A picture as wide as its place and ``height`` pixels high; ``said`` is what it shows, in words."""
    return Markup('<svg class="chart {}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        kind, height, harmless(said), EMPTY.join(parts)
    )


def svg_text(x: float, y: float, said: str, kind: str, anchor: str) -> Markup:
    """Words that start, end or have their middle at ``x``, with their baseline at ``y``."""
    return Markup('<text class="{}" x="{:.2f}%" y="{:.2f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, harmless(said)
    )
