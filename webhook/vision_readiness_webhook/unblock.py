"""What the cheapest way out of a state costs, so that people begin where the least work frees a project."""

from __future__ import annotations

from vision_readiness.readiness import Action
from vision_readiness.report import Report

DEPLOYABLE = 1e9
UNKNOWN = 1e6
"""Efforts of a project that needs none, and of one where nobody can say."""

MINUTES = {
    Action.ADJUST_THRESHOLD: 1.0,
    Action.REVIEW_WARNINGS: 2.0,
    Action.ENABLE_MONITORING: 3.0,
    Action.CHANGE_TARGET: 5.0,
    Action.MEASURE_ON_TARGET: 10.0,
}
"""Assumed, for what is done without touching data; images and boxes take a minute each."""


def effort_of(report: Report) -> float:
    """Assumed minutes until the report's next step is done; ``DEPLOYABLE`` and ``UNKNOWN`` sort behind."""
    if report.deployable:
        return DEPLOYABLE
    action = report.next_action.action
    if action in MINUTES:
        return MINUTES[action]
    amounts = [fix.amount for fix in report.fixes if fix.action is action and fix.amount is not None]
    return 20.0 + min(amounts) if amounts else UNKNOWN
