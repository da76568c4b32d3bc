"""Requirements against evidence: each passes, fails, or stays inconclusive with the price of the missing proof."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.bench import Bench
from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.camera_bounds import bounds_in
from vision_readiness.decide.outcome import MANY_TRIALS, UNPROVEN, code_of, outcome_of, place_of, unproven
from vision_readiness.decide.overall import judge_average, judge_false_alarms
from vision_readiness.decide.regression import judge_change, no_comparison
from vision_readiness.evaluate.figures import MARKED, SIZES, Scope, scope_of
from vision_readiness.evaluate.planner import Expectation, plan_sample
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult
from vision_readiness.situations.new_cameras import asks_for_new_cameras, camera_of, why_no_new_camera
from vision_readiness.words.numbers import count, percent, percent_range, value_words

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evidence import Evidence
    from vision_readiness.project.reported import ReportedFigures


def judge(bench: Bench, requirement: Requirement) -> RequirementResult:
    """The outcome of one requirement, with its bounds, its sample, a sentence, and what more it would take."""
    if requirement.metric.is_budget:
        target, artefact = bench.spec.deployment_target, bench.evidence.artefact
        return judge_budget(bench.evidence.latency, requirement, target, bench.policy, artefact)
    if bench.evidence.model is None or bench.figures is None or bench.scope is None:
        if bench.evidence.reported is not None:
            return _reported(bench.evidence.reported, requirement)
        because = bench.evidence.no_model_because or "There is no model and there are no predictions."
        return unproven(requirement, outcomes.NO_MODEL, because)
    known = {label: place for place, label in enumerate(bench.evidence.dataset.classes)}
    label = requirement.label
    if label is not None and label not in bench.evidence.model.card.classes:
        because = f"The model was never taught `{label}`, so it can never find it."
        return replace(unproven(requirement, outcomes.CLASS_UNKNOWN, because), outcome=Outcome.FAIL)
    if label is not None and label not in known:
        return unproven(requirement, outcomes.NOT_PROVEN, f"Nothing is labelled `{label}`, so nothing is known of it.")
    scope = _situation(bench.evidence, requirement, bench.scope, bench.figures.matches)
    if isinstance(scope, str):
        return unproven(requirement, outcomes.NO_IMAGES, scope)
    if requirement.metric is Metric.FALSE_ALARMS:
        return judge_false_alarms(_by_camera(bench, requirement), requirement, scope)
    if requirement.metric.is_average:
        return judge_average(bench, requirement, known)
    assert label is not None  # noqa: S101 - the spec asks for recall and precision of a named class only
    if requirement.metric.is_change:
        return _change(bench, requirement, known[label], scope)
    return _rate(bench, requirement, known[label], scope)


def _reported(reported: ReportedFigures, requirement: Requirement) -> RequirementResult:
    said = reported.sentence(requirement.metric, requirement.label, requirement.where)
    limit = value_words(requirement.metric, requirement.limit)
    needs = f"{'Allowed is at most' if requirement.at_most else 'It needs'} {limit}."
    return unproven(requirement, outcomes.NOT_REMEASURED, f"{said} {needs}")


def _situation(evidence: Evidence, requirement: Requirement, scope: Scope, matches: Matches) -> Scope | str:
    """The part of ``scope`` that is in the situation, or a sentence why there is none."""
    for name, level in requirement.where:
        if name == "size" and level in SIZES:
            scope = scope.of_size(level, matches)
            continue
        if name == MARKED and name not in evidence.images.conditions:
            if requirement.metric not in (Metric.RECALL, Metric.RECALL_CHANGE):
                return "Which object a false alarm would be is not known: ask for the recall of marked objects."
            if level not in matches.truths.marks:
                return f"No object is marked as {level}."
            scope = scope.of_mark(level, matches)
            continue
        condition = evidence.images.conditions.get(name)
        members = condition.members.get(level) if condition else None
        if members is None or not (members & scope.images).any():
            new = asks_for_new_cameras(((name, level),))
            return why_no_new_camera(evidence) if new else f"No test image is known to show {name} {level}."
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
    both = bounds_in(bench.figures, bench.evidence.images, label, scope, requirement.where, bench.policy.alpha)
    bounds = both[0 if recall else 1]
    admitted = bounds.groups >= bench.policy.min_groups
    limit, at_most = requirement.limit, requirement.at_most
    probability = bounds.probability_at_most(limit) if at_most else bounds.probability_at_least(limit)
    passes = bounds.upper <= limit if at_most else bounds.lower >= limit
    fails = bounds.lower > limit if at_most else bounds.upper < limit
    outcome = outcome_of(admitted=admitted, passes=passes, fails=fails)
    more, more_images = _price(bench, bounds, requirement, label, scope, outcome)
    because = _rate_sentence(requirement, bounds, outcome, more)
    if asks_for_new_cameras(requirement.where):
        more, more_images, because = _of_cameras(bench, requirement, label, scope, outcome, because)
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
        because,
        code_of(outcome, outcomes.WEAK_CLASS),
        more,
        more_images,
        bounds.design_effect,
    )


def _price(
    bench: Bench, bounds: RateBounds, requirement: Requirement, label: int, scope: Scope, outcome: Outcome
) -> tuple[int | None, int | None]:
    """How many more trials, and images of the situation, would prove it with the planner's chance at this rate."""
    if outcome is not Outcome.INCONCLUSIVE:
        return None, None
    policy, images = bench.policy, int(np.count_nonzero(scope.images))
    if bounds.rate is None:
        return policy.min_groups, policy.min_groups
    wanted = Expectation(
        requirement.name,
        bounds.rate,
        requirement.limit,
        bounds.trials / images,
        bounds.design_effect or 1.0,
        bounds.trials / bounds.groups,
        requirement.at_most,
        bench.point.objects_behind(label) if bench.point else None,
    )
    plan = plan_sample([wanted], alpha=policy.alpha, min_groups=policy.min_groups)
    if plan is None:
        return None, None
    more_images = max(1, plan.images - images)
    more = math.ceil(more_images * bounds.trials / images)
    return (None, None) if more > MANY_TRIALS else (more, more_images)


def _of_cameras(
    bench: Bench, requirement: Requirement, label: int, scope: Scope, outcome: Outcome, because: str
) -> tuple[int | None, int | None, str]:
    """What more it would take on new cameras: as much as from images alone, and never less than one camera more."""
    assert bench.figures is not None  # noqa: S101 - _rate() saw to it
    recall = requirement.metric is Metric.RECALL
    by_image = (bench.figures.recall if recall else bench.figures.precision)(label, scope, bench.policy.alpha)
    cameras = len(np.unique(camera_of(bench.evidence.images)[scope.images]))
    seen, unit = (
        f"On {count(cameras, 'new camera')}: {because.partition(' About ')[0]}",
        "objects" if recall else "answers",
    )
    more, images = _price(bench, by_image, requirement, label, scope, outcome)
    if outcome is not Outcome.INCONCLUSIVE or more is None:
        return more, images, seen
    more, images = max(more, by_image.trials // cameras), max(images or 0, int(scope.images.sum()) // cameras)
    return more, images, f"{seen} About {more:,} more {unit}, from other new cameras, would tell."


def _by_camera(bench: Bench, requirement: Requirement) -> Bench:
    """The same evidence with cameras as what errs together, where a requirement is about new ones."""
    if bench.figures is None or not asks_for_new_cameras(requirement.where):
        return bench
    return replace(bench, figures=replace(bench.figures, group=camera_of(bench.evidence.images)))


def _rate_sentence(requirement: Requirement, bounds: RateBounds, outcome: Outcome, more: int | None) -> str:
    label, limit = f"`{requirement.label}`", requirement.limit
    place = place_of(requirement)
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
