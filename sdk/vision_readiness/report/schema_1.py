"""Reports as schema 1 wrote them: 53 fields side by side, read as what they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
