"""What fixes say: what to do, why, how long it takes, and why one stands where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vision_readiness.guide.fix import Fix, FixKind
from vision_readiness.guide.lift import dearest_error
from vision_readiness.numbers import percent
from vision_readiness.reasons.outcomes import NOT_ON_TARGET
from vision_readiness.reasons.reason import Finding, Severity
from vision_readiness.requirement import RequirementResult
from vision_readiness.words.findings import SENTENCE
from vision_readiness.words.requirements import situation

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.evaluate.costs import ErrorCost

TITLES = {
    FixKind.MEASURE_HOSTED: (
        "Measure it: `vision-readiness check {version} --hosted{of_model}`, {images:count hosted call}"
    ),
    FixKind.GIVE_MODEL: "Give a model, or its predictions",
    FixKind.GIVE_PARENT: "Check again with `--parent` and the earlier model",
    FixKind.SET_THRESHOLD: "Set the threshold of {label} to {score:.2f}",
    FixKind.COLLECT: "Label about {images:count more test image}{of_label}{place}",
    FixKind.SHOW: "Capture and label test images of {label}{place}",
    FixKind.LOOK_AT_ALARMS: "Have an engineer look at the false alarms",
    FixKind.RETRAIN: "Retrain on {version}: {label} has {have:count training object} there",
    FixKind.LABEL_MORE: "Label about {more:,} more {label}{misses}, then retrain",
    FixKind.MEASURE: "Measure the model on {device}",
    FixKind.WRITE_PRICE: "Write what an hour of {device} costs as `price_per_hour` into the spec",
    FixKind.TIME_MORE: "Time {calls:count more call} on {device}",
    FixKind.SMALLER_INPUT: "Try an input of {side} px (now {now}), INT8, or a faster {device}",
    FixKind.SMALLER_MODEL: "Try a smaller model or INT8, or a device {factor:.1f} times as fast as {device}",
    FixKind.MORE_MEMORY: "Try a smaller model, or a device with more memory than {device}",
    FixKind.FILL_IN: "Fill in what the spec leaves out",
    FixKind.MEND: "{fix}",
}
DETAILS = {
    FixKind.MEASURE_HOSTED: (
        "It makes {images:count hosted call}: one for each image of valid and test. "
        "With the weights at hand, `--model` measures the same without any."
    ),
    FixKind.SET_THRESHOLD: "Chosen on valid; {because}",
    FixKind.LABEL_MORE: "{because} It has {have:count training object}.",
    FixKind.MEASURE: NOT_ON_TARGET.fix.replace("{", "{{").replace("}", "}}"),
    FixKind.FILL_IN: "{because} {fix}",
}
"""What is said of each thing that a fix answers; where nothing stands here, only why that is to be mended."""


def fixes_in_words(fixes: Iterable[Fix], decision: Decision, costs: Sequence[ErrorCost] = ()) -> tuple[Fix, ...]:
    """``fixes`` with their texts; ``decision`` has its own already. ``costs`` say what a lift is of."""
    known: dict[str, RequirementResult | Finding] = {one.key: one for one in reversed(decision.findings)}
    known |= {one.requirement.id: one for one in reversed(decision.requirements)}
    return tuple(_worded(fix, [known[key] for key in fix.answers], decision, costs) for fix in fixes)


def _worded(
    fix: Fix, answers: Sequence[RequirementResult | Finding], decision: Decision, costs: Sequence[ErrorCost]
) -> Fix:
    values, first = [_values(fix, one) for one in answers], answers[0]
    timed = fix.kind is not FixKind.TIME_MORE or "calls" in fix.numbers
    title = TITLES[fix.kind] if timed else "Time more calls on {device} while it is idle"
    details = (SENTENCE.vformat(DETAILS.get(fix.kind, "{because}"), (), one) for one in values)
    error = dearest_error(first, costs) if fix.lift_ap50 is not None and isinstance(first, RequirementResult) else None
    return replace(
        fix,
        title=SENTENCE.vformat(title, (), values[0]),
        detail=" ".join(dict.fromkeys(details)),
        effort=_hours(fix.hours),
        rank_because=_rank(fix, first, decision),
        lift_because=_lift(error) if error else None,
    )


def _values(fix: Fix, answered: RequirementResult | Finding) -> Mapping[str, Any]:
    """Everything that the texts of a fix can name."""
    if isinstance(answered, Finding):
        return {"because": answered.sentence, "fix": answered.fix}
    label, place = answered.requirement.label, situation(answered.requirement)
    return {
        "because": answered.because,
        "label": f"`{label or 'the classes'}`",
        "of_label": f" of `{label}`" if label else "",
        "place": f", {place}" if place else "",
        "of_model": f" --model-id {fix.numbers['model_id']}" if "model_id" in fix.numbers else "",
        "misses": f" (most misses: {fix.numbers['where']})" if "where" in fix.numbers else "",
        **fix.numbers,
    }


def _rank(fix: Fix, first: RequirementResult | Finding, decision: Decision) -> str:
    """Why a fix stands where it stands, by the first thing that it answers."""
    if isinstance(first, Finding):
        kinds = {Severity.P0: "It blocks on its own", Severity.P1: "It warns", Severity.P2: "It informs"}
        return f"{kinds[first.severity]}; {_hours(fix.hours)} to mend."
    weakest = decision.weakest is not None and first.requirement == decision.weakest.requirement
    kind = f"{'It blocks' if fix.blocks else 'It warns'}{', and no critical requirement is weaker' if weakest else ''}"
    return f"{kind}: {percent(first.probability)} sure that it holds, {_hours(fix.hours)} to mend."


def _lift(cost: ErrorCost) -> str:
    """What is lost and what mends it, in a sentence or two."""
    return f"Most is lost to this: {cost.kind} ({cost.delta_ap50:.3f} of AP50). {cost.remedy}"


def _hours(hours: float) -> str:
    """Hours of work in words, to the half hour, always marked as assumed."""
    return f"{max(0.5, round(2 * hours) / 2):g} h assumed"
