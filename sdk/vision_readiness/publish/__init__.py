"""What of a report goes back to where its version came from: a plan that is made purely, and what became of it."""

from vision_readiness.publish.plan import WriteBack, planned, write_back
from vision_readiness.publish.steps import EdgeCase, Part, Published, Step, StepResult, StepState

__all__ = ["EdgeCase", "Part", "Published", "Step", "StepResult", "StepState", "WriteBack", "planned", "write_back"]
