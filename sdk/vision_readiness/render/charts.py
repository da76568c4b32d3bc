"""Small pictures of numbers as hand-written SVG that stretches to the width it is given.

Lengths along the x axis are percent of the width, so that nothing needs a script or a fixed size. Colours come from
the classes in ``report.css``; every chart says in words what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from vision_readiness.numbers import milliseconds, percent, range_words
from vision_readiness.render.markup import EMPTY, svg, svg_text
from vision_readiness.render.words import limit_words, measured_words
from vision_readiness.requirement import QUANTILES, Metric

if TYPE_CHECKING:
    from vision_readiness.report.tables import LatencyFigures
    from vision_readiness.requirement import RequirementResult

_FAR = 3.0  # times the slowest call


def interval_bar(result: RequirementResult) -> Markup:
    """The interval of a result against its limit, one table row high; empty where nothing was measured."""
    if result.measured is None and result.lower is None:
        return EMPTY
    axis = _Axis(*_span(result, zoomed=False))
    said = f"{measured_words(result)}, needs {limit_words(result.requirement)}"
    return svg(
        "bar",
        28,
        said,
        (
            *_allowed(result, axis, 3, 22),
            *_interval(result, axis, 14, 10),
            *_limit(axis(result.requirement.limit), 0, 28),
        ),
    )


def interval_picture(result: RequirementResult) -> Markup:
    """The same, large and labelled, on the part of the axis that matters; empty where nothing was measured."""
    if result.measured is None and result.lower is None:
        return EMPTY
    requirement = result.requirement
    axis = _Axis(*_span(result, zoomed=True))
    limit = axis(requirement.limit)
    said = f"{measured_words(result)}, needs {limit_words(requirement)}"
    parts = [
        *_allowed(result, axis, 22, 28),
        *_interval(result, axis, 36, 16),
        *_limit(limit, 19, 53),
        _text(limit, 14, f"needs {limit_words(requirement)}", "limit-text"),
        *_range_label(result, axis),
        svg_text(0, 92, _end(requirement.metric, axis.low), "axis-text", "start"),
        svg_text(100, 92, _end(requirement.metric, axis.high), "axis-text", "end"),
        Markup('<line class="axis" x1="0" x2="100%" y1="76" y2="76"/>'),
    ]
    return svg("picture", 96, said, parts)


def latency_histogram(latency: LatencyFigures) -> Markup:
    """How long the calls took: the histogram, where p50, p95 and p99 lie, and each budget; empty without bins."""
    bins = latency.histogram_ms
    if not bins:
        return EMPTY
    step = bins[1][0] - bins[0][0] if bins[1:] else max(bins[0][0] * 0.05, 1.0)
    marks = list(_latency_marks(latency, far=_FAR * (bins[-1][0] + step)))
    inside = [at for at, _, _ in marks if at < math.inf]
    axis = _Axis(min(bins[0][0], *inside) * 0.9, max(bins[-1][0] + step, *inside) * 1.04)
    tallest = max(1, *(times for _, times in bins))
    top = 20 * len(marks) + 8
    parts = [_column(axis, left, step, 96 * times / tallest, top + 96) for left, times in bins]
    parts.append(Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(top + 96))
    lines = ((row, at, kind) for row, (at, _, kind) in enumerate(marks) if at < math.inf)
    parts.extend(_mark(axis(at), 18 + 20 * row, top + 96, kind) for row, at, kind in lines)
    for row, (at, said, kind) in enumerate(marks):  # after the lines, so that no line runs through a word
        parts.append(svg_text(axis(at), 14 + 20 * row, said, f"{kind}-text", "end" if axis(at) > 60 else "start"))
    parts.append(svg_text(0, top + 114, milliseconds(axis.low), "axis-text", "start"))
    parts.append(svg_text(100, top + 114, milliseconds(axis.high), "axis-text", "end"))
    said = f"{latency.calls:,} calls: " + "; ".join(said for _, said, _ in marks)
    return svg("histogram", top + 120, said, parts)


def share_bar(share: float, said: str) -> Markup:
    """A bar filled from the left by ``share``, 0 to 1."""
    bar = Markup('<rect class="fill" x="0" y="4" width="{}%" height="12" rx="2"/>').format(_at(100 * share))
    return svg("share", 20, said, [Markup('<rect class="track" x="0" y="4" width="100%" height="12" rx="2"/>'), bar])


class _Axis:
    """Values to percent of the width, kept within the picture."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high if high > low else low + 1

    def __call__(self, value: float) -> float:
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0) * 100


def _span(result: RequirementResult, *, zoomed: bool) -> tuple[float, float]:
    metric, limit = result.requirement.metric, result.requirement.limit
    seen = [at for at in (result.lower, result.measured, result.upper, limit) if at is not None]
    if metric.is_budget or metric is Metric.FALSE_ALARMS:
        return 0.0, max(seen) * 1.2 or 1.0
    return (max(0.0, math.floor(min(seen) * 10 - 1) / 10) if zoomed else 0.0), 1.0


def _end(metric: Metric, value: float) -> str:
    if metric in QUANTILES:
        return milliseconds(value)
    return f"{value:,.0f}" if metric.is_budget or metric is Metric.FALSE_ALARMS else percent(value)


def _allowed(result: RequirementResult, axis: _Axis, y: float, height: float) -> Iterator[Markup]:
    limit = axis(result.requirement.limit)
    left, right = (0.0, limit) if result.requirement.at_most else (limit, 100.0)
    yield Markup('<rect class="track" x="0" y="{}" width="100%" height="{}" rx="2"/>').format(y, height)
    yield Markup('<rect class="allowed" x="{}%" y="{}" width="{}%" height="{}" rx="2"/>').format(
        _at(left), y, _at(right - left), height
    )


def _limit(at: float, top: float, bottom: float) -> Iterator[Markup]:
    for kind in ("halo", "limit"):  # the line has to be seen where it crosses the interval
        yield _mark(at, top, bottom, kind)


def _interval(result: RequirementResult, axis: _Axis, middle: float, height: float) -> Iterator[Markup]:
    if result.lower is not None or result.upper is not None:
        left = axis(axis.low if result.lower is None else result.lower)
        right = axis(axis.high if result.upper is None else result.upper)
        yield Markup('<rect class="interval {}" x="{}%" y="{}" width="{}%" height="{}" rx="3"/>').format(
            result.outcome, _at(left), middle - height / 2, _at(max(right - left, 0.8)), height
        )
    if result.measured is not None:
        yield Markup('<circle class="seen" cx="{}%" cy="{}" r="{}"/>').format(
            _at(axis(result.measured)), middle, height / 3
        )


def _range_label(result: RequirementResult, axis: _Axis) -> Iterator[Markup]:
    if result.lower is None or result.upper is None:
        return
    said = range_words(result.requirement.metric, result.lower, result.upper, result.requirement.limit)
    yield _text((axis(result.lower) + axis(result.upper)) / 2, 68, said, "interval-text")


def _latency_marks(latency: LatencyFigures, far: float) -> Iterator[tuple[float, str, str]]:
    """Where to mark what; a budget beyond ``far`` is at infinity, so that it does not squeeze the calls together."""
    for metric, figure in zip(QUANTILES, (latency.p50_ms, latency.p95_ms, latency.p99_ms), strict=True):
        if figure.value is not None:
            yield figure.value, f"{metric.removesuffix('_ms')} {milliseconds(figure.value)}", "quantile"
    for name, limit in latency.limits_ms.items():
        said = f"budget {milliseconds(limit)} for {name.removesuffix('_ms')}"
        yield (limit, said, "limit") if limit <= far else (math.inf, f"{said} →", "limit")


def _mark(x: float, top: float, floor: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{x}%" x2="{x}%" y1="{}" y2="{}"/>').format(kind, top, floor, x=_at(x))


def _column(axis: _Axis, left: float, step: float, height: float, floor: float) -> Markup:
    x, width = axis(left), axis(left + step) - axis(left)
    return Markup('<rect class="column" x="{}%" y="{:.2f}" width="{}%" height="{:.2f}"/>').format(
        _at(x), floor - height, _at(max(width - 0.3, 0.2)), height
    )


def _text(x: float, y: float, said: str, kind: str) -> Markup:
    """Words at ``x`` that stay inside the picture."""
    return svg_text(x, y, said, kind, "start" if x < 18 else "end" if x > 82 else "middle")


def _at(value: float) -> str:
    return f"{value:.2f}"
