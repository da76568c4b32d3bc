"""What of a report goes back to where its version came from: a plan that is made purely, and what became of it."""

from vision_readiness.publish.interface import EdgeCase, Part, Published, Step, StepResult, StepState, WriteBack
from vision_readiness.publish.plan import planned, write_back

__all__ = ["EdgeCase", "Part", "Published", "Step", "StepResult", "StepState", "WriteBack", "planned", "write_back"]
