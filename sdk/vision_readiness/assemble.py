"""The report: a decision and the evidence behind it, laid out for people and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from vision_readiness.benchmark.percentiles import percentile_bounds
from vision_readiness.decide import Decision, decide
from vision_readiness.decide.new_cameras import bounds_in
from vision_readiness.evaluate.calibration import calibration
from vision_readiness.evaluate.costs import costly_images, error_costs
from vision_readiness.evaluate.examples import failure_examples
from vision_readiness.evaluate.field import FieldEstimate, field_estimate
from vision_readiness.evaluate.figures import MARKED, SIZES, Figures, Scope, count_bounds
from vision_readiness.evaluate.matches import IOU_THRESHOLDS, MAX_ANSWERS
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.evaluate.slice_costs import slice_costs
from vision_readiness.evaluate.sweep import sweep
from vision_readiness.guide import capture_plan, headline, next_action, proof, ranked_fixes, sample_estimate
from vision_readiness.guide.checklist import release_checklist
from vision_readiness.guide.label_fixes import label_fixes
from vision_readiness.guide.retries import retry_plan
from vision_readiness.guide.risks import coverage_risk, latency_risk
from vision_readiness.guide.settings import recommended_settings
from vision_readiness.policy import Policy
from vision_readiness.project import Split, Task
from vision_readiness.report import Report, digest_of
from vision_readiness.report_tables import (
    ClassFigures,
    Confusion,
    CoverageCell,
    Identity,
    Interval,
    KeptThreshold,
    LatencyFigures,
    Provenance,
    SplitRow,
)
from vision_readiness.requirement import QUANTILES, Metric, Outcome
from vision_readiness.stress.breaking import BreakingPoint, breaking_points
from vision_readiness.stress.curves import StressFigures

if TYPE_CHECKING:
    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.evidence import Evidence
    from vision_readiness.reasons.reason import Waiver
    from vision_readiness.spec import DeploymentSpec

NOTHING = Interval(None, None, None, 0)
BINS = 24


def report_on(
    evidence: Evidence,
    spec: DeploymentSpec,
    *,
    created_at: datetime,
    policy: Policy | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> Report:
    """The report on ``evidence`` under ``spec``; equal arguments give equal bytes.

    The id covers the evidence, the specification, the policy and the waivers in force on the day.
    Raises what ``decide`` raises.
    """
    policy = policy or Policy()
    day = created_at.date()
    decision = decide(evidence, spec, policy, waivers, as_of=day)
    depth = _depth(decision)
    fixes = ranked_fixes(decision, depth.get("error_costs", ()))
    examples = _examples(decision)
    in_force = tuple(waiver for waiver in waivers if waiver.expires >= day)
    return Report(
        id=digest_of(evidence.digest, spec, policy, in_force, spec.overdue(day)),
        subject=_identity(evidence),
        readiness_state=decision.state,
        blocked_by=decision.blocked_by,
        headline=headline(decision),
        proof=proof(decision),
        next_action=next_action(decision, fixes),
        score=decision.score,
        score_needs=round(100 * (1 - policy.alpha)),
        confidence=decision.confidence,
        failure_probability=1 - decision.confidence,
        weakest=decision.weakest.requirement.name if decision.weakest else None,
        stages=decision.stages,
        requirements=decision.requirements,
        findings=decision.findings,
        skipped=decision.skipped,
        waived=decision.waived,
        fixes=fixes,
        capture_plan=capture_plan(decision),
        sample_estimate=sample_estimate(decision),
        task=str(evidence.dataset.task),
        splits=tuple(
            SplitRow(str(name), split.images, split.sources, split.empty_images, split.objects)
            for name, split in evidence.dataset.splits.items()
        ),
        classes=tuple(_classes(decision)),
        coverage=tuple(_coverage(decision)),
        confusion=_confusion(decision),
        examples=examples,
        label_fixes=label_fixes(decision.findings, examples),
        retry_plan=retry_plan(decision, fixes),
        settings=recommended_settings(decision),
        expected_runtime=_latency(evidence.latency, spec),
        parent=decision.parent,
        target=spec.deployment_target.model_dump(mode="json", exclude_none=True) if spec.deployment_target else {},
        assumptions=spec.assumptions,
        thresholds=_thresholds(decision),
        evaluation=_evaluation(evidence, policy),
        announcements=evidence.announcements,
        provenance=Provenance(created_at.isoformat(timespec="seconds"), evidence.source, evidence.seconds),
        reported=evidence.reported,
        split_fits=decision.fits,
        checklist=release_checklist(decision),
        coverage_risk=coverage_risk(decision),
        latency_risk=latency_risk(decision),
        **depth,
    )


def _depth(decision: Decision) -> dict[str, Any]:
    """What explains the figures: where errors come from, what scores mean, what other thresholds would do."""
    figures, scope = decision.bench.figures, decision.bench.scope
    if figures is None or scope is None:
        return {}
    labels = _labels(decision)
    single = decision.bench.evidence.dataset.task is Task.CLASSIFICATION
    evidence, judged = decision.bench.evidence, figures.matches.within(scope.images)
    return {
        "false_alarms": _false_alarms(figures, scope, decision.bench.policy.alpha),
        "error_costs": error_costs(judged),
        "slice_costs": slice_costs(
            judged, figures.group, evidence.images.conditions, min_groups=decision.bench.policy.min_groups
        ),
        "costly_images": costly_images(figures, scope, evidence.images),
        "calibration": tuple(one for place in range(len(labels)) for one in calibration(figures, scope, place)),
        "sweeps": {} if single else {label: sweep(figures, scope, place) for place, label in enumerate(labels)},
        "field_estimates": tuple(_field_estimates(decision, figures, scope)),
        "weak_slices": decision.slices,
        "kept_thresholds": tuple(_kept_thresholds(decision)),
        "stress": _stress(decision, figures),
    }


def _false_alarms(figures: Figures, scope: Scope, alpha: float) -> Interval | None:
    if not figures.matches.task.has_boxes:
        return None
    counts, empty = figures.false_alarms(scope)
    bounds = count_bounds(counts, empty / 1000, 0.0, alpha)
    return Interval(bounds.rate, bounds.lower, bounds.upper, empty, bounds.events) if empty else None


def _field_estimates(decision: Decision, figures: Figures, scope: Scope) -> Iterator[FieldEstimate]:
    """What each class should do under the shares of traffic that the specification declares."""
    known = decision.bench.evidence.images.conditions
    for name, rule in decision.bench.spec.conditions.items():
        shares = {level: share for level, share in rule.levels.items() if share is not None}
        if name not in known or len(shares) < len(rule.levels):
            continue
        for place in range(len(_labels(decision))):
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
            NOTHING if result.constrained is None else _interval(result.constrained),
            NOTHING if result.other is None else _interval(result.other),
            _interval(kept.on_test),
            result.tried,
            result.because,
            kept.paid_with,
        )


def _stress(decision: Decision, figures: Figures) -> tuple[BreakingPoint, ...]:
    evidence, policy = decision.bench.evidence, decision.bench.policy
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


def _thresholds(decision: Decision) -> Mapping[str, float]:
    point = decision.bench.point
    if point is None:
        return {}
    return {label: float(point.deployed[place]) for place, label in enumerate(_labels(decision))}


def _labels(decision: Decision) -> tuple[str, ...]:
    return decision.bench.evidence.dataset.classes


def _interval(bounds: RateBounds) -> Interval:
    if bounds.rate is None:
        return NOTHING
    return Interval(bounds.rate, bounds.lower, bounds.upper, bounds.trials, bounds.hits)


def _classes(decision: Decision) -> Iterator[ClassFigures]:
    bench = decision.bench
    splits = bench.evidence.dataset.splits
    for place, label in enumerate(_labels(decision)):
        in_train, in_test = splits.get(Split.TRAIN), splits.get(Split.TEST)
        counts = (
            in_train.objects[label] if in_train else 0,
            in_test.objects[label] if in_test else 0,
            in_test.images_with[label] if in_test else 0,
        )
        plain = ClassFigures(
            label,
            bench.spec.is_critical(label),
            None,
            "no model",
            NOTHING,
            NOTHING,
            None,
            NOTHING,
            NOTHING,
            None,
            *counts,
        )
        yield _judged(plain, place, bench.figures, bench.scope, bench.evidence)


def _judged(
    plain: ClassFigures, place: int, figures: Figures | None, scope: Scope | None, evidence: Evidence
) -> ClassFigures:
    if figures is None or scope is None or evidence.model is None:
        return plain
    recall, precision = figures.recall(place, scope), figures.precision(place, scope)
    total = (recall.rate or 0.0) + (precision.rate or 0.0)
    known = recall.rate is not None and precision.rate is not None and total > 0
    average = evidence.model.average
    has_levels = average.value.shape[1] > 1
    return replace(
        plain,
        threshold=float(figures.point.deployed[place]),
        threshold_origin=figures.point.origin[place],
        recall=_interval(recall),
        precision=_interval(precision),
        f1=2 * (recall.rate or 0.0) * (precision.rate or 0.0) / total if known else None,
        ap=_average(evidence, place, 0),
        ap50=_average(evidence, place, 1) if has_levels else NOTHING,
        ap75=_number(average.value[place, 5]) if has_levels else None,
        ar=figures.average_recall(place, scope) if has_levels else None,
    )


def _average(evidence: Evidence, place: int, column: int) -> Interval:
    assert evidence.model is not None  # noqa: S101 - the caller saw to it
    average = evidence.model.average
    value = average.value[place].mean() if column == 0 else average.value[place, 0]
    lower, upper = _number(average.lower[place, column]), _number(average.upper[place, column])
    return Interval(_number(value), lower, upper, average.images)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _coverage(decision: Decision) -> Iterator[CoverageCell]:
    """Each class in each level of each condition, object sizes and marks last."""
    figures, scope = decision.bench.figures, decision.bench.scope
    if figures is None or scope is None:
        return
    conditions = decision.bench.evidence.images.conditions
    scopes = {
        (name, level): scope.narrowed(members, figures.matches)
        for name, condition in conditions.items()
        for level, members in condition.members.items()
    }
    if decision.bench.evidence.dataset.task.has_boxes:
        scopes |= {("size", level): scope.of_size(level, figures.matches) for level in SIZES}
        scopes |= {(MARKED, mark): scope.of_mark(mark, figures.matches) for mark in figures.matches.truths.marks}
    for place, label in enumerate(_labels(decision)):
        for (name, level), part in scopes.items():
            yield _cell(decision, figures, part, place, (label, name, level))


def _cell(decision: Decision, figures: Figures, part: Scope, place: int, names: tuple[str, str, str]) -> CoverageCell:
    images, alpha = decision.bench.evidence.images, decision.bench.policy.alpha
    recall, precision = bounds_in(figures, images, place, part, (names[1:],), alpha)
    floors = [
        one.requirement.limit
        for one in decision.requirements
        if one.requirement.label == names[0]
        and one.requirement.metric is Metric.RECALL
        and one.requirement.where in ((), (names[1:],))
        and not one.requirement.at_most
    ]
    limit = max(floors, default=None)
    outcome = None
    if limit is not None:
        enough = recall.groups >= decision.bench.policy.min_groups
        decided = (
            Outcome.PASS if recall.lower >= limit else Outcome.FAIL if recall.upper < limit else Outcome.INCONCLUSIVE
        )
        outcome = decided if enough else Outcome.INCONCLUSIVE
    return CoverageCell(
        *names,
        int(np.count_nonzero(part.images)),
        recall.trials,
        _interval(recall),
        _interval(precision),
        limit,
        outcome,
    )


def _confusion(decision: Decision) -> Confusion | None:
    figures, scope = decision.bench.figures, decision.bench.scope
    if figures is None or scope is None or decision.bench.evidence.dataset.task is Task.MULTILABEL:
        return None
    matrix = figures.confusion(scope)
    labels: tuple[str, ...] = (*_labels(decision), "background")
    if not decision.bench.evidence.dataset.task.has_boxes:
        return Confusion(labels[:-1], tuple(map(tuple, matrix[:-1, :-1].tolist())))
    repeated, misplaced = map(tuple, figures.repeated_and_misplaced(scope).tolist())
    return Confusion(labels, tuple(map(tuple, matrix.tolist())), repeated, misplaced)


def _examples(decision: Decision) -> tuple[Any, ...]:
    figures, scope = decision.bench.figures, decision.bench.scope
    if figures is None or scope is None:
        return ()
    weakness = {
        result.requirement.label: result.probability
        for result in sorted(decision.requirements, key=lambda one: -one.probability)
    }
    order = sorted(range(len(_labels(decision))), key=lambda place: weakness.get(_labels(decision)[place], 1.0))
    return failure_examples(figures, scope, decision.bench.evidence.images, order)


def _latency(latency: LatencyFacts | None, spec: DeploymentSpec) -> LatencyFigures | None:
    if latency is None or not len(latency.seconds):
        return None
    target = spec.deployment_target
    ms = latency.seconds * 1000
    counts, edges = np.histogram(ms, bins=BINS, range=(0.0, float(np.quantile(ms, 0.99)) * 1.25))
    spans = {metric: _percentile(latency, quantile) for metric, quantile in QUANTILES.items()}
    limits = {str(metric): getattr(target, metric) for metric in QUANTILES if target and getattr(target, metric)}
    memory = latency.peak_memory_bytes
    return LatencyFigures(
        latency.device,
        target.device if target else None,
        latency.estimated_error is None,
        len(ms),
        latency.failures,
        spans[Metric.P50_MS],
        spans[Metric.P95_MS],
        spans[Metric.P99_MS],
        None if latency.cold_seconds is None else latency.cold_seconds * 1000,
        float(1000 / ms.mean()),
        None if memory is None else memory / 2**20,
        {name: float(np.median(column)) * 1000 for name, column in latency.stages.items()},
        tuple((float(edge), int(n)) for edge, n in zip(edges[:-1], counts, strict=True)),
        limits,
        latency.device_facts,
    )


def _percentile(latency: LatencyFacts, quantile: float) -> Interval:
    bounds = percentile_bounds(latency.seconds, quantile)
    value, lower, upper = (None if one is None else one * 1000 for one in (bounds.value, bounds.lower, bounds.upper))
    return Interval(value, lower, upper, bounds.n)


def _evaluation(evidence: Evidence, policy: Policy) -> Mapping[str, Any]:
    """What has to be equal for two figures to be comparable."""
    boxes = evidence.dataset.task.has_boxes
    return {
        "data_digest": evidence.dataset.digest,
        "evidence_digest": evidence.digest,
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
