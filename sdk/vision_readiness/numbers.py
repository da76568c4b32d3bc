"""Numbers in the words a product manager uses."""

from __future__ import annotations

from vision_readiness.requirement import QUANTILES, Metric

SMALLEST = 0.0001
"""A rate under this is told apart from 0 in words."""


def number(value: float) -> str:
    """A plain number: thousands separated, three significant digits below one hundred.

    >>> number(1234), number(4.25), number(5.0), number(0.0312)
    ('1,234', '4.25', '5', '0.0312')
    """
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def count(n: int, noun: str, plural: str | None = None) -> str:
    """How many of what, in the right number.

    >>> count(1, "image"), count(1500, "box", "boxes")
    ('1 image', '1,500 boxes')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def more(n: int, unit: str, kind: str = "") -> str:
    """So many more of a unit that is named in the plural, such as "objects".

    >>> more(1, "objects"), more(1500, "images", "test")
    ('1 more object', '1,500 more test images')
    """
    return count(n, " ".join(part for part in ("more", kind, unit.removesuffix("s")) if part))


def percent(rate: float, beside: float | None = None) -> str:
    """A rate of 0 to 1 in percent, with the fewest digits that keep it off 0, 100 and the limit ``beside`` it.

    >>> percent(0.61), percent(0.957, beside=0.95), percent(0.94996, beside=0.95), percent(0.9996), percent(1.0)
    ('61 %', '95.7 %', '94.996 %', '99.96 %', '100 %')
    >>> percent(1e-9)
    'under 0.01 %'
    """
    if 0 < rate < SMALLEST:
        return f"under {100 * SMALLEST:g} %"
    return f"{100 * rate:.{_digits(rate, beside)}f} %"


def percent_range(lower: float, upper: float, beside: float | None = None) -> str:
    """Two rates as a range in percent, both with the same digits.

    >>> percent_range(0.53, 0.69, 0.9), percent_range(0.952, 0.99, 0.95)
    ('53–69 %', '95.2–99.0 %')
    """
    marks = () if beside is None else (beside,)
    digits = max(_digits_apart(lower, marks), _digits_apart(upper, marks))
    return f"{100 * lower:.{digits}f}–{100 * upper:.{digits}f} %"


def _digits(rate: float, beside: float | None) -> int:
    return _digits_apart(rate, (0.0, 1.0) if beside is None else (0.0, 1.0, beside), beside)


def _digits_apart(rate: float, marks: tuple[float, ...], beside: float | None = None) -> int:
    """The fewest digits, 1 at least within a point of the limit, that tell a rate from each mark it does not equal."""
    limits = marks if beside is None else (beside,)
    near = any(1e-9 < abs(rate - limit) < 0.01 for limit in limits if limit not in (0.0, 1.0))
    others = [mark for mark in marks if abs(rate - mark) > 1e-9]
    return next((d for d in range(1 if near else 0, 4) if all(_apart(rate, mark, d) for mark in others)), 4)


def _apart(rate: float, mark: float, digits: int) -> bool:
    return abs(round(100 * rate, digits) - 100 * mark) > 1e-7


def milliseconds(value: float, beside: float | None = None) -> str:
    """A time in milliseconds, in seconds from ten seconds on, with digits that tell it from the limit ``beside`` it.

    >>> milliseconds(82.4), milliseconds(3.46), milliseconds(12_300), milliseconds(100.3, beside=100), milliseconds(100)
    ('82 ms', '3.5 ms', '12.3 s', '100.3 ms', '100 ms')
    """
    scale, unit, start = (1000, "s", 1) if value >= 10_000 else (1, "ms", 0 if value >= 10 else 1)
    apart = beside is not None and abs(value - beside) > 1e-9
    marks = [beside / scale] if apart and beside is not None else []
    shown = value / scale
    digits = next((d for d in range(start, 4) if all(abs(round(shown, d) - mark) > 1e-7 for mark in marks)), 4)
    return f"{shown:,.{digits}f} {unit}"


def points(change: float) -> str:
    """The change of a rate in points of a hundred, with its sign.

    >>> points(-0.0312), points(0.004), points(0.0)
    ('-3.1 points', '+0.4 points', '0 points')
    """
    shown = round(100 * change, 1)
    return f"{f'{shown:+.1f}'.removesuffix('.0') if shown else '0'} points"


def points_range(lower: float, upper: float) -> str:
    """Two changes as a range.

    >>> points_range(-0.09, 0.007)
    '-9.0 to +0.7 points'
    """
    return f"{100 * lower:+.1f} to {100 * upper:+.1f} points"


def value_words(metric: Metric, value: float, beside: float | None = None) -> str:
    """A value of ``metric`` with its unit; ``beside`` is the limit it has to be told apart from."""
    if metric in QUANTILES:
        return milliseconds(value, beside)
    if metric is Metric.MEMORY_MB:
        return f"{number(value)} MB"
    if metric in (Metric.FRAMES_PER_SECOND, Metric.FALSE_ALARMS):
        return number(value)
    if metric is Metric.COST:
        return f"{value:,.4g}"
    if metric.is_change:
        return points(value)
    return percent(value, beside)


def range_words(metric: Metric, lower: float, upper: float, beside: float | None = None) -> str:
    """An interval of ``metric`` with its unit once, at the end."""
    if metric.is_change:
        return points_range(lower, upper)
    if metric.is_budget or metric is Metric.FALSE_ALARMS:
        first, last = value_words(metric, lower), value_words(metric, upper)
        same = first.rpartition(" ")[2] == last.rpartition(" ")[2]
        return f"{first.rpartition(' ')[0] if same and ' ' in first else first}–{last}"
    return percent_range(lower, upper, beside)
