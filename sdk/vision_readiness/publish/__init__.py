"""Plans what is written back from a report to where its version came from, and says what became of each step."""

from vision_readiness.publish.interface import EdgeCase, Part, Published, Step, StepResult, StepState, WriteBack
from vision_readiness.publish.plan import planned, write_back

__all__ = ["EdgeCase", "Part", "Published", "Step", "StepResult", "StepState", "WriteBack", "planned", "write_back"]
