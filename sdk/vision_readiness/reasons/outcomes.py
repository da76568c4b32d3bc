"""The reasons a requirement itself gives when it fails or is not proven; they have no check of their own."""

from __future__ import annotations

from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.reason import Owner, Reason, Severity

WEAK_CLASS = Reason(
    code="MODEL401",
    name="weak-class",
    severity=Severity.P0,
    unit="rate",
    meaning="Recall or precision of a class is below what the spec requires, whatever the average says.",
    fix="Look at the pictures of its failures; label more of what they share, and retrain.",
    owner=Owner.TRAINING,
    action=Action.LABEL_MORE,
    stage=Stage.MODEL,
)
NOT_PROVEN = Reason(
    code="MODEL402",
    name="not-proven",
    severity=Severity.P0,
    unit="rate",
    meaning="The test images are too few to show that the requirement holds; it may well hold.",
    fix="Label the number of test images that the capture plan names.",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    stage=Stage.MODEL,
)
CLASS_UNKNOWN = Reason(
    code="MODEL403",
    name="class-unknown-to-model",
    severity=Severity.P0,
    unit="classes",
    meaning="The model was not trained on a class that the spec requires, so it can never find it.",
    fix="Train with the class, or take it out of the spec.",
    owner=Owner.TRAINING,
    action=Action.LABEL_MORE,
    stage=Stage.MODEL,
    headline="It was not trained on {subject}",
)
WEAK_OVERALL = Reason(
    code="MODEL404",
    name="overall-figure-failed",
    severity=Severity.P0,
    unit="figure",
    meaning="A figure over all classes, such as false alarms on empty images, misses what the spec asks.",
    fix="Look at which classes contribute most, and mend those.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    stage=Stage.MODEL,
)
OVER_BUDGET = Reason(
    code="TARGET501",
    name="over-budget",
    severity=Severity.P0,
    unit="budget",
    meaning="The model is too slow or too large for the budget on the device.",
    fix="Try a smaller input or model, INT8, a faster runtime, or another device; or raise the budget if it allows.",
    owner=Owner.DEPLOYMENT,
    action=Action.CHANGE_TARGET,
    stage=Stage.DEPLOYMENT,
)
BUDGET_NOT_PROVEN = Reason(
    code="TARGET502",
    name="budget-not-proven",
    severity=Severity.P0,
    unit="calls",
    meaning="Too few calls were timed to show that the budget holds.",
    fix="Time the number of calls named: `vision-readiness benchmark --calls N`.",
    owner=Owner.DEPLOYMENT,
    action=Action.MEASURE_ON_TARGET,
    stage=Stage.DEPLOYMENT,
)
NOT_ON_TARGET = Reason(
    code="TARGET503",
    name="not-measured-on-target",
    severity=Severity.P0,
    unit="measurements",
    meaning="The budget was not measured on the device it is for; an estimate or another machine proves nothing.",
    fix=(
        "Run `vision-readiness benchmark --device NAME -o latency.json` there, "
        "then check with `--latency latency.json`."
    ),
    owner=Owner.DEPLOYMENT,
    action=Action.MEASURE_ON_TARGET,
    stage=Stage.DEPLOYMENT,
    headline="It was never timed on the device it is for",
)
NO_MODEL = Reason(
    code="MODEL411",
    name="no-model",
    severity=Severity.P0,
    unit="artefacts",
    meaning="There is neither a model nor predictions, so nothing is known about how it would do.",
    fix="Give `--model model.onnx`, or `--predictions results.json`.",
    owner=Owner.TRAINING,
    action=Action.TRAIN,
    stage=Stage.MODEL,
    headline="There is no model to judge",
)
NOT_REMEASURED = Reason(
    code="MODEL412",
    name="not-re-measured",
    severity=Severity.P0,
    unit="artefacts",
    meaning="The only figures of the model are reported by a third party; no prediction of it was seen here.",
    fix="Measure it: `--hosted`, `--model model.onnx`, or `--predictions results.json`.",
    owner=Owner.TRAINING,
    action=Action.MEASURE_ON_TARGET,
    stage=Stage.MODEL,
)
NO_IMAGES = Reason(
    code="DATA109",
    name="situation-without-images",
    severity=Severity.P0,
    unit="images",
    meaning="No leak-free test image is known to show a situation that the spec declares.",
    fix="Capture and label images of it, or say which images show it (tags `condition:level`, or `file_name_pattern`).",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    stage=Stage.DATASET,
)
REGRESSED = Reason(
    code="MODEL420",
    name="worse-than-before",
    severity=Severity.P0,
    unit="rate",
    meaning="A class got worse against the model that it must not be worse than, by more than the margin.",
    fix=(
        "Look at the images that only the earlier model gets right; put more like them into training, "
        "or keep that model."
    ),
    owner=Owner.TRAINING,
    action=Action.LABEL_MORE,
    stage=Stage.MODEL,
)
NO_PARENT = Reason(
    code="MODEL421",
    name="nothing-to-compare-with",
    severity=Severity.P0,
    unit="artefacts",
    meaning="The spec asks to be no worse than an earlier model, and that model was not given.",
    fix="Check again with `--parent` and the earlier model.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    stage=Stage.MODEL,
    headline="There is no earlier model to compare it with",
)

OUTCOMES = (
    WEAK_CLASS,
    NOT_PROVEN,
    CLASS_UNKNOWN,
    WEAK_OVERALL,
    NO_MODEL,
    NOT_REMEASURED,
    OVER_BUDGET,
    BUDGET_NOT_PROVEN,
    NOT_ON_TARGET,
    NO_IMAGES,
    REGRESSED,
    NO_PARENT,
)
