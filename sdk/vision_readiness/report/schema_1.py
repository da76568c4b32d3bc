"""Reports as schema 1 wrote them: 53 fields side by side, read as what they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEMA_1 = "vision-readiness/report/1"

_SECTIONS: Mapping[str, Mapping[str, str]] = {
    "data": {"task": "task", "splits": "splits", "announcements": "announcements"},
    "figures": {
        "classes": "classes",
        "coverage": "coverage",
        "false_alarms": "false_alarms",
        "parent": "parent",
        "reported": "reported",
        "split_fits": "split_fits",
        "field_estimates": "field_estimates",
        "evaluation": "evaluation",
    },
    "scores": {
        "thresholds": "thresholds",
        "kept_thresholds": "kept_thresholds",
        "calibration": "calibration",
        "sweeps": "sweeps",
    },
    "errors": {
        "confusion": "confusion",
        "examples": "examples",
        "costs": "error_costs",
        "slice_costs": "slice_costs",
        "costly_images": "costly_images",
        "weak_slices": "weak_slices",
        "stress": "stress",
    },
    "plan": {
        "capture": "capture_plan",
        "sample_estimate": "sample_estimate",
        "label_fixes": "label_fixes",
        "retries": "retry_plan",
    },
    "rollout": {
        "target": "target",
        "settings": "settings",
        "checklist": "checklist",
        "coverage_risk": "coverage_risk",
        "latency_risk": "latency_risk",
    },
}
"""What each section holds by its name today, and what that was called."""


def from_schema_1(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a report as schema 2 has them."""
    moved = {old for section in _SECTIONS.values() for old in section.values()}
    sections = {
        name: {new: plain[old] for new, old in section.items() if old in plain} for name, section in _SECTIONS.items()
    }
    return {**{key: value for key, value in plain.items() if key not in moved}, **sections}
