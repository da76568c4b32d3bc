"""What the cheapest way out of a state costs, so that people begin where the least work frees a project."""

from __future__ import annotations

from vision_readiness.report import Report

DEPLOYABLE = 1e9
UNKNOWN = 1e6
"""Efforts of a project that needs none, and of one where nobody can say."""


def effort_of(report: Report) -> float:
    """Minutes that the report assumes for its next step; ``DEPLOYABLE`` and ``UNKNOWN`` sort behind."""
    if report.deployable:
        return DEPLOYABLE
    hours = (fix.hours for fix in report.fixes if fix.action is report.next_action.action)
    return 60 * min(hours, default=UNKNOWN / 60)
