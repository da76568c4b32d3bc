"""What the cheapest way out of a state costs, so that people begin where the least work frees a project."""

from __future__ import annotations

import re

from vision_readiness.report import Report

DEPLOYABLE = 1e9
UNKNOWN = 1e6
"""Efforts of a project that needs none, and of one where nobody can say."""

_HOURS = re.compile(r"([0-9.]+) h\b")


def effort_of(report: Report) -> float:
    """Minutes that the report assumes for its next step; ``DEPLOYABLE`` and ``UNKNOWN`` sort behind."""
    if report.deployable:
        return DEPLOYABLE
    said = (_HOURS.match(fix.effort) for fix in report.fixes if fix.action is report.next_action.action)
    return min((60 * float(hours[1]) for hours in said if hours), default=UNKNOWN)
