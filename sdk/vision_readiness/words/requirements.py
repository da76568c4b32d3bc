"""What the result of a requirement says, in one or two sentences made of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_readiness.numbers import (
    count,
    milliseconds,
    more,
    percent,
    percent_range,
    points,
    points_range,
    range_words,
    value_words,
)
from vision_readiness.requirement import QUANTILES, Cause, Metric, Outcome, Requirement, RequirementResult
from vision_readiness.words.findings import SENTENCE

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence


def result_sentence(result: RequirementResult, evidence: Evidence) -> str:
    """Why ``result`` came out as it did; of what somebody else reports, ``evidence`` holds the figures."""
    if result.cause is Cause.MEASURED:
        return next(say for kinds, say in _MEASURED if result.requirement.metric in kinds)(result)
    if result.cause is Cause.NO_MODEL:
        return evidence.no_model_because or "There is no model and there are no predictions."
    if result.cause is Cause.ONLY_REPORTED:
        return f"{_reported(result.requirement, evidence)} {_limit(result.requirement)}"
    cameras = result.numbers.get("cameras")
    values = {
        "label": f"`{result.requirement.label}`",
        "what": _rate_of(result.requirement),
        "against": result.requirement.against,
        "unit": result.unit,
        "each": "The only camera" if cameras == 1 else f"Each of the {cameras} cameras",
        **result.numbers,
    }
    said = SENTENCE.vformat(_UNPROVEN[result.cause], (), values)
    return f"{said} {_limit(result.requirement)}" if result.requirement.metric.is_budget else said


_UNPROVEN = {
    Cause.CLASS_UNKNOWN: "The model was not trained on {label}, so it can never find it.",
    Cause.NOT_LABELLED: "Nothing is labelled {label}, so nothing is known of it.",
    Cause.NOT_IN_TEST: "Nothing is labelled {label} in test.",
    Cause.NO_IMAGE_OF_IT: "No test image is known to show {condition} {level}.",
    Cause.MARK_OF_ANSWERS: ("Which object a false alarm would be is not known: ask for the recall of marked objects."),
    Cause.NOT_MARKED: "No object is marked as {level}.",
    Cause.NO_CAMERA_KNOWN: "It is not known which camera took any of the test images, so none is known to be new.",
    Cause.NO_TRAINING_IMAGE: "There is no training image here, so no camera of the test images is surely new.",
    Cause.TRAINING_CAMERA_UNKNOWN: (
        "It is not known which camera took {unknown:,} of {train:count training image}, "
        "so no camera of the test images is surely new."
    ),
    Cause.NO_NEW_CAMERA: (
        "{each} of the test images took training images too, so nothing shows how it does on a new one."
    ),
    Cause.AVERAGE_IN_SITUATION: (
        "Average precision is judged per class over all images: ask for recall and precision in a situation."
    ),
    Cause.NO_PARENT: "The {against} model was not given, so nothing can be compared with it.",
    Cause.NOT_COMPARABLE: (
        "{what} cannot be compared with `{model}`: too few {unit} on the leak-free test images of both."
    ),
    Cause.NOT_TIMED: "Nothing was timed on {target}.",
    Cause.ESTIMATED: "The latency on {target} is an estimate (±{error:percent}), which proves nothing.",
    Cause.OTHER_DEVICE: "It was timed on {device}, not on {target}.",
    Cause.OTHER_ARTEFACT: "It was timed with another artefact ({timed}, judged is {judged}).",
    Cause.NO_PRICE: "Nobody said what an hour of {device} costs (`deployment_target.price_per_hour`).",
    Cause.MEMORY_UNREAD: "The memory could not be read.",
}
"""What is said where there is no evidence that counts, by why there is none."""


def situation(requirement: Requirement) -> str | None:
    """The situation of a requirement in words, ``None`` where it is about all images."""
    return ", ".join(f"{name} {level}" for name, level in requirement.where) or None


def _place(requirement: Requirement) -> str:
    place = situation(requirement)
    return f", {place}" if place else ""


def _limit(requirement: Requirement) -> str:
    limit = value_words(requirement.metric, requirement.limit)
    if requirement.metric.is_budget:
        return f"The limit is {limit}."
    return f"Allowed is at most {limit}." if requirement.at_most else f"It needs {limit}."


def _reported(requirement: Requirement, evidence: Evidence) -> str:
    reported = evidence.reported
    return reported.sentence(requirement.metric, requirement.label, requirement.where) if reported else ""


def _rate(result: RequirementResult) -> str:
    requirement = result.requirement
    label, limit, place = f"`{requirement.label}`", requirement.limit, _place(requirement)
    recall = requirement.metric is Metric.RECALL
    needs = f"{'allows at most' if requirement.at_most else 'needs'} {percent(limit)}"
    if not result.trials or result.lower is None or result.upper is None:
        seen = f"There is no {'labelled object' if recall else 'answer'} of {label}{place} in the leak-free test images"
        seen = f"{seen}; it {needs}."
    else:
        interval = percent_range(result.lower, result.upper, limit)
        of = f"{result.hits:,} of {result.trials:,} {label}"
        seen = f"Found {of}{place}" if recall else f"Right in {of} answers{place}"
        seen = f"{seen} ({interval}); {needs}."
    cameras = result.numbers.get("cameras")
    if isinstance(cameras, int):
        seen = f"On {count(cameras, 'new camera')}: {seen}"
    return f"{seen}{_what_tells(result)}" if result.trials else seen


def _what_tells(result: RequirementResult) -> str:
    """What a rate that is not proven still lacks; nothing of one that is decided."""
    if result.outcome is not Outcome.INCONCLUSIVE:
        return ""
    needed, cameras = result.numbers.get("groups_needed"), result.numbers.get("cameras")
    if isinstance(needed, int) and cameras is None:
        shows = "shows" if result.groups == 1 else "show"
        shows = shows if result.unit == "objects" else "has an answer of" if result.groups == 1 else "have answers of"
        few = count(result.groups, "source image")
        place = situation(result.requirement)
        return (
            f" Only {few} {shows} `{result.requirement.label}`{f', {place}' if place else ''}; {needed:,} are needed."
        )
    if result.more is None:
        return " At this rate no number of images within reach would prove it."
    others = ", from other new cameras," if cameras is not None else ""
    return f" About {_more(result)}{others} {_are(result)} needed."


def _more(result: RequirementResult) -> str:
    return more(result.more or 0, result.unit)


def _are(result: RequirementResult) -> str:
    return "is" if result.more == 1 else "are"


def _average(result: RequirementResult) -> str:
    requirement = result.requirement
    seen = f"{requirement.metric.upper()} of `{requirement.label}` is {result.measured:.3f}"
    need = f"{seen} ({result.lower:.3f}–{result.upper:.3f}); needs {requirement.limit:g}."
    least = result.numbers.get("images_needed")
    if not isinstance(least, int):
        return need
    return f"{need} It decides from {least:,} test images on: {_more(result)} {_are(result)} needed."


def _false_alarms(result: RequirementResult) -> str:
    requirement = result.requirement
    seen = f"{count(result.hits or 0, 'false alarm')} on {count(result.trials, 'empty image')}{_place(requirement)}"
    allowed = f"allowed are {value_words(requirement.metric, requirement.limit)} per 1,000"
    rate = ""
    if result.lower is not None and result.upper is not None:
        rate = f" ({range_words(requirement.metric, result.lower, result.upper)} per 1,000)"
    tell = f" About {_more(result)} {_are(result)} needed." if result.more else ""
    return f"{seen}{rate}; {allowed}.{tell}"


def _rate_of(requirement: Requirement) -> str:
    recall = requirement.metric in (Metric.RECALL, Metric.RECALL_CHANGE)
    return f"{'Recall' if recall else 'Precision'} of `{requirement.label}`{_place(requirement)}"


def _change(result: RequirementResult) -> str:
    spread = points_range(result.lower or 0.0, result.upper or 0.0)
    seen = f"{_rate_of(result.requirement)} changed by {points(result.measured or 0.0)} ({spread})"
    may = f"it may fall by less than {points(-result.requirement.limit).lstrip('+')}."
    tell = ""
    if result.outcome is Outcome.INCONCLUSIVE:
        needed = f" About {_more(result)} {_are(result)} needed."
        tell = needed if result.more else " No number of images would prove this change."
    return f"{seen} against `{result.numbers['model']}`; {may}{tell}"


def _budget(result: RequirementResult) -> str:
    requirement, device = result.requirement, result.numbers["device"]
    value, limit = result.measured or 0.0, value_words(requirement.metric, requirement.limit)
    if requirement.metric in QUANTILES:
        at_most = f" (at most {milliseconds(result.upper, requirement.limit)})" if result.upper is not None else ""
        share, shown = percent(QUANTILES[requirement.metric]), milliseconds(value, requirement.limit)
        seen = f"{share} of frames within {shown}{at_most} on {device}; the limit is {limit}."
    elif requirement.metric is Metric.FRAMES_PER_SECOND:
        seen = f"{value:.1f} frames a second on {device}, one at a time; needs {requirement.limit:g}."
    elif requirement.metric is Metric.COST:
        shown = value_words(requirement.metric, value)
        seen = f"1,000 images cost {shown} on {device}, one at a time; the limit is {limit}."
    else:
        shown = value_words(requirement.metric, value)
        seen = f"The process took {shown} at most on {device}; the limit is {limit}."
    return f"{seen} About {_more(result)} {_are(result)} needed." if result.more else seen


_MEASURED: tuple[tuple[frozenset[Metric], Callable[[RequirementResult], str]], ...] = (
    (frozenset({Metric.RECALL, Metric.PRECISION}), _rate),
    (frozenset({Metric.AP, Metric.AP50}), _average),
    (frozenset({Metric.FALSE_ALARMS}), _false_alarms),
    (frozenset({Metric.RECALL_CHANGE, Metric.PRECISION_CHANGE}), _change),
    (frozenset(Metric), _budget),
)
"""How what was measured is said, by its metric; the first that fits."""
