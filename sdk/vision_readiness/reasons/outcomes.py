"""The reasons a requirement itself gives when it fails or is not proven; they have no check of their own."""

from __future__ import annotations

from vision_readiness.reasons.reason import Owner, Reason, Severity

WEAK_CLASS = Reason(
    "MODEL401",
    "weak-class",
    Severity.P0,
    "rate",
    "A class is found or answered rightly less often than the spec asks, whatever the average says.",
    "Look at the pictures of its failures; label more of what they share, and retrain.",
    Owner.TRAINING,
)
NOT_PROVEN = Reason(
    "MODEL402",
    "not-proven",
    Severity.P0,
    "rate",
    "The test images are too few to show that the requirement holds; it may well hold.",
    "Label the number of test images that the capture plan names.",
    Owner.DATA,
)
CLASS_UNKNOWN = Reason(
    "MODEL403",
    "class-unknown-to-model",
    Severity.P0,
    "classes",
    "The model was not taught a class that the spec asks for, so it can never find it.",
    "Train with the class, or take it out of the spec.",
    Owner.TRAINING,
)
WEAK_OVERALL = Reason(
    "MODEL404",
    "overall-figure-failed",
    Severity.P0,
    "figure",
    "A figure over all classes, such as false alarms on empty images, misses what the spec asks.",
    "Look at which classes contribute most, and mend those.",
    Owner.TRAINING,
)
OVER_BUDGET = Reason(
    "TARGET501",
    "over-budget",
    Severity.P0,
    "budget",
    "The model is too slow or too large for the budget on the device.",
    "Try a smaller input or model, INT8, a faster runtime, or another device; or raise the budget if it allows.",
    Owner.DEPLOYMENT,
)
BUDGET_NOT_PROVEN = Reason(
    "TARGET502",
    "budget-not-proven",
    Severity.P0,
    "calls",
    "Too few calls were timed to show that the budget holds.",
    "Time the number of calls named: `vision-readiness benchmark --calls N`.",
    Owner.DEPLOYMENT,
)
NOT_ON_TARGET = Reason(
    "TARGET503",
    "not-measured-on-target",
    Severity.P0,
    "measurements",
    "The budget was not measured on the device it is for; an estimate or another machine proves nothing.",
    "Run `vision-readiness benchmark --device NAME -o latency.json` there, then check with `--latency latency.json`.",
    Owner.DEPLOYMENT,
)
NO_MODEL = Reason(
    "MODEL411",
    "no-model",
    Severity.P0,
    "artefacts",
    "There is neither a model nor predictions, so nothing is known about how it would do.",
    "Give `--model model.onnx`, or `--predictions results.json`.",
    Owner.TRAINING,
)
NOT_REMEASURED = Reason(
    "MODEL412",
    "not-re-measured",
    Severity.P0,
    "artefacts",
    "The only figures of the model are those that somebody else reports; no answer of it was seen here.",
    "Measure it: `--hosted`, `--model model.onnx`, or `--predictions results.json`.",
    Owner.TRAINING,
)
NO_IMAGES = Reason(
    "DATA109",
    "situation-without-images",
    Severity.P0,
    "images",
    "No leak-free test image is known to show a situation that the spec declares.",
    "Capture and label images of it, or say which images show it (tags `condition:level`, or `file_name_pattern`).",
    Owner.DATA,
)
REGRESSED = Reason(
    "MODEL420",
    "worse-than-before",
    Severity.P0,
    "rate",
    "A class got worse against the model that it must not be worse than, by more than the margin.",
    "Look at the images that only the earlier model gets right; put more like them into training, or keep that model.",
    Owner.TRAINING,
)
NO_PARENT = Reason(
    "MODEL421",
    "nothing-to-compare-with",
    Severity.P0,
    "artefacts",
    "The spec asks to be no worse than an earlier model, and that model was not given.",
    "Check again with `--parent` and the earlier model.",
    Owner.TRAINING,
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
