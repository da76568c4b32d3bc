"""How recall and precision go as the pictures get worse: small charts, one a shift, grouped by class.

The curves live in an inner picture that is stretched to the width it gets; words, marks and the axis do not stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from vision_readiness.numbers import count, percent
from vision_readiness.render.markup import EMPTY, prose, svg_text
from vision_readiness.render.words import harmless, situation_words
from vision_readiness.requirement import Metric
from vision_readiness.stress.breaking import edge

if TYPE_CHECKING:
    from vision_readiness.stress.breaking import BreakingPoint
    from vision_readiness.stress.curves import Curve, CurvePoint

TITLES = {
    "darker": "Less light",
    "brighter": "More light",
    "blur": "Out of focus",
    "motion": "In motion",
    "noise": "Noise",
    "jpeg": "Compression",
    "scale": "Further away",
    "occlusion": "Partly hidden",
    "rotation": "Turned",
    "warmer": "Warmer light",
    "colder": "Colder light",
}
"""What people read for a shift; any other is called by its own name."""

SOONEST = 3
_TOP, _PLOT = 22, 110
_LEFT, _WIDTH = 12.0, 76.0  # percent: the margins hold the limits
_MARKS = {Metric.RECALL: "M-7 -8H7L0 3Z", Metric.PRECISION: "M0 -7L6 0L0 7L-6 0Z"}


def stress_panel(points: Sequence[BreakingPoint]) -> Markup:
    """What breaks first, and every chart in a drawer for each class and situation; empty without points."""
    if not points:
        return EMPTY
    groups: dict[tuple[str | None, str], dict[str, list[BreakingPoint]]] = {}
    for point in points:
        whose = (point.requirement.label, situation_words(point.requirement))
        groups.setdefault(whose, {}).setdefault(point.curve.shift, []).append(point)
    drawers = (_drawer(*whose, shifts, opened=not place) for place, (whose, shifts) in enumerate(groups.items()))
    return _soonest(points) + _legend() + EMPTY.join(drawers)


def stress_chart(points: Sequence[BreakingPoint]) -> Markup:
    """Recall (solid) and precision (dashed) of one class against one shift, each against its limit.

    ``points`` holds one breaking point for each of the two, or only one. Bands are two-sided 90 % intervals; a mark
    stands where a curve meets its limit, a dotted line where the tenth of the pictures lies that is worst off.
    """
    curve = points[0].curve
    curves = EMPTY.join(part for point in points for part in (_band(point.curve), *_lines(point.curve)))
    plot = Markup(
        '<svg x="{}%" y="{}" width="{}%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg>'
    ).format(_LEFT, _TOP, _WIDTH, _PLOT, curves)
    floor = _TOP + _PLOT
    parts = [
        Markup('<rect class="track" x="{}%" y="{}" width="{}%" height="{}"/>').format(_LEFT, _TOP, _WIDTH, _PLOT),
        *_own(points),
        plot,
        *(part for point in points for part in _limit(point)),
        _across("axis", floor),
        *_ends(curve, floor + 16),
    ]
    title = f"{_title(curve)}: {' and '.join(str(point.requirement.metric) for point in points)} of {curve.label}"
    return Markup(
        '<svg class="chart stress" width="100%" height="{}" role="img" aria-label="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(floor + 22, harmless(title), harmless(title), harmless(_said(points)), EMPTY.join(parts))


def _soonest(points: Sequence[BreakingPoint]) -> Markup:
    """The first breaks of what holds in the pictures as they are: what most pictures are past, then by severity."""
    breaks = ((place, point, point.breaks) for place, point in enumerate(points) if point.breaks)
    found = sorted((-(point.beyond or 0.0), at.severity, place) for place, point, at in breaks if at.severity)
    tried = f"{count(len(points), 'pair')} of requirement and shift were tried; {len(found):,} break on the way."
    sentences = (Markup("<li>{}</li>").format(prose(points[place].because)) for *_, place in found[:SOONEST])
    listed = Markup("<h3>What breaks first</h3><ol>{}</ol>").format(EMPTY.join(sentences)) if found else EMPTY
    return Markup('<p class="lead">{}</p><div class="soonest">{}</div>').format(tried, listed)


def _legend() -> Markup:
    def line(metric: Metric) -> Markup:
        return Markup('<svg width="34" height="16" aria-hidden="true"><path class="{}" d="M1 8H33"/></svg>').format(
            f"line {metric}"
        )

    def mark(metric: Metric) -> Markup:
        return Markup(
            '<svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true"><path class="{}" d="{}"/></svg>'
        ).format(f"break {metric}", _MARKS[metric])

    own = Markup('<svg width="16" height="16" aria-hidden="true"><path class="own" d="M8 0V16"/></svg>')
    said = (
        (line(Metric.RECALL), "recall, with its interval"),
        (line(Metric.PRECISION), "precision, with its interval"),
        (mark(Metric.RECALL) + mark(Metric.PRECISION), "where each meets its limit"),
        (own, "where the worst tenth of the pictures is today"),
        (EMPTY, "Limits: recall on the left, precision on the right, from 0 % at the bottom to 100 % at the top."),
    )
    items = (Markup("<li>{} {}</li>").format(*one) for one in said)
    return Markup('<ul class="legend stress-legend">{}</ul>').format(EMPTY.join(items))


def _drawer(label: str | None, situation: str, shifts: Mapping[str, list[BreakingPoint]], *, opened: bool) -> Markup:
    every = [point for points in shifts.values() for point in points]
    broken = sum(point.breaks is not None for point in every)
    cards = (
        Markup('<figure class="stress-card"><h4>{}</h4>{}<figcaption>{}</figcaption></figure>').format(
            _title(points[0].curve), stress_chart(points), _captions(points)
        )
        for points in shifts.values()
    )
    return Markup(
        '<details class="drawer"{}><summary><span class="drawer-name"><span class="name">{}</span>{}</span>'
        '<span class="drawer-errors">{} of {} break</span></summary>'
        '<div class="drawer-body"><div class="stress-cards">{}</div></div></details>'
    ).format(
        Markup(" open") if opened else EMPTY,
        harmless(label or ""),
        harmless(situation),
        broken,
        len(every),
        EMPTY.join(cards),
    )


def _captions(points: Sequence[BreakingPoint]) -> Markup:
    return EMPTY.join(Markup("<p>{}</p>").format(prose(point.because)) for point in points)


def _title(curve: Curve) -> str:
    return TITLES.get(curve.shift, harmless(curve.shift))


def _said(points: Sequence[BreakingPoint]) -> str:
    """The chart in words: every rate, then what breaks."""
    rows = []
    for point in points:
        rates = (_rate_words(one) for one in point.curve.points)
        rows.append(f"{str(point.requirement.metric).capitalize()} from none to most: {', '.join(rates)}.")
    return " ".join([*rows, *(point.because for point in points)])


def _rate_words(point: CurvePoint) -> str:
    return "no answers" if point.bounds.rate is None else percent(point.bounds.rate)


def _x(curve: Curve, severity: float) -> float:
    """A severity in percent of the width."""
    return 100 * severity / curve.points[-1].severity


def _band(curve: Curve) -> Markup:
    known = [point for point in curve.points if point.bounds.trials]
    upper = [(_x(curve, point.severity), 100 - 100 * point.bounds.upper) for point in known]
    lower = [(_x(curve, point.severity), 100 - 100 * point.bounds.lower) for point in reversed(known)]
    return Markup('<polygon class="band {}" points="{}"/>').format(curve.metric, _drawn([*upper, *lower]))


def _lines(curve: Curve) -> Iterator[Markup]:
    """The curve, in as many pieces as there are runs of points with a rate."""
    piece: list[tuple[float, float]] = []
    for point in (*curve.points, None):
        if point is not None and point.bounds.rate is not None:
            piece.append((_x(curve, point.severity), 100 - 100 * point.bounds.rate))
            continue
        if piece:
            yield Markup('<polyline class="line {}" points="{}"/>').format(curve.metric, _drawn([*piece, piece[-1]]))
        piece = []


def _drawn(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in places)


def _limit(point: BreakingPoint) -> Iterator[Markup]:
    """The limit with its value in the margin, recall's on the left and precision's on the right, and the break."""
    metric, limit = point.requirement.metric, min(max(point.requirement.limit, 0.0), 1.0)
    y = _TOP + _PLOT * (1 - limit)
    yield _across(f"stress-limit {metric}", y)
    x, anchor = (_LEFT - 1.5, "end") if metric is Metric.RECALL else (_LEFT + _WIDTH + 1.5, "start")
    yield svg_text(x, y + 4, percent(point.requirement.limit), "limit-text", anchor)
    if point.breaks is not None:
        yield Markup('<svg x="{:.2f}%" y="{:.2f}" overflow="visible"><path class="{}" d="{}"/></svg>').format(
            _place(point.curve, point.breaks.severity), y, f"break {metric}", _MARKS[metric]
        )


def _own(points: Sequence[BreakingPoint]) -> Iterator[Markup]:
    """Where the worst tenth of the pictures people have lies on the axis."""
    curve, worst = points[0].curve, points[0].worst_tenth
    if worst is None:
        return
    sign = -1 if curve.falls else 1
    quantities = sign * np.array([point.quantity for point in curve.points])
    severities = [point.severity for point in curve.points]
    at = _place(curve, float(np.interp(sign * worst, quantities, severities)))
    yield Markup('<line class="own" x1="{x}%" x2="{x}%" y1="16" y2="{}"/>').format(_TOP + _PLOT, x=f"{at:.2f}")
    said = f"{edge(curve)} {curve.quantity.words(worst, bare=True)}"
    yield svg_text(at, 12, said, "axis-text", "end" if at > 55 else "start")


def _ends(curve: Curve, y: float) -> Iterator[Markup]:
    """The quantity under the axis, and its values where it starts and ends."""
    first, last = (curve.quantity.words(curve.points[at].quantity, bare=True) for at in (0, -1))
    yield svg_text(_LEFT, y, first, "axis-text", "start")
    yield svg_text(_LEFT + _WIDTH / 2, y, str(curve.quantity), "axis-text", "middle")
    yield svg_text(_LEFT + _WIDTH, y, last, "axis-text", "end")


def _place(curve: Curve, severity: float) -> float:
    """A severity in percent of the whole picture's width."""
    return _LEFT + _WIDTH * severity / curve.points[-1].severity


def _across(kind: str, y: float) -> Markup:
    return Markup('<line class="{}" x1="{:.2f}%" x2="{:.2f}%" y1="{y}" y2="{y}"/>').format(
        kind, _LEFT, _LEFT + _WIDTH, y=f"{y:.2f}"
    )
