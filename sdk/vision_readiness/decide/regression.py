"""Requirements against another model on the same images: a rate may have fallen by less than a margin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.evaluate.paired import rate_change
from vision_readiness.evaluate.rates import NORMAL
from vision_readiness.numbers import points, points_range
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.policy import Policy

Counts = tuple["NDArray[np.int64]", "NDArray[np.int64]"]

UNPROVEN = 0.94
CODES = {Outcome.PASS: None, Outcome.FAIL: outcomes.REGRESSED.code, Outcome.INCONCLUSIVE: outcomes.NOT_PROVEN.code}


def judge_change(
    requirement: Requirement,
    now: tuple[Figures, Scope],
    before: tuple[Figures, Scope],
    label: int,
    policy: Policy,
    other: str,
) -> RequirementResult:
    """The outcome of "fallen by less than the margin", each model at its own thresholds on the images of its scope.

    It passes when the lower bound of the change is above the limit (minus the margin), and fails when the upper bound
    is below it. ``other`` is the name of the model compared with.
    """
    recall = requirement.metric is Metric.RECALL_CHANGE
    counts = counts_by_group(*now, label, recall=recall), counts_by_group(*before, label, recall=recall)
    change = rate_change(*counts, alpha=policy.alpha)
    trials, unit = int(counts[0][1].sum()), "objects" if recall else "answers"
    place = "".join(f", {name} {level}" for name, level in requirement.where)
    what = f"{'Recall' if recall else 'Precision'} of `{requirement.label}`{place}"
    if change.change is None or change.spread is None or change.lower is None or change.upper is None:
        because = f"{what} cannot be compared with {other}: too few {unit} on the leak-free test images of both."
        return no_comparison(requirement, outcomes.NOT_PROVEN.code, because, trials, unit)
    lower, upper, limit = change.lower, change.upper, requirement.limit
    outcome = Outcome.PASS if lower > limit else Outcome.FAIL if upper < limit else Outcome.INCONCLUSIVE
    outcome = outcome if change.groups >= policy.min_groups else Outcome.INCONCLUSIVE
    probability = NORMAL.cdf((change.change - limit) / change.spread)
    more = None
    if outcome is Outcome.INCONCLUSIVE:
        more = _more(change.change - limit, change.spread, change.groups, policy, trials)
    images = int(np.count_nonzero(now[1].images))
    seen = f"{what} changed by {points(change.change)} ({points_range(lower, upper)}) against {other}"
    tell = f" About {more:,} more {unit} would tell." if more else ""
    if outcome is Outcome.INCONCLUSIVE and more is None:
        tell = " At this change no number of images would prove it."
    return RequirementResult(
        requirement,
        outcome,
        change.change,
        lower,
        upper,
        None,
        trials,
        change.groups,
        unit,
        probability if outcome is not Outcome.INCONCLUSIVE else min(probability, UNPROVEN),
        f"{seen}; it may fall by less than {points(-limit).lstrip('+')}.{tell}",
        CODES[outcome],
        more,
        None if more is None or not trials else math.ceil(more * images / trials),
    )


def no_comparison(
    requirement: Requirement, code: str, because: str, trials: int = 0, unit: str = "objects"
) -> RequirementResult:
    """A change that nothing can be said about, and why."""
    return RequirementResult(
        requirement, Outcome.INCONCLUSIVE, None, None, None, None, trials, 0, unit, 0.0, because, code
    )


def counts_by_group(figures: Figures, scope: Scope, label: int, *, recall: bool) -> Counts:
    """Hits and trials of a class by the number of the group, so that two models' counts stand side by side."""
    matches, groups = figures.matches, int(figures.group.max(initial=-1)) + 1
    if recall:
        rows = figures.truths_of(label, scope)
        group, right = figures.group[matches.truths.image[rows]], figures.found[rows]
    else:
        rows = figures.answers_of(label, scope)
        group, right = figures.group[matches.answers.image[rows]], matches.answers.hit[rows, 0]
    return np.bincount(group, right, groups).astype(np.int64), np.bincount(group, minlength=groups)


def _more(distance: float, spread: float, groups: int, policy: Policy, trials: int) -> int | None:
    """How many more trials are expected to prove it, were the change to stay; ``None`` when no number would."""
    if distance <= 0 or not trials:
        return None
    z = NORMAL.inv_cdf(1 - policy.alpha)
    needed = max(policy.min_groups, math.ceil(groups * (z * spread / distance) ** 2))
    return max(1, math.ceil((needed - groups) * trials / groups))
