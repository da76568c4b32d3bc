"""Settings to deploy with, each with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.benchmark.percentiles import percentile_bounds
from vision_readiness.decide.assess import NotAssessed
from vision_readiness.numbers import count, milliseconds, number

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Setting:
    """Something to set on the device, with what that rests on."""

    name: str
    value: str
    because: str


def recommended_settings(decision: Decision) -> tuple[Setting, ...]:
    """What to set on the device: a score for each class, how an image is prepared, how many frames it can take."""
    evidence = decision.assessment.evidence
    return (*_scores(decision), *_preparation(evidence), *_frames(evidence), *_fallback(decision))


def _scores(decision: Decision) -> Iterator[Setting]:
    if isinstance(decision.assessment, NotAssessed):
        return
    point = decision.assessment.point
    for place, label in enumerate(decision.assessment.evidence.dataset.classes):
        yield Setting(f"score of {label}", f"at least {point.deployed[place]:.3f}", f"{point.origin[place]}")


def _preparation(evidence: Evidence) -> Iterator[Setting]:
    card = evidence.model.card if evidence.model else None
    if card is None or card.preprocessing is None:
        return
    how, origin = card.preprocessing, card.origins.get("preprocessing")
    size = f"{how.width} × {how.height} px, {how.resize}"
    colours = f"{'grey' if how.grayscale else 'BGR' if how.bgr else 'RGB'}, {'0–1' if how.unit_range else '0–255'}"
    because = f"as the model was judged{f' (known from: {origin})' if origin else ''}"
    yield Setting("input", f"{size}, {colours}", because)


def _frames(evidence: Evidence) -> Iterator[Setting]:
    latency = evidence.latency
    if latency is None or not len(latency.seconds):
        return
    slow = percentile_bounds(latency.seconds, 0.95)
    bound = slow.value if slow.upper is None else slow.upper
    if bound:
        calls = f"95 % of {count(len(latency.seconds), 'call')} on {latency.device} within {milliseconds(1000 * bound)}"
        yield Setting("frames a second", f"at most {number(1 / bound)}", calls)


def _fallback(decision: Decision) -> Iterator[Setting]:
    fallback = decision.assessment.spec.fallback
    answers = {
        "on low confidence": fallback.on_low_confidence if fallback else None,
        "on an unknown object": fallback.on_unknown_object if fallback else None,
        "on degradation": fallback.on_degradation if fallback else None,
    }
    for when, what in answers.items():
        if what is not None:
            yield Setting(when, str(what).replace("_", " "), "as the specification says")
