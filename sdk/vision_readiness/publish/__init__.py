"""Plans what is written back from a report to the source of its version, and gives the result of each step."""

from vision_readiness.publish.interface import EdgeCase, Part, Published, Step, StepResult, StepState, WriteBack
from vision_readiness.publish.plan import planned, write_back

__all__ = ["EdgeCase", "Part", "Published", "Step", "StepResult", "StepState", "WriteBack", "planned", "write_back"]
