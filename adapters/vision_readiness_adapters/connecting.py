"""The advisor on this machine, put together: its clock, cache and memory, and what opens files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from vision_readiness.advisor import Advisor
from vision_readiness.sources import installed, open_source
from vision_readiness_adapters.disk_cache import DiskCache
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.this_machine import SystemClock, peak_memory_bytes

if TYPE_CHECKING:
    from vision_readiness.gathering import Openers
    from vision_readiness.ports import Cache, Progress

OPENERS = "vision_readiness.openers"
"""The group of entry points that open what is named instead of given, one a kind; ``Openers`` has their types."""


def connect(where: str, *, progress: Progress | None = None, cache: Cache | None = None) -> Advisor:
    """What ``Advisor.connect`` gives; raises what it raises."""
    progress = progress or Quiet()
    return Advisor(
        open_source(where, progress),
        SystemClock(),
        progress,
        cache or DiskCache(),
        openers=cast("Openers", {kind: entry.load() for kind, entry in installed(OPENERS).items()}),
        where=where,
        memory=peak_memory_bytes,
    )
