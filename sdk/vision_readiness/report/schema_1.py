"""Reports as schema 1 wrote them: 53 fields side by side, read as what they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vision_readiness.guide.fix import Fix
from vision_readiness.reasons.outcomes import NO_IMAGES, NO_MODEL
from vision_readiness.reasons.reason import Finding, Waived
from vision_readiness.report.blockers import blockers_of
from vision_readiness.requirement import Cause, RequirementResult

SCHEMA_1 = "vision-readiness/report/1"

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "data": ("task", "splits", "announcements"),
    "figures": (
        "classes",
        "coverage",
        "false_alarms",
        "field_estimates",
        "split_fits",
        "parent",
        "reported",
        "evaluation",
    ),
    "scores": ("thresholds", "kept_thresholds", "calibration", "sweeps"),
    "errors": ("confusion", "examples", "costs", "slice_costs", "costly_images", "weak_slices", "stress"),
    "plan": ("capture", "sample_estimate", "label_fixes", "retries"),
    "rollout": ("target", "settings", "checklist", "coverage_risk", "latency_risk"),
}
_OLD_NAMES = {"costs": "error_costs", "capture": "capture_plan", "retries": "retry_plan"}


def from_schema_1(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a report as schema 2 has them."""
    left, sections = dict(plain), {}
    for section, names in _SECTIONS.items():
        old = {name: _OLD_NAMES.get(name, name) for name in names}
        sections[section] = {name: left.pop(old[name]) for name in names if old[name] in left}
    fixes, results = (left.get(name, ()) for name in ("fixes", "requirements"))
    left |= {"fixes": [_fix(one) for one in fixes], "requirements": [_result(one) for one in results]}
    return {**left, **sections, "blockers": (), "valid_until": None, "history": ()}


def _result(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A result, whose cause stood in its text alone."""
    cause = {NO_IMAGES.code: Cause.NO_IMAGE_OF_IT, NO_MODEL.code: Cause.NO_MODEL}.get(plain["code"])
    return {**plain} if cause is None else {**plain, "cause": cause, "numbers": {"because": plain["because"]}}


def _fix(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A fix, whose hours stood in its text alone, and whose subjects in one string."""
    hours, _, assumed = str(plain.get("effort")).partition(" h ")
    kept = {key: value for key, value in plain.items() if key != "subject"}
    return {**kept, "subjects": [plain.get("subject")], "answers": [], "hours": float(hours) if assumed else 0.0}


def keys_of(
    requirements: Sequence[RequirementResult],
    findings: Sequence[Finding],
    waived: Sequence[Waived],
    fixes: Sequence[Fix],
) -> dict[str, Any]:
    """The values that schema 1 had no keys for: what waivers and fixes are about, what blocks, and until when."""
    waivers = {(one.waiver.code, one.waiver.subject): one.waiver for one in waived}
    results, names = [], {(one.code, one.subject): one.key for one in findings}
    for one in requirements:
        asked, code = one.requirement, one.code or ""
        waiver = waivers.get((code, asked.name)) or waivers.get((code, asked.label or str(asked.metric)))
        results.append(replace(one, waiver=waiver))
        names[code, asked.name] = asked.id
    covered = {
        waiver: tuple(one.requirement.id for one in results if one.waiver == waiver) for waiver in waivers.values()
    }
    return {
        "requirements": tuple(results),
        "waived": tuple(replace(one, covers=covered[one.waiver] or (one.finding.key,)) for one in waived),
        "fixes": tuple(_with_answers(one, names) for one in fixes),
        "blockers": tuple(blockers_of(results, findings)),
        "valid_until": min((one.waiver.expires for one in waived), default=None),
    }


def _with_answers(fix: Fix, names: Mapping[tuple[str, str], str]) -> Fix:
    """A fix with the keys of what it was said to be about: one subject, or several in one string."""
    said, about = f", {', '.join(fix.subjects)}, ", dict[str, str]()
    for (code, name), key in names.items():
        if f", {name}, " in said and (name not in about or code == fix.code):
            about[name] = key
    order = sorted(about, key=lambda name: said.index(f", {name}, "))
    return replace(fix, subjects=tuple(order) or fix.subjects, answers=tuple(about[name] for name in order))
