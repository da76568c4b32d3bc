"""Requirements against evidence: each passes, fails, or stays inconclusive with the price of the missing proof."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.image_sets import with_sets
from vision_readiness.decide.regression import judge_change, no_comparison
from vision_readiness.evaluate.figures import SIZES, Figures, Scope, count_bounds, scope_of
from vision_readiness.evaluate.operating import Floors, OperatingPoint, choose_operating_point
from vision_readiness.evaluate.rates import RateBounds, trials_to_prove
from vision_readiness.project import Split
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult
from vision_readiness.words import count, percent, percent_range, range_words, value_words

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evidence import Evidence, ModelEvidence
    from vision_readiness.policy import Policy
    from vision_readiness.reasons.reason import Reason
    from vision_readiness.reported import ReportedFigures
    from vision_readiness.spec import DeploymentSpec

MANY_TRIALS = 100_000
"""More objects than anybody labels to prove one figure."""

UNPROVEN = 0.94
"""The most that a requirement can be said to hold with while its evidence is not admitted as proof."""


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """The evidence laid out for judging: figures at the operating point on the leak-free test images.

    ``before`` are those of the parent model, at thresholds of its own, where there is one.
    """

    evidence: Evidence
    spec: DeploymentSpec
    policy: Policy
    figures: Figures | None
    scope: Scope | None
    before: Figures | None = None

    @property
    def point(self) -> OperatingPoint | None:
        return self.figures.point if self.figures else None


def lay_out(evidence: Evidence, spec: DeploymentSpec, policy: Policy) -> Bench:
    """The evidence at the thresholds that ``spec`` asks for, or without figures where there is no model."""
    evidence = with_sets(evidence, spec)
    if evidence.model is None:
        return Bench(evidence, spec, policy, None, None)
    figures = figures_of(evidence.model, evidence, spec)
    before = None if evidence.parent is None else figures_of(evidence.parent, evidence, spec)
    return Bench(evidence, spec, policy, figures, scope_of(figures.matches, evidence.judged(Split.TEST)), before)


def figures_of(model: ModelEvidence, evidence: Evidence, spec: DeploymentSpec) -> Figures:
    """What a model does at thresholds of its own, chosen for the floors of ``spec``."""
    point = choose_operating_point(
        model.matches,
        {label: _floors(spec, label) for label in evidence.dataset.classes},
        valid=evidence.judged(Split.VALID),
        test=evidence.judged(Split.TEST),
        group=evidence.group,
        names=evidence.images.key,
    )
    return Figures.at(model.matches, point, evidence.group)


def _floors(spec: DeploymentSpec, label: str) -> Floors:
    """The strictest recall and precision that is asked of a class in any situation."""
    asked: dict[Metric, float] = {}
    for requirement in spec.requirements_of(label):
        if not requirement.at_most:
            asked[requirement.metric] = max(requirement.limit, asked.get(requirement.metric, 0.0))
    return Floors(asked.get(Metric.RECALL), asked.get(Metric.PRECISION), spec.rule(label).threshold)


def judge(bench: Bench, requirement: Requirement) -> RequirementResult:
    """The outcome of one requirement, with its bounds, its sample, a sentence, and what more it would take."""
    if requirement.metric.is_budget:
        target, artefact = bench.spec.deployment_target, bench.evidence.artefact
        return judge_budget(bench.evidence.latency, requirement, target, bench.policy, artefact)
    if bench.evidence.model is None or bench.figures is None or bench.scope is None:
        if bench.evidence.reported is not None:
            return _reported(bench.evidence.reported, requirement)
        because = bench.evidence.no_model_because or "There is no model and there are no predictions."
        return _open(requirement, outcomes.NO_MODEL, because)
    known = {label: place for place, label in enumerate(bench.evidence.dataset.classes)}
    label = requirement.label
    if label is not None and label not in bench.evidence.model.card.classes:
        because = f"The model was never taught `{label}`, so it can never find it."
        return replace(_open(requirement, outcomes.CLASS_UNKNOWN, because), outcome=Outcome.FAIL)
    if label is not None and label not in known:
        return _open(requirement, outcomes.NOT_PROVEN, f"Nothing is labelled `{label}`, so nothing is known about it.")
    scope = _situation(bench.evidence, requirement, bench.scope, bench.figures.matches)
    if isinstance(scope, str):
        return _open(requirement, outcomes.NO_IMAGES, scope)
    if requirement.metric is Metric.FALSE_ALARMS:
        return _false_alarms(bench, requirement, scope)
    if requirement.metric.is_average:
        return _average(bench, requirement, known)
    assert label is not None  # noqa: S101 - the spec asks for recall and precision of a named class only
    if requirement.metric.is_change:
        return _change(bench, requirement, known[label], scope)
    return _rate(bench, requirement, known[label], scope)


def _reported(reported: ReportedFigures, requirement: Requirement) -> RequirementResult:
    said = reported.sentence(requirement.metric, requirement.label, requirement.where)
    limit = value_words(requirement.metric, requirement.limit)
    needs = f"{'Allowed is at most' if requirement.at_most else 'It needs'} {limit}."
    return _open(requirement, outcomes.NOT_REMEASURED, f"{said} {needs}")


def _open(requirement: Requirement, reason: Reason, because: str) -> RequirementResult:
    return RequirementResult(
        requirement, Outcome.INCONCLUSIVE, None, None, None, None, 0, 0, "objects", 0.0, because, reason.code
    )


def _situation(evidence: Evidence, requirement: Requirement, scope: Scope, matches: Matches) -> Scope | str:
    """The part of ``scope`` that is in the situation, or a sentence why there is none."""
    for name, level in requirement.where:
        if name == "size" and level in SIZES:
            scope = scope.of_size(level, matches)
            continue
        condition = evidence.images.conditions.get(name)
        members = condition.members.get(level) if condition else None
        if members is None or not (members & scope.images).any():
            return f"No test image is known to show {name} {level}."
        scope = scope.narrowed(members, matches)
    return scope


def _change(bench: Bench, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    parent, before, figures = bench.evidence.parent, bench.before, bench.figures
    if parent is None or before is None or figures is None:
        because = f"The {requirement.against} model was not given, so nothing can be compared with it."
        return no_comparison(requirement, outcomes.NO_PARENT.code, because)
    earlier = scope_of(before.matches, scope.images & figures.matches.answered)
    found = _situation(bench.evidence, requirement, earlier, before.matches)
    if isinstance(found, str):
        return no_comparison(requirement, outcomes.NOT_PROVEN.code, found)
    both = scope.narrowed(found.images, figures.matches)
    return judge_change(requirement, (figures, both), (before, found), label, bench.policy, f"`{parent.card.name}`")


def _rate(bench: Bench, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    assert bench.figures is not None  # noqa: S101 - judge() saw to it
    recall = requirement.metric is Metric.RECALL
    measure = bench.figures.recall if recall else bench.figures.precision
    bounds = measure(label, scope, bench.policy.alpha)
    admitted = bounds.groups >= bench.policy.min_groups
    limit, at_most = requirement.limit, requirement.at_most
    probability = bounds.probability_at_most(limit) if at_most else bounds.probability_at_least(limit)
    passes = bounds.upper <= limit if at_most else bounds.lower >= limit
    fails = bounds.lower > limit if at_most else bounds.upper < limit
    outcome = _outcome(admitted=admitted, passes=passes, fails=fails)
    more, more_images = _price(bench, bounds, requirement, scope, outcome)
    return RequirementResult(
        requirement,
        outcome,
        bounds.rate,
        bounds.lower if bounds.trials else None,
        bounds.upper if bounds.trials else None,
        bounds.hits,
        bounds.trials,
        bounds.groups,
        "objects" if recall else "answers",
        probability if outcome is not Outcome.INCONCLUSIVE else min(probability, UNPROVEN),
        _rate_sentence(requirement, bounds, outcome, more),
        _code(outcome, outcomes.WEAK_CLASS),
        more,
        more_images,
        bounds.design_effect,
    )


def _outcome(*, admitted: bool, passes: bool, fails: bool) -> Outcome:
    if not admitted:
        return Outcome.INCONCLUSIVE
    return Outcome.PASS if passes else Outcome.FAIL if fails else Outcome.INCONCLUSIVE


def _code(outcome: Outcome, failure: Reason) -> str | None:
    return {Outcome.PASS: None, Outcome.FAIL: failure.code, Outcome.INCONCLUSIVE: outcomes.NOT_PROVEN.code}[outcome]


def _price(
    bench: Bench, bounds: RateBounds, requirement: Requirement, scope: Scope, outcome: Outcome
) -> tuple[int | None, int | None]:
    """How many more trials, and images at the present yield, are expected to prove the requirement."""
    if outcome is not Outcome.INCONCLUSIVE:
        return None, None
    policy = bench.policy
    short = max(0, policy.min_groups - bounds.groups)
    more = trials_to_prove(bounds, requirement.limit, alpha=policy.alpha, at_most=requirement.at_most)
    if not bounds.trials:
        return policy.min_groups, policy.min_groups
    if more is None or more > MANY_TRIALS:
        return None, None
    per_group = bounds.trials / bounds.groups
    more = max(more, math.ceil(short * per_group))
    images = int(np.count_nonzero(scope.images))
    return more, math.ceil(more * images / bounds.trials)


def _rate_sentence(requirement: Requirement, bounds: RateBounds, outcome: Outcome, more: int | None) -> str:
    label, limit = f"`{requirement.label}`", requirement.limit
    place = _place(requirement)
    needs = f"{'allows at most' if requirement.at_most else 'needs'} {percent(limit)}"
    if not bounds.trials:
        noun = "labelled object" if requirement.metric is Metric.RECALL else "answer"
        return f"There is no {noun} of {label}{place} in the leak-free test images; it {needs}."
    interval = percent_range(bounds.lower, bounds.upper, limit)
    if requirement.metric is Metric.RECALL:
        seen = f"Found {bounds.hits:,} of {bounds.trials:,} {label}{place} ({interval}); {needs}."
    else:
        seen = f"Right in {bounds.hits:,} of {bounds.trials:,} {label} answers{place} ({interval}); {needs}."
    if outcome is not Outcome.INCONCLUSIVE:
        return seen
    if more is None:
        return f"{seen} At this rate no number of images within reach would prove it."
    return f"{seen} About {more:,} more {'objects' if requirement.metric is Metric.RECALL else 'answers'} would tell."


def _place(requirement: Requirement) -> str:
    return "".join(f", {name} {level}" for name, level in requirement.where)


def _average(bench: Bench, requirement: Requirement, known: Mapping[str, int]) -> RequirementResult:
    model = bench.evidence.model
    assert model is not None  # noqa: S101 - judge() saw to it
    average, limit = model.average, requirement.limit
    column = 0 if requirement.metric is Metric.AP else 1
    if requirement.where or requirement.label is None:
        because = "Average precision is judged per class over all images: ask for recall and precision in a situation."
        return _open(requirement, outcomes.NOT_PROVEN, because)
    row = known[requirement.label]
    value = float(average.value[row].mean() if column == 0 else average.value[row, 0])
    lower, upper = float(average.lower[row, column]), float(average.upper[row, column])
    if math.isnan(value) or math.isnan(lower):
        return _open(requirement, outcomes.NOT_PROVEN, f"Nothing is labelled `{requirement.label}` in test.")
    enough = average.images >= bench.policy.min_images_for_ap or not requirement.critical
    above = (value - limit) / max((upper - lower) / 2, 1e-9) * _Z
    outcome = _outcome(admitted=enough, passes=lower >= limit, fails=upper < limit)
    more = max(0, bench.policy.min_images_for_ap - average.images) or None if not enough else None
    seen = f"{requirement.metric.upper()} of `{requirement.label}` is {value:.3f} ({lower:.3f}–{upper:.3f})"
    need = f"{seen}; needs {limit:g}."
    least = bench.policy.min_images_for_ap
    because = need if enough else f"{need} It decides from {least:,} test images on: {more:,} more would do."
    probability = _normal(above)
    return RequirementResult(
        requirement,
        outcome,
        value,
        lower,
        upper,
        None,
        average.images,
        average.images,
        "images",
        probability if outcome is not Outcome.INCONCLUSIVE else min(probability, UNPROVEN),
        because,
        _code(outcome, outcomes.WEAK_CLASS),
        more,
        more,
    )


def _false_alarms(bench: Bench, requirement: Requirement, scope: Scope) -> RequirementResult:
    assert bench.figures is not None  # noqa: S101 - judge() saw to it
    counts, empty = bench.figures.false_alarms(scope)
    bounds = count_bounds(counts, empty / 1000, requirement.limit, bench.policy.alpha)
    at_most = requirement.at_most
    passes = bounds.upper <= requirement.limit if at_most else bounds.lower >= requirement.limit
    fails = bounds.lower > requirement.limit if at_most else bounds.upper < requirement.limit
    outcome = _outcome(admitted=len(counts) >= bench.policy.min_groups, passes=passes, fails=fails)
    needed = _empty_images_to_prove(requirement.limit, empty, bounds.events)
    inconclusive = outcome is Outcome.INCONCLUSIVE
    seen = f"{count(bounds.events, 'false alarm')} on {count(empty, 'empty image')}{_place(requirement)}"
    allowed = f"allowed are {value_words(requirement.metric, requirement.limit)} per 1,000"
    rate = f" ({range_words(requirement.metric, bounds.lower, bounds.upper)} per 1,000)" if empty else ""
    more = f" About {needed:,} more empty images would tell." if inconclusive and needed else ""
    probability = 1 - bounds.p_value
    return RequirementResult(
        requirement,
        outcome,
        bounds.rate,
        bounds.lower if empty else None,
        bounds.upper if empty else None,
        bounds.events,
        empty,
        len(counts),
        "empty images",
        min(probability, UNPROVEN) if inconclusive else probability,
        f"{seen}{rate}; {allowed}.{more}",
        _code(outcome, outcomes.WEAK_OVERALL),
        needed if inconclusive else None,
        needed if inconclusive else None,
    )


def _empty_images_to_prove(limit_per_1000: float, empty: int, events: int) -> int | None:
    """More empty images until the bound would clear the limit, were the rate to stay; three events' worth at least."""
    allowed = limit_per_1000 / 1000
    rate = events / empty if empty else 0.0
    if rate >= allowed:
        return None
    needed = max(3.0 / allowed, (_Z / (allowed - rate)) ** 2 * allowed)
    return max(0, math.ceil(needed) - empty)


_Z = 1.6448536269514722


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
