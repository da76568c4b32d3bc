"""MODEL4xx: the artefact and how it behaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from vision_readiness.evaluate.constrained import ConstrainedThreshold
from vision_readiness.evaluate.constraint import KeptRate, ThresholdChoice
from vision_readiness.evaluate.matches import MAX_ANSWERS
from vision_readiness.evaluate.paired import RateChange
from vision_readiness.evaluate.rates import RateBounds
from vision_readiness.evaluate.weak_slices import WeakSlice
from vision_readiness.evidence.parentage import ParentComparison, ParentDelta
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.policy import Policy
from vision_readiness.project import ModelCard, Task, VersionId
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import needs
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall
from vision_readiness.requirement import Metric
from vision_readiness.words.numbers import count, percent, percent_range, points, points_range

NEEDS = (needs.MODEL, needs.TEST_IMAGES)
check = Family(Stage.MODEL, NEEDS).check


@dataclass(frozen=True, slots=True)
class ModelCase:
    """What the checks of a model look at. ``given`` counts the answers at the operating point on the test images.

    ``slices`` are the weak ones that were found, ``floors`` the recall and precision asked of classes over all images,
    ``declared`` the conditions that the specification names,
    ``kept`` what came of its constraints on thresholds.
    """

    card: ModelCard
    version: VersionId
    classes: tuple[str, ...]
    critical: frozenset[str]
    images: int
    answers: int
    given: int
    capped: int
    failed: Mapping[str, str] = field(default_factory=dict)
    better_order: tuple[str, ...] | None = None
    parent: ParentComparison | None = None
    slices: tuple[WeakSlice, ...] = ()
    floors: Mapping[tuple[str, Metric], float] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    fits: tuple[SplitFit, ...] = ()
    kept: tuple[KeptRate, ...] = ()


def _sound() -> ModelCase:
    version = VersionId("acme", "dock", 3)
    card = ModelCard("model.onnx", "0" * 64, Task.DETECTION, ("helmet", "person"), trained_on=version)
    return ModelCase(card, version, card.classes, frozenset(card.classes), 200, 5000, 400, 0)


def _fit(test: float, lower: float, upper: float) -> SplitFit:
    return SplitFit("helmet", "recall", 0.99, 0.95, test, 300, 100, 100, 0.99 - test, lower, upper, 0.1)


def _quantised() -> ModelCase:
    delta = ParentDelta("helmet", -0.2, -0.1, -0.19, -0.24, -0.14, lost=True)
    return replace(_sound(), parent=ParentComparison("parent.onnx", (delta,)))


def _weak_at_night() -> ModelCase:
    inside, outside = RateBounds(0.6, 0.53, 0.67, 90, 150, 80, 120.0), RateBounds(0.9, 0.88, 0.92, 450, 500, 300, 450.0)
    night = (("lighting", "night"),)
    weak = WeakSlice("person", Metric.RECALL, night, inside, outside, -0.3, -0.38, -0.22, 1e-6, ("test/a.jpg",))
    return replace(_sound(), slices=(weak,), floors={("person", Metric.RECALL): 0.8})


def _kept(threshold: float | None, *, refuted: bool = False) -> ModelCase:
    """A case with one constraint, which a threshold keeps at the cost of recall, or none does."""
    because = "No threshold is proven to give a precision of 0.95: there are too few answers to test one."
    seen = RateBounds(0.97, 0.955, 0.98, 388, 400, 180, 380.0)
    lost, gained = (
        RateChange(0.7, 0.8, -0.1, 0.02, -0.13, -0.07, 180),
        RateChange(0.97, 0.9, 0.07, 0.02, 0.04, 0.1, 180),
    )
    result = ConstrainedThreshold(threshold, None if threshold is None else seen, None, because, 1, refuted)
    choice = ThresholdChoice("person", (), Metric.PRECISION, 0.95, result)
    return replace(_sound(), kept=(KeptRate(choice, seen, None if threshold is None else (lost, gained)),))


@check(
    "MODEL405",
    "no-answers",
    severity=Severity.P0,
    unit="answers",
    meaning="The model answers nothing on any test image, which is a broken export rather than a weak model.",
    fix="Run the artefact on one picture you know, and compare its preprocessing and output with training.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    headline="The model finds nothing at all",
    waivable=False,
    trips=lambda: replace(_sound(), answers=0, given=0),
    clean=_sound,
)
def no_answers(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.images and not case.answers:
        yield Shortfall(case.card.name, f"The model found nothing in {count(case.images, 'image')} at any score.", 0, 1)


@check(
    "MODEL406",
    "lost-against-parent",
    severity=Severity.P1,
    unit="AP50",
    meaning="The artefact is clearly worse in a class than the one it was made from.",
    fix="Export or quantise again (per channel, scores apart from boxes, more calibration images), or ship the parent.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(*NEEDS, needs.PARENT),
    headline="The artefact lost {subject} against its parent",
    trips=_quantised,
    clean=_sound,
)
def lost_against_parent(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.parent is None:
        return
    for delta in case.parent.classes:
        if delta.lost and delta.ap50 is not None:
            critical = delta.label in case.critical
            sentence = f"`{delta.label}` lost {-100 * delta.ap50:.0f} points of AP50 against {case.parent.parent}."
            severity = Severity.P0 if critical and -delta.ap50 > policy.max_parent_loss_critical else Severity.P1
            yield Shortfall(delta.label, sentence, delta.ap50, -policy.max_parent_loss, case.images, (), severity)


@check(
    "MODEL407",
    "class-order-suspect",
    severity=Severity.P0,
    unit="classes",
    meaning="The answers fit the labels far better if the model's classes are read in another order.",
    fix="Give the order the model was trained with: `--classes a,b,c`, a sidecar file, or names in its metadata.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    headline="The classes seem to be in the wrong order",
    waivable=False,
    trips=lambda: replace(_sound(), better_order=("person", "helmet")),
    clean=_sound,
)
def class_order_suspect(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.better_order:
        order = ", ".join(case.better_order)
        assumed = ", ".join(case.card.classes)
        yield Shortfall(case.card.name, f"The answers fit the labels better in the order {order} than in {assumed}.")


@check(
    "MODEL408",
    "training-version-unknown",
    severity=Severity.P1,
    unit="versions",
    meaning="Nobody knows which version the model was trained on, so its test images may have been trained on.",
    fix="Say it: `--trained-on workspace/project/3`, or `trained_on` in the artefact's metadata or sidecar.",
    owner=Owner.TRAINING,
    action=Action.REVIEW_WARNINGS,
    needs=(needs.MODEL,),
    trips=lambda: replace(_sound(), card=replace(_sound().card, trained_on=None)),
    clean=_sound,
)
def training_version_unknown(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.card.trained_on is None:
        yield Shortfall(case.card.name, f"It is not known which version {case.card.name} was trained on.")


@check(
    "MODEL409",
    "model-older-than-version",
    severity=Severity.P1,
    unit="versions",
    meaning="The model was trained on an earlier version than the one it is judged on.",
    fix="Retrain on this version, or judge the version it was trained on.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(needs.MODEL,),
    trips=lambda: replace(_sound(), card=replace(_sound().card, trained_on=VersionId("acme", "dock", 2))),
    clean=_sound,
)
def model_older_than_version(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    trained = case.card.trained_on
    if trained is not None and trained != case.version:
        sentence = f"{case.card.name} was trained on {trained} and is judged on {case.version}."
        yield Shortfall(case.card.name, sentence, trained.number, case.version.number)


@check(
    "MODEL410",
    "answers-capped",
    severity=Severity.P2,
    unit="answers",
    meaning=f"Some image has more than {MAX_ANSWERS} answers of one class; the lowest scored ones were not counted.",
    fix="Raise the model's own score or overlap limit if such crowds are real.",
    owner=Owner.TRAINING,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(_sound(), capped=25),
    clean=_sound,
)
def answers_capped(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.capped:
        sentence = f"{case.capped} answers beyond {MAX_ANSWERS} of a class in an image were not counted."
        yield Shortfall(case.card.name, sentence, case.capped, 0, case.answers)


@check(
    "INPUT903",
    "images-not-answered",
    severity=Severity.P1,
    unit="images",
    meaning="Some images got no answer, so what the model does on them is not known.",
    fix="Look at the first error named, mend the artefact or the images, and run again.",
    owner=Owner.TRAINING,
    action=Action.ESCALATE,
    stage=Stage.DATASET,
    headline="Some test images got no answer",
    waivable=False,
    trips=lambda: replace(_sound(), failed={"test/a.jpg": "out of memory"}),
    clean=_sound,
)
def images_not_answered(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    if case.failed:
        image, because = next(iter(case.failed.items()))
        many = len(case.failed) > policy.max_unanswered_share * (case.images + len(case.failed))
        sentence = f"The model failed on {count(len(case.failed), 'image')}; first on {image}: {because}."
        severity = Severity.P0 if many else Severity.P1
        examples = tuple(case.failed)[:12]
        yield Shortfall(case.card.name, sentence, len(case.failed), 0, case.images, examples, severity)


@check(
    "MODEL413",
    "weak-slice",
    severity=Severity.P2,
    unit="rate",
    meaning="A class does worse in a situation than elsewhere; it warns below a floor under conditions of the spec.",
    fix="Label more training images of the situations named and retrain; where one matters, require the class there.",
    owner=Owner.TRAINING,
    action=Action.LABEL_MORE,
    trips=_weak_at_night,
    clean=_sound,
)
def weak_slice(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for weak in case.slices:
        floor = case.floors.get((weak.label, weak.metric))
        below = floor is not None and weak.inside.upper < floor
        expected = case.declared.issuperset(name for name, _ in weak.where)
        severity = Severity.P1 if below and expected and weak.label in case.critical else Severity.P2
        what = f"`{weak.label}` is found" if weak.metric is Metric.RECALL else f"`{weak.label}` answers are right"
        under = f"; {percent(floor)} is asked of it" if floor is not None and below else ""
        sentence = f"{what} less often in {weak.situation}: {_counted(weak.inside)}, elsewhere {_counted(weak.outside)}"
        subject = f"{weak.metric} of {weak.label}, {weak.situation}"
        yield Shortfall(
            subject, f"{sentence}{under}.", weak.inside.rate, floor, weak.inside.trials, weak.images, severity
        )


@check(
    "MODEL414",
    "threshold-not-proven",
    severity=Severity.P0,
    unit="rate",
    meaning="No score is proven to keep the recall or precision that the spec asks of a threshold.",
    fix="Label more valid images of the class, or ask for less under `threshold`.",
    owner=Owner.LABELLING,
    action=Action.COLLECT_DATA,
    headline="No threshold is proven to keep what is asked of {subject}",
    trips=lambda: _kept(None),
    clean=_sound,
    lacks_proof=True,
)
def threshold_not_proven(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        result = kept.choice.result
        if result.threshold is None and not result.refuted:
            yield _of_choice(case, kept.choice, result.because)


@check(
    "MODEL416",
    "threshold-not-kept",
    severity=Severity.P0,
    unit="rate",
    meaning="No score keeps the recall or precision that the spec asks of a threshold, or the one chosen surely fails.",
    fix="Improve the model, or ask for less under `threshold`.",
    owner=Owner.TRAINING,
    action=Action.ADJUST_THRESHOLD,
    headline="No threshold keeps what is asked of {subject}",
    trips=lambda: _kept(None, refuted=True),
    clean=_sound,
)
def threshold_not_kept(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        choice, seen = kept.choice, kept.on_test
        if choice.result.refuted:
            yield _of_choice(case, choice, choice.result.because)
        elif choice.result.threshold is not None and seen.groups >= policy.min_groups and seen.upper < choice.at_least:
            said = f"the {choice.metric} that the threshold kept on valid is not kept on test: {_counted(seen)}; "
            yield _of_choice(case, choice, f"{said}asked is {percent(choice.at_least)}.", seen)


def _of_choice(case: ModelCase, choice: ThresholdChoice, sentence: str, seen: RateBounds | None = None) -> Shortfall:
    """What a constraint comes to: it blocks for a critical class, and warns for a level that has the class's score."""
    name = f"`{choice.label}`" + "".join(f", {condition} {level}" for condition, level in choice.where)
    severity = Severity.P0 if choice.label in case.critical and not choice.where else Severity.P1
    measured, of = (None, None) if seen is None else (seen.rate, seen.trials)
    return Shortfall(name.replace("`", ""), f"{name}: {sentence}", measured, choice.at_least, of, severity=severity)


@check(
    "MODEL415",
    "bought-with-the-other-rate",
    severity=Severity.P1,
    unit="rate",
    meaning="A threshold keeps the recall or precision that is asked of it at the cost of the other.",
    fix="Look at what is lost in the report's thresholds; ask for less, or improve the model so that it costs less.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: _kept(0.7),
    clean=_sound,
)
def bought_with_the_other_rate(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        if kept.changes is not None and kept.paid_with is not None:
            lost, gained = kept.changes if kept.paid_with == "recall" else kept.changes[::-1]
            won = "precision" if kept.paid_with == "recall" else "recall"
            sentence = f"`{kept.choice.label}`: {won} is bought with {kept.paid_with}, {won} {_moved(gained)} and "
            sentence += f"{kept.paid_with} {_moved(lost)} against the threshold without the constraint."
            yield Shortfall(kept.choice.label, sentence, lost.change, 0.0)


def _moved(change: RateChange) -> str:
    return f"{points(change.change or 0.0)} ({points_range(change.lower or 0.0, change.upper or 0.0)})"


def _counted(bounds: RateBounds) -> str:
    return f"{bounds.hits:,} of {bounds.trials:,} ({percent_range(bounds.lower, bounds.upper)})"


@check(
    "MODEL430",
    "over-fitted",
    severity=Severity.P1,
    unit="rate",
    meaning="The model does far better on images it was trained on than on others: part of what it knows is by heart.",
    fix="Train on more varied images or with more augmentation, for fewer epochs, or take a smaller model.",
    owner=Owner.TRAINING,
    action=Action.RETRAIN,
    needs=(*NEEDS, needs.TRAIN_ANSWERS),
    trips=lambda: replace(_sound(), fits=(_fit(0.8, 0.13, 0.25),)),
    clean=lambda: replace(_sound(), fits=(_fit(0.94, -0.01, 0.11),)),
)
def over_fitted(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for fit in case.fits:
        wide = fit.lower is not None and fit.lower > policy.max_train_gap
        if wide and fit.train is not None and fit.test is not None:
            known, new = percent(fit.train), percent(fit.test)
            sentence = (
                f"{fit.metric.capitalize()} of `{fit.label}` is {known} on training images and {new} on test images."
            )
            yield Shortfall(fit.label, sentence, fit.gap, policy.max_train_gap, fit.train_n)


CHECKS = (
    no_answers,
    lost_against_parent,
    class_order_suspect,
    training_version_unknown,
    model_older_than_version,
    answers_capped,
    weak_slice,
    threshold_not_proven,
    threshold_not_kept,
    bought_with_the_other_rate,
    images_not_answered,
    over_fitted,
)
