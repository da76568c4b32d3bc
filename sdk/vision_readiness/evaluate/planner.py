"""How many test images it takes so that all requirements are proven together, were the model as good as assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vision_readiness.evaluate.rates import NORMAL
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.requirement import RequirementResult

MOST_IMAGES = 10_000_000
"""More test images than anybody labels."""

ALLOWANCE = 1.15
"""What a sample is divided by before it counts, because the design effect is itself measured and the number of objects
in a sample varies: without it, a plan for 90 % held in 88 % of the projects of ``make bench-decisions``."""

NOISE = 0.2
"""The part of a rate's sampling variance on the objects that a threshold was chosen on which is in the rate at it: with
it, plans for 90 % hold where thresholds are chosen on few images too (``make bench-decisions``)."""

MOST_FOR_CHOOSING, FOR_CHOOSING, STEP = 2.0, 1.5, 1.1
"""From how many times the test images of fixed thresholds on a plan asks for valid images as well, how many times those
it then settles for, and the steps in which it looks for the objects to choose on."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A requirement on a rate with what is assumed of it.

    ``rate`` is the true rate, ``per_image`` the trials (objects or answers) that a test image brings on average over
    all test images. ``design_effect`` says how much errors come together; ``together`` is the number of trials in the
    image of an average trial, itself included. ``chosen_on`` is how many objects of the class its threshold was
    chosen on, ``None`` where it was fixed.
    """

    name: str
    rate: float
    limit: float
    per_image: float
    design_effect: float = 1.0
    together: float = 1.0
    at_most: bool = False
    chosen_on: int | None = None

    @property
    def provable(self) -> bool:
        """Whether any number of images would prove it."""
        return self.per_image > 0 and (self.rate < self.limit if self.at_most else self.rate > self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan:
    """``images`` test images prove all requirements with a probability of at least ``chance``.

    ``dearest`` names the requirement that is most likely to stay unproven, and ``alone`` is what it would need if
    nothing else were asked. For that thresholds have to be chosen on ``behind`` times the objects that they were
    chosen on: 1 where those are enough.
    """

    images: int
    chance: float
    dearest: str
    alone: int
    behind: float = 1.0


def chance_of_proof(one: Expectation, images: int, *, alpha: float = 0.05, min_groups: int = 20) -> float:
    """The probability that ``images`` test images prove the requirement.

    The power of the score test behind ``clustered_wilson`` on the effective sample; a rate at a threshold that was
    itself chosen on a sample varies more, as if it were seen in fewer trials. 0 with fewer than ``min_groups`` groups.
    """
    trials = one.per_image * images
    if trials < min_groups * one.together:
        return 0.0
    rate, limit = (1 - one.rate, 1 - one.limit) if one.at_most else (one.rate, one.limit)
    if limit <= 0:
        return 1.0
    errors = trials * min(rate, 1 - rate)
    effect = one.design_effect + max(0.0, one.together - one.design_effect) / (errors + 1)
    effective = trials / (ALLOWANCE * effect)
    corrected = 0.5 if rate <= 0.5 else 0.0
    needed = effective * limit + corrected + NORMAL.inv_cdf(1 - alpha) * math.sqrt(effective * limit * (1 - limit))
    noise = 0.0 if one.chosen_on is None else NOISE * one.design_effect / max(1, one.chosen_on)
    varied = 1 / (1 + effective * noise)
    return 1 - _at_most((needed - 0.5) * varied, effective * varied, rate)


def _at_most(k: float, n: float, p: float) -> float:
    """P(X <= k) for X binomial (n, p), k and n any real numbers: errors are rare, so a plain normal is too hopeful.

    Camp and Paulson's approximation (Johnson, Kemp and Kotz 2005, 3.6.1).
    """
    if p >= 1 or k >= n or k <= -1:
        return float(k >= n)
    over, under = 1 / (9 * (n - k)), 1 / (9 * (k + 1))
    ratio = ((k + 1) * (1 - p) / (p * (n - k))) ** (1 / 3)
    return NORMAL.cdf(((1 - under) * ratio - (1 - over)) / math.sqrt(under * ratio**2 + over))


def plan_sample(
    expectations: Sequence[Expectation], *, chance: float = 0.9, alpha: float = 0.05, min_groups: int = 20
) -> SamplePlan | None:
    """The fewest test images that prove every requirement together with a probability of ``chance``.

    The chances to miss are added up (Bonferroni), which holds however the requirements hang together. ``None`` where
    a requirement would not be proven by any number of images, or nothing is asked. Where thresholds were chosen on so
    few objects that it would take over twice the images of fixed ones, the plan is half as many again as those, and
    ``behind`` times the objects to choose on.

    >>> plan_sample([Expectation("recall of person", 0.95, 0.90, per_image=2.0)]).images
    140
    """
    if not expectations or not all(one.provable for one in expectations):
        return None

    def missed(wanted: Sequence[Expectation], images: int) -> float:
        return sum(1 - chance_of_proof(one, images, alpha=alpha, min_groups=min_groups) for one in wanted)

    def fewest(wanted: Sequence[Expectation]) -> int | None:
        few, enough = 0, 1
        while missed(wanted, enough) > 1 - chance:
            few, enough = enough, 2 * enough
            if few > MOST_IMAGES:
                return None
        while enough - few > 1:
            middle = (few + enough) // 2
            few, enough = (few, middle) if missed(wanted, middle) <= 1 - chance else (middle, enough)
        return enough

    fixed = fewest([_behind(one, math.inf) for one in expectations])
    if fixed is None:
        return None
    images, behind = fewest(expectations), 1.0
    if images is None or images > MOST_FOR_CHOOSING * fixed:
        images = math.ceil(FOR_CHOOSING * fixed)
        while missed([_behind(one, behind) for one in expectations], images) > 1 - chance:
            behind *= STEP
    wanted = [_behind(one, behind) for one in expectations]
    dearest = max(wanted, key=lambda one: missed([one], images))
    alone = fewest([dearest])
    met = max(0.0, 1 - missed(wanted, images))
    return SamplePlan(
        images=images, chance=met, dearest=dearest.name, alone=images if alone is None else alone, behind=behind
    )


def _behind(one: Expectation, times: float) -> Expectation:
    """``one`` with its threshold chosen on so many times the objects; infinitely many are a fixed one."""
    if one.chosen_on is None or times == math.inf:
        return replace(one, chosen_on=None)
    return replace(one, chosen_on=math.ceil(times * max(1, one.chosen_on)))


def expected(result: RequirementResult, images: int, chosen_on: int | None = None) -> Expectation | None:
    """What one requirement would need if the rate measured on ``images`` test images were the true one.

    ``None`` for a requirement that is not on a rate, or of which nothing was seen.
    """
    asked = result.requirement
    if asked.metric not in (Metric.RECALL, Metric.PRECISION) or result.measured is None or not images:
        return None
    effect = result.design_effect or 1.0
    together = max(1.0, result.trials / result.groups)
    per_image = result.trials / images
    return Expectation(asked.name, result.measured, asked.limit, per_image, effect, together, asked.at_most, chosen_on)
