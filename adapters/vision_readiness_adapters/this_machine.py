"""What is known of this machine: the time, its processor, the memory this process used."""

from __future__ import annotations

import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """A ``Clock`` that really runs."""

    def now(self) -> datetime:
        """The current moment, in UTC."""
        return datetime.now(UTC)

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        return time.perf_counter()

    def cpu(self) -> float:
        """CPU seconds spent by this process."""
        return time.process_time()


def machine_facts() -> dict[str, str]:
    """The facts by which this machine is known again: processor, cores this process may use, system, Python."""
    return {
        "cpu": processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def processor() -> str:
    """The processor's name, or the board's where the processor has none (Jetson, Raspberry Pi)."""
    for file, key in (("/proc/device-tree/model", None), ("/proc/cpuinfo", "model name")):
        try:
            text = Path(file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if key is None:
            return text.strip("\0\n ")
        for line in text.splitlines():
            if line.startswith(key):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "unknown"


def peak_memory_bytes() -> int | None:
    """The most memory this process ever held, ``None`` where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # getrusage(2): kilobytes on Linux, bytes on macOS
