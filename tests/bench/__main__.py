"""Every table, printed and written to ``docs/numbers.md``."""

from __future__ import annotations

import os
from pathlib import Path

from tests.bench.evaluators import evaluators_table
from tests.bench.matching import matching_table
from tests.bench.scanning import scanning_table
from tests.bench.stages import stages_table
from vision_readiness_adapters.this_machine import machine_facts

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "numbers.md"


def main() -> None:
    """Measure, print and write."""
    folder = Path(os.environ.get("VISION_READINESS_DATA", ROOT.parent / "shared" / "data"))
    data = folder if folder.is_dir() else None
    maker = folder.parent / "tools" / "bench_eval.py"
    facts = ", ".join(f"{name} {value}" for name, value in machine_facts().items())
    busy = f"{os.getloadavg()[0]:.1f} other processes wanted to run when it began"
    parts = [
        "# Numbers\n",
        "Written by `make bench`, so they are those of the machine it last ran on; compare columns, not machines. The",
        "blood cells (bccd) are a public data set that is not part of the project.\n",
        f"Machine: {facts}. {busy}; on a busy machine wall times are longer than alone.\n",
        "## A whole check, stage by stage\n",
        "Every image is read once and 300 calls are timed. The wall and the CPU column are two runs.\n",
        stages_table(data),
        "## Matching and average precision\n",
        matching_table(),
        "## COCO's twelve figures beside other evaluators\n",
        "Each in a process of its own with one thread, the quickest of three; pycocotools runs once.\n",
        evaluators_table(maker),
        "## Scanning\n",
        scanning_table(data),
    ]
    page = "\n".join(parts)
    print(page)
    PAGE.write_text(page.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
