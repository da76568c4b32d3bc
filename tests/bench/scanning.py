"""How many images a second one core scans: read, decoded, hashed and measured."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench.tables import table
from vision_readiness import Advisor
from vision_readiness.inspect.scan import scan
from vision_readiness_adapters.bundled_projects import READY, bundled_workspace


def scanning_table(data: Path | None) -> str:
    """Images a second of CPU time, nothing remembered, on one worker."""
    folders = {READY: bundled_workspace() / READY}
    if data is not None:
        folders["bccd"] = data / "bccd"
    return table(["images", "pixels", "images / s / core"], [_row(name, folder) for name, folder in folders.items()])


def _row(name: str, folder: Path) -> list[str]:
    source = Advisor.connect(str(folder)).source
    dataset = source.version().dataset
    began = time.process_time()
    scan(dataset, source.images, workers=1)
    spent = time.process_time() - began
    table = dataset.images
    size = f"{int(table.width[0])}×{int(table.height[0])}"
    return [f"{name}, {len(table)}", size, f"{len(table) / spent:,.0f}"]


if __name__ == "__main__":
    print(scanning_table(None))
