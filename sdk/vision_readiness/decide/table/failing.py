"""Situations in which something fails: the version is blocked, or has to be trained again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from vision_readiness.decide.table.project import Answers, a_case, a_waiver, gathered, in_other_words, timed
from vision_readiness.decide.table.row import (
    FORKLIFTS,
    LENIENT,
    NO_WORSE,
    OLDER,
    PLENTY,
    answering,
    asked,
    failing,
    in_the_dataset,
    of_model,
    retrainable,
    ruled,
    unproven,
)
from vision_readiness.predict.readings import Form, Misreading
from vision_readiness.readiness import Action
from vision_readiness.reasons import model, outcomes, split, thresholds
from vision_readiness.reasons.reason import CRASHED
from vision_readiness.spec import ThresholdRule

FAILURES = (
    failing(
        "A critical class is found too seldom, however good the average is",
        Action.LABEL_MORE,
        partial(answering, missed=FORKLIFTS),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "Other things are mistaken for a critical class too often",
        Action.LABEL_MORE,
        partial(answering, false_alarms={"person": 120}),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "A critical class does well overall, and too badly in one of the declared conditions",
        Action.LABEL_MORE,
        partial(answering, spec=LENIENT, missed={"forklift": 45}, missed_at="night"),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "It fails at the threshold that the spec fixes, and would pass at another",
        Action.ADJUST_THRESHOLD,
        partial(answering, spec=ruled("forklift", threshold=0.7), unsure=FORKLIFTS),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "The threshold kept a rate of a critical class on valid, and surely does not on test",
        Action.ADJUST_THRESHOLD,
        partial(
            answering,
            spec=ruled("forklift", min_recall=0.1, threshold=ThresholdRule(recall_at_least=0.9)),
            missed={"forklift": 100},
        ),
        thresholds.threshold_not_kept,
    ),
    failing(
        "The model was not trained on a critical class",
        Action.LABEL_MORE,
        partial(answering, known=("person", "pallet")),
        outcomes.CLASS_UNKNOWN,
    ),
    failing(
        "It raises more false alarms on empty images than are allowed",
        Action.ESCALATE,
        lambda: asked(
            {"metric": "false_alarms_per_1000_empty_images", "at_most": 5},
            gathered(Answers(false_alarms={"pallet": 40}), empty=60),
        ),
        outcomes.WEAK_OVERALL,
    ),
    failing(
        "A class got worse against the previous model by more than its margin",
        Action.LABEL_MORE,
        lambda: asked(
            NO_WORSE | {"metric": "precision"},
            gathered(Answers(false_alarms={"person": 50}), parent=Answers()),
            **ruled("person", min_precision=0.5),
        ),
        outcomes.REGRESSED,
    ),
    failing(
        "It is too slow for the device it is for",
        Action.CHANGE_TARGET,
        lambda: a_case(evidence=replace(gathered(), latency=timed(0.2))),
        outcomes.OVER_BUDGET,
    ),
    failing(
        "Test images are in train too, as copies of one source image",
        Action.FIX_DATASET,
        partial(answering, leaked=40),
        split.source_in_two_splits,
    ),
    failing(
        "The model finds nothing in any test image", Action.ESCALATE, partial(answering, known=()), model.no_answers
    ),
    failing(
        "The predictions fit the labels far better with the classes in another order",
        Action.ESCALATE,
        lambda: of_model(better_order=("forklift", "person", "pallet")),
        model.class_order_suspect,
    ),
    failing(
        "Almost no answer meets an object as it was read, and nearly all do if read in another form",
        Action.ESCALATE,
        lambda: of_model(reading=Misreading(form=Form.SHARES, met=0.0, would_meet=0.98, objects=120)),
        model.wrong_reading,
    ),
    failing(
        "A critical class gets no answer at all, and the model has a class of another name",
        Action.ESCALATE,
        lambda: a_case(evidence=in_other_words("person", "human")),
        model.class_under_another_name,
    ),
    failing(
        "The artefact clearly lost a critical class against the one it was made from",
        Action.RETRAIN,
        lambda: a_case(evidence=gathered(Answers(missed={"person": 40}), parent=Answers()), **LENIENT),
        model.lost_against_parent,
    ),
    failing(
        "More than one in a hundred test images got no answer",
        Action.ESCALATE,
        lambda: of_model(failed=dict.fromkeys((f"test/c{n}.jpg" for n in range(5)), "out of memory")),
        model.images_not_answered,
    ),
    failing(
        "A check that can block ended in an error of its own",
        Action.ESCALATE,
        lambda: in_the_dataset(leaks=(None,)),
        CRASHED,
    ),
    failing(
        "A failing class is accepted as a risk, and the waiver has expired",
        Action.LABEL_MORE,
        partial(answering, a_waiver(outcomes.WEAK_CLASS, "forklift", date(2026, 5, 31)), missed=FORKLIFTS),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "Someone accepts the risk of leaked test images, which cannot be waived",
        Action.FIX_DATASET,
        partial(answering, a_waiver(split.source_in_two_splits, "test and train"), leaked=40),
        split.source_in_two_splits,
    ),
)

RETRAINING = (
    retrainable(
        "A critical class fails, and the model is older than the version",
        Action.RETRAIN,
        partial(answering, missed=FORKLIFTS, trained_on=OLDER),
        outcomes.WEAK_CLASS,
        model.model_older_than_version,
    ),
    retrainable(
        f"A critical class fails, and {PLENTY} objects of it are in train already",
        Action.RETRAIN,
        partial(answering, missed=FORKLIFTS, train=PLENTY),
        outcomes.WEAK_CLASS,
    ),
    failing(
        "A retrain would mend the class that fails, and a budget fails too",
        Action.RETRAIN,
        lambda: a_case(evidence=replace(gathered(Answers(missed=FORKLIFTS), train=PLENTY), latency=timed(0.2))),
        outcomes.WEAK_CLASS,
        outcomes.OVER_BUDGET,
    ),
    unproven(
        "The model is older than the version, and a critical class is only not proven",
        Action.COLLECT_DATA,
        partial(answering, missed={"forklift": 14}, trained_on=OLDER),
        outcomes.NOT_PROVEN,
        model.model_older_than_version,
    ),
)
