"""Requirements against evidence: each passes, fails, or stays inconclusive with the price of the missing proof."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.assess import Assessment, NotAssessed
from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.camera_bounds import bounds_in
from vision_readiness.decide.outcome import MANY_TRIALS, UNPROVEN, code_of, outcome_of, place_of, unproven
from vision_readiness.decide.overall import judge_average, judge_false_alarms
from vision_readiness.decide.regression import judge_change, no_comparison
from vision_readiness.evaluate.figures import MARKED, SIZES, Scope, scope_of
from vision_readiness.evaluate.planner import Expectation, plan_sample
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.numbers import count, percent, percent_range, value_words
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult
from vision_readiness.situations.new_cameras import asks_for_new_cameras, camera_of, why_no_new_camera

if TYPE_CHECKING:
    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evidence import Evidence
    from vision_readiness.project.reported import ReportedFigures


def judge(assessment: Assessment | NotAssessed, requirement: Requirement) -> RequirementResult:
    """The outcome of one requirement, with its bounds, its sample, a sentence, and what more it would take."""
    if requirement.metric.is_budget:
        target, artefact = assessment.spec.deployment_target, assessment.evidence.artefact
        return judge_budget(assessment.evidence.latency, requirement, target, assessment.policy, artefact)
    if isinstance(assessment, NotAssessed):
        if assessment.evidence.reported is not None:
            return _reported(assessment.evidence.reported, requirement)
        because = assessment.evidence.no_model_because or "There is no model and there are no predictions."
        return unproven(requirement, outcomes.NO_MODEL, because)
    known = {label: place for place, label in enumerate(assessment.evidence.dataset.classes)}
    label = requirement.label
    if label is not None and label not in assessment.model.card.classes:
        because = f"The model was never taught `{label}`, so it can never find it."
        return replace(unproven(requirement, outcomes.CLASS_UNKNOWN, because), outcome=Outcome.FAIL)
    if label is not None and label not in known:
        return unproven(requirement, outcomes.NOT_PROVEN, f"Nothing is labelled `{label}`, so nothing is known of it.")
    scope = _situation(assessment.evidence, requirement, assessment.scope, assessment.figures.matches)
    if isinstance(scope, str):
        return unproven(requirement, outcomes.NO_IMAGES, scope)
    if requirement.metric is Metric.FALSE_ALARMS:
        return judge_false_alarms(_by_camera(assessment, requirement), requirement, scope)
    if requirement.metric.is_average:
        return judge_average(assessment, requirement, known)
    assert label is not None  # noqa: S101 - the spec asks for recall and precision of a named class only
    if requirement.metric.is_change:
        return _change(assessment, requirement, known[label], scope)
    return _rate(assessment, requirement, known[label], scope)


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


def _change(assessment: Assessment, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    parent, before, figures = assessment.evidence.parent, assessment.before, assessment.figures
    if parent is None or before is None:
        because = f"The {requirement.against} model was not given, so nothing can be compared with it."
        return no_comparison(requirement, outcomes.NO_PARENT.code, because)
    earlier = scope_of(before.matches, scope.images & figures.matches.answered)
    found = _situation(assessment.evidence, requirement, earlier, before.matches)
    if isinstance(found, str):
        return no_comparison(requirement, outcomes.NOT_PROVEN.code, found)
    both = scope.narrowed(found.images, figures.matches)
    return judge_change(
        requirement, (figures, both), (before, found), label, assessment.policy, f"`{parent.card.name}`"
    )


def _rate(assessment: Assessment, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    recall = requirement.metric is Metric.RECALL
    both = bounds_in(
        assessment.figures, assessment.evidence.images, label, scope, requirement.where, assessment.policy.alpha
    )
    bounds = both[0 if recall else 1]
    admitted = bounds.groups >= assessment.policy.min_groups
    limit, at_most = requirement.limit, requirement.at_most
    probability = bounds.probability_at_most(limit) if at_most else bounds.probability_at_least(limit)
    passes = bounds.upper <= limit if at_most else bounds.lower >= limit
    fails = bounds.lower > limit if at_most else bounds.upper < limit
    outcome = outcome_of(admitted=admitted, passes=passes, fails=fails)
    more, more_images = _price(assessment, bounds, requirement, label, scope, outcome)
    because = _rate_sentence(requirement, bounds, outcome, more)
    if asks_for_new_cameras(requirement.where):
        more, more_images, because = _of_cameras(assessment, requirement, label, scope, outcome, because)
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
    assessment: Assessment, bounds: RateBounds, requirement: Requirement, label: int, scope: Scope, outcome: Outcome
) -> tuple[int | None, int | None]:
    """How many more trials, and images of the situation, would prove it with the planner's chance at this rate."""
    if outcome is not Outcome.INCONCLUSIVE:
        return None, None
    policy, images = assessment.policy, int(np.count_nonzero(scope.images))
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
        assessment.point.objects_behind(label),
    )
    plan = plan_sample([wanted], alpha=policy.alpha, min_groups=policy.min_groups)
    if plan is None:
        return None, None
    more_images = max(1, plan.images - images)
    more = math.ceil(more_images * bounds.trials / images)
    return (None, None) if more > MANY_TRIALS else (more, more_images)


def _of_cameras(
    assessment: Assessment, requirement: Requirement, label: int, scope: Scope, outcome: Outcome, because: str
) -> tuple[int | None, int | None, str]:
    """What more it would take on new cameras: as much as from images alone, and never less than one camera more."""
    recall = requirement.metric is Metric.RECALL
    by_image = (assessment.figures.recall if recall else assessment.figures.precision)(
        label, scope, assessment.policy.alpha
    )
    cameras = len(np.unique(camera_of(assessment.evidence.images)[scope.images]))
    seen, unit = (
        f"On {count(cameras, 'new camera')}: {because.partition(' About ')[0]}",
        "objects" if recall else "answers",
    )
    more, images = _price(assessment, by_image, requirement, label, scope, outcome)
    if outcome is not Outcome.INCONCLUSIVE or more is None:
        return more, images, seen
    more, images = max(more, by_image.trials // cameras), max(images or 0, int(scope.images.sum()) // cameras)
    return more, images, f"{seen} About {more:,} more {unit}, from other new cameras, would tell."


def _by_camera(assessment: Assessment, requirement: Requirement) -> Assessment:
    """The same evidence with cameras as what errs together, where a requirement is about new ones."""
    if not asks_for_new_cameras(requirement.where):
        return assessment
    return replace(assessment, figures=replace(assessment.figures, group=camera_of(assessment.evidence.images)))


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
