"""What of a report is written back to the source of its version: a plan, and the result of each step."""

from vision_readiness.publish.interface import EdgeCase, Part, Published, Step, StepResult, StepState, WriteBack
from vision_readiness.publish.plan import planned, write_back

__all__ = ["EdgeCase", "Part", "Published", "Step", "StepResult", "StepState", "WriteBack", "planned", "write_back"]
