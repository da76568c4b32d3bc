"""Hand-built reports: every state, every absent part, and names that attack."""

from __future__ import annotations

from dataclasses import replace

from tests.sdk.render.parts import (
    ATTACKS,
    CLASSES,
    CLIP,
    COCO,
    COSTLY,
    FINDINGS,
    LEAK,
    MORE_FORKLIFTS,
    SKIPPED,
    SPLITS,
    STAGES,
    TARGET,
    WAIVED,
    WARNED,
    budget,
    costs,
    coverage,
    examples,
    figures,
    finding,
    interval,
    kept_thresholds,
    latency,
    rate,
    scanned,
    score_bins,
    swept,
)
from vision_readiness.evidence.parentage import ParentComparison, ParentDelta
from vision_readiness.guide.capture import CaptureItem
from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import Action, BlockedBy, NextAction, ReadinessState, Stage, StageState
from vision_readiness.reasons.reason import Owner, Severity, Skipped
from vision_readiness.report import Report
from vision_readiness.report.sections import (
    DataSummary,
    ErrorAnalysis,
    ModelFigures,
    RolloutPlan,
    ScoreAnalysis,
    WorkPlan,
)
from vision_readiness.report.tables import Confusion, CoverageCell, Identity, Interval, Provenance
from vision_readiness.requirement import Metric, Outcome

SECTIONS = ("data", "figures", "scores", "errors", "plan", "rollout")


def but(report: Report, **changes: object) -> Report:
    """The report with other values, each put where it stands: flat or in its section."""
    by_section = {name: section for section in SECTIONS for name in getattr(report, section).__dataclass_fields__}
    values = {name: value for name, value in changes.items() if name not in by_section}
    for name, value in changes.items():
        if name in by_section:
            section = by_section[name]
            values[section] = replace(values.get(section, getattr(report, section)), **{name: value})
    return replace(report, **values)


def blocked() -> Report:
    found, held = interval(61, 100, 0.08), interval(580, 598, 0.012)
    return Report(
        id="5f0c2b7a9d3e4416",
        subject=Identity("acme", "warehouse-packages", 3, None, "model-7", None),
        readiness_state=ReadinessState.BLOCKED,
        blocked_by=BlockedBy.FAILURE,
        blockers=(),
        valid_until=None,
        history=(),
        headline="It misses forklifts",
        proof=("Found 61 of 100 (53–69 %); needs 90 %.", "31 of 39 misses are partly hidden."),
        next_action=NextAction(Action.RETRAIN, "Label ~150 hidden forklifts, retrain"),
        score=0,
        score_needs=95,
        confidence=0.0,
        failure_probability=1.0,
        weakest="recall/forklift/min=0.9",
        stages=STAGES,
        requirements=(
            rate(Metric.RECALL, "person", 0.95, held),
            rate(Metric.PRECISION, "person", 0.80, interval(560, 590, 0.02)),
            rate(Metric.RECALL, "person", 0.95, interval(40, 41, 0.05), where=(("lighting", "night"),), more=160),
            rate(Metric.RECALL, "forklift", 0.90, found),
            rate(Metric.PRECISION, "forklift", 0.80, interval(61, 66, 0.05)),
            rate(Metric.RECALL, "pallet", 0.70, interval(33, 41, 0.1), critical=False, assumed="nobody wrote a floor"),
            budget(Metric.P95_MS, 100.0, 82.0, 3.5),
        ),
        findings=FINDINGS,
        skipped=SKIPPED,
        waived=WAIVED,
        fixes=(MORE_FORKLIFTS, CLIP),
        expected_runtime=latency(),
        assumptions={"classes.pallet": "nobody wrote a floor"},
        provenance=Provenance(
            "2026-03-04T09:12:44+00:00",
            "./warehouse",
            {"inspect": 3.1, "evaluate": 41.7, "benchmark": 30.2, "decide": 0.02},
        ),
        data=DataSummary(
            task="object-detection",
            splits=SPLITS,
            announcements=("The folder ./warehouse was read, not the Roboflow project of the same name.",),
        ),
        figures=ModelFigures(
            classes=(
                figures("person", held, interval(560, 590, 0.02), 5210),
                figures("forklift", found, interval(61, 66, 0.05), 640),
                figures("pallet", interval(33, 41, 0.1), interval(33, 40, 0.1), 170),
            ),
            coverage=(
                *coverage("person", (96, 100), Outcome.PASS),
                *coverage("forklift", (41, 71), Outcome.FAIL),
                *coverage("pallet"),
            ),
            parent=ParentComparison(
                "acme/warehouse-packages/2 (float32)",
                (
                    ParentDelta("person", 0.002, 0.001, 0.0, -0.004, 0.005, False),
                    ParentDelta("forklift", -0.09, -0.01, -0.061, -0.09, -0.03, True),
                    ParentDelta("pallet", None, None, None, None, None, False),
                ),
            ),
            evaluation={
                "data": "sha256:0b6f7c2a",
                "matcher": "greedy by score, IoU 0.5",
                "grids": "101 recall points",
                "max_detections": 100,
                "coco": COCO,
            },
        ),
        scores=ScoreAnalysis(
            thresholds={"person": 0.42, "forklift": 0.31, "pallet": 0.5},
            calibration=score_bins(*CLASSES),
            sweeps={"person": swept(), "forklift": swept(0.7), "pallet": swept(0.9)},
            kept_thresholds=kept_thresholds(),
        ),
        errors=ErrorAnalysis(
            confusion=Confusion(
                (*CLASSES, "background"), ((580, 2, 0, 16), (0, 61, 3, 36), (1, 2, 33, 5), (9, 3, 4, 0))
            ),
            examples=(*examples("person", 2, 1), *examples("forklift", 8), *examples("pallet", 1, 0)),
            costs=costs(*CLASSES),
            costly_images=COSTLY,
            weak_slices=scanned(),
        ),
        plan=WorkPlan(
            capture=(
                CaptureItem(
                    "recall of person, lighting night, at least 0.95",
                    "person",
                    "lighting night",
                    41,
                    160,
                    80,
                    "objects",
                ),
            ),
        ),
        rollout=RolloutPlan(
            target=TARGET,
        ),
    )


def not_proven() -> Report:
    """Blocked by evidence: nothing failed, one situation has too few objects."""
    night = rate(
        Metric.RECALL, "person", 0.95, Interval(40 / 41, 0.903, 0.994, 41, 40), where=(("lighting", "night"),), more=160
    )
    report = ready()
    return but(
        report,
        readiness_state=ReadinessState.BLOCKED,
        blocked_by=BlockedBy.EVIDENCE,
        headline="Too few night images",
        proof=("People at night: found 40 of 41 (90–99 %); needs 95 %.", "May be fine."),
        next_action=NextAction(Action.COLLECT_DATA, "~160 more labelled night people"),
        score=62,
        confidence=0.62,
        failure_probability=0.38,
        weakest=night.requirement.id,
        stages=(STAGES[0], replace(STAGES[1], because="People at night are not proven: 41 were seen."), STAGES[2]),
        requirements=(
            *(result for result in report.requirements if result.requirement.name != night.requirement.name),
            night,
        ),
        findings=(),
        fixes=(
            Fix(
                action=Action.COLLECT_DATA,
                title="Label 160 more people at night",
                detail="41 are too few to prove 95 %.",
                subjects=("person",),
                rank_because="It is the only thing between this model and a release.",
                gain=0.33,
                effort="assumed: medium",
                amount=160,
                unit="boxes",
                hours=0.0,
                answers=(),
            ),
        ),
        capture=(CaptureItem(night.requirement.name, "person", "lighting night", 41, 160, 80, "objects"),),
        examples=(),
        waived=(),
    )


def ready() -> Report:
    held = interval(291, 298, 0.0195)
    report = blocked()
    night = rate(Metric.RECALL, "person", 0.95, held, where=(("lighting", "night"),))
    return but(
        report,
        id="9b1e44d0c7f2a853",
        readiness_state=ReadinessState.READY,
        blocked_by=None,
        headline="Docks 1–2, Jetson Orin Nano",
        proof=(
            "Meets all 6 requirements.",
            "People at night: 291 of 298 (at least 95.7 %)",
            "95 % of frames within 82 ms (limit 100)",
        ),
        next_action=NextAction(Action.DEPLOY_WITH_MONITORING, "Deploy with monitoring"),
        score=99,
        confidence=0.99,
        failure_probability=0.01,
        weakest=night.requirement.id,
        stages=tuple(
            replace(stage, state=ReadinessState.READY, because="Everything asked for holds.") for stage in STAGES
        ),
        requirements=(
            rate(Metric.RECALL, "person", 0.95, interval(580, 598, 0.012)),
            rate(Metric.PRECISION, "person", 0.80, interval(560, 590, 0.02)),
            night,
            rate(Metric.RECALL, "forklift", 0.90, interval(97, 100, 0.03)),
            rate(Metric.PRECISION, "forklift", 0.80, interval(97, 104, 0.05)),
            budget(Metric.P95_MS, 100.0, 82.0, 3.5),
        ),
        findings=(),
        waived=(),
        fixes=(),
        capture=(),
        classes=(figures("person", held, held), figures("forklift", interval(97, 100, 0.03), interval(97, 104, 0.05))),
        coverage=(*coverage("person", (96, 100), Outcome.PASS), *coverage("forklift", (66, 71), Outcome.PASS)),
        confusion=Confusion(("person", "forklift", "background"), ((580, 2, 16), (0, 97, 3), (9, 7, 0))),
        examples=(*examples("person", 3, 1), *examples("forklift", 2, 1)),
        parent=None,
        assumptions={},
        announcements=(),
    )


def retrain() -> Report:
    return but(
        blocked(),
        readiness_state=ReadinessState.RETRAIN_REQUIRED,
        headline="The model is older than its data set",
        next_action=NextAction(Action.RETRAIN, "Retrain on version 3; 320 new forklifts are already labelled"),
        findings=(LEAK, *FINDINGS),
    )


def monitor_required() -> Report:
    return but(
        ready(),
        readiness_state=ReadinessState.MONITOR_REQUIRED,
        headline="Good, once somebody watches it",
        next_action=NextAction(Action.ENABLE_MONITORING, "Enable monitoring, then deploy"),
        findings=(
            finding(
                "PROD604",
                "monitoring-missing",
                Severity.P1,
                "monitoring",
                "The specification requires monitoring and none is set up.",
                "Set up monitoring and write `in_place`.",
                Owner.DEPLOYMENT,
            ),
        ),
    )


def warning() -> Report:
    return but(
        ready(),
        readiness_state=ReadinessState.WARNING,
        headline="Meets its requirements, with 2 warnings",
        next_action=NextAction(Action.REVIEW_WARNINGS, "Review 2 warnings, then deploy"),
        findings=WARNED,
        waived=WAIVED,
        assumptions={"deployment_target": "nobody named a device or a budget; a camera waits about this long"},
        requirements=tuple(replace(result, assumed="no specification was given") for result in ready().requirements),
    )


def no_model() -> Report:
    """Only a data set: the model and deployment stages say what is missing."""
    missing = "No model was given, so nothing is known about it."
    return but(
        blocked(),
        blocked_by=BlockedBy.EVIDENCE,
        headline="There is no model to judge yet",
        proof=("The data set was read: 2,570 images, 3 classes.",),
        next_action=NextAction(Action.TRAIN, "Train a model on version 3, then check it"),
        weakest=None,
        stages=(
            STAGES[0],
            *(StageState(stage, ReadinessState.BLOCKED, missing) for stage in (Stage.MODEL, Stage.DEPLOYMENT)),
        ),
        requirements=tuple(
            replace(
                result,
                outcome=Outcome.INCONCLUSIVE,
                measured=None,
                lower=None,
                upper=None,
                hits=None,
                trials=0,
                groups=0,
                code="MODEL405",
                more=None,
                because=missing,
            )
            for result in blocked().requirements
        ),
        classes=(),
        coverage=(),
        confusion=None,
        examples=(),
        expected_runtime=None,
        parent=None,
        thresholds={},
        fixes=(),
        capture=(),
        findings=WARNED,
        evaluation={},
        costs=(),
        costly_images=(),
        calibration=(),
        weak_slices=None,
        kept_thresholds=(),
        sweeps={},
    )


def no_latency() -> Report:
    """Judged on predictions from a file: its speed is unknown."""
    return but(not_proven(), expected_runtime=None)


def hostile() -> Report:
    """Every text an attack, 60 classes in 12 levels of a condition, hundreds of requirements."""
    labels = tuple(f"{ATTACKS[n % len(ATTACKS)]}{n}" for n in range(60))
    name = "acme-very-long-project-name-" * 11 + ATTACKS[0]
    seen = interval(61, 100, 0.08)
    spread = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, None)
    requirements = tuple(
        rate(metric, label, (0.5, 0.6, 0.9)[n % 3], seen)
        for n, label in enumerate(labels)
        for metric in (Metric.RECALL, Metric.PRECISION)
    )
    size = len(labels) + 1
    base = blocked()
    return but(
        base,
        subject=Identity(ATTACKS[1], name, 3, ATTACKS[2], ATTACKS[3], ATTACKS[5]),
        headline=f"It misses {labels[0]}",
        proof=tuple(f"Found 61 of 100 {attack}" for attack in ATTACKS[:3]),
        next_action=NextAction(Action.RETRAIN, f"Label ~150 {labels[4]}, retrain"),
        weakest=next(result.requirement.id for result in requirements if result.outcome is Outcome.FAIL),
        stages=tuple(replace(stage, because=attack) for stage, attack in zip(STAGES, ATTACKS, strict=False)),
        requirements=requirements,
        findings=tuple(
            replace(
                (LEAK, *FINDINGS)[n % 4],
                subject=attack,
                sentence=f"Something with {attack}",
                examples=(attack,) * 3,
                fix=attack,
                name=attack,
            )
            for n, attack in enumerate(ATTACKS * 3)
        ),
        skipped=(Skipped("PROD601", ATTACKS[0], ATTACKS[2]),),
        waived=(replace(WAIVED[0], waiver=replace(WAIVED[0].waiver, person=ATTACKS[0], reason=ATTACKS[4])),),
        fixes=tuple(
            replace(MORE_FORKLIFTS, title=attack, detail=attack, rank_because=attack, subjects=(attack,))
            for attack in ATTACKS
        ),
        capture=tuple(CaptureItem("r", label, ATTACKS[0], 3, 73, None, "objects") for label in labels[:6]),
        weak_slices=scanned(labels[0], ATTACKS[0]),
        kept_thresholds=kept_thresholds(labels[0], ATTACKS[0]),
        classes=tuple(figures(label, seen, seen) for label in labels),
        coverage=tuple(
            CoverageCell(
                label,
                ATTACKS[level % 6],
                f"{ATTACKS[(level + 1) % 6]}{level}",
                3,
                4,
                seen,
                seen,
                0.9,
                spread[(n + level) % 4],
            )
            for n, label in enumerate(labels)
            for level in range(12)
        ),
        confusion=Confusion(
            (*labels, "background"), tuple(tuple((row * column) % 97 for column in range(size)) for row in range(size))
        ),
        examples=tuple(example for label in labels[:8] for example in examples(label, 5)),
        splits=tuple(replace(split, objects=dict.fromkeys(labels, 12)) for split in SPLITS),
        parent=ParentComparison(
            ATTACKS[0], tuple(ParentDelta(label, -0.1, 0.1, -0.1, -0.2, -0.01, True) for label in labels)
        ),
        target={"device": ATTACKS[4], "p95_ms": 100.0, ATTACKS[0]: ATTACKS[0]},
        expected_runtime=replace(
            latency(140.0),
            device=ATTACKS[3],
            target_device=ATTACKS[0],
            device_facts={ATTACKS[0]: ATTACKS[2]},
            stages_p50_ms={ATTACKS[0]: 3.0, ATTACKS[4]: 9.0},
        ),
        assumptions=dict.fromkeys(ATTACKS, ATTACKS[0]),
        thresholds=dict.fromkeys(labels, 0.5),
        evaluation={ATTACKS[0]: [ATTACKS[1], {"deep": ATTACKS[2]}], "coco": {"ap": ATTACKS[0], ATTACKS[1]: 0.5}},
        announcements=ATTACKS,
        provenance=Provenance(ATTACKS[0], ATTACKS[2], {ATTACKS[0]: 1.0}),
        costs=costs(*labels),
        costly_images=tuple(replace(COSTLY[0], image=attack) for attack in ATTACKS),
        calibration=score_bins(*labels),
        sweeps={label: swept() for label in labels},
    )


ALL = {
    "ready": ready,
    "blocked": blocked,
    "not_proven": not_proven,
    "retrain": retrain,
    "monitor_required": monitor_required,
    "warning": warning,
    "no_model": no_model,
    "no_latency": no_latency,
    "hostile": hostile,
}
