"""Two versions or models side by side."""

from vision_readiness.compare.compare import Change, compare
from vision_readiness.compare.what_if import Move, moves, what_if

__all__ = ["Change", "Move", "compare", "moves", "what_if"]
