"""Requirements against evidence: each passes, fails, or stays inconclusive with the price of the missing proof."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.assess import Assessment, NoModel, NotAssessed
from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.camera_bounds import bounds_in
from vision_readiness.decide.outcome import Price, Seen, Verdict, by_bounds, judged, unproven
from vision_readiness.decide.overall import judge_average, judge_false_alarms
from vision_readiness.decide.regression import judge_change
from vision_readiness.evaluate.figures import MARKED, SIZES, Scope, scope_of
from vision_readiness.evaluate.planner import Expectation, plan_sample
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Metric, Requirement, RequirementResult
from vision_readiness.situations.new_cameras import asks_for_new_cameras, camera_counts, camera_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision_readiness.evaluate.matches import Matches
    from vision_readiness.evidence import Evidence

MANY_TRIALS = 100_000
"""More objects than anybody labels to prove one figure."""


def judge(assessment: Assessment | NotAssessed, requirement: Requirement) -> RequirementResult:
    """The outcome of one requirement, with its bounds, its sample, and what more it would take."""
    if requirement.metric.is_budget:
        target, artefact = assessment.spec.deployment_target, assessment.evidence.artefact
        return judge_budget(assessment.evidence.latency, requirement, target, assessment.policy, artefact)
    if isinstance(assessment, NotAssessed):
        if assessment.because is NoModel.ONLY_REPORTED:
            return unproven(requirement, outcomes.NOT_REMEASURED, Cause.ONLY_REPORTED)
        return unproven(requirement, outcomes.NO_MODEL, Cause.NO_MODEL)
    known = {label: place for place, label in enumerate(assessment.evidence.dataset.classes)}
    label = requirement.label
    if label is not None and label not in assessment.model.card.classes:
        never = Verdict(passes=False, fails=True, probability=0.0)
        failure, alpha = outcomes.CLASS_UNKNOWN, assessment.policy.alpha
        return judged(requirement, Seen(), never, alpha=alpha, failure=failure, cause=Cause.CLASS_UNKNOWN)
    if label is not None and label not in known:
        return unproven(requirement, outcomes.NOT_PROVEN, Cause.NOT_LABELLED)
    scope = _situation(assessment.evidence, requirement, assessment.scope, assessment.figures.matches)
    if isinstance(scope, _Nowhere):
        return unproven(requirement, outcomes.NO_IMAGES, scope.cause, numbers=scope.numbers)
    if requirement.metric is Metric.FALSE_ALARMS:
        return judge_false_alarms(_by_camera(assessment, requirement), requirement, scope)
    if requirement.metric.is_average:
        return judge_average(assessment, requirement, known)
    place = known[label or ""]  # the specification asks for recall and precision of a named class only
    if requirement.metric.is_change:
        return _change(assessment, requirement, place, scope)
    return _rate(assessment, requirement, place, scope)


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Why nothing is in a situation."""

    cause: Cause
    numbers: Mapping[str, str | int | float]


def _situation(evidence: Evidence, requirement: Requirement, scope: Scope, matches: Matches) -> Scope | _Nowhere:
    """The part of ``scope`` that is in the situation, or why there is none."""
    for name, level in requirement.where:
        if name == "size" and level in SIZES:
            scope = scope.of_size(level, matches)
            continue
        if name == MARKED and name not in evidence.images.conditions:
            if requirement.metric not in (Metric.RECALL, Metric.RECALL_CHANGE):
                return _Nowhere(Cause.MARK_OF_ANSWERS, {})
            if level not in matches.truths.marks:
                return _Nowhere(Cause.NOT_MARKED, {"level": level})
            scope = scope.of_mark(level, matches)
            continue
        condition = evidence.images.conditions.get(name)
        members = condition.members.get(level) if condition else None
        if members is None or not (members & scope.images).any():
            new = asks_for_new_cameras(((name, level),))
            return (
                _no_new_camera(evidence) if new else _Nowhere(Cause.NO_IMAGE_OF_IT, {"condition": name, "level": level})
            )
        scope = scope.narrowed(members, matches)
    return scope


def _no_new_camera(evidence: Evidence) -> _Nowhere:
    """Why no test image is surely from a camera that is not in train."""
    counts = camera_counts(evidence)
    if not counts.tested:
        return _Nowhere(Cause.NO_CAMERA_KNOWN, {})
    if not counts.train:
        return _Nowhere(Cause.NO_TRAINING_IMAGE, {})
    if counts.unknown_train:
        return _Nowhere(Cause.TRAINING_CAMERA_UNKNOWN, {"unknown": counts.unknown_train, "train": counts.train})
    return _Nowhere(Cause.NO_NEW_CAMERA, {"cameras": counts.tested})


def _change(assessment: Assessment, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    parent, before, figures = assessment.evidence.parent, assessment.before, assessment.figures
    if parent is None or before is None:
        return unproven(requirement, outcomes.NO_PARENT, Cause.NO_PARENT)
    earlier = scope_of(before.matches, scope.images & figures.matches.answered)
    found = _situation(assessment.evidence, requirement, earlier, before.matches)
    if isinstance(found, _Nowhere):
        return unproven(requirement, outcomes.NOT_PROVEN, found.cause, numbers=found.numbers)
    both = scope.narrowed(found.images, figures.matches)
    return judge_change(requirement, (figures, both), (before, found), label, assessment.policy, parent.card.name)


def _rate(assessment: Assessment, requirement: Requirement, label: int, scope: Scope) -> RequirementResult:
    policy, limit = assessment.policy, requirement.limit
    recall = requirement.metric is Metric.RECALL
    both = bounds_in(assessment.figures, assessment.evidence.images, label, scope, requirement.where, policy.alpha)
    bounds = both[0 if recall else 1]
    numbers: dict[str, str | int | float] = (
        {} if bounds.groups >= policy.min_groups else {"groups_needed": policy.min_groups}
    )
    on_new = asks_for_new_cameras(requirement.where)
    if on_new:
        numbers["cameras"] = _cameras(assessment, scope)
    probability = (bounds.probability_at_most if requirement.at_most else bounds.probability_at_least)(limit)
    return judged(
        requirement,
        Seen(
            value=bounds.rate,
            lower=bounds.lower if bounds.trials else None,
            upper=bounds.upper if bounds.trials else None,
            hits=bounds.hits,
            trials=bounds.trials,
            groups=bounds.groups,
            unit="objects" if recall else "answers",
            design_effect=bounds.design_effect,
        ),
        by_bounds(requirement, bounds.lower, bounds.upper, probability),
        alpha=policy.alpha,
        failure=outcomes.WEAK_CLASS,
        admitted=bounds.groups >= policy.min_groups,
        price=lambda: (_price_on_new_cameras if on_new else _price)(assessment, bounds, requirement, label, scope),
        numbers=numbers,
    )


def _price(assessment: Assessment, bounds: RateBounds, requirement: Requirement, label: int, scope: Scope) -> Price:
    """How many more trials, and images of the situation, would prove it with the planner's chance at this rate."""
    policy, images = assessment.policy, int(np.count_nonzero(scope.images))
    if bounds.rate is None:
        return Price(policy.min_groups, policy.min_groups)
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
        return Price()
    more_images = max(1, plan.images - images)
    more = math.ceil(more_images * bounds.trials / images)
    return Price() if more > MANY_TRIALS else Price(more, more_images)


def _price_on_new_cameras(
    assessment: Assessment, _: RateBounds, requirement: Requirement, label: int, scope: Scope
) -> Price:
    """What more it would take on new cameras: as much as from images alone, and never less than one camera more."""
    recall, cameras = requirement.metric is Metric.RECALL, _cameras(assessment, scope)
    figures = assessment.figures
    by_image = (figures.recall if recall else figures.precision)(label, scope, assessment.policy.alpha)
    price = _price(assessment, by_image, requirement, label, scope)
    if price.more is None:
        return price
    images = max(price.images or 0, int(scope.images.sum()) // cameras)
    return Price(max(price.more, by_image.trials // cameras), images)


def _cameras(assessment: Assessment, scope: Scope) -> int:
    return len(np.unique(camera_of(assessment.evidence.images)[scope.images]))


def _by_camera(assessment: Assessment, requirement: Requirement) -> Assessment:
    """The same evidence with cameras as what errs together, where a requirement is about new ones."""
    if not asks_for_new_cameras(requirement.where):
        return assessment
    return replace(assessment, figures=replace(assessment.figures, group=camera_of(assessment.evidence.images)))
