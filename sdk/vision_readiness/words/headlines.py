"""The first screen: one headline, the proof behind it, and the next action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vision_readiness.decide import urgency
from vision_readiness.guide.capture import sample_estimate
from vision_readiness.guide.fix import Fix
from vision_readiness.guide.fixes import commonest_miss
from vision_readiness.numbers import count
from vision_readiness.readiness import Action, ReadinessState
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.requirement import Metric, Outcome, RequirementResult
from vision_readiness.words.requirements import situation

if TYPE_CHECKING:
    from vision_readiness.decide import Decision


def headline(decision: Decision) -> str:
    """The state in one sentence that names what matters most."""
    return {
        ReadinessState.READY: f"Ready for {_device(decision)}.",
        ReadinessState.WARNING: f"Deployable, with {count(_warnings(decision), 'warning')} to read.",
        ReadinessState.MONITOR_REQUIRED: "Deployable once it is monitored.",
    }.get(decision.state) or _blocked(decision)


def _device(decision: Decision) -> str:
    target = decision.assessment.spec.deployment_target
    return target.device.replace("this-machine", "this machine") if target else "deployment"


def _warnings(decision: Decision) -> int:
    open_results = [one for one in decision.requirements if one.outcome is not Outcome.PASS]
    return sum(one.severity is Severity.P1 for one in decision.findings) + len(open_results) + len(decision.waived)


def _blocked(decision: Decision) -> str:
    severe = [one for one in decision.findings if one.severity is Severity.P0]
    if severe:
        first = severe[0]
        template = REASONS[first.code].headline
        said = first.sentence if template is None else template.format(subject=f"`{first.subject}`")
        return said.rstrip(".") + "."
    if decision.assessment.evidence.reported is not None:
        return f"{decision.assessment.evidence.reported.headline()}."
    worst = _worst(decision)
    return "It is blocked." if worst is None else f"{_of_result(worst, _others(decision, worst))}."


def _worst(decision: Decision) -> RequirementResult | None:
    """The weakest critical requirement, unless it passes or a finding explains it: then that finding alone blocks."""
    weakest = decision.weakest
    return None if weakest is None or weakest.outcome is Outcome.PASS or weakest.explained_by else weakest


def _others(decision: Decision, worst: RequirementResult) -> Sequence[str]:
    """Further classes that come out like the worst one."""
    labels = [
        one.requirement.label
        for one in decision.requirements
        if one.requirement.critical
        and one.outcome is worst.outcome
        and one.requirement.metric is worst.requirement.metric
    ]
    return [label for label in dict.fromkeys(labels) if label and label != worst.requirement.label]


def _of_result(worst: RequirementResult, others: Sequence[str]) -> str:
    label, place = worst.requirement.label, situation(worst.requirement)
    names = f"`{label}`" + (f" and {count(len(others), 'other class', 'other classes')}" if len(others) > 1 else "")
    names += f" and `{others[0]}`" if len(others) == 1 else ""
    where = f", {place}" if place else ""
    template = REASONS[worst.code].headline if worst.code else None
    if template is not None:
        return template.format(subject=names)
    if worst.requirement.metric.is_budget:
        return _of_budget(worst)
    if worst.outcome is Outcome.INCONCLUSIVE:
        return f"Too few test images of {names}{where}" if label else "Too few test images"
    if worst.requirement.metric is Metric.RECALL:
        return f"It misses {names}{where}"
    if worst.requirement.metric is Metric.PRECISION:
        return f"It mistakes other things for {names}{where}"
    if worst.requirement.metric.is_change:
        return f"It is worse at {names}{where} than the {worst.requirement.against} model"
    return f"It misses what is asked of {names}" if label else "It raises too many false alarms"


def _of_budget(worst: RequirementResult) -> str:
    failed = worst.outcome is Outcome.FAIL
    if worst.requirement.metric is Metric.COST:
        return "It costs too much to run" if failed else "Nobody knows yet what it costs to run"
    return "It is too slow for the device" if failed else "Too few calls were timed on the device"


def proof(decision: Decision) -> tuple[str, ...]:
    """Up to three sentences with their numbers: why the headline is true."""
    if decision.state.deployable:
        return _all_met(decision)
    severe = [one.sentence for one in decision.findings if one.severity is Severity.P0]
    worst = _worst(decision)
    sentences = severe[:1]
    if worst is not None:
        sentences.append(worst.because)
        common = commonest_miss(decision.assessment, worst.requirement.label) if worst.requirement.label else None
        if common and worst.requirement.metric is Metric.RECALL:
            sentences.append(f"{common[1]} of {common[2]} misses: {common[0]}.")
        others = [one for one in _next_worst(decision, worst) if one.grounds != worst.grounds]
        sentences += {one.grounds: one.because for one in others}.values()
    return tuple(sentences[:3])


def _next_worst(decision: Decision, worst: RequirementResult) -> list[RequirementResult]:
    same = [
        one
        for one in decision.requirements
        if one.requirement.critical
        and one.outcome is worst.outcome
        and one is not worst
        and one.requirement.label != worst.requirement.label
    ]
    return sorted(same, key=urgency)


def _all_met(decision: Decision) -> tuple[str, ...]:
    results = decision.requirements
    met = sum(one.outcome is Outcome.PASS for one in results)
    tally = f"Meets all {met} requirements." if met == len(results) else f"Meets {met} of {len(results)} requirements."
    of_classes = [one for one in results if one.requirement.critical and not one.requirement.metric.is_budget]
    closest = min(of_classes, key=lambda one: one.probability, default=None)
    budget = next((one for one in results if one.requirement.metric.is_budget), None)
    warnings = [stage.because for stage in decision.stages if stage.state is decision.state]
    lines = [tally]
    if decision.state is not ReadinessState.READY:
        lines += warnings[:1]
    lines += [f"Closest to its limit: {one.because[:1].lower()}{one.because[1:]}" for one in (closest,) if one]
    lines += [one.because for one in (budget,) if one]
    return tuple(lines)[:3]


def next_sentence(action: Action, decision: Decision, fixes: Sequence[Fix]) -> str:
    """What to do now in a sentence that a product manager can pass on; ``fixes`` have their texts already."""
    if decision.state is ReadinessState.READY:
        monitored = " with monitoring" if action is Action.DEPLOY_WITH_MONITORING else ""
        return f"Deploy to {_device(decision)}{monitored}."
    if decision.state is ReadinessState.MONITOR_REQUIRED:
        return "Set up monitoring and write who watches it into the spec, then deploy."
    if decision.state is ReadinessState.WARNING:
        first = f". First: {fixes[0].title}" if fixes else ""
        return f"{f'Read the warnings, then deploy{first}'.rstrip('.')}."
    if not fixes:
        return "Ask an engineer: nothing here says how to mend it."
    return f"{fixes[0].title.rstrip('.')} ({fixes[0].effort}).{_together(decision, fixes[0])}"


def _together(decision: Decision, first: Fix) -> str:
    """What all that is not proven would take, after a first fix that proves a part of it."""
    plan = sample_estimate(decision) if first.action is Action.COLLECT_DATA else None
    if plan is None or len(plan.proves) < 2:
        return ""
    images = count(plan.more_images, "more test image")
    return f" All {len(plan.proves):,} that are not proven: about {images}, mixed as now (an estimate)."
