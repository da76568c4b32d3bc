"""The parts that hand-built reports are made of, among them names that attack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from vision_readiness.evaluate.calibration import ScoreBin
from vision_readiness.evaluate.costs import CostlyImage, ErrorCost
from vision_readiness.evaluate.error_kinds import REMEDIES, ErrorKind
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.evaluate.sweep import SweepPoint
from vision_readiness.evaluate.weak_slices import SliceScan, WeakSlice
from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import Action, ReadinessState, Stage, StageState
from vision_readiness.reasons.reason import Finding, Owner, Severity, Skipped, Waived
from vision_readiness.report.tables import ClassFigures, CoverageCell, Interval, KeptThreshold, LatencyFigures, SplitRow
from vision_readiness.requirement import Metric, Outcome, Requirement, RequirementResult, Waiver

CLASSES = ("person", "forklift", "pallet")
TARGET = {"device": "Jetson Orin Nano", "kind": "edge", "p95_ms": 100.0, "cameras": 2, "fps_per_camera": 5.0}
ATTACKS = (
    "<script>alert('forklift')</script>",
    "\u202egnihtemos\u202c",
    "pallet\n::error::owned\r\nstate=ready",
    "a|b`c*d_e[f](http://evil.example) @neha #12 \x1b[31mred\x07 \ud800 \ufffe {{ 7*7 }} ]]>",
    "very_long_class_name_without_any_break_" * 8,
    'quote" onload="alert(1)',
)


def interval(hits: int, n: int, half: float) -> Interval:
    rate = hits / n
    return Interval(rate, max(0.0, rate - half), min(1.0, rate + half), n, hits)


def rate(
    metric: Metric,
    label: str,
    limit: float,
    seen: Interval,
    *,
    where: tuple[tuple[str, str], ...] = (),
    critical: bool = True,
    more: int | None = None,
    assumed: str | None = None,
) -> RequirementResult:
    lower, upper = seen.lower, seen.upper
    outcome = Outcome.INCONCLUSIVE
    if lower is not None and lower >= limit:
        outcome = Outcome.PASS
    if upper is not None and upper < limit:
        outcome = Outcome.FAIL
    requirement = Requirement(
        metric=metric, limit=limit, label=label, where=where, critical=critical, origin=f"classes.{label}.min_{metric}"
    )
    place = "".join(f", {condition} {level}" for condition, level in where)
    verb = "Found" if metric is Metric.RECALL else "Right in"
    because = f"{verb} {seen.hits} of {seen.n} `{label}`{place} ({lower:.0%}–{upper:.0%}); needs {limit:.0%}."
    if outcome is Outcome.INCONCLUSIVE:
        because += f" About {more or 0} more are needed."
    probability = {Outcome.PASS: 0.99, Outcome.FAIL: 0.0, Outcome.INCONCLUSIVE: 0.62}[outcome]
    unit = "objects" if metric is Metric.RECALL else "answers"
    return RequirementResult(
        requirement=requirement,
        outcome=outcome,
        measured=seen.value,
        lower=lower,
        upper=upper,
        hits=seen.hits,
        trials=seen.n,
        groups=seen.n // 2,
        unit=unit,
        probability=probability,
        because=because,
        code={Outcome.PASS: None, Outcome.FAIL: "MODEL401", Outcome.INCONCLUSIVE: "MODEL402"}[outcome],
        more=more,
        more_images=None if more is None else more // 2,
        design_effect=1.2,
        assumed=assumed,
    )


def budget(metric: Metric, limit: float, value: float, half: float, calls: int = 400) -> RequirementResult:
    outcome = Outcome.PASS if value + half <= limit else Outcome.FAIL if value - half > limit else Outcome.INCONCLUSIVE
    requirement = Requirement(metric=metric, limit=limit, at_most=True, origin=f"deployment_target.{metric}")
    because = f"Measured {value:.0f} ms on the target."
    probability = 0.98 if outcome is Outcome.PASS else 0.0
    return RequirementResult(
        requirement=requirement,
        outcome=outcome,
        measured=value,
        lower=value - half,
        upper=value + half,
        hits=None,
        trials=calls,
        groups=calls,
        unit="calls",
        probability=probability,
        because=because,
    )


def finding(code: str, name: str, severity: Severity, subject: str, sentence: str, fix: str, owner: Owner) -> Finding:
    examples = ("dock-2/img_0231.jpg", "dock-2/img_0240.jpg") if code.startswith(("LABEL", "SPLIT")) else ()
    return Finding(
        code=code,
        name=name,
        severity=severity,
        subject=subject,
        sentence=sentence,
        fix=fix,
        owner=owner,
        unit="images",
        measured=61.0,
        limit=90.0,
        of=100,
        examples=examples,
    )


FINDINGS = (
    finding(
        "LABEL204",
        "boxes-outside-the-image",
        Severity.P1,
        "pallet",
        "14 pallet boxes leave their image by more than a pixel.",
        "Clip the boxes in the annotation editor.",
        Owner.LABELLING,
    ),
    finding(
        "SPLIT302",
        "source-in-two-splits",
        Severity.P1,
        "valid",
        "3 of 240 valid images are copies of a train image; they are no evidence.",
        "Split by source image before augmenting: `vision-readiness scan --propose-split`.",
        Owner.DATA,
    ),
    finding(
        "SPEC704",
        "no-rollback-owner",
        Severity.P2,
        "specification",
        "Nobody is named who can roll this model back.",
        "Write rollback_owner into the specification.",
        Owner.PRODUCT,
    ),
)
LEAK = replace(FINDINGS[1], severity=Severity.P0, sentence="180 of 230 test images are copies of a train image.")
WARNED = FINDINGS[:1] + FINDINGS[2:]
WAIVED = (
    Waived(
        finding(
            "DATA107",
            "imbalanced-classes",
            Severity.P1,
            "pallet",
            "person outnumbers pallet 31 to 1.",
            "Collect pallets.",
            Owner.DATA,
        ),
        Waiver(
            "DATA107",
            "pallet",
            "Neha Kapoor",
            "Pallets are counted by hand until the spring release.",
            date(2026, 6, 30),
        ),
    ),
)
SKIPPED = (Skipped("PROD601", "production-drift", "no production history was given"),)


def figures(label: str, recall: Interval, precision: Interval, objects: int = 800) -> ClassFigures:
    ap = Interval(0.71, 0.66, 0.75, recall.n)
    return ClassFigures(
        label, label != "pallet", 0.42, "chosen on valid", recall, precision, 0.8, ap, ap, 0.64, objects, recall.n, 90
    )


def coverage(
    label: str, night: tuple[int, int] = (80, 100), night_outcome: Outcome | None = None
) -> tuple[CoverageCell, ...]:
    day = interval(190, 200, 0.03)
    dark = interval(*night, 0.08)
    few = Interval(None, None, None, 2)
    return (
        CoverageCell(label, "lighting", "day", 160, 200, day, day, 0.9, Outcome.PASS),
        CoverageCell(label, "lighting", "night", 70, night[1], dark, dark, 0.9, night_outcome),
        CoverageCell(label, "camera", "dock-1", 140, 180, day, day, None, None),
        CoverageCell(label, "camera", "dock-2", 87, 120, dark, dark, None, None),
        CoverageCell(label, "camera", "dock-3", 3, 2, few, few, 0.9, Outcome.INCONCLUSIVE),
        CoverageCell(
            label,
            "camera",
            "dock-4",
            0,
            0,
            Interval(None, None, None, 0),
            Interval(None, None, None, 0),
            0.9,
            Outcome.INCONCLUSIVE,
        ),
    )


def latency(p95: float = 82.0) -> LatencyFigures:
    return LatencyFigures(
        device="Jetson Orin Nano",
        target_device="Jetson Orin Nano",
        measured=True,
        calls=400,
        failures=0,
        p50_ms=Interval(58.2, 57.1, 59.0, 400),
        p95_ms=Interval(p95, p95 - 3, p95 + 4, 400),
        p99_ms=Interval(p95 + 14, p95 + 9, None, 400),
        cold_ms=1840.0,
        frames_per_second=17.2,
        memory_mb=412.0,
        stages_p50_ms={"decode": 9.1, "resize": 4.2, "model": 41.0, "boxes": 3.9},
        histogram_ms=tuple(
            (50.0 + 4 * step, bins) for step, bins in enumerate((40, 130, 96, 54, 30, 18, 12, 9, 6, 3, 1, 1))
        ),
        limits_ms={"p95_ms": 100.0},
        device_facts={"cpu": "6-core Arm Cortex-A78AE", "runtime": "onnxruntime 1.22 (CUDA)"},
    )


def examples(label: str, missed: int, other: int = 2) -> tuple[FailureExample, ...]:
    return (
        *(
            FailureExample(
                f"dock-2/img_{n:04}.jpg",
                FailureKind.MISSED,
                label,
                (60.0 + 40 * n, 120.0, 120.0 + 40 * n, 190.0),
                None,
                None,
                "lighting night",
            )
            for n in range(missed)
        ),
        *(
            FailureExample(
                f"dock-1/img_{n:04}.jpg",
                FailureKind.FALSE_ALARM,
                label,
                (300.0, 90.0 + 9 * n, 420.0, 200.0 + 9 * n),
                label,
                0.71,
            )
            for n in range(other)
        ),
        *(
            FailureExample(
                f"dock-1/cam_{n:04}.jpg", FailureKind.CONFUSED, label, (30.0, 200.0, 90.0, 290.0), "pallet", 0.55
            )
            for n in range(other)
        ),
    )


STAGES = (
    StageState(Stage.DATASET, ReadinessState.WARNING, "14 boxes leave their image; everything else is in order."),
    StageState(Stage.MODEL, ReadinessState.BLOCKED, "Forklifts are missed too often, above all when partly hidden."),
    StageState(
        Stage.DEPLOYMENT, ReadinessState.READY, "95 % of frames take at most 82 ms on the target; 100 ms are allowed."
    ),
)
SPLITS = (
    SplitRow(
        split="train",
        images=2100,
        sources=700,
        empty_images=61,
        objects={"person": 5210, "forklift": 640, "pallet": 170},
    ),
    SplitRow(
        split="valid", images=240, sources=240, empty_images=8, objects={"person": 610, "forklift": 88, "pallet": 24}
    ),
    SplitRow(
        split="test", images=230, sources=230, empty_images=9, objects={"person": 598, "forklift": 100, "pallet": 41}
    ),
)
MORE_FORKLIFTS = Fix(
    action=Action.RETRAIN,
    title="Label about 150 hidden forklifts and retrain",
    detail="31 of the 39 misses are partly hidden; training has only 22 such boxes.",
    subjects=("forklift",),
    rank_because="It answers the requirement that fails the furthest.",
    gain=0.46,
    effort="assumed: medium",
    amount=150,
    unit="boxes",
    code="MODEL401",
    hours=0.0,
    answers=(),
)
CLIP = Fix(
    action=Action.FIX_DATASET,
    title="Clip 14 pallet boxes",
    detail="They leave their image.",
    subjects=("pallet",),
    rank_because="Cheap, but no critical requirement depends on it.",
    effort="assumed: small",
    amount=14,
    unit="boxes",
    code="LABEL204",
    hours=0.0,
    answers=(),
)


def costs(*labels: str) -> tuple[ErrorCost, ...]:
    """Every kind of error of every class, dearest first."""
    made = [
        ErrorCost(kind, label, 0.2 / (2 + place + turn), REMEDIES[kind])
        for turn, label in enumerate(labels)
        for place, kind in enumerate(ErrorKind)
    ]
    return tuple(sorted(made, key=lambda cost: -cost.delta_ap50))


def score_bins(*labels: str) -> tuple[ScoreBin, ...]:
    """Five bins a class: the lower ones mean what they say, the highest two are too sure of themselves."""
    rights = ((120, 54, 0.45), (96, 53, 0.55), (214, 140, 0.65), (310, 190, 0.75), (1480, 1100, 0.93))
    return tuple(
        ScoreBin(
            label,
            0.42 if not n else 0.4 + n / 10,
            min(1.0, 0.5 + n / 10),
            of,
            right,
            right / of - 0.05,
            right / of + 0.05,
            score,
        )
        for label in labels
        for n, (of, right, score) in enumerate(rights)
    )


def scanned(label: str = "forklift", where: str = "night") -> SliceScan:
    """A search that found one class weak in one situation."""
    inside, outside = RateBounds(0.58, 0.48, 0.67, 41, 71, 60, 65.0), RateBounds(0.9, 0.78, 0.96, 26, 29, 25, 27.0)
    images = ("dock-2/img_0231.jpg",)
    weak = WeakSlice(
        label=label,
        metric=Metric.RECALL,
        where=(("lighting", where),),
        inside=inside,
        outside=outside,
        effect=-0.32,
        effect_lower=-0.43,
        effect_upper=-0.17,
        p_value=1e-4,
        images=images,
    )
    return SliceScan((weak,), 48, 6)


def kept_thresholds(label: str = "forklift", where: str = "lighting night") -> tuple[KeptThreshold, ...]:
    """One constraint that is kept over all images, at a price, and one that is not proven in a situation."""
    nothing, because = Interval(None, None, None, 0), "No threshold is proven to give a precision of 0.95."
    kept = (interval(190, 195, 0.02), interval(150, 195, 0.05), interval(61, 66, 0.05))
    return (
        KeptThreshold(label, None, Metric.PRECISION, 0.95, 0.615, *kept, 31, "It is kept.", "recall"),
        KeptThreshold(label, where, Metric.PRECISION, 0.95, None, nothing, nothing, kept[2], 1, because, None),
    )


def swept(recall: float = 0.98) -> tuple[SweepPoint, ...]:
    """A class at 41 thresholds, without any answer above 0.9."""
    points = []
    for n in range(41):
        at = n / 40
        found, right = recall * (1 - at**3), (0.3 + 0.7 * at if at <= 0.9 else None)
        spread = (max(0.0, (right or 0) - 0.06), min(1.0, (right or 1) + 0.06)) if right else (0.0, 1.0)
        points.append(
            SweepPoint(at, found, max(0.0, found - 0.05), min(1.0, found + 0.05), right, *spread, 900 * (1 - at))
        )
    return tuple(points)


COCO = {"ap": 0.412, "ap50": 0.71, "ap75": 0.44, "ap_small": None, "ap_medium": 0.39, "ap_large": 0.52} | {
    f"ar_{kind}": 0.5 for kind in (1, 10, 100, "small", "medium", "large")
}
COSTLY = (CostlyImage("dock-2/img_0231.jpg", 3, 1, 0), CostlyImage("dock-1/img_0007.jpg", 0, 2, 1))


def camera_image(width: int = 640, height: int = 480, *, orientation: int | None = None) -> bytes:
    """A JPEG of something like a warehouse floor at night; ``orientation`` is the EXIF number."""
    image = Image.linear_gradient("L").resize((width, height)).point(lambda grey: 30 + grey // 3).convert("RGB")
    draw = ImageDraw.Draw(image)
    for n in range(9):
        left = n * width // 9
        draw.rectangle(
            (left, height // 4, left + width // 14, max(height // 4, height - height // 6 - 9 * n)),
            fill=(70 + 9 * n, 84, 70),
        )
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    stream = BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()
