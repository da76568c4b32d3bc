"""MODEL4xx: the artefact and how it behaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from vision_readiness.evaluate.matches import MAX_ANSWERS
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.policy import Policy
from vision_readiness.predict.readings import Form, Misreading
from vision_readiness.project import VersionId
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import needs, thresholds
from vision_readiness.reasons.model_case import ModelCase, a_fit, quantised, sound, weak_at_night
from vision_readiness.reasons.outcomes import CLASS_UNKNOWN, NOT_PROVEN, REGRESSED, WEAK_CLASS, WEAK_OVERALL
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall

NEEDS = (needs.MODEL, needs.TEST_IMAGES)
check = Family(Stage.MODEL, NEEDS).check

OF_ANSWERS = (
    *(one.code for one in (WEAK_CLASS, NOT_PROVEN, WEAK_OVERALL, REGRESSED)),
    *("MODEL406", "MODEL413", "MODEL414", "MODEL415", "MODEL416", "MODEL430"),
)
"""What rests on the answers, and means nothing where they are broken or read wrongly."""


READINGS: Mapping[Form, tuple[str, str]] = {
    Form.SHARES: (
        "answers' boxes are shares of the image where pixels are expected",
        "Choose a head with shares (`--head corners-shares`), or write pixels.",
    ),
    Form.CORNERS_AS_SIZES: (
        "answers' boxes end in a corner where a size is expected",
        "Write them as x, y, width, height.",
    ),
    Form.CENTRES_AS_CORNERS: (
        "answers' boxes begin with the centre where a corner is expected",
        "Write them as x, y of the upper left corner, width, height.",
    ),
    Form.CLASSES_FROM_ONE: (
        "answers count classes from 1 where 0 is expected",
        "Choose `--head boxes-scores-labels-from-1`, or write the classes' own numbers.",
    ),
    Form.CLASSES_FROM_MINUS_ONE: (
        "answers count classes one too low",
        "Write the classes' own numbers.",
    ),
    Form.TURNED_LEFT: ("answers are in the frame of pictures turned to the left", "Apply the EXIF orientation first."),
    Form.TURNED_RIGHT: (
        "answers are in the frame of pictures turned to the right",
        "Apply the EXIF orientation first.",
    ),
    Form.UPSIDE_DOWN: ("answers are in the frame of pictures upside down", "Apply the EXIF orientation first."),
    Form.LABELS_AS_CORNERS: (
        "labels' boxes end in a corner where a size is expected",
        "Export the labels again as x, y, width, height.",
    ),
    Form.LABELS_AS_CENTRES: (
        "labels' boxes begin with the centre where a corner is expected",
        "Export the labels again as x, y of the upper left corner, width, height.",
    ),
    Form.LABELS_AS_SHARES: (
        "labels' boxes are shares of the image where pixels are expected",
        "Export the labels again in pixels.",
    ),
    Form.LABELS_TURNED_LEFT: (
        "labels are in the frame of pictures turned to the left",
        "Export them again with the EXIF orientation applied.",
    ),
    Form.LABELS_TURNED_RIGHT: (
        "labels are in the frame of pictures turned to the right",
        "Export them again with the EXIF orientation applied.",
    ),
}
"""What each misreading is, and the way out of it."""


@check(
    "MODEL405",
    "no-answers",
    severity=Severity.P0,
    unit="answers",
    meaning="The model predicts nothing on any test image, which points to a broken export rather than a weak model.",
    fix="Run the artefact on one picture you know, and compare its preprocessing and output with training.",
    sentence="The model found nothing in {images:count image} at any score.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    explains=OF_ANSWERS,
    headline="The model finds nothing at all",
    waivable=False,
    trips=lambda: replace(sound(), answers=0),
    clean=sound,
)
def no_answers(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.images and not case.answers:
        yield Shortfall(subject=case.card.name, measured=0, limit=1, numbers={"images": case.images})


@check(
    "MODEL406",
    "lost-against-parent",
    severity=Severity.P1,
    unit="AP50",
    meaning="The artefact is clearly worse in a class than the one it was made from.",
    fix="Export or quantise again (per channel, scores apart from boxes, more calibration images), or ship the parent.",
    sentence="`{subject}` lost {points:.0f} points of AP50 against {parent}.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(*NEEDS, needs.PARENT),
    headline="The artefact lost {subject} against its parent",
    trips=quantised,
    clean=sound,
)
def lost_against_parent(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.parent is None:
        return
    for delta in case.parent.classes:
        if delta.lost and delta.ap50 is not None:
            critical = delta.label in case.critical
            yield Shortfall(
                subject=delta.label,
                measured=delta.ap50,
                limit=-policy.max_parent_loss,
                of=case.images,
                severity=Severity.P0 if critical and -delta.ap50 > policy.max_parent_loss_critical else Severity.P1,
                numbers={"points": -100 * delta.ap50, "parent": case.parent.parent},
            )


@check(
    "MODEL407",
    "class-order-suspect",
    severity=Severity.P0,
    unit="classes",
    meaning="The answers fit the labels far better if the model's classes are read in another order.",
    fix="Give the order the model was trained with: `--classes a,b,c`, a sidecar file, or names in its metadata.",
    sentence="The answers fit the labels better in the order {better:list} than in {assumed:list}.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    explains=OF_ANSWERS,
    headline="The classes seem to be in the wrong order",
    waivable=False,
    trips=lambda: replace(sound(), better_order=("person", "helmet")),
    clean=sound,
)
def class_order_suspect(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.better_order:
        yield Shortfall(subject=case.card.name, numbers={"better": case.better_order, "assumed": case.card.classes})


@check(
    "MODEL417",
    "wrong-reading",
    severity=Severity.P0,
    unit="objects",
    meaning="Answers meet almost no object as they were read, and most of them if they are read in another form.",
    fix="Name the form with the option in the finding, or export answers or labels again; nothing was changed here.",
    sentence={
        form: f"The {what}: {{measured:percent}} of {{of:count object}} are met as read, {{would:percent}} so. {how}"
        for form, (what, how) in READINGS.items()
    },
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    explains=OF_ANSWERS,
    headline="The answers or labels were read in another form than they have",
    waivable=False,
    trips=lambda: replace(sound(), reading=Misreading(form=Form.SHARES, met=0.0, would_meet=0.98, objects=120)),
    clean=sound,
)
def wrong_reading(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.reading is not None:
        yield Shortfall(
            subject=case.card.name,
            form=str(case.reading.form),
            measured=case.reading.met,
            limit=case.reading.would_meet,
            of=case.reading.objects,
            numbers={"would": case.reading.would_meet},
        )


@check(
    "MODEL418",
    "class-under-another-name",
    severity=Severity.P0,
    unit="classes",
    meaning="A labelled class gets no answer at all, and the model has a class that the data set lacks: one class under"
    " two names, as a rule.",
    fix="Name the class in the data set as the model does, or give the model's classes in the data set's names.",
    sentence="The model never answers `{subject}`, and has {strangers:list}, which the data set lacks.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    explains=(CLASS_UNKNOWN.code, *OF_ANSWERS),
    headline="The model has another name for {subject}",
    waivable=False,
    trips=lambda: replace(sound(), unanswered=("helmet",), strangers=("hard hat",)),
    clean=lambda: replace(sound(), unanswered=("helmet",)),
)
def class_under_another_name(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.unanswered and case.strangers:
        critical = case.critical.intersection(case.unanswered)
        yield Shortfall(
            subject=", ".join(case.unanswered[:5]),
            measured=len(case.unanswered),
            limit=0,
            of=len(case.classes),
            severity=Severity.P0 if critical else Severity.P1,
            numbers={"strangers": case.strangers[:5]},
        )


@check(
    "MODEL408",
    "training-version-unknown",
    severity=Severity.P1,
    unit="versions",
    meaning="The training version of the model is unknown, so it may have been trained on the test images.",
    fix="Say it: `--trained-on workspace/project/3`, or `trained_on` in the artefact's metadata or sidecar.",
    sentence="It is not known which version {subject} was trained on.",
    owner=Owner.TRAINING,
    action=Action.REVIEW_WARNINGS,
    needs=(needs.MODEL,),
    trips=lambda: replace(sound(), card=replace(sound().card, trained_on=None)),
    clean=sound,
)
def training_version_unknown(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.card.trained_on is None:
        yield Shortfall(subject=case.card.name)


@check(
    "MODEL409",
    "model-older-than-version",
    severity=Severity.P1,
    unit="versions",
    meaning="The model was trained on an earlier version than the one it is judged on.",
    fix="Retrain on this version, or judge the version it was trained on.",
    sentence="{subject} was trained on {trained_on} and is judged on {judged_on}.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(needs.MODEL,),
    trips=lambda: replace(sound(), card=replace(sound().card, trained_on=VersionId("acme", "dock", 2))),
    clean=sound,
)
def model_older_than_version(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    trained = case.card.trained_on
    if trained is not None and trained != case.version:
        yield Shortfall(
            subject=case.card.name,
            measured=trained.number,
            limit=case.version.number,
            numbers={"trained_on": str(trained), "judged_on": str(case.version)},
        )


@check(
    "MODEL410",
    "answers-capped",
    severity=Severity.P2,
    unit="answers",
    meaning=f"Some image has more than {MAX_ANSWERS} answers of one class; the lowest scored ones were not counted.",
    fix="Raise the model's own score or overlap limit if such crowds are real.",
    sentence=f"{{measured}} answers beyond {MAX_ANSWERS} of a class in an image were not counted.",
    owner=Owner.TRAINING,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), capped=25),
    clean=sound,
)
def answers_capped(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.capped:
        yield Shortfall(subject=case.card.name, measured=case.capped, limit=0, of=case.answers)


@check(
    "INPUT903",
    "images-not-answered",
    severity=Severity.P1,
    unit="images",
    meaning="Some images got no answer, so what the model does on them is not known.",
    fix="Look at the first error named, mend the artefact or the images, and run again.",
    sentence="The model failed on {measured:count image}; first on {examples:first}: {because}.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    stage=Stage.DATASET,
    headline="Some test images got no answer",
    waivable=False,
    trips=lambda: replace(sound(), failed={"test/a.jpg": "out of memory"}),
    clean=sound,
)
def images_not_answered(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.failed:
        many = len(case.failed) > policy.max_unanswered_share * (case.images + len(case.failed))
        yield Shortfall(
            subject=case.card.name,
            measured=len(case.failed),
            limit=0,
            of=case.images,
            examples=tuple(case.failed)[:12],
            severity=Severity.P0 if many else Severity.P1,
            numbers={"because": next(iter(case.failed.values()))},
        )


LESS_OFTEN = "less often in {situation}: {inside:hits}, elsewhere {outside:hits}"


@check(
    "MODEL413",
    "weak-slice",
    severity=Severity.P2,
    unit="rate",
    meaning="A class does worse in a situation than elsewhere; it warns below a floor under conditions of the spec.",
    fix="Label more training images of the situations named and retrain; where one matters, require the class there.",
    sentence={
        "recall": f"`{{label}}` is found {LESS_OFTEN}.",
        "recall, asked": f"`{{label}}` is found {LESS_OFTEN}; {{limit:percent}} is asked of it.",
        "precision": f"`{{label}}` answers are right {LESS_OFTEN}.",
        "precision, asked": f"`{{label}}` answers are right {LESS_OFTEN}; {{limit:percent}} is asked of it.",
    },
    owner=Owner.TRAINING,
    action=Action.LABEL_MORE,
    trips=weak_at_night,
    clean=sound,
)
def weak_slice(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for weak in case.slices:
        floor = case.floors.get((weak.label, weak.metric))
        below = floor is not None and weak.inside.upper < floor
        expected = case.declared.issuperset(name for name, _ in weak.where)
        yield Shortfall(
            subject=f"{weak.metric} of {weak.label}, {weak.situation}",
            measured=weak.inside.rate,
            limit=floor,
            of=weak.inside.trials,
            examples=weak.images,
            severity=Severity.P1 if below and expected and weak.label in case.critical else Severity.P2,
            numbers={
                "label": weak.label,
                "situation": weak.situation,
                "inside": _counted(weak.inside),
                "outside": _counted(weak.outside),
            },
            form=f"{weak.metric}, asked" if below else str(weak.metric),
        )


def _counted(bounds: RateBounds) -> tuple[float, ...]:
    return bounds.hits, bounds.trials, bounds.lower, bounds.upper


@check(
    "MODEL430",
    "over-fitted",
    severity=Severity.P1,
    unit="rate",
    meaning="The model does far better on its training images than on others: it has partly memorised them.",
    fix="Train on more varied images or with more augmentation, for fewer epochs, or take a smaller model.",
    sentence="{metric:capital} of `{subject}` is {train:percent} on training images and {test:percent} on test images.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(*NEEDS, needs.TRAIN_ANSWERS),
    trips=lambda: replace(sound(), fits=(a_fit(0.8, 0.13, 0.25),)),
    clean=lambda: replace(sound(), fits=(a_fit(0.94, -0.01, 0.11),)),
)
def over_fitted(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for fit in case.fits:
        wide = fit.lower is not None and fit.lower > policy.max_train_gap
        if wide and fit.train is not None and fit.test is not None:
            yield Shortfall(
                subject=fit.label,
                measured=fit.gap,
                limit=policy.max_train_gap,
                of=fit.train_n,
                numbers={"metric": fit.metric, "train": fit.train, "test": fit.test},
            )


CHECKS = (
    wrong_reading,
    class_under_another_name,
    no_answers,
    lost_against_parent,
    class_order_suspect,
    training_version_unknown,
    model_older_than_version,
    answers_capped,
    weak_slice,
    *thresholds.CHECKS,
    images_not_answered,
    over_fitted,
)
