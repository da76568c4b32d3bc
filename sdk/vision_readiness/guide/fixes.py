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
from vision_readiness.guide.capture import situation
from vision_readiness.guide.fix import Fix
from vision_readiness.guide.lift import dearest_error, lift_words
from vision_readiness.numbers import count, percent
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
PARAGRAPHS = "paragraphs"
"""The unit of findings about what nobody wrote, which one person mends in one sitting."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fix with what decides its rank: how severe what it mends is, whether another explains it, gain and hours."""

    fix: Fix
    severity: Severity
    gain: float
    hours: float
    explained: bool

    @property
    def worth(self) -> tuple[Severity, bool, float, float]:
        return (self.severity, self.explained, -self.gain / self.hours, self.hours)

    def joined(self, other: _Candidate) -> _Candidate:
        """The two as one: the same thing to do for another subject too."""
        known = other.fix.subject in self.fix.subject.split(", ")
        subject = self.fix.subject if known else f"{self.fix.subject}, {other.fix.subject}"
        detail = self.fix.detail if other.fix.detail in self.fix.detail else f"{self.fix.detail} {other.fix.detail}"
        return replace(self, fix=replace(self.fix, subject=subject, detail=detail))


def ranked_fixes(decision: Decision, costs: Sequence[ErrorCost] = ()) -> tuple[Fix, ...]:
    """What to do, best first: what blocks before what warns and informs, then by expected lift an assumed hour.

    What another finding explains comes after it.

    The lift is the probability that its requirement may gain and, where the model is to be mended, the AP50 that the
    class loses to the kind of error in question, by ``costs``.

    Every critical requirement that does not pass and every finding that warns or blocks has a fix; where nobody could
    name one, it is to escalate.
    """
    candidates = [*_of_results(decision, costs), *(_of_finding(finding) for finding in decision.findings)]
    by_title: dict[tuple[Action, str], _Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: (one.worth, one.fix.title)):
        key = (candidate.fix.action, candidate.fix.title)
        by_title[key] = by_title[key].joined(candidate) if key in by_title else candidate
    return tuple(one.fix for one in by_title.values())


def _of_results(decision: Decision, costs: Sequence[ErrorCost]) -> Iterator[_Candidate]:
    for result in decision.requirements:
        if result.outcome is Outcome.PASS or result.waiver is not None:
            continue
        fix, hours = _mend(result, decision.assessment)
        gain = max(0.0, 1 - decision.assessment.policy.alpha - result.probability)
        critical = result.requirement.critical
        weakest = decision.weakest is not None and result.requirement == decision.weakest.requirement
        because = "It blocks" if critical else "It warns"
        because += ", and no critical requirement is weaker" if weakest else ""
        because += f": {percent(result.probability)} sure that it holds, {_hours(hours)} to mend."
        error = dearest_error(result, costs) if fix.action in MENDS_MODEL else None
        if error is not None:
            fix = replace(fix, lift_ap50=error.delta_ap50, lift_because=lift_words(error))
        yield _Candidate(
            replace(fix, gain=gain, rank_because=because, effort=_hours(hours), code=result.code, blocks=critical),
            Severity.P0 if critical else Severity.P1,
            gain + (fix.lift_ap50 or 0.0),
            hours,
            result.explained_by is not None,
        )


def _mend(result: RequirementResult, assessment: Assessment | NotAssessed) -> tuple[Fix, float]:
    """The fix of one requirement that does not pass, and its assumed hours."""
    if result.code == NOT_REMEASURED.code:
        return _measure(assessment)
    nothing_timed = assessment.evidence.latency is None and assessment.evidence.reported is None
    if isinstance(assessment, NotAssessed) and (nothing_timed or not result.requirement.metric.is_budget):
        return _fix(Action.TRAIN, "Give a model, or its predictions", result.because, "model")
    if result.requirement.metric.is_budget:
        return _budget(result, assessment)
    if result.code == NO_PARENT.code:
        subject = result.requirement.label or "model"
        return _fix(Action.ESCALATE, "Check again with `--parent` and the earlier model", result.because, subject)
    better = _better_threshold(result, assessment)
    if better is not None and result.requirement.label is not None:
        title = f"Set the threshold of `{result.requirement.label}` to {better:.2f}"
        return _fix(Action.ADJUST_THRESHOLD, title, f"Chosen on valid; {result.because}", result.requirement.label)
    if result.outcome is Outcome.INCONCLUSIVE and result.more is not None:
        return _collect(result)
    if result.outcome is Outcome.INCONCLUSIVE and not result.trials:
        return _show(result)
    return _improve(result, assessment)


def _fix(action: Action, title: str, detail: str, subject: str) -> tuple[Fix, float]:
    return Fix(action, title, detail, subject, ""), HOURS[action]


def _measure(assessment: Assessment | NotAssessed) -> tuple[Fix, float]:
    """The command that measures a model whose figures are only reported, with the hosted calls it makes."""
    images = int(np.count_nonzero(assessment.evidence.images.of(Split.VALID, Split.TEST)))
    title = f"Measure it: `vision-readiness check {assessment.evidence.version} --hosted`"
    detail = f"It makes {count(images, 'hosted call')}: one for each image of valid and test."
    detail += " With the weights at hand, `--model` measures the same without any."
    fix = Fix(Action.MEASURE_ON_TARGET, f"{title}, {count(images, 'hosted call')}", detail, "model", "")
    return replace(fix, amount=images, unit="hosted calls"), 0.25


def _collect(result: RequirementResult) -> tuple[Fix, float]:
    images = result.more_images or result.more or 0
    about = f" of `{result.requirement.label}`" if result.requirement.label else ""
    place = f", {situation(result)}" if result.requirement.where else ""
    title = f"Label about {count(images, 'more test image')}{about}{place}"
    fix = Fix(Action.COLLECT_DATA, title, result.because, result.requirement.name, "", amount=images, unit="images")
    return fix, max(0.5, images / IMAGES_AN_HOUR)


def _show(result: RequirementResult) -> tuple[Fix, float]:
    subject = result.requirement.label or "the classes"
    place = situation(result)
    title = f"Capture and label test images of `{subject}`" + (f", {place}" if place else "")
    fix = Fix(Action.COLLECT_DATA, title, result.because, result.requirement.name, "", unit="images")
    return fix, 4.0


def _improve(result: RequirementResult, assessment: Assessment | NotAssessed) -> tuple[Fix, float]:
    """What would mend a class that fails: a retrain, or more labels where it is missed."""
    label = result.requirement.label
    if label is None:
        return _fix(Action.ESCALATE, "Have an engineer look at the false alarms", result.because, "all classes")
    train = assessment.evidence.dataset.splits.get(Split.TRAIN)
    have = train.objects.get(label, 0) if train else 0
    if mended_by_retraining([replace(result, outcome=Outcome.FAIL)], assessment):
        title = f"Retrain on {assessment.evidence.version}: `{label}` has {count(have, 'training object')} there"
        return _fix(Action.RETRAIN, title, result.because, label)
    more = max(50, assessment.policy.enough_training_objects - have)
    where = commonest_miss(assessment, label)
    shown = f" (most misses: {where[0]})" if where else ""
    title = f"Label about {more:,} more `{label}`{shown}, then retrain"
    detail = f"{result.because} It has {count(have, 'training object')}."
    fix = Fix(Action.LABEL_MORE, title, detail, label, "", amount=more, unit="objects")
    return fix, more / IMAGES_AN_HOUR + HOURS[Action.RETRAIN]


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


def _budget(result: RequirementResult, assessment: Assessment | NotAssessed) -> tuple[Fix, float]:
    target = assessment.spec.deployment_target
    device = target.device if target else "the target"
    if result.code == NOT_ON_TARGET.code:
        title = f"Measure the model on {device}"
        return _fix(Action.MEASURE_ON_TARGET, title, NOT_ON_TARGET.fix, device)
    if result.requirement.metric is Metric.COST and (target is None or target.price_per_hour is None):
        title = f"Write what an hour of {device} costs as `price_per_hour` into the spec"
        return _fix(Action.ESCALATE, title, result.because, device)
    if result.outcome is Outcome.INCONCLUSIVE:
        calls = f"{result.more:,} more calls" if result.more else "more calls, on an idle device"
        return _fix(Action.MEASURE_ON_TARGET, f"Time {calls} on {device}", result.because, device)
    return _fix(Action.CHANGE_TARGET, _faster(result, assessment, device), result.because, device)


def _faster(result: RequirementResult, assessment: Assessment | NotAssessed, device: str) -> str:
    """A change to try that could bring a failed budget home."""
    if result.requirement.metric is Metric.MEMORY_MB or not result.measured:
        return f"Try a smaller model, or a device with more memory than {device}"
    measured, limit = result.measured, result.requirement.limit
    factor = limit / measured if result.requirement.metric is Metric.FRAMES_PER_SECOND else measured / limit
    model = assessment.evidence.model
    settings = model.card.preprocessing if model else None
    if settings is not None and factor < 4:
        side = max(32, int(max(settings.width, settings.height) / factor**0.5) // 32 * 32)
        if side < max(settings.width, settings.height):
            return f"Try an input of {side} px (now {max(settings.width, settings.height)}), INT8, or a faster {device}"
    return f"Try a smaller model or INT8, or a device {factor:.1f} times as fast as {device}"


def _hours(hours: float) -> str:
    """Hours of work in words, to the half hour, always marked as assumed."""
    return f"{max(0.5, round(2 * hours) / 2):g} h assumed"


def _of_finding(finding: Finding) -> _Candidate:
    action = REASONS[finding.code].action
    counted = finding.unit in COUNTED_UNITS and finding.measured is not None and action is not Action.COLLECT_DATA
    hours = max(0.5, (finding.measured or 0.0) / IMAGES_AN_HOUR) if counted else HOURS.get(action, 4.0)
    gain = {Severity.P0: 1.0, Severity.P1: 0.02, Severity.P2: 0.005}[finding.severity]
    kind = {Severity.P0: "It blocks on its own", Severity.P1: "It warns", Severity.P2: "It informs"}[finding.severity]
    unwritten = finding.unit == PARAGRAPHS
    fix = Fix(
        action,
        "Fill in what the spec leaves out" if unwritten else finding.fix,
        f"{finding.sentence} {finding.fix}" if unwritten else finding.sentence,
        finding.subject,
        f"{kind}; {_hours(hours)} to mend.",
        None,
        _hours(hours),
        code=finding.code,
        blocks=finding.severity is Severity.P0,
    )
    return _Candidate(fix, finding.severity, gain, hours, finding.explained_by is not None)
