"""Slices in which a class does worse than elsewhere: searched on one half of the images, confirmed with the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.figures import MARKED, SIZES
from vision_readiness.evaluate.overlap import covered_share
from vision_readiness.evaluate.rates import NORMAL, RateBounds, bounds_of_rows
from vision_readiness.evaluate.thresholds import halves
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.project import Condition

PROMISING = 0.3
"""A slice whose p-value in the search half is above this is given up."""

FEWEST_GROUPS_IN_HALF = 8
"""Fewer groups of a slice in one half say nothing of how they vary."""

PAIRS_SHARE = 0.1
"""The part of the level that is spent on pairs of levels; single levels have the rest."""

COVERED = 0.25
"""The share of an object's box from which on another labelled object is said to cover it."""

MOST_IMAGES = 12
"""How many images with errors a weak slice names."""

Level = tuple[str, str]
"""A condition and one of its levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSlice:
    """One class that does worse in a slice: ``where`` holds (condition, level) pairs that must all hold.

    The bounds are those of the whole sample, so ``effect`` (inside minus outside, negative) is a little too large in
    size: the slice was found because it looked weak. Its interval is two-sided at twice the level of a bound.
    ``p_value`` is that of "not lower inside", before correction; ``images`` names some in which the class errs there.
    """

    label: str
    metric: Metric
    where: tuple[Level, ...]
    inside: RateBounds
    outside: RateBounds
    effect: float
    effect_lower: float
    effect_upper: float
    p_value: float
    images: tuple[str, ...]

    @property
    def situation(self) -> str:
        """Where it is weak, in words, such as ``lighting night, size small``."""
        return ", ".join(f"{name} {level}" for name, level in self.where)


@dataclass(frozen=True, slots=True)
class SliceScan:
    """The weak slices, the weakest proof last; how many were large enough to try, and how many looked promising."""

    found: tuple[WeakSlice, ...]
    tried: int
    promising: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Trials:
    """What one rate of one class is counted over: columns of shape (trials,), rows in the order of ``group``.

    ``levels`` are those of the objects themselves, with masks of the trials in each.
    """

    label: str
    metric: Metric
    right: NDArray[np.bool_]
    image: NDArray[np.int32]
    group: NDArray[np.int32]
    levels: dict[Level, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    trials: _Trials
    where: tuple[Level, ...]
    inside: NDArray[np.bool_]
    p_value: float


def weak_slices(
    figures: Figures,
    scope: Scope,
    conditions: Mapping[str, Condition],
    names: tuple[str, ...],
    *,
    metrics: tuple[Metric, ...] = (Metric.RECALL, Metric.PRECISION),
    alpha: float = 0.05,
    min_groups: int = 20,
) -> SliceScan:
    """The slices in which recall or precision of a class is lower than outside; empty without images.

    A slice is one level of a condition, of the object's size or (for recall) of how far another object covers it or of
    what annotators marked it as, or a pair of levels, with ``min_groups`` groups inside and outside. ``names`` of shape
    (images,) draw the halves. A slice
    with a promising p-value in the search half is tested with the other one, into which the search brings what is left
    of its own evidence: its p-value given that it was promising (conditional p-values: Zhao, Small and Su 2019;
    Stouffer's sum). The test compares the rates by the pooled binomial variance times the design effect over groups
    (Rao and Scott 1992, with one imaginary error as in ``rates.design_effect``), as Student's t of the groups inside.
    Benjamini and Hochberg (1995) over all that was promising: with no weak slice at all, a scan reports one with a
    chance of at most ``alpha``. Pairs are told only where they are clearly worse than a level that was found alone.
    """
    half = halves(names, figures.group)
    single: list[_Candidate] = []
    pairs: list[_Candidate] = []
    tried = 0
    for trials in _all_trials(figures, scope, metrics):
        wheres, inside = _slices(trials, conditions, min_groups)
        large = _large_enough(trials, inside, min_groups)
        tried += int(large.sum())
        for place, p_value in zip(np.flatnonzero(large), _tested(trials, inside[large], half), strict=True):
            if not math.isnan(p_value):
                kind = single if len(wheres[place]) == 1 else pairs
                kind.append(_Candidate(trials, wheres[place], inside[place], float(p_value)))
    alone = [_described(one, names, alpha) for one in _discoveries(single, alpha * (1 - PAIRS_SHARE))]
    both = [_described(one, names, alpha) for one in _discoveries(pairs, alpha * PAIRS_SHARE)]
    told = [pair for pair in both if not any(_explains(level, pair) for level in alone)]
    found = tuple(sorted(alone + told, key=lambda one: one.p_value))
    return SliceScan(found, tried, len(single) + len(pairs))


def _all_trials(figures: Figures, scope: Scope, metrics: tuple[Metric, ...]) -> Iterator[_Trials]:
    answers, truths = figures.matches.answers, figures.matches.truths
    covered = _covered(figures, scope) if figures.matches.task.has_boxes else None
    for place, label in enumerate(figures.matches.classes):
        for metric in metrics:
            if metric is Metric.RECALL:
                rows = _by_group(np.flatnonzero(figures.truths_of(place, scope)), truths.image, figures.group)
                right, image, area = figures.found[rows], truths.image[rows], truths.area[rows]
                levels = _levels_of_objects(area, None if covered is None else covered[rows])
                levels |= {(MARKED, mark): marked[rows] for mark, marked in truths.marks.items()}
            else:
                rows = _by_group(np.flatnonzero(figures.answers_of(place, scope)), answers.image, figures.group)
                sides = answers.box[rows, 2:] - answers.box[rows, :2]
                right, image = answers.hit[rows, 0], answers.image[rows]
                levels = _levels_of_objects(np.prod(sides, axis=1), None)
            if len(rows):
                yield _Trials(
                    label=label, metric=metric, right=right, image=image, group=figures.group[image], levels=levels
                )


def _covered(figures: Figures, scope: Scope) -> NDArray[np.float64]:
    """How far another object covers each truth, of shape (truths,); 0 out of scope."""
    truths = figures.matches.truths
    share = np.zeros(len(truths))
    share[scope.truths] = covered_share(truths.image[scope.truths], truths.box[scope.truths])
    return share


def _by_group(rows: NDArray[np.int64], image: NDArray[np.int32], group: NDArray[np.int32]) -> NDArray[np.int64]:
    return rows[np.argsort(group[image[rows]], kind="stable")]


def _levels_of_objects(
    area: NDArray[np.float64], covered: NDArray[np.float64] | None
) -> dict[Level, NDArray[np.bool_]]:
    """Masks by size, and by how far another object covers each where that is known."""
    levels = {}
    if area.any():
        levels = {("size", level): (area >= low) & (area < high) for level, (low, high) in SIZES.items()}
    if covered is not None:
        levels[("overlap", f"{100 * COVERED:g} % or more covered")] = covered >= COVERED
        levels[("overlap", f"under {100 * COVERED:g} % covered")] = covered < COVERED
    return levels


def _slices(
    trials: _Trials, conditions: Mapping[str, Condition], min_groups: int
) -> tuple[list[tuple[Level, ...]], NDArray[np.bool_]]:
    """Every level with ``min_groups`` groups and pair of such levels, and masks (slices, trials) of what is inside."""
    known = {
        (name, level): members[trials.image]
        for name, condition in sorted(conditions.items())
        for level, members in sorted(condition.members.items())
    }
    known |= {where: inside for where, inside in trials.levels.items() if where[0] not in conditions}
    masks = np.array(list(known.values()), bool).reshape(len(known), len(trials.image))
    held = np.count_nonzero(_per_group(masks, trials.group), axis=1) >= min_groups
    levels = [(where, inside) for (where, inside), large in zip(known.items(), held, strict=True) if large]
    wheres: list[tuple[Level, ...]] = [(where,) for where, _ in levels]
    inside = [one for _, one in levels]
    for (one, within), (other, also_within) in combinations(levels, 2):
        if one[0] != other[0]:
            wheres.append((one, other))
            inside.append(within & also_within)
    return wheres, np.array(inside, bool).reshape(len(inside), len(trials.image))


def _per_group(values: NDArray[np.bool_], group: NDArray[np.int32]) -> NDArray[np.int64]:
    """Counts of shape (slices, groups) of marks of shape (slices, trials)."""
    starts = np.flatnonzero(np.append(True, np.diff(group) != 0))
    counts: NDArray[np.int64] = np.add.reduceat(values, starts, axis=1, dtype=np.int64)
    return counts


def _large_enough(trials: _Trials, inside: NDArray[np.bool_], min_groups: int) -> NDArray[np.bool_]:
    within = np.count_nonzero(_per_group(inside, trials.group), axis=1)
    outside = np.count_nonzero(_per_group(~inside, trials.group), axis=1)
    large: NDArray[np.bool_] = (within >= min_groups) & (outside >= min_groups)
    return large


def _tested(trials: _Trials, inside: NDArray[np.bool_], half: NDArray[np.int8]) -> NDArray[np.float64]:
    """The p-value of each slice, NaN where it was not promising."""
    searching = half[trials.image] == 0
    searched, confirmed = (
        _p_values(trials.right[rows], inside[:, rows], trials.group[rows]) for rows in (searching, ~searching)
    )
    kept = searched <= PROMISING
    tested = np.full(len(inside), np.nan)
    tested[kept] = [
        NORMAL.cdf((_score(before / PROMISING) + _score(after)) / math.sqrt(2))
        for before, after in zip(searched[kept], confirmed[kept], strict=True)
    ]
    return tested


def _score(p_value: float) -> float:
    return NORMAL.inv_cdf(min(max(p_value, 1e-15), 1 - 1e-15))


def _p_values(right: NDArray[np.bool_], inside: NDArray[np.bool_], group: NDArray[np.int32]) -> NDArray[np.float64]:
    """One-sided p-values of "the rate inside is not lower than outside"; 1 where too few groups are inside."""
    if not len(right) or not len(inside):
        return np.ones(len(inside))
    trials = np.stack([_per_group(inside, group), _per_group(~inside, group)])
    hits = np.stack([_per_group(inside & right, group), _per_group(~inside & right, group)])
    sizes = np.maximum(trials.sum(axis=2), 1)
    rates = hits.sum(axis=2) / sizes
    influence = (hits - rates[:, :, None] * trials) / sizes[:, :, None]
    groups = np.count_nonzero(trials[0], axis=1)
    freedom = np.maximum(groups - 1, 1)
    clustered = groups / freedom * np.sum((influence[0] - influence[1]) ** 2, axis=1)
    binomial, pooled = rates * (1 - rates) / sizes, right.mean() * (1 - right.mean()) / sizes
    effect = np.maximum(1.0, clustered / np.maximum(binomial.sum(axis=0), 1e-12))
    together = np.sum(trials[0] ** 2, axis=1) / sizes[0]
    rare = sizes[0] * min(right.mean(), 1 - right.mean())
    effect += np.maximum(0.0, together - effect) / (rare + 1)
    student = (rates[0] - rates[1]) / np.sqrt(np.maximum(pooled.sum(axis=0) * effect, 1e-12))
    # Wallace (1959): Student's t as a normal deviate, true to three digits from 8 degrees of freedom on.
    deviate = np.sign(student) * (8 * freedom + 1) / (8 * freedom + 3)
    deviate *= np.sqrt(freedom * np.log1p(student**2 / freedom))
    p_values = np.array([NORMAL.cdf(one) for one in deviate])
    p_values[groups < FEWEST_GROUPS_IN_HALF] = 1.0
    return p_values


def _discoveries(candidates: list[_Candidate], alpha: float) -> list[_Candidate]:
    """Those that Benjamini and Hochberg keep at ``alpha``."""
    ranked = sorted(candidates, key=lambda one: one.p_value)
    passed = [rank for rank, one in enumerate(ranked, 1) if one.p_value <= alpha * rank / len(ranked)]
    return ranked[: max(passed, default=0)]


def _explains(level: WeakSlice, pair: WeakSlice) -> bool:
    """Whether a pair is no clearly worse than one of its levels, which was found alone."""
    same = (level.label, level.metric) == (pair.label, pair.metric)
    return same and level.where[0] in pair.where and pair.inside.upper >= level.inside.lower


def _described(one: _Candidate, names: tuple[str, ...], alpha: float) -> WeakSlice:
    trials = one.trials
    inside, outside = (
        bounds_of_rows(trials.right[rows], trials.group[rows], alpha=alpha) for rows in (one.inside, ~one.inside)
    )
    effect, lower, upper = _difference(inside, outside)
    wrong = dict.fromkeys(trials.image[one.inside & ~trials.right].tolist())
    images = tuple(sorted(names[image] for image in wrong)[:MOST_IMAGES])
    return WeakSlice(
        label=trials.label,
        metric=trials.metric,
        where=one.where,
        inside=inside,
        outside=outside,
        effect=effect,
        effect_lower=lower,
        effect_upper=upper,
        p_value=one.p_value,
        images=images,
    )


def _difference(one: RateBounds, other: RateBounds) -> tuple[float, float, float]:
    """The difference of two rates and its interval from theirs (Newcombe 1998, hybrid score, method 10)."""
    rate, against = one.rate or 0.0, other.rate or 0.0
    lower = rate - against - math.hypot(rate - one.lower, other.upper - against)
    upper = rate - against + math.hypot(one.upper - rate, against - other.lower)
    return rate - against, max(-1.0, lower), min(1.0, upper)
