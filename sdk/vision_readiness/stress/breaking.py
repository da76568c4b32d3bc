"""Where a requirement breaks as a shift grows, and how far that is from the pictures people really have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.numbers import number, percent
from vision_readiness.requirement import Metric, Outcome, Requirement
from vision_readiness.stress.curves import RATES, Curve, CurvePoint, StressFigures
from vision_readiness.stress.shifts import Quantity

if TYPE_CHECKING:
    from vision_readiness.policy import Policy
    from vision_readiness.project import ImageTable

TAIL = 0.1
"""What counts as the edge of a set of pictures: the tenth of them that is worst off."""

TENTHS = {
    (Quantity.BRIGHTNESS, True): "darkest tenth",
    (Quantity.BRIGHTNESS, False): "brightest tenth",
    (Quantity.SHARPNESS, True): "least sharp tenth",
    (Quantity.SHARPNESS, False): "sharpest tenth",
    (Quantity.WARMTH, True): "coldest tenth",
    (Quantity.WARMTH, False): "warmest tenth",
}
"""The edge of the pictures on the side to which a quantity goes: whether it falls decides."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a curve meets a limit: the severity, the strength of the shift, and its quantity in a picture."""

    severity: float
    strength: float
    quantity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakingPoint:
    """What one shift does to one requirement, with the ``curve`` that shows it.

    ``outcomes`` holds pass, fail or inconclusive at each point of the curve. ``breaks`` is where the observed rate
    meets the limit, ``unproven`` where its bound on the safe side does, and ``fails`` where the other one does: the
    last two are a two-sided 90 % interval around the first. ``None`` where that does not happen up to the highest
    severity, and severity 0 where it is so from the start. ``silent`` is the first point without a single trial.

    ``worst_tenth`` is the quantity at the edge of the pictures people have, ``room`` how far that is from the break
    (below 0 once past it), ``beyond`` the share of the pictures, 0 to 1, at or past it; ``None`` where the quantity
    cannot be measured in a picture.
    """

    requirement: Requirement
    curve: Curve
    outcomes: tuple[Outcome, ...]
    unproven: Crossing | None
    breaks: Crossing | None
    fails: Crossing | None
    silent: Crossing | None
    worst_tenth: float | None
    room: float | None
    beyond: float | None
    because: str = ""


PASS = Outcome.PASS
_RATE: Callable[[RateBounds], float | None] = attrgetter("rate")
_LOWER: Callable[[RateBounds], float | None] = attrgetter("lower")
_UPPER: Callable[[RateBounds], float | None] = attrgetter("upper")
_severity: Callable[[Crossing], float] = attrgetter("severity")


def breaking_points(
    figures: StressFigures,
    requirements: Sequence[Requirement],
    images: ImageTable,
    policy: Policy,
    *,
    target: Mapping[Quantity, NDArray[np.float64]] | None = None,
) -> tuple[BreakingPoint, ...]:
    """The breaking point of every recall and precision requirement under every shift, in their order.

    ``target`` holds what was measured in the target's pictures; the test images themselves stand for them without
    it. A requirement of a class or a situation that images cannot be told apart by is left out.
    """
    found = []
    for requirement in requirements:
        within = _within(requirement, images)
        if requirement.metric not in RATES or requirement.label not in figures.classes or within is None:
            continue
        curves = figures.curves(requirement.metric, requirement.label, within)
        for curve, facts in zip(curves, figures.facts.shifts, strict=True):
            seen = (target or {}).get(facts.quantity, facts.measured[0, within[figures.facts.image]])
            found.append(breaking_point(curve, requirement, seen[np.isfinite(seen)], policy.min_groups))
    return tuple(found)


def _within(requirement: Requirement, images: ImageTable) -> NDArray[np.bool_] | None:
    """The images of a requirement's situation; ``None`` for one that images cannot be told apart by."""
    within = np.ones(len(images), dtype=bool)
    for name, level in requirement.where:
        condition = images.conditions.get(name)
        if condition is None or level not in condition.members:
            return None
        within &= condition.members[level]
    return within


def breaking_point(curve: Curve, requirement: Requirement, seen: NDArray[np.float64], min_groups: int) -> BreakingPoint:
    """Where ``curve`` breaks ``requirement``; ``seen`` of shape (pictures,) is the quantity where it is used.

    Between two severities curve and quantity are taken to be straight. Fewer than ``min_groups`` images with a trial
    prove nothing.
    """
    points = curve.points
    outcomes = tuple(_outcome(point.bounds, requirement, min_groups) for point in points)
    safe, other = (_UPPER, _LOWER) if requirement.at_most else (_LOWER, _UPPER)
    breaks = _crossing(points, _RATE, requirement)
    doubtful = next((_at(point) for point, outcome in zip(points, outcomes, strict=True) if outcome is not PASS), None)
    unproven = min(filter(None, (doubtful, _crossing(points, safe, requirement))), key=_severity, default=None)
    fails = _crossing(points, other, requirement) if Outcome.FAIL in outcomes else None
    silent = next((_at(point) for point in points if not point.bounds.trials), None)
    worst = room = beyond = None
    if curve.quantity.is_measured and len(seen):
        worst = float(np.quantile(seen, TAIL if curve.falls else 1 - TAIL))
    if worst is not None and breaks is not None:
        room = worst - breaks.quantity if curve.falls else breaks.quantity - worst
        beyond = float(np.mean(seen <= breaks.quantity if curve.falls else seen >= breaks.quantity))
    found = BreakingPoint(
        requirement=requirement,
        curve=curve,
        outcomes=outcomes,
        unproven=unproven,
        breaks=breaks,
        fails=fails,
        silent=silent,
        worst_tenth=worst,
        room=room,
        beyond=beyond,
    )
    return replace(found, because=_sentence(found))


def _outcome(bounds: RateBounds, requirement: Requirement, min_groups: int) -> Outcome:
    """The outcome at one severity, by the rule of every rate."""
    if bounds.groups < min_groups:
        return Outcome.INCONCLUSIVE
    limit, at_most = requirement.limit, requirement.at_most
    if bounds.upper <= limit if at_most else bounds.lower >= limit:
        return PASS
    return Outcome.FAIL if (bounds.lower > limit if at_most else bounds.upper < limit) else Outcome.INCONCLUSIVE


def _crossing(
    points: Sequence[CurvePoint], value: Callable[[RateBounds], float | None], requirement: Requirement
) -> Crossing | None:
    """Where ``value`` of the bounds first gets on the wrong side of the limit; points without a value are passed by."""
    sign = -1.0 if requirement.at_most else 1.0
    before: tuple[CurvePoint, float] | None = None
    for point in points:
        seen = value(point.bounds)
        if seen is None:
            continue
        margin = sign * (seen - requirement.limit)
        if margin < 0:
            return _at(point) if before is None else _between(before[0], point, before[1] / (before[1] - margin))
        before = point, margin
    return None


def _at(point: CurvePoint) -> Crossing:
    return Crossing(point.severity, point.strength, point.quantity)


def _between(before: CurvePoint, after: CurvePoint, share: float) -> Crossing:
    def part(start: float, end: float) -> float:
        return start + share * (end - start)

    return Crossing(
        part(before.severity, after.severity),
        part(before.strength, after.strength),
        part(before.quantity, after.quantity),
    )


def _sentence(point: BreakingPoint) -> str:
    requirement, breaks, silent = point.requirement, point.breaks, point.silent
    what = f"{str(requirement.metric).capitalize()} of `{requirement.label}`{_place(requirement)}"
    limit = f"{'at most' if requirement.at_most else 'at least'} {percent(requirement.limit)}"
    if silent is not None and (breaks is None or silent.severity < breaks.severity):
        none = f"there are no {'answers' if requirement.metric is Metric.PRECISION else 'objects'}"
        if silent.severity == 0:
            return f"{what} cannot be told: {none} even in the pictures as they are."
        return f"{what} stays {limit} until {none}, at {_where(point, silent)}.{_proof(point)}"
    if breaks is None:
        return f"{what} stays {limit} to the end: {_where(point, _at(point.curve.points[-1]))}.{_proof(point)}"
    if breaks.severity == 0:
        return f"{what} is not {limit} even as the pictures are."
    return f"{what} stops being {limit} at {_where(point, breaks)}.{_proof(point)}{_distance(point)}"


def _place(requirement: Requirement) -> str:
    return "".join(f", {name} {level}" for name, level in requirement.where)


def _where(point: BreakingPoint, at: Crossing) -> str:
    said = point.curve.quantity.words(at.quantity)
    return f"{said} ({number(round(at.strength, 1))} {point.curve.unit})" if point.curve.quantity.is_measured else said


def _proof(point: BreakingPoint) -> str:
    if point.unproven is None:
        return ""
    if point.unproven.severity == 0:
        return " It is not proven even as the pictures are."
    only = "" if point.breaks else "only "
    return f" It is proven {only}up to {point.curve.quantity.words(point.unproven.quantity)}."


def _distance(point: BreakingPoint) -> str:
    if point.worst_tenth is None or point.beyond is None:
        return ""
    tenth, at = edge(point.curve), point.curve.quantity.words(point.worst_tenth, bare=True)
    past = f"{percent(point.beyond)} of them are past the break" if point.beyond else "none of them is past the break"
    return f" The {tenth} of the pictures is at {at}; {past}."


def edge(curve: Curve) -> str:
    """What the tenth of the pictures that is nearest to the break is called, such as ``darkest tenth``."""
    return TENTHS[curve.quantity, curve.falls]
