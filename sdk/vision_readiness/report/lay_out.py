"""The report: a decision and the evidence behind it, laid out for people and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vision_readiness.decide import Decision
from vision_readiness.decide.assess import NotAssessed
from vision_readiness.evaluate.calibration import calibration
from vision_readiness.evaluate.costs import costly_images, error_costs
from vision_readiness.evaluate.field import FieldEstimate, field_estimate
from vision_readiness.evaluate.figures import Figures, count_bounds
from vision_readiness.evaluate.matches import IOU_THRESHOLDS, MAX_ANSWERS
from vision_readiness.evaluate.slice_costs import slice_costs
from vision_readiness.evaluate.sweep import sweep
from vision_readiness.guide import capture_plan, next_action, ranked_fixes, sample_estimate
from vision_readiness.guide.checklist import release_checklist
from vision_readiness.guide.label_fixes import label_fixes
from vision_readiness.guide.retries import retry_plan
from vision_readiness.guide.risks import coverage_risk, latency_risk
from vision_readiness.guide.settings import recommended_settings
from vision_readiness.project import Split, Task
from vision_readiness.readiness import NextAction
from vision_readiness.report import Report, digest_of
from vision_readiness.report.blockers import blockers_of
from vision_readiness.report.class_tables import (
    NOTHING,
    class_figures,
    confusion,
    coverage,
    examples,
    interval_of,
    labels_of,
)
from vision_readiness.report.runtime import latency_figures
from vision_readiness.report.sections import (
    DataSummary,
    ErrorAnalysis,
    ModelFigures,
    RolloutPlan,
    ScoreAnalysis,
    WorkPlan,
)
from vision_readiness.report.tables import (
    Identity,
    Interval,
    KeptThreshold,
    Provenance,
    SplitRow,
)
from vision_readiness.report.validity import valid_until
from vision_readiness.stress.breaking import BreakingPoint, breaking_points
from vision_readiness.stress.curves import StressFigures
from vision_readiness.words.decision import in_words
from vision_readiness.words.findings import choice_sentence
from vision_readiness.words.fixes import fixes_in_words
from vision_readiness.words.headlines import headline, next_sentence, proof

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence
    from vision_readiness.policy import Policy
    from vision_readiness.requirement import Waiver
    from vision_readiness.spec import DeploymentSpec


def report_of(
    decision: Decision,
    evidence: Evidence,
    spec: DeploymentSpec,
    *,
    as_of: datetime,
    policy: Policy,
    history: tuple[str, ...] = (),
    waivers: tuple[Waiver, ...] = (),
) -> Report:
    """``decision`` and the ``evidence`` behind it, laid out; the others are what it was taken with.

    The id covers the evidence, the specification, the policy, the history and the waivers in force on the day.
    """
    day, decision = as_of.date(), in_words(decision)
    errors = _errors(decision)
    fixes = fixes_in_words(ranked_fixes(decision, errors.costs), decision, errors.costs)
    action = next_action(decision, fixes)
    in_force = tuple(waiver for waiver in waivers if waiver.expires >= day)
    return Report(
        id=digest_of(evidence.digest, spec, policy, in_force, spec.overdue(day), *([history] if history else [])),
        subject=_identity(evidence),
        readiness_state=decision.state,
        blocked_by=decision.blocked_by,
        blockers=tuple(blockers_of(decision.requirements, decision.findings)),
        headline=headline(decision),
        proof=proof(decision),
        next_action=NextAction(action, next_sentence(action, decision, fixes)),
        score=decision.score,
        score_needs=decision.score_needs,
        confidence=decision.confidence,
        failure_probability=1 - decision.confidence,
        weakest=decision.weakest.requirement.id if decision.weakest else None,
        stages=decision.stages,
        requirements=decision.requirements,
        findings=decision.findings,
        skipped=decision.skipped,
        waived=decision.waived,
        fixes=fixes,
        expected_runtime=latency_figures(evidence.latency, spec),
        valid_until=valid_until(decision.waived, spec, day),
        history=history,
        assumptions=spec.assumptions,
        provenance=Provenance(as_of.isoformat(timespec="seconds"), evidence.source, evidence.seconds),
        data=_data(evidence),
        figures=_figures(decision),
        scores=_scores(decision),
        errors=errors,
        plan=WorkPlan(
            capture=capture_plan(decision),
            sample_estimate=sample_estimate(decision),
            label_fixes=label_fixes(decision.findings, errors.examples),
            retries=retry_plan(decision, fixes),
        ),
        rollout=RolloutPlan(
            target=spec.deployment_target.model_dump(mode="json", exclude_none=True) if spec.deployment_target else {},
            settings=recommended_settings(decision),
            checklist=release_checklist(decision),
            coverage_risk=coverage_risk(decision),
            latency_risk=latency_risk(decision),
        ),
    )


def _data(evidence: Evidence) -> DataSummary:
    rows = (
        SplitRow(
            split=str(name),
            images=split.images,
            sources=split.sources,
            empty_images=split.empty_images,
            objects=split.objects,
        )
        for name, split in evidence.dataset.splits.items()
    )
    notes = evidence.model.card.notes if evidence.model else ()
    announcements = (*evidence.announcements, *notes)
    return DataSummary(task=str(evidence.dataset.task), splits=tuple(rows), announcements=announcements)


def _figures(decision: Decision) -> ModelFigures:
    evidence, policy = decision.assessment.evidence, decision.assessment.policy
    return ModelFigures(
        classes=tuple(class_figures(decision)),
        coverage=tuple(coverage(decision)),
        false_alarms=_false_alarms(decision),
        field_estimates=tuple(_field_estimates(decision)),
        split_fits=decision.fits,
        parent=decision.parent,
        reported=evidence.reported,
        evaluation=_evaluation(evidence, policy),
    )


def _scores(decision: Decision) -> ScoreAnalysis:
    if isinstance(decision.assessment, NotAssessed):
        return ScoreAnalysis(thresholds={})
    figures, scope, labels = decision.assessment.figures, decision.assessment.scope, labels_of(decision)
    single = decision.assessment.evidence.dataset.task is Task.CLASSIFICATION
    return ScoreAnalysis(
        thresholds={label: float(figures.point.deployed[place]) for place, label in enumerate(labels)},
        kept_thresholds=tuple(_kept_thresholds(decision)),
        calibration=tuple(one for place in range(len(labels)) for one in calibration(figures, scope, place)),
        sweeps={} if single else {label: sweep(figures, scope, place) for place, label in enumerate(labels)},
    )


def _errors(decision: Decision) -> ErrorAnalysis:
    if isinstance(decision.assessment, NotAssessed):
        return ErrorAnalysis()
    figures, scope = decision.assessment.figures, decision.assessment.scope
    evidence, policy = decision.assessment.evidence, decision.assessment.policy
    judged = figures.matches.within(scope.images)
    return ErrorAnalysis(
        confusion=confusion(decision),
        examples=examples(decision),
        costs=error_costs(judged),
        slice_costs=slice_costs(judged, figures.group, evidence.images.conditions, min_groups=policy.min_groups),
        costly_images=costly_images(figures, scope, evidence.images),
        weak_slices=decision.slices,
        stress=_stress(decision, figures),
    )


def _false_alarms(decision: Decision) -> Interval | None:
    if isinstance(decision.assessment, NotAssessed) or not decision.assessment.figures.matches.task.has_boxes:
        return None
    figures, scope = decision.assessment.figures, decision.assessment.scope
    counts, empty = figures.false_alarms(scope)
    bounds = count_bounds(counts, empty / 1000, 0.0, decision.assessment.policy.alpha)
    return Interval(bounds.rate, bounds.lower, bounds.upper, empty, bounds.events) if empty else None


def _field_estimates(decision: Decision) -> Iterator[FieldEstimate]:
    """What each class should do under the shares of traffic that the specification declares."""
    if isinstance(decision.assessment, NotAssessed):
        return
    figures, scope = decision.assessment.figures, decision.assessment.scope
    known = decision.assessment.evidence.images.conditions
    for name, rule in decision.assessment.spec.conditions.items():
        shares = {level: share for level, share in rule.levels.items() if share is not None}
        if name not in known or len(shares) < len(rule.levels):
            continue
        for place in range(len(labels_of(decision))):
            for metric in ("recall", "precision"):
                yield field_estimate(figures, scope, place, metric, (name, known[name], shares))


def _kept_thresholds(decision: Decision) -> Iterator[KeptThreshold]:
    for kept in decision.kept:
        choice, result = kept.choice, kept.choice.result
        yield KeptThreshold(
            choice.label,
            ", ".join(f"{name} {level}" for name, level in choice.where) or None,
            choice.metric,
            choice.at_least,
            result.threshold,
            NOTHING if result.constrained is None else interval_of(result.constrained),
            NOTHING if result.other is None else interval_of(result.other),
            interval_of(kept.on_test),
            result.tried,
            choice_sentence(choice),
            kept.paid_with,
        )


def _stress(decision: Decision, figures: Figures) -> tuple[BreakingPoint, ...]:
    evidence, policy = decision.assessment.evidence, decision.assessment.policy
    if evidence.stress is None:
        return ()
    stressed = StressFigures.at(evidence.stress, figures.point, evidence.dataset.classes, evidence.group, policy.alpha)
    asked = [result.requirement for result in decision.requirements]
    return breaking_points(stressed, asked, evidence.images, policy)


def _identity(evidence: Evidence) -> Identity:
    card = evidence.model.card if evidence.model else None
    version = evidence.version
    train = str(card.trained_on) if card and card.trained_on else None
    reported = evidence.reported.model if evidence.reported else None
    model = f"{card.name}@{card.digest[:12]}" if card else reported
    return Identity(version.workspace, version.project, version.number, train, model, None)


def _evaluation(evidence: Evidence, policy: Policy) -> Mapping[str, Any]:
    """What has to be equal for two figures to be comparable."""
    boxes = evidence.dataset.task.has_boxes
    return {
        "data_digest": evidence.dataset.digest,
        "evidence_digest": evidence.digest,
        **(evidence.model.card.runtime if evidence.model else {}),
        "leak_free_test_images": int(evidence.judged(Split.TEST).sum()),
        "matching": "COCO, per image and class, falling score, later of equals" if boxes else "top class",
        "iou": str(evidence.dataset.task) if boxes else None,
        "iou_levels": [round(float(level), 2) for level in IOU_THRESHOLDS] if boxes else None,
        "operating_iou": 0.5 if boxes else None,
        "interpolation": "101 recall points, float64" if boxes else "step-wise",
        "max_answers": MAX_ANSWERS if boxes else None,
        "interval": f"one-sided {100 * (1 - policy.alpha):g} % bounds, design-effect Wilson by source image",
        "replicates": evidence.model.average.replicates if evidence.model else None,
        "coco": evidence.model.coco if evidence.model else {},
    }
