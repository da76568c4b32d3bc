"""What a latency run measured, as values; nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.columns import check_columns


@dataclass(frozen=True, slots=True, eq=False)
class LatencyFacts:
    """One closed-loop run of one artefact on one device (concurrency 1: a camera waiting for its answer).

    ``seconds`` has shape (calls,): end to end from the decoded picture to boxes, in the order taken, warm calls only.
    ``stages`` has the same shape for each stage. ``cold_seconds`` is the first call ever, ``None`` if not seen.
    Failed calls are counted, never timed. ``estimated_error`` is ``None`` for a measurement, else the relative error
    of the estimate (0.3 is +-30 %). ``peak_memory_bytes`` is the process's, ``None`` where it cannot be read.
    """

    device: str
    artefact: str
    seconds: NDArray[np.float64]
    stages: Mapping[str, NDArray[np.float64]]
    warm_up: int
    failures: int
    cold_seconds: float | None = None
    peak_memory_bytes: int | None = None
    estimated_error: float | None = None
    device_facts: Mapping[str, str] = field(default_factory=dict)
    unstable: bool = False


def check_latency(latency: LatencyFacts) -> None:
    """Nothing; raises ``ValueError`` where stages and calls do not fit, or a time is negative."""
    check_columns("latency", (len(latency.seconds),), latency.seconds, *latency.stages.values())
    if (latency.seconds < 0).any():
        raise ValueError("a call took less than no time")
