"""Charts over the scores of a model: how many answers are right, and what each threshold would do.

Curves live in an inner picture that is stretched to the width it gets; words, marks and axes do not stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from vision_readiness.numbers import number, percent
from vision_readiness.render.markup import EMPTY, svg, svg_text
from vision_readiness.render.score_panels import is_off
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.calibration import ScoreBin
    from vision_readiness.evaluate.sweep import SweepPoint
    from vision_readiness.render.score_panels import ScorePanel, ThresholdPanel

_TOP, _PLOT = 20, 130
_FLOOR = _TOP + _PLOT
_COUNTED_AT = (0.1, 0.3, 0.5, 0.7, 0.9)

_Place = tuple[float, float]


def reliability_chart(panel: ScorePanel) -> Markup:
    """The share that is right against the score: a bar for each bin's 90 % interval, and the line where both agree."""
    low = int(10 * panel.bins[0].low + 1e-9) / 10
    low = low if low < 1 else 0.0
    x = _scale(low)
    parts = [
        *_paper(),
        _inner([Markup('<polyline class="ideal" points="0,{} 100,0"/>').format(_at(100 - 100 * low))]),
        *(part for one in panel.bins for part in _bin(one, x)),
        *_shares(),
        *_axis_ends(f"score {low:g}", "1"),
    ]
    return svg("reliability", _FLOOR + 40, " ".join(one.sentence for one in panel.bins), parts)


def sweep_chart(panel: ThresholdPanel) -> Markup:
    """Recall (solid) and precision (dashed) against the threshold, with intervals, floors and the threshold now."""
    recall = [(one.threshold, one.recall, one.recall_lower, one.recall_upper) for one in panel.points]
    precision = [(one.threshold, one.precision, one.precision_lower, one.precision_upper) for one in panel.points]
    curves = [*_curve(Metric.RECALL, recall), *_curve(Metric.PRECISION, precision)]
    parts = [*_paper(), _inner(curves), *(_floor(*floor) for floor in panel.floors.items())]
    if panel.threshold is not None:
        parts += _threshold(panel.threshold)
    parts += [*_shares(), *_axis_ends("threshold 0", "1"), *_wrong(panel.points)]
    return svg("sweep", _FLOOR + 58, _said(panel), parts)


def line_sample(metric: str) -> Markup:
    """The line of a metric, for a legend."""
    return Markup('<svg class="chart sample" width="34" height="12" role="img" aria-label="{}">{}</svg>').format(
        "dashed" if metric == Metric.PRECISION else "solid",
        Markup('<path class="line {}" d="M1 6H33"/>').format(metric),
    )


def _bin(one: ScoreBin, x: Callable[[float], float]) -> Iterator[Markup]:
    left, right = x(one.low), x(one.high)
    middle, width = (left + right) / 2, max((right - left) * 0.62, 0.8)
    top, bottom = _y(one.upper), _y(one.lower)
    yield Markup('<rect class="scored {}" x="{}%" y="{}" width="{}%" height="{}" rx="2"/>').format(
        "off" if is_off(one) else "", _at(middle - width / 2), _at(top), _at(width), _at(max(bottom - top, 1.5))
    )
    share = _y(one.right / one.answers)
    yield Markup('<circle class="seen" cx="{}%" cy="{}" r="3"/>').format(_at(middle), _at(share))
    many = f"{one.answers:,}" if one.answers < 1000 else f"{one.answers / 1000:.3g}k"
    yield svg_text(middle, _FLOOR + 15, many, "count-text", "middle")


def _curve(metric: Metric, points: Sequence[tuple[float, float | None, float, float]]) -> Iterator[Markup]:
    """A band and a line for each run of points with a rate."""
    run: list[tuple[float, float, float, float]] = []
    for at, rate, lower, upper in (*points, (0.0, None, 0.0, 0.0)):
        if rate is not None:
            run.append((at, rate, lower, upper))
            continue
        if run:
            above = [(100 * at, 100 - 100 * upper) for at, _, _, upper in run]
            below = [(100 * at, 100 - 100 * lower) for at, _, lower, _ in reversed(run)]
            line = [(100 * at, 100 - 100 * rate) for at, rate, _, _ in run]
            yield Markup('<polygon class="band {}" points="{}"/>').format(metric, _drawn([*above, *below]))
            yield Markup('<polyline class="line {}" points="{}"/>').format(metric, _drawn([*line, line[-1]]))
        run = []


def _floor(metric: Metric, limit: float) -> Markup:
    return Markup('<line class="floor {}" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(metric, y=_at(_y(limit)))


def _threshold(score: float) -> Iterator[Markup]:
    x = 100 * min(max(score, 0.0), 1.0)
    for kind in ("halo", "limit"):
        yield Markup('<line class="{}" x1="{x}%" x2="{x}%" y1="14" y2="{}"/>').format(kind, _FLOOR, x=_at(x))
    yield svg_text(x, 11, f"now {score:.2f}", "limit-text", "start" if x < 15 else "end" if x > 85 else "middle")


def _wrong(points: Sequence[SweepPoint]) -> Iterator[Markup]:
    yield svg_text(0, _FLOOR + 36, "wrong answers per 1,000 images", "axis-text", "start")
    for at in _COUNTED_AT:
        nearest = min(points, key=lambda one: abs(one.threshold - at))
        yield svg_text(100 * at, _FLOOR + 53, number(round(nearest.wrong_per_1000_images)), "count-text", "middle")


def _said(panel: ThresholdPanel) -> str:
    rows = (
        f"at {one.threshold:.1f} finds {_share(one.recall)}, is right {_share(one.precision)}" for one in panel.tenths
    )
    now = "" if panel.threshold is None else f" The threshold now is {panel.threshold:.2f}."
    return f"{panel.label}: {'; '.join(rows)}.{now}"


def _share(rate: float | None) -> str:
    return "nothing" if rate is None else percent(rate)


def _paper() -> Iterator[Markup]:
    yield Markup('<rect class="track" x="0" y="{}" width="100%" height="{}"/>').format(_TOP, _PLOT)
    yield Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(_at(_y(0.5)))


def _shares() -> Iterator[Markup]:
    """The words on the upright axis; they come after the curves, so that no line runs through them."""
    for share in (1.0, 0.5):
        yield svg_text(0, _y(share) + 12, percent(share), "axis-text", "start")


def _axis_ends(first: str, last: str) -> Iterator[Markup]:
    row = _FLOOR + (33 if first.startswith("score") else 15)
    yield svg_text(0, row, first, "axis-text", "start")
    yield svg_text(100, row, last, "axis-text", "end")


def _inner(parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none"'
        ' role="img" aria-label="curves">{}</svg>'
    ).format(_TOP, _PLOT, EMPTY.join(parts))


def _scale(low: float) -> Callable[[float], float]:
    return lambda score: 100 * min(max((score - low) / (1 - low), 0.0), 1.0)


def _y(share: float) -> float:
    return _TOP + _PLOT * (1 - min(max(share, 0.0), 1.0))


def _drawn(places: Sequence[_Place]) -> str:
    return " ".join(f"{x:.4g},{y:.4g}" for x, y in places)


def _at(value: float) -> str:
    return f"{value:.2f}"
