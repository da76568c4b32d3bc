"""Situations in which nothing fails and something is not proven: the version is blocked for want of evidence."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from vision_readiness.decide.table.project import a_case, gathered, timed, without_model
from vision_readiness.decide.table.row import DUSK, NO_WORSE, POLICY, answering, asked, ruled, unproven
from vision_readiness.project.reported import ReportedFigures
from vision_readiness.readiness import Action
from vision_readiness.reasons import outcomes, split, thresholds
from vision_readiness.spec import Season, ThresholdRule

MISSING = (
    unproven(
        "A critical class may well be good enough, and too few test images show it",
        Action.COLLECT_DATA,
        partial(answering, missed={"forklift": 14}),
        outcomes.NOT_PROVEN,
    ),
    unproven(
        f"Fewer than {POLICY.min_groups} different test pictures hold a critical class, all of them right",
        Action.COLLECT_DATA,
        partial(answering, test=19),
        outcomes.NOT_PROVEN,
    ),
    unproven(
        "No test image holds a critical class",
        Action.COLLECT_DATA,
        partial(answering, spec=ruled("truck"), known=("person", "forklift", "pallet", "truck")),
        outcomes.NOT_PROVEN,
    ),
    unproven("There is no test image at all", Action.COLLECT_DATA, partial(answering, test=0), split.no_test_split),
    unproven(
        "No test image is known to show a declared condition",
        Action.COLLECT_DATA,
        partial(answering, spec=DUSK),
        outcomes.NO_IMAGES,
    ),
    unproven(
        "No test image is known to be taken in the months of a declared season",
        Action.COLLECT_DATA,
        partial(a_case, seasons={"winter": Season(months=("December",))}),
        outcomes.NO_IMAGES,
    ),
    unproven(
        "The spec asks about cameras that are not in train, and no test image is known to be from one",
        Action.COLLECT_DATA,
        partial(asked, {"metric": "recall", "class": "person", "at_least": 0.8, "where": {"camera": "unseen"}}),
        outcomes.NO_IMAGES,
    ),
    unproven(
        f"Average precision is required of a critical class, and test has fewer than {POLICY.min_images_for_ap} images",
        Action.COLLECT_DATA,
        partial(asked, {"metric": "ap50", "class": "person", "at_least": 0.5}),
        outcomes.NOT_PROVEN,
    ),
    unproven(
        "A threshold has to keep a rate of a critical class, and too few valid images prove that any does",
        Action.COLLECT_DATA,
        partial(answering, spec=ruled("forklift", threshold=ThresholdRule(precision_at_least=0.99))),
        thresholds.threshold_not_proven,
    ),
    unproven(
        "There is no model and there are no predictions",
        Action.TRAIN,
        lambda: a_case(evidence=without_model()),
        outcomes.NO_MODEL,
    ),
    unproven(
        "The only figures of the model are reported by a third party",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=without_model(reported=ReportedFigures("Roboflow", "model page", None, "test"))),
        outcomes.NOT_REMEASURED,
    ),
    unproven(
        "It has to be no worse than the previous model, which was not given",
        Action.ESCALATE,
        partial(asked, NO_WORSE),
        outcomes.NO_PARENT,
    ),
    unproven(
        "There is a budget, and nothing was timed",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=None)),
        outcomes.NOT_ON_TARGET,
    ),
    unproven(
        "The times are an estimate",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=timed(estimated_error=0.3))),
        outcomes.NOT_ON_TARGET,
    ),
    unproven(
        "It was timed on another device than the target",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=timed(device="laptop"))),
        outcomes.NOT_ON_TARGET,
    ),
    unproven(
        "It was timed with another artefact",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=timed(artefact="1" * 64))),
        outcomes.NOT_ON_TARGET,
    ),
    unproven(
        "Too few calls were timed to show a percentile",
        Action.MEASURE_ON_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=timed(calls=58))),
        outcomes.BUDGET_NOT_PROVEN,
    ),
)
