"""Fixes: one for every blocker and every warning, ranked by what they would gain for what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.assess import Assessment, NotAssessed, assess
from vision_readiness.decide.judge import judge
from vision_readiness.decide.retrain import mended_by_retraining
from vision_readiness.evaluate.figures import MARKED
from vision_readiness.guide.fix import Fix, FixKind
from vision_readiness.guide.lift import dearest_error
from vision_readiness.project import Split
from vision_readiness.readiness import Action
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.outcomes import NO_PARENT, NOT_ON_TARGET, NOT_REMEASURED
from vision_readiness.reasons.reason import Finding, Severity
from vision_readiness.requirement import Metric, Outcome, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.evaluate.costs import ErrorCost

HOURS = {
    Action.ADJUST_THRESHOLD: 0.5,
    Action.MEASURE_ON_TARGET: 1.0,
    Action.REVIEW_WARNINGS: 0.5,
    Action.ENABLE_MONITORING: 4.0,
    Action.CHANGE_TARGET: 8.0,
    Action.FIX_DATASET: 6.0,
    Action.RETRAIN: 6.0,
    Action.TRAIN: 6.0,
    Action.ESCALATE: 2.0,
}
"""Hours of work that each action is assumed to take; collecting and labelling are counted by the image."""

MENDS_MODEL = (Action.LABEL_MORE, Action.RETRAIN)
"""The actions that are to lift the figures themselves, rather than to prove them."""

IMAGES_AN_HOUR = 40
COUNTED_UNITS = ("boxes", "annotations", "groups")
"""Units of findings that are mended one by one."""
OF_THE_WHOLE = (FixKind.MEASURE_HOSTED, FixKind.GIVE_MODEL, FixKind.GIVE_PARENT)
"""What is done once for all classes."""

PARAGRAPHS = "paragraphs"
"""The unit of findings about what nobody wrote, which one person mends in one sitting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A fix with what decides its rank: how severe what it mends is, whether a finding explains that, and its gain.

    Equal keys are one thing to do.
    """

    fix: Fix
    severity: Severity
    explained: bool
    gain: float
    key: tuple[str, ...]

    @property
    def worth(self) -> tuple[Severity, bool, float, float, tuple[str, ...]]:
        return (self.severity, self.explained, -self.gain / self.fix.hours, self.fix.hours, self.key)

    def joined(self, other: _Candidate) -> _Candidate:
        """The two as one: the same thing to do for another subject too."""
        subjects = tuple(dict.fromkeys((*self.fix.subjects, *other.fix.subjects)))
        answers = tuple(dict.fromkeys((*self.fix.answers, *other.fix.answers)))
        return replace(self, fix=replace(self.fix, subjects=subjects, answers=answers))


def ranked_fixes(decision: Decision, costs: Sequence[ErrorCost] = ()) -> tuple[Fix, ...]:
    """What to do, best first: what blocks before what warns and informs, then by expected lift an assumed hour.

    What another finding explains comes after the rest of its severity.

    The lift is the probability that its requirement may gain and, where the model is to be mended, the AP50 that the
    class loses to the kind of error in question, by ``costs``.

    Every critical requirement that does not pass and every finding that warns or blocks has a fix; where nobody could
    name one, it is to escalate.
    """
    candidates = [*_of_results(decision, costs), *(_of_finding(finding) for finding in decision.findings)]
    by_key: dict[tuple[str, ...], _Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: one.worth):
        known = by_key.get(candidate.key)
        by_key[candidate.key] = known.joined(candidate) if known else candidate
    return tuple(one.fix for one in by_key.values())


def _of_results(decision: Decision, costs: Sequence[ErrorCost]) -> Iterator[_Candidate]:
    for result in decision.requirements:
        if result.outcome is Outcome.PASS or result.waiver is not None:
            continue
        requirement, fix = result.requirement, _mend(result, decision.assessment)
        gain = max(0.0, 1 - decision.assessment.policy.alpha - result.probability)
        error = dearest_error(result, costs) if fix.action in MENDS_MODEL else None
        lift = error.delta_ap50 if error else None
        fix = replace(fix, gain=gain, lift_ap50=lift, code=result.code, blocks=requirement.critical)
        key = [fix.kind, requirement.label or "", *(f"{name}={value}" for name, value in sorted(fix.numbers.items()))]
        if fix.kind in (FixKind.COLLECT, FixKind.SHOW):
            key += [f"{name}={level}" for name, level in requirement.where]
        if fix.kind in OF_THE_WHOLE:
            key[1] = ""
        severity = Severity.P0 if requirement.critical else Severity.P1
        yield _Candidate(
            fix=fix,
            severity=severity,
            explained=result.explained_by is not None,
            gain=gain + (lift or 0.0),
            key=tuple(key),
        )


def _mend(result: RequirementResult, assessment: Assessment | NotAssessed) -> Fix:
    """The fix of one requirement that does not pass."""
    if result.code == NOT_REMEASURED.code:
        return _measure(result, assessment)
    nothing_timed = assessment.evidence.latency is None and assessment.evidence.reported is None
    if isinstance(assessment, NotAssessed) and (nothing_timed or not result.requirement.metric.is_budget):
        return _fix(result, Action.TRAIN, FixKind.GIVE_MODEL, "model")
    if result.requirement.metric.is_budget:
        return _budget(result, assessment)
    if result.code == NO_PARENT.code:
        return _fix(result, Action.ESCALATE, FixKind.GIVE_PARENT, result.requirement.label or "model")
    better = _better_threshold(result, assessment)
    if better is not None and result.requirement.label is not None:
        fix = _fix(result, Action.ADJUST_THRESHOLD, FixKind.SET_THRESHOLD, result.requirement.label)
        return replace(fix, numbers={"score": better})
    if result.outcome is Outcome.INCONCLUSIVE and result.more is not None:
        images = result.more_images or result.more
        fix = _fix(result, Action.COLLECT_DATA, FixKind.COLLECT, result.requirement.name, images / IMAGES_AN_HOUR)
        return replace(fix, numbers={"images": images}, amount=images, unit="images")
    if result.outcome is Outcome.INCONCLUSIVE and not result.trials:
        return replace(_fix(result, Action.COLLECT_DATA, FixKind.SHOW, result.requirement.name, 4.0), unit="images")
    return _improve(result, assessment)


def _fix(result: RequirementResult, action: Action, kind: FixKind, subject: str, hours: float | None = None) -> Fix:
    work = HOURS[action] if hours is None else max(0.5, hours)
    return Fix(action=action, kind=kind, hours=work, subjects=(subject,), answers=(result.requirement.id,))


def _measure(result: RequirementResult, assessment: Assessment | NotAssessed) -> Fix:
    """The command that measures a model whose figures are only reported, with the hosted calls it makes."""
    images = int(np.count_nonzero(assessment.evidence.images.of(Split.VALID, Split.TEST)))
    fix = replace(_fix(result, Action.MEASURE_ON_TARGET, FixKind.MEASURE_HOSTED, "model"), hours=0.25)
    numbers: dict[str, str | int | float] = {"version": str(assessment.evidence.version), "images": images}
    reported, version = assessment.evidence.reported, assessment.evidence.version
    model = reported.model if reported is not None and reported.other_models else None
    if model not in (None, f"{version.project}/{version.number}"):
        numbers["model_id"] = version.endpoint_id(str(model))
    return replace(fix, numbers=numbers, amount=images, unit="hosted calls")


def _improve(result: RequirementResult, assessment: Assessment | NotAssessed) -> Fix:
    """What would mend a class that fails: a retrain, or more labels where it is missed."""
    label = result.requirement.label
    if label is None:
        return _fix(result, Action.ESCALATE, FixKind.LOOK_AT_ALARMS, "all classes")
    train = assessment.evidence.dataset.splits.get(Split.TRAIN)
    have = train.objects.get(label, 0) if train else 0
    if mended_by_retraining([replace(result, outcome=Outcome.FAIL)], assessment):
        fix = _fix(result, Action.RETRAIN, FixKind.RETRAIN, label)
        return replace(fix, numbers={"version": str(assessment.evidence.version), "have": have})
    more = max(50, assessment.policy.enough_training_objects - have)
    where = commonest_miss(assessment, label)
    numbers: dict[str, str | int | float] = {"more": more, "have": have}
    hours = more / IMAGES_AN_HOUR + HOURS[Action.RETRAIN]
    fix = _fix(result, Action.LABEL_MORE, FixKind.LABEL_MORE, label, hours)
    if where is not None:
        numbers["where"] = where[0]
    return replace(fix, numbers=numbers, amount=more, unit="objects")


def _better_threshold(result: RequirementResult, assessment: Assessment | NotAssessed) -> float | None:
    """A threshold that passes the requirement where the specification fixed one that does not.

    ``None`` where it would cost the class another requirement that passes now.
    """
    label = result.requirement.label
    if label is None or assessment.spec.rule(label).fixed_threshold is None or isinstance(assessment, NotAssessed):
        return None
    rules = {**assessment.spec.classes, label: assessment.spec.rule(label).model_copy(update={"threshold": None})}
    free = assess(assessment.evidence, assessment.spec.model_copy(update={"classes": rules}), assessment.policy)
    kept = [one for one in assessment.spec.requirements_of(label) if judge(assessment, one).outcome is Outcome.PASS]
    if isinstance(free, NotAssessed) or any(
        judge(free, one).outcome is not Outcome.PASS for one in (result.requirement, *kept)
    ):
        return None
    return float(free.point.deployed[assessment.evidence.dataset.classes.index(label)])


def commonest_miss(assessment: Assessment | NotAssessed, label: str) -> tuple[str, int, int] | None:
    """The level of a condition, or the mark, that misses of a class share far more than its finds do.

    It comes as (name, misses in it, misses).

    ``None`` when there are under 5 misses or no level holds more than half of them.
    """
    if isinstance(assessment, NotAssessed) or label not in assessment.evidence.dataset.classes:
        return None
    truths = assessment.figures.matches.truths
    rows = assessment.figures.truths_of(assessment.evidence.dataset.classes.index(label), assessment.scope)
    missed, found = np.flatnonzero(rows & ~assessment.figures.found), np.flatnonzero(rows & assessment.figures.found)
    if len(missed) < 5:
        return None
    levels = [
        (f"{name} {level}", members[truths.image])
        for name, condition in sorted(assessment.evidence.images.conditions.items())
        for level, members in condition.members.items()
    ]
    levels += [(f"{MARKED} {mark}", members) for mark, members in truths.marks.items()]
    best: tuple[float, str, int] | None = None
    for where, members in levels:
        share, usual = float(np.mean(members[missed])), float(np.mean(members[found])) if len(found) else 0.0
        if share > 0.5 and share > usual + 0.15 and (best is None or share - usual > best[0]):
            best = (share - usual, where, int(np.count_nonzero(members[missed])))
    return None if best is None else (best[1], best[2], len(missed))


def _budget(result: RequirementResult, assessment: Assessment | NotAssessed) -> Fix:
    target = assessment.spec.deployment_target
    device = target.device if target else "the target"
    numbers: dict[str, str | int | float] = {"device": device}
    if result.code == NOT_ON_TARGET.code:
        fix = _fix(result, Action.MEASURE_ON_TARGET, FixKind.MEASURE, device)
    elif result.requirement.metric is Metric.COST and (target is None or target.price_per_hour is None):
        fix = _fix(result, Action.ESCALATE, FixKind.WRITE_PRICE, device)
    elif result.outcome is Outcome.INCONCLUSIVE:
        fix = _fix(result, Action.MEASURE_ON_TARGET, FixKind.TIME_MORE, device)
        numbers |= {"calls": result.more} if result.more else {}
    else:
        kind, changed = _faster(result, assessment)
        fix, numbers = _fix(result, Action.CHANGE_TARGET, kind, device), numbers | changed
    return replace(fix, numbers=numbers)


def _faster(
    result: RequirementResult, assessment: Assessment | NotAssessed
) -> tuple[FixKind, dict[str, str | int | float]]:
    """A change to try that could bring a failed budget home."""
    if result.requirement.metric is Metric.MEMORY_MB or not result.measured:
        return FixKind.MORE_MEMORY, {}
    measured, limit = result.measured, result.requirement.limit
    factor = limit / measured if result.requirement.metric is Metric.FRAMES_PER_SECOND else measured / limit
    model = assessment.evidence.model
    settings = model.card.preprocessing if model else None
    if settings is not None and factor < 4:
        now = max(settings.width, settings.height)
        side = max(32, int(now / factor**0.5) // 32 * 32)
        if side < now:
            return FixKind.SMALLER_INPUT, {"side": side, "now": now}
    return FixKind.SMALLER_MODEL, {"factor": factor}


def _of_finding(finding: Finding) -> _Candidate:
    action = REASONS[finding.code].action
    counted = finding.unit in COUNTED_UNITS and finding.measured is not None and action is not Action.COLLECT_DATA
    unwritten = finding.unit == PARAGRAPHS
    fix = Fix(
        action=action,
        kind=FixKind.FILL_IN if unwritten else FixKind.MEND,
        hours=max(0.5, (finding.measured or 0.0) / IMAGES_AN_HOUR) if counted else HOURS.get(action, 4.0),
        subjects=(finding.subject,),
        answers=(finding.key,),
        code=finding.code,
        blocks=finding.severity is Severity.P0,
    )
    gain = {Severity.P0: 1.0, Severity.P1: 0.02, Severity.P2: 0.005}[finding.severity]
    key = (fix.kind, action, "" if unwritten else finding.code)
    return _Candidate(
        fix=fix, severity=finding.severity, explained=finding.explained_by is not None, gain=gain, key=key
    )
