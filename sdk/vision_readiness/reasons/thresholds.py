"""MODEL414 to MODEL416: thresholds that have to keep a recall or a precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vision_readiness.evaluate.constrained import Cause
from vision_readiness.evaluate.constraint import ThresholdChoice
from vision_readiness.evaluate.paired import RateChange
from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import needs
from vision_readiness.reasons.model_case import ModelCase, constrained, sound
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall, Value

check = Family(Stage.MODEL, (needs.MODEL, needs.TEST_IMAGES)).check

KEPT = "{metric} is at least {lower:.3f} from a score of {threshold:.3f} on; asked is {limit:g}."
REFUSALS = {
    Cause.NO_LEVEL: "No image is known to show a level of {condition}.",
    Cause.NO_ANSWERS: (
        "No threshold is proven to give a {metric} of {limit:g}: there are too few answers to test one."
    ),
    Cause.FEW_IMAGES: (
        "No threshold is proven to give a {metric} of {limit:g}: "
        "only {images} images speak of it, and {needed} are needed."
    ),
    Cause.NOT_PROVEN: (
        "No threshold is proven to give a {metric} of {limit:g}: "
        "at the first one tried {hits:,} of {trials:,} hold (at least {lower:.3f})."
    ),
    Cause.REFUTED: (
        "No threshold gives a {metric} of {limit:g}: "
        "at the first one tried {hits:,} of {trials:,} hold (at most {upper:.3f})."
    ),
}
"""Why no threshold was chosen."""
OF_CLASS = {cause: f"`{{label}}`{{place}}: {why}" for cause, why in REFUSALS.items()}


@check(
    "MODEL414",
    "threshold-not-proven",
    severity=Severity.P0,
    unit="rate",
    meaning="No score is proven to keep the recall or precision that the spec asks of a threshold.",
    fix="Label more valid images of the class, or ask for less under `threshold`.",
    sentence={str(cause): said for cause, said in OF_CLASS.items() if cause is not Cause.REFUTED},
    owner=Owner.LABELLING,
    action=Action.COLLECT_DATA,
    headline="No threshold is proven to keep what is asked of {subject}",
    trips=lambda: constrained(None),
    clean=sound,
    lacks_proof=True,
)
def threshold_not_proven(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        result = kept.choice.result
        if result.threshold is None and not result.refuted:
            yield _of_choice(case, kept.choice)


@check(
    "MODEL416",
    "threshold-not-kept",
    severity=Severity.P0,
    unit="rate",
    meaning="No score keeps the recall or precision that the spec asks of a threshold, or the one chosen surely fails.",
    fix="Improve the model, or ask for less under `threshold`.",
    sentence={
        Cause.REFUTED: OF_CLASS[Cause.REFUTED],
        "on test": "`{label}`{place}: the {metric} that the threshold kept on valid is not kept on test: {seen:hits}; "
        "asked is {limit:percent}.",
    },
    owner=Owner.TRAINING,
    action=Action.ADJUST_THRESHOLD,
    headline="No threshold keeps what is asked of {subject}",
    trips=lambda: constrained(None, refuted=True),
    clean=sound,
)
def threshold_not_kept(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        choice, seen = kept.choice, kept.on_test
        if choice.result.refuted:
            yield _of_choice(case, choice)
        elif choice.result.threshold is not None and seen.groups >= policy.min_groups and seen.upper < choice.at_least:
            failed = _of_choice(case, choice)
            said = {**failed.numbers, "seen": (seen.hits, seen.trials, seen.lower, seen.upper)}
            yield replace(failed, measured=seen.rate, of=seen.trials, numbers=said, form="on test")


def _of_choice(case: ModelCase, choice: ThresholdChoice) -> Shortfall:
    """What a constraint comes to: it blocks for a critical class, and warns for a level that has the class's score."""
    place = "".join(f", {condition} {level}" for condition, level in choice.where)
    kept = {"metric": str(choice.metric)} if choice.result.cause is Cause.KEPT else numbers_of(choice)
    return Shortfall(
        subject=f"{choice.label}{place}",
        limit=choice.at_least,
        severity=Severity.P0 if choice.label in case.critical and not choice.where else Severity.P1,
        numbers={"label": choice.label, "place": place, **kept},
        form=str(choice.result.cause),
    )


def numbers_of(choice: ThresholdChoice) -> dict[str, Value]:
    """What the sentence about a choice of a threshold names, besides what was asked."""
    result, metric = choice.result, str(choice.metric)
    first = result.first
    if result.cause is Cause.NO_LEVEL:
        return {"condition": choice.where[0][0]}
    if result.cause is Cause.KEPT and result.constrained is not None and result.threshold is not None:
        return {"metric": metric, "lower": result.constrained.lower, "threshold": result.threshold}
    if first is None or result.cause is Cause.NO_ANSWERS:
        return {"metric": metric}
    if result.cause is Cause.FEW_IMAGES:
        return {"metric": metric, "images": first.groups, "needed": result.min_groups}
    bound: dict[str, Value] = {"upper": first.upper} if result.refuted else {"lower": first.lower}
    return {"metric": metric, "hits": first.hits, "trials": first.trials, **bound}


@check(
    "MODEL415",
    "bought-with-the-other-rate",
    severity=Severity.P1,
    unit="rate",
    meaning="A threshold keeps the recall or precision that is asked of it at the cost of the other.",
    fix="Look at what is lost in the report's thresholds; ask for less, or improve the model so that it costs less.",
    sentence=(
        "`{subject}`: {won} is bought with {paid}, {won} {gained:change} and {paid} {lost:change} "
        "against the threshold without the constraint."
    ),
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: constrained(0.7),
    clean=sound,
)
def bought_with_the_other_rate(case: ModelCase, policy: Policy) -> Iterator[Shortfall]:
    for kept in case.kept:
        if kept.changes is not None and kept.paid_with is not None:
            lost, gained = kept.changes if kept.paid_with == "recall" else kept.changes[::-1]
            won = "precision" if kept.paid_with == "recall" else "recall"
            yield Shortfall(
                subject=kept.choice.label,
                measured=lost.change,
                limit=0.0,
                numbers={"won": won, "paid": kept.paid_with, "gained": _moved(gained), "lost": _moved(lost)},
            )


def _moved(change: RateChange) -> tuple[float, ...]:
    return change.change or 0.0, change.lower or 0.0, change.upper or 0.0


CHECKS = (threshold_not_proven, threshold_not_kept, bought_with_the_other_rate)
