"""Evidence, specification and policy in, ``Decision`` out: a pure function, so that history replays.

The rules, first match wins: a P0 finding that is not waived, or a critical requirement that fails or is not proven,
gives ``blocked`` (``retrain_required`` when failures alone block and retraining would mend every one of them); unmet
monitoring gives ``monitor_required``; a finding that warns gives ``warning``; else ``ready``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from vision_readiness.decide.assess import Assessment, NotAssessed, assess
from vision_readiness.decide.explained import explained
from vision_readiness.decide.judge import judge
from vision_readiness.decide.other_names import other_names
from vision_readiness.decide.outcome import score_needed, score_of
from vision_readiness.decide.over_fit import split_fits
from vision_readiness.decide.parent import compare_with_parent
from vision_readiness.decide.retrain import mended_by_retraining
from vision_readiness.decide.slices import floors_of, searched
from vision_readiness.decide.thresholds import kept_rates
from vision_readiness.errors import InputError
from vision_readiness.evaluate.constraint import KeptRate
from vision_readiness.evaluate.weak_slices import SliceScan
from vision_readiness.evidence import Evidence
from vision_readiness.evidence.parentage import ParentComparison
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.policy import Policy
from vision_readiness.project import Split, Task
from vision_readiness.project.months import MONTH
from vision_readiness.readiness import BlockedBy, ReadinessState, Stage, StageState
from vision_readiness.reasons import (
    CHECKS,
    DATASET_CHECKS,
    MODEL_CHECKS,
    PRODUCTION_CHECKS,
    REASONS,
    SPEC_CHECKS,
    TARGET_CHECKS,
    explain,
)
from vision_readiness.reasons.model_case import ModelCase
from vision_readiness.reasons.production import monitoring_not_in_place
from vision_readiness.reasons.reason import Finding, Severity, Shortfall, Skipped, Waived
from vision_readiness.reasons.spec_case import SpecCase
from vision_readiness.reasons.target import TargetCase
from vision_readiness.requirement import Metric, Outcome, RequirementResult, Waiver
from vision_readiness.situations.new_cameras import camera_counts
from vision_readiness.spec import DeploymentSpec
from vision_readiness.spec.capture import SET


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Decision:
    """What the evidence allows. ``stages`` are always dataset, model and deployment; the whole is the worst of them.

    ``weakest`` is the critical requirement to speak of first; ``score`` is 100 times the least probability of any.
    ``slices`` are the slices that were searched for weak ones, ``None`` where nothing could be judged;
    ``kept`` is what came of constraints on thresholds.
    """

    state: ReadinessState
    blocked_by: BlockedBy | None
    stages: tuple[StageState, ...]
    requirements: tuple[RequirementResult, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    waived: tuple[Waived, ...]
    score: int
    score_needs: int
    confidence: float
    weakest: RequirementResult | None
    parent: ParentComparison | None
    assessment: Assessment | NotAssessed
    slices: SliceScan | None = None
    fits: tuple[SplitFit, ...] = ()
    kept: tuple[KeptRate, ...] = ()


def decision_on(
    evidence: Evidence,
    spec: DeploymentSpec,
    policy: Policy | None = None,
    waivers: tuple[Waiver, ...] = (),
    *,
    as_of: date,
) -> Decision:
    """The decision on ``evidence`` under ``spec``; the same arguments give the same decision.

    A waiver counts until the end of the day it expires, as seen from ``as_of``. Raises ``InputError`` for a data set
    of which nothing can be judged or a waiver of an unknown code, and ``SpecError`` without a critical class.
    """
    policy = policy or Policy()
    for waiver in waivers:
        explain(waiver.code)
    if evidence.dataset.task is Task.CLASSIFICATION and len(evidence.dataset.classes) < 2:
        raise InputError("a classifier with one class can only be right: give a data set with at least two classes")
    assessment = assess(evidence, spec, policy)
    asked = spec.requirements_for(evidence.dataset.classes)
    results = tuple(replace(judge(assessment, one), assumed=_assumed(spec, one.origin)) for one in asked)
    judged = assessment if isinstance(assessment, Assessment) else None
    parent, slices = (compare_with_parent(judged), searched(judged)) if judged else (None, None)
    fits, kept = (split_fits(judged), kept_rates(judged)) if judged else ((), ())
    found = tuple(_ranked(_findings(assessment, parent, slices, fits, kept, as_of)))
    in_force = tuple(waiver for waiver in waivers if waiver.expires >= as_of and REASONS[waiver.code].waivable)
    findings, waived = _apply(in_force, found)
    findings, results = explained(findings, results)
    results = tuple(replace(result, waiver=_accepts(in_force, result)) for result in results)
    waived = (*waived, *(_accepted(result, result.waiver) for result in results if result.waiver))
    open_results = tuple(result for result in results if not result.waiver)
    stages = tuple(_stage(name, open_results, findings, waived, assessment) for name in Stage)
    state = max((stage.state for stage in stages), key=lambda one: one.rank)
    critical = [result for result in results if result.requirement.critical]
    weakest = min(critical, key=urgency, default=None)
    blocked = any(finding.severity is Severity.P0 for finding in findings)
    lowest = min((result.probability for result in critical), default=0.0)
    return Decision(
        state=state,
        blocked_by=_blocked_by(state, findings, open_results),
        stages=stages,
        requirements=results,
        findings=findings,
        skipped=tuple(_skipped(evidence)),
        waived=waived,
        score=0 if blocked else score_of(lowest, policy.alpha),
        score_needs=score_needed(policy.alpha),
        confidence=0.0 if blocked else lowest,
        weakest=weakest,
        parent=parent,
        assessment=assessment,
        slices=slices,
        fits=fits,
        kept=kept,
    )


def urgency(result: RequirementResult) -> tuple[bool, float, bool, bool, float]:
    """The order in which people read: failures, the least probable, everywhere before a situation, misses, gaps."""
    requirement = result.requirement
    distance = (result.measured or 0.0) / requirement.limit if requirement.limit else 0.0
    return (
        result.outcome is not Outcome.FAIL,
        round(result.probability, 2),
        bool(requirement.where),
        requirement.metric is not Metric.RECALL,
        -distance if requirement.at_most else distance,
    )


def _assumed(spec: DeploymentSpec, origin: str) -> str | None:
    """Why the line of the specification that a requirement comes from was assumed, if it was."""
    parts = origin.split(".")
    return next(
        (spec.assumptions[key] for end in (3, 2, 1) if (key := ".".join(parts[:end])) in spec.assumptions), None
    )


def _findings(
    assessment: Assessment | NotAssessed,
    parent: ParentComparison | None,
    slices: SliceScan | None,
    fits: tuple[SplitFit, ...],
    kept: tuple[KeptRate, ...],
    as_of: date,
) -> Iterator[Finding]:
    evidence, spec, policy = assessment.evidence, assessment.spec, assessment.policy
    for check in DATASET_CHECKS:
        yield from check.run(evidence.dataset, policy)
    if isinstance(assessment, Assessment):
        model_case = replace(_model_case(assessment, parent, slices), fits=fits, kept=kept)
        for model_check in MODEL_CHECKS:
            yield from model_check.run(model_case, policy)
    conflicts = evidence.model.card.conflicts if evidence.model else ()
    for target_check in TARGET_CHECKS:
        case = TargetCase(spec.deployment_target, evidence.latency, conflicts, evidence.artefact)
        yield from target_check.run(case, policy)
    for production_check in PRODUCTION_CHECKS:
        yield from production_check.run(spec, policy)
    for spec_check in SPEC_CHECKS:
        yield from spec_check.run(_spec_case(assessment, as_of), policy)


def _spec_case(assessment: Assessment | NotAssessed, as_of: date) -> SpecCase:
    dataset, tested = assessment.evidence.dataset, assessment.evidence.judged(Split.TEST)
    known = assessment.evidence.images.conditions.get(SET)
    sets = known.members if known else {}
    counted = {level: (int((mask & tested).sum()), int(mask.sum())) for level, mask in sets.items()}
    project = str(assessment.evidence.version)
    seen = camera_counts(assessment.evidence)
    cameras = (seen.tested, seen.new)
    months = assessment.evidence.images.conditions.get(MONTH)
    taken = tuple(month for month, mask in months.members.items() if (mask & tested).any()) if months else ()
    return SpecCase(
        spec=assessment.spec,
        project=project,
        classes=dataset.classes,
        has_boxes=dataset.task.has_boxes,
        set_images=counted,
        as_of=as_of,
        cameras=cameras,
        months=taken,
    )


def _model_case(assessment: Assessment, parent: ParentComparison | None, slices: SliceScan | None) -> ModelCase:
    model, scope, classes = assessment.model, assessment.scope, assessment.evidence.dataset.classes
    unanswered, strangers = other_names(model, classes)
    return ModelCase(
        card=model.card,
        version=assessment.evidence.version,
        classes=classes,
        critical=frozenset(label for label in classes if assessment.spec.is_critical(label)),
        images=int(scope.images.sum()),
        answers=int(scope.answers.sum()),
        capped=model.matches.capped,
        failed=model.failed,
        better_order=model.better_order,
        reading=model.reading,
        parent=parent,
        slices=slices.found if slices else (),
        floors=floors_of(assessment),
        declared=frozenset(assessment.spec.conditions),
        unanswered=unanswered,
        strangers=strangers,
    )


def _ranked(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.severity, finding.code, finding.subject))


def _apply(
    waivers: tuple[Waiver, ...], findings: tuple[Finding, ...]
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """What is left of the findings, and what the waivers take away."""
    kept, waived = [], []
    for finding in findings:
        waiver = _waiver(waivers, finding.code, finding.subject)
        if waiver is None:
            kept.append(finding)
        else:
            waived.append(Waived(finding, waiver, (finding.key,)))
    return tuple(kept), tuple(waived)


def _waiver(waivers: tuple[Waiver, ...], code: str, *subjects: str | None) -> Waiver | None:
    return next((waiver for waiver in waivers if waiver.code == code and waiver.subject in subjects), None)


def _accepts(waivers: tuple[Waiver, ...], result: RequirementResult) -> Waiver | None:
    """The waiver under which a requirement that does not pass is accepted, by its class, its metric or its name."""
    requirement = result.requirement
    if result.code is None:
        return None
    return _waiver(waivers, result.code, requirement.name, requirement.label or requirement.metric)


def _accepted(result: RequirementResult, waiver: Waiver) -> Waived:
    """A requirement under a waiver, as the finding that it stands for."""
    limit = result.requirement.limit
    lacking = Shortfall(subject=waiver.subject, measured=result.measured, limit=limit, of=result.trials)
    return Waived(REASONS[waiver.code].found(lacking), waiver, (result.requirement.id,))


def _stage(
    name: Stage,
    results: tuple[RequirementResult, ...],
    findings: tuple[Finding, ...],
    waived: tuple[Waived, ...],
    assessment: Assessment | NotAssessed,
) -> StageState:
    of_results = (
        []
        if name is Stage.DATASET
        else [one for one in results if one.requirement.metric.is_budget == (name is Stage.DEPLOYMENT)]
    )
    of_findings = [one for one in findings if REASONS[one.code].stage is name]
    blocking = [one for one in of_results if one.requirement.critical and one.outcome is not Outcome.PASS]
    severe = [one for one in of_findings if one.severity is Severity.P0]
    if blocking or severe:
        retrain = not severe and mended_by_retraining(blocking, assessment)
        state = ReadinessState.RETRAIN_REQUIRED if retrain else ReadinessState.BLOCKED
        failed = [one for one in blocking if one.outcome is Outcome.FAIL]
        decided_by = severe[0].key if severe else (failed or blocking)[0].requirement.id
        return StageState(name, state, decided_by=decided_by)
    unwatched = [one.key for one in of_findings if one.code == monitoring_not_in_place.code]
    warnings = [one.key for one in of_findings if one.severity is Severity.P1]
    warnings += [one.requirement.id for one in of_results if one.outcome is not Outcome.PASS]
    warnings += [one.covers[0] for one in waived if REASONS[one.finding.code].stage is name]
    if unwatched or warnings:
        state = ReadinessState.MONITOR_REQUIRED if unwatched else ReadinessState.WARNING
        return StageState(name, state, decided_by=(unwatched or warnings)[0])
    return StageState(name, ReadinessState.READY)


def _blocked_by(
    state: ReadinessState, findings: tuple[Finding, ...], results: tuple[RequirementResult, ...]
) -> BlockedBy | None:
    if state.deployable:
        return None
    failed = any(one.outcome is Outcome.FAIL for one in results if one.requirement.critical)
    severe = any(one.severity is Severity.P0 and not REASONS[one.code].lacks_proof for one in findings)
    return BlockedBy.FAILURE if failed or severe else BlockedBy.EVIDENCE


def _skipped(evidence: Evidence) -> Iterator[Skipped]:
    for reason in (check.reason for check in CHECKS):
        because = next((said for need in reason.needs if (said := need.lacking(evidence))), None)
        if because:
            yield Skipped(reason.code, reason.name, because)
