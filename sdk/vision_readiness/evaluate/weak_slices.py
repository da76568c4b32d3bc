"""Slices in which a class does worse than elsewhere: searched on one half of the images, confirmed with the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.figures import SIZES
from vision_readiness.evaluate.operating import halves
from vision_readiness.evaluate.rates import NORMAL, RateBounds, bounds_of_rows
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


@dataclass(frozen=True, slots=True)
class WeakSlice:
    """One class that does worse in a slice: ``where`` holds (condition, level) pairs that must all hold.

    The bounds are those of the whole sample, so ``effect`` (inside minus outside, negative) is a little too large in
    size: the slice was found because it looked weak. ``p_value`` is that of "not lower inside", before correction.
    """

    label: str
    metric: Metric
    where: tuple[tuple[str, str], ...]
    inside: RateBounds
    outside: RateBounds
    effect: float
    p_value: float


@dataclass(frozen=True, slots=True)
class SliceScan:
    """The weak slices, the weakest proof last; how many were large enough to try, and how many looked promising."""

    found: tuple[WeakSlice, ...]
    tried: int
    promising: int


@dataclass(frozen=True, slots=True, eq=False)
class _Trials:
    """What one rate of one class is counted over: columns of shape (trials,), rows in the order of ``group``."""

    label: str
    metric: Metric
    right: NDArray[np.bool_]
    image: NDArray[np.int32]
    area: NDArray[np.float64]
    group: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    trials: _Trials
    where: tuple[tuple[str, str], ...]
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

    A slice is one level of a condition or of the object size, or a pair of levels, with ``min_groups`` groups inside
    and outside. ``names`` of shape (images,) draw the halves. A slice with a promising p-value in the search half is
    tested with the other one, into which the search brings what is left of its own evidence: its p-value given that
    it was promising (conditional p-values: Zhao, Small and Su 2019; Stouffer's sum). The test compares the rates by the
    pooled binomial variance times the design effect over groups (Rao and Scott 1992, with one imaginary error as in
    ``rates.design_effect``), as Student's t of the groups inside. Benjamini and Hochberg (1995) over all that was
    promising: with no weak slice at all, a scan reports one with a chance of at most ``alpha``. Pairs are told only
    where they are clearly worse than a level that was found alone.
    """
    half = halves(names, figures.group)
    single: list[_Candidate] = []
    pairs: list[_Candidate] = []
    tried = 0
    for trials in _all_trials(figures, scope, metrics):
        wheres, inside = _slices(trials, conditions)
        large = _large_enough(trials, inside, min_groups)
        tried += int(large.sum())
        for place, p_value in zip(np.flatnonzero(large), _tested(trials, inside[large], half), strict=True):
            if not math.isnan(p_value):
                kind = single if len(wheres[place]) == 1 else pairs
                kind.append(_Candidate(trials, wheres[place], inside[place], float(p_value)))
    alone = [_described(one, alpha) for one in _discoveries(single, alpha * (1 - PAIRS_SHARE))]
    both = [_described(one, alpha) for one in _discoveries(pairs, alpha * PAIRS_SHARE)]
    told = [pair for pair in both if not any(_explains(level, pair) for level in alone)]
    found = tuple(sorted(alone + told, key=lambda one: one.p_value))
    return SliceScan(found, tried, len(single) + len(pairs))


def _all_trials(figures: Figures, scope: Scope, metrics: tuple[Metric, ...]) -> Iterator[_Trials]:
    answers, truths = figures.matches.answers, figures.matches.truths
    for place, label in enumerate(figures.matches.classes):
        for metric in metrics:
            if metric is Metric.RECALL:
                rows = np.flatnonzero(figures.truths_of(place, scope))
                right, image, area = figures.found[rows], truths.image[rows], truths.area[rows]
            else:
                rows = np.flatnonzero(figures.answers_of(place, scope))
                sides = answers.box[rows, 2:] - answers.box[rows, :2]
                right, image, area = answers.hit[rows, 0], answers.image[rows], np.prod(sides, axis=1)
            if len(rows):
                group = figures.group[image]
                order = np.argsort(group, kind="stable")
                yield _Trials(label, metric, right[order], image[order], area[order], group[order])


def _slices(
    trials: _Trials, conditions: Mapping[str, Condition]
) -> tuple[list[tuple[tuple[str, str], ...]], NDArray[np.bool_]]:
    """Every level and pair of levels, and masks of shape (slices, trials) of what is inside."""
    levels = [
        ((name, level), members[trials.image])
        for name, condition in sorted(conditions.items())
        for level, members in sorted(condition.members.items())
    ]
    if trials.area.any() and "size" not in conditions:
        sizes = {level: (trials.area >= low) & (trials.area < high) for level, (low, high) in SIZES.items()}
        levels += [(("size", level), inside) for level, inside in sizes.items()]
    wheres: list[tuple[tuple[str, str], ...]] = [(where,) for where, _ in levels]
    masks = [inside for _, inside in levels]
    for (one, inside), (other, also_inside) in combinations(levels, 2):
        if one[0] != other[0]:
            wheres.append((one, other))
            masks.append(inside & also_inside)
    return wheres, np.array(masks, bool).reshape(len(masks), len(trials.image))


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


def _described(one: _Candidate, alpha: float) -> WeakSlice:
    trials = one.trials
    inside, outside = (
        bounds_of_rows(trials.right[rows], trials.group[rows], alpha=alpha) for rows in (one.inside, ~one.inside)
    )
    effect = (inside.rate or 0.0) - (outside.rate or 0.0)
    return WeakSlice(trials.label, trials.metric, one.where, inside, outside, effect, one.p_value)
