"""Reports as schema 1 wrote them: 53 fields side by side, read as what they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vision_readiness.report.blockers import blockers_of

if TYPE_CHECKING:
    from vision_readiness.report.report import Report

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
    return {**left, **sections}


def with_keys(report: Report) -> Report:
    """A report of schema 1 with the keys it did not hold: what each waiver covers, what blocks, and until when."""
    waivers = {(one.waiver.code, one.waiver.subject): one.waiver for one in report.waived}
    accepts = {
        result.requirement.id: waivers.get((result.code, subject))
        for result in report.requirements
        for subject in (result.requirement.label or str(result.requirement.metric), result.requirement.name)
        if result.code is not None and (result.code, subject) in waivers
    }
    results = tuple(replace(one, waiver=accepts.get(one.requirement.id)) for one in report.requirements)
    covered = {
        waiver: tuple(key for key, accepted in accepts.items() if accepted == waiver) for waiver in waivers.values()
    }
    return replace(
        report,
        requirements=results,
        waived=tuple(replace(one, covers=covered[one.waiver] or (one.finding.key,)) for one in report.waived),
        weakest=next((one.requirement.id for one in results if one.requirement.name == report.weakest), None),
        blockers=tuple(blockers_of(results, report.findings)),
        valid_until=min((one.waiver.expires for one in report.waived), default=None),
    )
