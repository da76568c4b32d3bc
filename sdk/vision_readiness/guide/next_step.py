"""The one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vision_readiness.readiness import Action, ReadinessState

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.guide.fix import Fix


def next_action(decision: Decision, fixes: Sequence[Fix]) -> Action:
    """What to do now: the first fix while something blocks, else the release with what it still asks for."""
    if decision.state is ReadinessState.READY:
        monitored = decision.assessment.spec.monitoring.in_place is not None
        return Action.DEPLOY_WITH_MONITORING if monitored else Action.DEPLOY
    if decision.state is ReadinessState.MONITOR_REQUIRED:
        return Action.ENABLE_MONITORING
    if decision.state is ReadinessState.WARNING:
        return Action.REVIEW_WARNINGS
    return fixes[0].action if fixes else Action.ESCALATE
