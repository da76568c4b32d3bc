"""What Roboflow did not let us see: a value that goes on into the report, and no error."""

from __future__ import annotations

from dataclasses import dataclass

from vision_readiness.roboflow.errors import (
    ConflictError,
    KeyRejectedError,
    NotFoundError,
    PlanError,
    RoboflowError,
    ScopeError,
)

CLOSED = (KeyRejectedError, PlanError, ScopeError, NotFoundError)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why something is not to be had; ``is_pending`` when it may be later."""

    because: str
    is_pending: bool = False

    def __str__(self) -> str:
        return self.because


def unavailable(error: RoboflowError) -> Unavailable | None:
    """What the error means for something that can be done without; ``None`` when it is a failure all the same.

    401, 402, 403, 404 and 423: not for this key, plan or project. 409: not finished.
    """
    if isinstance(error, ConflictError):
        return Unavailable(str(error), is_pending=True)
    return Unavailable(str(error)) if isinstance(error, CLOSED) else None
