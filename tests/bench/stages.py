"""The time of a whole check, stage by stage: once by the clock on the wall, once in CPU seconds."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from tests.bench.tables import table
from vision_readiness import Advisor
from vision_readiness.ports import Clock
from vision_readiness.render import page_html
from vision_readiness.stopwatch import Stopwatch
from vision_readiness.testing import MemoryCache
from vision_readiness_adapters.bundled_projects import BLOCKED, READY, bundled_workspace
from vision_readiness_adapters.cli.console import pictures
from vision_readiness_adapters.this_machine import SystemClock

AGAIN = "inspect again, images remembered"


class CpuClock(SystemClock):
    """A clock that only goes on while this process works."""

    def perf(self) -> float:
        """CPU seconds of this process, of all its threads."""
        return time.process_time()


def stages_table(data: Path | None) -> str:
    """The stages of a check on a bundled project, and on the public blood cells where ``data`` holds them."""
    bundled = bundled_workspace() / READY
    cases: dict[str, tuple[Path, Path | None]] = {READY: (bundled, None)}
    _seconds(bundled_workspace() / BLOCKED, None, SystemClock())  # what is imported on first use is no stage
    if data is not None:
        cases["bccd, final.onnx"] = (data / "bccd", data / "bccd-models" / "final.onnx")
    parts = []
    for name, (folder, model) in cases.items():
        wall, cpu = (_seconds(folder, model, clock) for clock in (SystemClock(), CpuClock()))
        again = [AGAIN, f"{wall.pop(AGAIN):.2f}", f"{cpu.pop(AGAIN):.2f}"]
        rows = [[stage, f"{wall[stage]:.2f}", f"{cpu[stage]:.2f}"] for stage in wall]
        rows += [["**all**", f"{sum(wall.values()):.2f}", f"{sum(cpu.values()):.2f}"], again]
        images = len(Advisor.connect(str(folder)).source.version().dataset.images)
        parts.append(table([f"{name} ({images} images)", "wall s", "CPU s"], rows))
    return "\n".join(parts)


def _seconds(folder: Path, model: Path | None, clock: Clock) -> dict[str, float]:
    watch, cache = Stopwatch(clock), MemoryCache()
    with watch.stage("read"):
        advisor = replace(Advisor.connect(str(folder), cache=cache), clock=clock)
        version = advisor.source.version()
    evidence = advisor.gather(version, model=str(model) if model else None)
    seconds = {**watch.seconds, **evidence.seconds}
    with watch.stage("decide"):
        report = advisor.decide(evidence, spec=version.beside.get("spec"))
    with watch.stage("render"):
        page_html(report, pictures(report, advisor.source.images))
    seconds |= {name: watch.seconds[name] for name in ("decide", "render")}
    looked = advisor.gather(replace(version, beside={}), calls=0)
    return {**seconds, AGAIN: looked.seconds["inspect"]}


if __name__ == "__main__":
    print(stages_table(None))
