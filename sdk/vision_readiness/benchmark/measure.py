"""One closed-loop run: a camera that waits for each answer before it shows the next picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.errors import InputError
from vision_readiness.ports import Clock
from vision_readiness.predict.interface import Model, Preparing, Remote, RuntimeFailure

STABLE_WITHIN = 0.10
"""Medians of consecutive windows that differ by more are not one steady state (the rule of Triton's perf_analyzer)."""
WINDOWS = 3


def measure_latency(
    model: Model,
    pictures: Sequence[NDArray[np.uint8]],
    *,
    clock: Clock,
    calls: int = 300,
    warm_up: int = 10,
    max_seconds: float = 60.0,
    memory: Callable[[], int | None] | None = None,
    cold_seconds: float | None = None,
    seen_before: bool = False,
) -> LatencyFacts:
    """The times of ``calls`` warm calls on ``pictures`` in turn (RGB), fewer where ``max_seconds`` end first.

    The first call is kept apart as the cold one, unless ``cold_seconds`` tells of it or the model was ``seen_before``;
    then ``warm_up`` calls go untimed. A call that fails is counted, never timed. ``memory`` gives the process's peak
    in bytes, read at the end; that of a remote model is not known. Raises ``InputError`` without a picture.
    """
    if not pictures:
        raise InputError("there is no picture to measure with: give at least one image that can be decoded")
    if isinstance(model, Remote):
        model, memory = model.for_timing(), None
    elif isinstance(model, Preparing):
        model = model.with_all_steps()
    run = _Run(model, pictures, clock, ends=clock.perf() + max_seconds)
    if cold_seconds is None and not seen_before:
        cold_seconds = run.call()
    for _ in range(warm_up):
        run.call()
    times, staged = run.timed(calls)
    stages = [name for name in (staged[0] if staged else ()) if all(name in each for each in staged)]
    return LatencyFacts(
        device=model.device.name,
        artefact=model.card.digest,
        seconds=times,
        stages={name: np.array([each[name] for each in staged]) for name in stages},
        warm_up=warm_up,
        failures=run.failures,
        cold_seconds=cold_seconds,
        peak_memory_bytes=memory() if memory else None,
        device_facts=dict(model.device.facts),
        unstable=not is_stable(times),
    )


class _Run:
    """The calls of one run, going round the pictures; counts the failures."""

    def __init__(self, model: Model, pictures: Sequence[NDArray[np.uint8]], clock: Clock, ends: float) -> None:
        self.failures = 0
        self._model, self._pictures, self._clock, self._ends = model, pictures, clock, ends
        self._asked = 0
        self._stages: Mapping[str, float] = {}

    def call(self) -> float | None:
        """The seconds of the next call, ``None`` where it failed or the run's time is up."""
        began = self._clock.perf()
        if self._asked and began >= self._ends:
            return None
        picture = self._pictures[self._asked % len(self._pictures)]
        self._asked += 1
        try:
            self._stages = self._model.predict(picture).seconds
        except RuntimeFailure:
            self.failures += 1
            return None
        return self._clock.perf() - began

    def timed(self, calls: int) -> tuple[NDArray[np.float64], list[Mapping[str, float]]]:
        """The seconds of up to ``calls`` calls, and those of each one's stages."""
        times, staged = [], []
        for _ in range(calls):
            seconds = self.call()
            if seconds is not None:
                times.append(seconds)
                staged.append(self._stages)
        return np.array(times, dtype=np.float64), staged


def is_stable(seconds: NDArray[np.float64]) -> bool:
    """Whether the medians of three consecutive windows over the last half of ``seconds`` lie within 10 %.

    Fewer than eighteen times, which would leave windows of less than three, show no steady state.
    """
    size = len(seconds) // (2 * WINDOWS)
    if size < 3:
        return False
    medians = np.median(seconds[-WINDOWS * size :].reshape(WINDOWS, size), axis=1)
    return bool(medians.max() <= (1.0 + STABLE_WITHIN) * medians.min())


def spread(count: int, available: int) -> NDArray[np.int64]:
    """At most ``count`` of ``available`` rows, evenly spread and the same every time.

    >>> spread(3, 10).tolist(), spread(5, 2).tolist()
    ([0, 3, 6], [0, 1])
    """
    taken = min(count, available)
    return np.arange(taken, dtype=np.int64) * available // max(taken, 1)
