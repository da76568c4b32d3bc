"""Two versions or models side by side."""

from vision_readiness.compare.compare import (
    Change,
    compare,
)

__all__ = [
    "Change",
    "compare",
]
