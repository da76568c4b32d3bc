"""How the blood cells' model stands darker, blurred and otherwise worse pictures: its curves and where they break.

``python -m tests.bench.stress [images] [shift ...]``; all test images and shifts unless given.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench.tables import table
from vision_readiness.advisor import Advisor
from vision_readiness.decide.assess import figures_of
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.stress.breaking import BreakingPoint, breaking_points
from vision_readiness.stress.curves import Curve, StressFigures, stress_curves
from vision_readiness.stress.run import stress
from vision_readiness.stress.shifts import SHIFTS
from vision_readiness.testing import silent
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.spec_file import open_spec

ROOT = Path(__file__).parents[2]


def stress_tables(data: Path, most: int | None = None, names: Sequence[str] = ()) -> str:
    """Recall and precision at severity 0 to 5, and where the requirements of the gauntlet break."""
    advisor = Advisor.connect(str(data / "bccd"))
    version = advisor.source.version()
    model = open_onnx(data / "bccd-models" / "final.onnx", version=version)
    evidence = advisor.gather(version, model=model, calls=0)
    spec, policy = open_spec(str(ROOT / "tests" / "gauntlet" / "bccd.yaml")), Policy()
    rows = np.flatnonzero(evidence.judged(Split.TEST))[:most]
    shifts = [shift for shift in SHIFTS if not names or shift.name in names]
    began, worked = time.perf_counter(), time.process_time()
    facts = stress(model, version.dataset, advisor.source.images, rows, shifts=shifts, progress=silent, workers=2)
    wall, cpu = time.perf_counter() - began, time.process_time() - worked
    assert evidence.model is not None
    point = figures_of(evidence.model, evidence, spec).point
    figures = StressFigures.at(facts, point, evidence.dataset.classes, evidence.group, policy.alpha)
    broken = breaking_points(figures, spec.requirements_for(evidence.dataset.classes), evidence.images, policy)
    calls = facts.steps * len(facts.image)
    told = f"{len(facts.image)} images, {facts.steps} steps, {calls:,} calls: {wall:.1f} s wall, {cpu:.1f} s CPU.\n"
    curves = table(("curve", *(f"severity {at}" for at in range(6))), map(_row, stress_curves(figures)))
    breaks = table(
        ("requirement", "under", "unproven from", "breaks at", "fails from", "worst tenth"), map(_break, broken)
    )
    return f"{told}\n{curves}\n{breaks}"


def _row(curve: Curve) -> list[str]:
    cells = []
    for point in curve.points:
        rate = "-" if point.bounds.rate is None else f"{100 * point.bounds.rate:.0f} %"
        cells.append(f"{rate} at {curve.quantity.words(point.quantity, bare=True)}")
    return [f"{curve.label}, {curve.metric}, {curve.shift}", *cells]


def _break(point: BreakingPoint) -> list[str]:
    quantity = point.curve.quantity
    crossings = (point.unproven, point.breaks, point.fails)
    words = ["-" if at is None else quantity.words(at.quantity) if at.severity else "the start" for at in crossings]
    own = "-" if point.worst_tenth is None else quantity.words(point.worst_tenth, bare=True)
    return [point.requirement.name, point.curve.shift, *words, own]


def main() -> None:
    """Measure and print."""
    folder = Path(os.environ.get("VISION_READINESS_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        raise SystemExit("the public data sets are not here; set VISION_READINESS_DATA to their folder")
    images = int(sys.argv[1]) if len(sys.argv) > 1 else None
    print(stress_tables(folder, images, sys.argv[2:]))


if __name__ == "__main__":
    main()
