"""Everything a decision rests on, as one value that can be kept, replayed and decided again."""

from vision_readiness.evidence.evidence import (
    Evidence,
    ModelEvidence,
)

__all__ = [
    "Evidence",
    "ModelEvidence",
]
