"""How recall and precision go as the pictures get worse: small charts, one a shift, grouped by class.

The curves live in an inner picture that is stretched to the width it gets; words, marks and the axis do not stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup, escape

from vision_readiness.render.words import harmless, limit_words, situation_words
from vision_readiness.requirement import Metric
from vision_readiness.stress.breaking import edge
from vision_readiness.words import count, percent

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
    "colour": "Wrong white balance",
}
"""What people are told a shift is; one of another name is called by it."""

SOONEST = 3
_TOP, _PLOT = 22, 110
_MARKS = {Metric.RECALL: "M-6 -8H6L0 2Z", Metric.PRECISION: "M0 -7L6 0L0 7L-6 0Z"}
_EMPTY = Markup("")


def stress_panel(points: Sequence[BreakingPoint]) -> Markup:
    """What breaks first, and every chart in a drawer for each class and situation; empty without points."""
    if not points:
        return _EMPTY
    groups: dict[tuple[str | None, str], dict[str, list[BreakingPoint]]] = {}
    for point in points:
        whose = (point.requirement.label, situation_words(point.requirement))
        groups.setdefault(whose, {}).setdefault(point.curve.shift, []).append(point)
    drawers = (_drawer(*whose, shifts, opened=not place) for place, (whose, shifts) in enumerate(groups.items()))
    return _soonest(points) + _legend() + _EMPTY.join(drawers)


def stress_chart(points: Sequence[BreakingPoint]) -> Markup:
    """Recall (solid) and precision (dashed) of one class against one shift, each against its limit.

    ``points`` holds one breaking point for each of the two, or only one. Bands are two-sided 90 % intervals; a mark
    stands where a curve meets its limit, a dotted line where the tenth of the pictures lies that is worst off.
    """
    curve = points[0].curve
    curves = _EMPTY.join(part for point in points for part in (_band(point.curve), *_lines(point.curve)))
    plot = Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg>'
    ).format(_TOP, _PLOT, curves)
    floor = _TOP + _PLOT
    parts = [
        Markup('<rect class="track" x="0" y="{}" width="100%" height="{}"/>').format(_TOP, _PLOT),
        *_own(points),
        plot,
        *(part for point in points for part in _limit(point)),
        Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(floor),
        *_ends(curve, floor + 16),
    ]
    title = f"{_title(curve)}: {' and '.join(str(point.requirement.metric) for point in points)} of {curve.label}"
    return Markup(
        '<svg class="chart stress" width="100%" height="{}" role="img" aria-label="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(floor + 22, harmless(title), harmless(title), harmless(_said(points)), _EMPTY.join(parts))


def _soonest(points: Sequence[BreakingPoint]) -> Markup:
    """The first breaks of what holds in the pictures as they are."""
    found = sorted(
        ((point.breaks.severity, place) for place, point in enumerate(points) if point.breaks and point.breaks.severity)
    )
    tried = f"{count(len(points), 'pair')} of requirement and shift were tried; {len(found):,} break on the way."
    sentences = (Markup("<li>{}</li>").format(_prose(points[place].because)) for _, place in found[:SOONEST])
    listed = Markup("<h3>What breaks first</h3><ol>{}</ol>").format(_EMPTY.join(sentences)) if found else _EMPTY
    return Markup('<p class="lead">{}</p><div class="soonest">{}</div>').format(tried, listed)


def _legend() -> Markup:
    def line(metric: Metric) -> Markup:
        return Markup('<svg width="34" height="16" aria-hidden="true"><path class="{}" d="M1 8H33"/></svg>').format(
            f"line {metric}"
        )

    def mark(metric: Metric) -> Markup:
        return Markup(
            '<svg width="16" height="16" viewBox="-8 -10 16 20" aria-hidden="true"><path class="{}" d="{}"/></svg>'
        ).format(f"break {metric}", _MARKS[metric])

    own = Markup('<svg width="16" height="16" aria-hidden="true"><path class="own" d="M8 0V16"/></svg>')
    said = (
        (line(Metric.RECALL), "recall, with its interval"),
        (line(Metric.PRECISION), "precision, with its interval"),
        (mark(Metric.RECALL) + mark(Metric.PRECISION), "where each meets its limit"),
        (own, "where the worst tenth of the pictures is today"),
    )
    items = (Markup("<li>{} {}</li>").format(*one) for one in said)
    return Markup('<ul class="legend stress-legend">{}</ul>').format(_EMPTY.join(items))


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
        Markup(" open") if opened else _EMPTY,
        harmless(label or ""),
        harmless(situation),
        broken,
        len(every),
        _EMPTY.join(cards),
    )


def _captions(points: Sequence[BreakingPoint]) -> Markup:
    return _EMPTY.join(Markup("<p>{}</p>").format(_prose(point.because)) for point in points)


def _prose(text: str) -> Markup:
    """A sentence with what stands between backticks set as a term."""
    parts = harmless(text).split("`")
    return _EMPTY.join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


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
    metric, limit = point.requirement.metric, point.requirement.limit
    y = _TOP + _PLOT * (1 - min(max(limit, 0.0), 1.0))
    yield Markup('<line class="stress-limit {}" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(metric, y=f"{y:.2f}")
    recall = metric is Metric.RECALL
    yield Markup('<text class="limit-text" x="{}" y="{:.2f}" text-anchor="{}">{}</text>').format(
        "0" if recall else "100%", y - 4, "start" if recall else "end", f"{metric} {limit_words(point.requirement)}"
    )
    if point.breaks is not None:
        yield Markup('<svg x="{:.2f}%" y="{:.2f}" overflow="visible"><path class="{}" d="{}"/></svg>').format(
            _x(point.curve, point.breaks.severity), y, f"break {metric}", _MARKS[metric]
        )


def _own(points: Sequence[BreakingPoint]) -> Iterator[Markup]:
    """Where the worst tenth of the pictures people have lies on the axis."""
    curve, worst = points[0].curve, points[0].worst_tenth
    if worst is None:
        return
    sign = -1 if curve.falls else 1
    quantities = sign * np.array([point.quantity for point in curve.points])
    severities = [point.severity for point in curve.points]
    at = _x(curve, float(np.interp(sign * worst, np.maximum.accumulate(quantities), severities)))
    yield Markup('<line class="own" x1="{x}%" x2="{x}%" y1="14" y2="{}"/>').format(_TOP + _PLOT, x=f"{at:.2f}")
    said = f"{edge(curve)} {curve.quantity.words(worst, bare=True)}"
    yield Markup('<text class="axis-text" x="{:.2f}%" y="12" text-anchor="{}">{}</text>').format(
        at, "end" if at > 55 else "start", said
    )


def _ends(curve: Curve, y: float) -> Iterator[Markup]:
    first, last = curve.points[0].quantity, curve.points[-1].quantity
    said = (
        ("0", "start", curve.quantity.words(first, bare=True)),
        ("50%", "middle", str(curve.quantity)),
        ("100%", "end", curve.quantity.words(last, bare=True)),
    )
    for x, anchor, text in said:
        yield Markup('<text class="axis-text" x="{}" y="{}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
