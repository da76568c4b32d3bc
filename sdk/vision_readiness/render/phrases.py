"""The parts of a report in sentences: its state, its target, its failures, its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vision_readiness.evaluate.examples import FailureKind
from vision_readiness.numbers import count, milliseconds, more, number, percent, percent_range
from vision_readiness.project import Split
from vision_readiness.readiness import Action, ReadinessState
from vision_readiness.render.words import short
from vision_readiness.requirement import QUANTILES, Outcome

if TYPE_CHECKING:
    from vision_readiness.evaluate.examples import FailureExample
    from vision_readiness.guide.capture import CaptureItem, SampleEstimate
    from vision_readiness.guide.risks import Risk
    from vision_readiness.render.panels import FailureMode
    from vision_readiness.report import Report
    from vision_readiness.report.tables import CoverageCell, Identity, Interval

FEW_IMAGES = 20
"""Under so many images a cell of the coverage map says how many there are instead of a share."""


def badge(report: Report) -> str:
    """The state in capitals: NOT PROVEN where only evidence is missing."""
    return "NOT PROVEN" if report.blocked_by == "evidence" else state_words(report.readiness_state).upper()


def state_words(state: str) -> str:
    """A state or an action without its underscores, such as ``monitor required``."""
    return str(state).replace("_", " ")


def capture_words(item: CaptureItem) -> str:
    """What to collect, such as ``~73 more test objects of damaged, lighting night (~60 images)``."""
    split = "training" if item.split is Split.TRAIN else item.split
    of_label = f" of {item.label}" if item.label else ""
    situation = f", {item.situation}" if item.situation else ""
    images = f" (~{count(item.more_images, 'image')})" if item.more_images is not None else ""
    return f"~{more(item.more, item.unit, str(split))}{of_label}{situation}{images}"


def estimate_words(plan: SampleEstimate) -> str:
    """What proving all together should take, such as ``All 3 together take ~540 more test images, mixed as …``."""
    every = "It takes" if len(plan.proves) == 1 else f"All {len(plan.proves):,} together take"
    images = f"~{more(plan.more_images, 'images', 'test')}"
    said = f"{every} {images}, mixed as the {plan.have:,} now: an estimate that holds with a chance of "
    said += f"{percent(plan.chance)}. Likeliest to stay open: {plan.dearest}."
    if plan.more_valid_images is not None:
        images = count(plan.more_valid_images, "more valid image")
        said += f" It takes ~{images} as well: the thresholds were chosen on too few objects to be sure of."
    if plan.unreachable:
        said += f" {count(len(plan.unreachable), 'other is', 'others are')} not proven by such images."
    return said


def target_words(target: Mapping[str, Any]) -> str:
    """Where the model is to run and what it may take there; says so when no target is named."""
    device = target.get("device")
    if not device:
        return "No target device is named"
    cameras, rate = target.get("cameras"), target.get("fps_per_camera")
    parts = [str(device)]
    if isinstance(cameras, int):
        each = f" at {number(rate)} frames a second each" if isinstance(rate, int | float) else ""
        parts.append(f"{count(cameras, 'camera')}{each}")
    for metric, quantile in QUANTILES.items():
        if isinstance(target.get(metric), int | float):
            parts.append(f"{percent(quantile)} of frames within {milliseconds(target[metric])}")
    if isinstance(target.get("memory_mb"), int | float):
        parts.append(f"{number(target['memory_mb'])} MB of memory")
    return " · ".join(parts)


def subject_words(report: Report) -> str:
    """What is judged and for what, such as ``acme/dock/3 for dock-1 · 2 cameras``."""
    subject, target = short(str(report.subject), 80), short(target_words(report.rollout.target), 120)
    return (
        f"{subject} for {target}"
        if report.rollout.target.get("device")
        else f"{subject}, {target[:1].lower()}{target[1:]}"
    )


def assumed_words(report: Report) -> str | None:
    """How many requirements nobody wrote down, such as ``5 of 9 requirements are assumed``; ``None`` for none."""
    assumed = sum(result.assumed is not None for result in report.requirements)
    if not assumed:
        return None
    return f"{assumed:,} of {count(len(report.requirements), 'requirement')} {'is' if assumed == 1 else 'are'} assumed"


def tally_words(report: Report) -> str:
    """How the requirements came out, such as ``Of 9 requirements 6 pass, 1 fails, 2 are not proven``."""
    outcomes = [result.outcome for result in report.requirements]
    if not outcomes:
        return "There are no requirements"
    failed, open_ = outcomes.count(Outcome.FAIL), outcomes.count(Outcome.INCONCLUSIVE)
    passed = len(outcomes) - failed - open_
    if passed == len(outcomes):
        return f"Meets {'the one requirement' if passed == 1 else f'all {passed:,} requirements'}"
    parts = [
        f"{passed:,} {'passes' if passed == 1 else 'pass'}",
        f"{failed:,} {'fails' if failed == 1 else 'fail'}" if failed else "",
        f"{open_:,} {'is' if open_ == 1 else 'are'} not proven" if open_ else "",
    ]
    return f"Of {count(len(outcomes), 'requirement')} {', '.join(part for part in parts if part)}"


def leak_free_words(report: Report) -> str:
    """On how many test images everything was judged and how many were left out, because a copy was trained on."""
    judged = report.figures.evaluation.get("leak_free_test_images")
    tested = sum(split.images for split in report.data.splits if split.split == "test")
    if not isinstance(judged, int):
        return ""
    out = f"; {count(tested - judged, 'leaked one')} left out" if tested > judged else ", and none is left out"
    return f"Everything is computed on {count(judged, 'leak-free test image')}{out}."


def risks(report: Report) -> Mapping[str, Risk]:
    """The risks that were looked at, by name."""
    known = {"Coverage": report.rollout.coverage_risk, "Latency": report.rollout.latency_risk}
    return {name: risk for name, risk in known.items() if risk is not None}


def rollout_words(report: Report) -> str:
    """What the call to action says, such as ``Deploy with monitoring to dock-1``."""
    device = report.rollout.target.get("device")
    place = f" to {device}" if device else ""
    if report.readiness_state is ReadinessState.MONITOR_REQUIRED:
        return f"Set up monitoring, then deploy{place}"
    if report.readiness_state is ReadinessState.WARNING:
        return f"Review the warnings, then deploy{place}"
    monitored = report.next_action.action is Action.DEPLOY_WITH_MONITORING
    return f"Deploy{' with monitoring' if monitored else ''}{place}"


def example_words(example: FailureExample) -> str:
    """An error in words, such as ``forklift missed`` or ``pallet taken for forklift``."""
    if example.kind is FailureKind.MISSED:
        return f"{example.label} missed"
    score = f" (score {example.score:.2f})" if example.score is not None else ""
    if example.kind is FailureKind.FALSE_ALARM:
        return f"false alarm: {example.answered or example.label}{score}"
    return f"{example.label} taken for {example.answered or 'something else'}{score}"


def errors_words(mode: FailureMode) -> str:
    """The errors of a class, such as ``39 of 100 missed, 4 false alarms``."""
    if mode.missed is None or mode.objects is None or mode.false_alarms is None:
        return count(len(mode.examples), "example")
    parts = (
        f"{mode.missed:,} of {mode.objects:,} missed" if mode.missed else "",
        f"{mode.mistaken:,} taken for something else" if mode.mistaken else "",
        count(mode.false_alarms, "false alarm") if mode.false_alarms else "",
    )
    return ", ".join(part for part in parts if part) or "no errors"


def interval_words(figure: Interval) -> str:
    """A rate with its sample and interval, such as ``61 of 100 (53–69 %)``."""
    if figure.value is None:
        return "not measured"
    head = _seen(figure, figure.value)
    if figure.lower is None or figure.upper is None:
        return head
    return f"{head} ({percent_range(figure.lower, figure.upper)})"


def _seen(figure: Interval, value: float) -> str:
    return percent(value) if figure.hits is None else f"{figure.hits:,} of {figure.n:,}"


def cell_words(cell: CoverageCell) -> tuple[str, str]:
    """What a cell of the coverage map says, large and small: a share and its sample, or how few images there are."""
    images, found = count(cell.images, "image"), cell.recall
    if not cell.images:
        return "no images", ""
    if found.value is None:
        return images, "none to find"
    if cell.outcome is Outcome.INCONCLUSIVE and cell.images < FEW_IMAGES:
        return images, _seen(found, found.value)
    return percent(found.value, cell.limit), f"of {found.n:,}"


def time_words(figure: Interval) -> tuple[str, str]:
    """A time in milliseconds and its bounds, such as ``("82 ms", "79–86 ms")``."""
    if figure.value is None:
        return "not known", ""
    if figure.lower is None or figure.upper is None:
        bounds = (("at least ", figure.lower), ("at most ", figure.upper))
        return milliseconds(figure.value), "".join(f"{side}{milliseconds(at)}" for side, at in bounds if at is not None)
    return milliseconds(figure.value), f"{milliseconds(figure.lower)} to {milliseconds(figure.upper)}"


def points(gain: float) -> str:
    """A lift of a probability, such as ``+46 points``."""
    return f"{100 * gain:+.0f} points"


def change(value: float | None) -> str:
    """A difference of two rates in percentage points with its sign; zero has none."""
    if value is None:
        return "not known"
    text = f"{100 * value:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "\u2212")


def plain(value: object) -> str:
    """Any value of a report on one line: mappings and lists by their parts, nothing as ``not known``."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {plain(inner)}" for key, inner in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value)) or "none"
    return str(value)


def identity(subject: Identity) -> dict[str, Any]:
    """The ids of a report by name; what is not known is ``None``."""
    return asdict(subject)
