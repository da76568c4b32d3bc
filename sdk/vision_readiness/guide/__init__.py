"""Decision in, guidance out: what to do next, in which order, and what it would take."""

from vision_readiness.guide.capture import capture_plan, sample_estimate
from vision_readiness.guide.fixes import ranked_fixes
from vision_readiness.guide.next_step import next_action

__all__ = ["capture_plan", "next_action", "ranked_fixes", "sample_estimate"]
