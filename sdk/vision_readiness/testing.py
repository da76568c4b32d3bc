"""Fakes for everything outside, to test code that uses this package without files, clocks or a network."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from vision_readiness.errors import SourceError
from vision_readiness.project.example import Box, Label, a_dataset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.ports import Progress
    from vision_readiness.publish import Published, Step, WriteBack

__all__ = [
    "Box",
    "Label",
    "MemoryCache",
    "MemoryImages",
    "MemoryPublisher",
    "SilentProgress",
    "StillClock",
    "a_dataset",
    "an_image",
    "silent",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MemoryImages:
    """Encoded images by key: the ``Images`` port without a disk."""

    files: Mapping[str, bytes]

    def read(self, key: str) -> bytes:
        """The bytes of ``key``; raises ``SourceError`` when there are none."""
        try:
            return self.files[key]
        except KeyError:
            raise SourceError(f"there is no image {key!r}; give its bytes to MemoryImages") from None


@dataclass(frozen=True, slots=True)
class MemoryCache:
    """The ``Cache`` port as a mapping; ``entries`` is open to look into."""

    entries: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        """What was put under ``key``, or ``None``."""
        return self.entries.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Remember ``value`` under ``key``."""
        self.entries[key] = value


@dataclass(frozen=True, slots=True)
class MemoryPublisher:
    """The ``Publisher`` port without a service: ``written`` are the steps that arrived, each once, by key."""

    written: dict[str, Step] = field(default_factory=dict)

    def publish(self, plan: WriteBack) -> Published:
        """Every step done, or there already when its key is known."""
        from vision_readiness.publish import Published, StepResult

        results = []
        for step in plan.steps:
            known = step.key in self.written
            results.append(StepResult(step, there=step.count) if known else StepResult(step, done=step.count))
            self.written[step.key] = step
        return Published(plan.report_id, tuple(results))


@dataclass(slots=True)
class StillClock:
    """The ``Clock`` port, standing still until ``advance`` is called."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0

    def now(self) -> datetime:
        """The moment the clock stands at, aware, in UTC."""
        return self.moment

    def perf(self) -> float:
        """The seconds it was advanced by."""
        return self.wall_seconds

    def cpu(self) -> float:
        """The CPU seconds it was advanced by."""
        return self.cpu_seconds

    def advance(self, seconds: float, *, cpu: float | None = None) -> None:
        """Let ``seconds`` pass, of which ``cpu`` (by default all) were spent on the processor."""
        self.moment += timedelta(seconds=seconds)
        self.wall_seconds += seconds
        self.cpu_seconds += seconds if cpu is None else cpu


class SilentProgress:
    """The ``Progress`` port for nobody."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items``, unseen."""
        return items


silent: Progress = SilentProgress()


def an_image(pixels: NDArray[np.uint8], kind: str = "JPEG", **options: Any) -> bytes:
    """``pixels``, of shape (height, width) or (height, width, 3), as an encoded file.

    ``options`` go to Pillow's ``save``: ``quality=95``, ``exif=...``.
    """
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()
