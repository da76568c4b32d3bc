"""COCO's twelve figures on a large made-up set beside other evaluators, and what ten times as much of it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.tables import table
from tests.peers.evaluator import EVALUATORS, read_columns
from vision_readiness.evaluate.average_precision import _resamples
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.figures import Figures, Scope, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import Matches
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.evaluate.weak_slices import weak_slices
from vision_readiness.project import Condition, Dataset

ROOT = Path(__file__).parents[2]
PEERS = ROOT / os.environ.get("PEERS_VENV", ".venv-peers") / "bin" / "python"
IMAGES, CLASSES, REPLICATES = 5000, 80, 2000
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "RAYON")}
TRIES = 3


def evaluators_table(maker: Path | None) -> str:
    """The table and the sentences below it; ``maker`` is the script that makes the data, ``None`` if it is absent."""
    if maker is None or not maker.is_file():
        return "The script that makes this data set is not here, so this was not measured.\n"
    with tempfile.TemporaryDirectory() as folder:
        large, tenfold = (_made(maker, Path(folder), images) for images in (IMAGES, 10 * IMAGES))
        seen = {name: _judged(name, large) for name in EVALUATORS if _python(name).exists()}
        rates, slices = _seconds_of_rates(large), _search_of_slices(large)
        growth = 10 * _seconds_of_figures(tenfold) / _seconds_of_figures(large, goes=10)
    reference = np.array(seen["pycocotools"]["figures"])
    rows = [
        [
            name,
            f"{one['judging']:.2f}",
            f"{one['cpu']:.2f}",
            f"{one['peak']:,.0f}",
            f"{one['figures'][0]:.12f}",
            f"{np.abs(np.array(one['figures']) - reference).max():.0e}",
        ]
        for name, one in seen.items()
    ]
    head = [f"{IMAGES:,} images, {CLASSES} classes", "CPU s", "with reading", "peak MB", "AP", "most apart"]
    return "\n".join((table(head, rows), *_sentences(seen, rates, growth, slices)))


def _sentences(seen: dict[str, Any], rates: float, growth: float, slices: str) -> tuple[str, ...]:
    ours = seen["vision-readiness"]
    fast = seen.get("faster-coco-eval")
    beside = (
        "faster-coco-eval and hotcoco were not at hand (`make bench` installs them)."
        if fast is None
        else f"{ours['judging'] / fast['judging']:.2f} × the CPU time of faster-coco-eval (wanted: at most 0.60)."
    )
    return (
        f"- The twelve figures take {beside}",
        f"- The whole process peaks at {ours['peak']:,.0f} MB (wanted: at most 300).",
        f"- Ten times the images cost {growth:.1f} × the CPU time (wanted: at most 11).",
        f"- {REPLICATES:,} resamples of every recall and precision take {rates:.2f} CPU s (wanted: at most 1).",
        f"- {slices}\n",
    )


def _python(name: str) -> Path:
    return Path(sys.executable) if name in ("vision-readiness", "pycocotools") else PEERS


def _made(maker: Path, folder: Path, images: int) -> Path:
    made = folder / str(images)
    size = ["--images", str(images), "--classes", str(CLASSES)]
    command = [sys.executable, str(maker), "make", *size, "--out", str(made)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a script that is named by who runs this
    return made


def _judged(name: str, folder: Path) -> dict[str, Any]:
    """What an evaluator says and takes in a process of its own, the quickest of a few; the slow reference runs once."""
    command = [str(_python(name)), "-m", "tests.peers.evaluator", name, str(folder)]
    alone = {**os.environ, **ONE_THREAD}
    took: list[dict[str, Any]] = []
    for _ in range(1 if name == "pycocotools" else TRIES):
        ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=alone)  # noqa: S603 - our own script
        took.append(json.loads(ran.stdout.splitlines()[-1]))
    return min(took, key=lambda one: float(one["judging"]))


def _seconds_of_figures(folder: Path, goes: int = 1) -> float:
    """The CPU time of the quickest try of so many goes: one long go and ten short ones meet the same neighbours."""
    dataset, predictions = read_columns(folder)
    spent = []
    for _ in range(TRIES):
        began = time.process_time()
        for _ in range(goes):
            coco_figures(match(dataset, predictions))
        spent.append(time.process_time() - began)
    return min(spent)


def _search_of_slices(folder: Path) -> str:
    """What the search for weak slices takes with six conditions that have nothing to do with the answers."""
    dataset, predictions = read_columns(folder)
    figures, scope = _at_one_threshold(dataset, match(dataset, predictions))
    rng, images = np.random.default_rng(0), len(dataset.images)
    level = {f"condition {n}": rng.integers(0, levels, images) for n, levels in enumerate((2, 3, 3, 3, 4, 5))}
    conditions = {
        name: Condition("tag", {f"level {n}": column == n for n in range(column.max() + 1)})
        for name, column in level.items()
    }
    began = time.process_time()
    scan = weak_slices(figures, scope, conditions, dataset.images.key)
    spent = time.process_time() - began
    real = sum(all(name not in conditions for name, _ in one.where) for one in scan.found)
    return (
        f"The search for weak slices in 6 made-up conditions, object sizes and overlaps tries {scan.tried:,} slices in "
        f"{spent:.2f} CPU s; it finds {len(scan.found)}, {real} of them by size or overlap alone."
    )


def _at_one_threshold(dataset: Dataset, matches: Matches) -> tuple[Figures, Scope]:
    every = np.ones(len(dataset.images), bool)
    threshold = np.full(CLASSES, 0.5)
    point = OperatingPoint(threshold[None], np.zeros(len(every), np.int8), threshold, ("fixed",) * CLASSES)
    return Figures.at(matches, point, dataset.images.source), scope_of(matches, every)


def _seconds_of_rates(folder: Path) -> float:
    """Recall and precision of every class at one threshold on resamples of the images, as weighted sums of counts."""
    dataset, predictions = read_columns(folder)
    matches, every = match(dataset, predictions), np.ones(len(dataset.images), bool)
    began = time.process_time()
    figures, scope = _at_one_threshold(dataset, matches)
    weights = _resamples(every, dataset.images.source, REPLICATES, seed=0).value.astype(np.float32)
    sums = weights @ _counts(figures, scope)
    with np.errstate(invalid="ignore"):
        sums[:, 0::2] / sums[:, 1::2]
    return time.process_time() - began


def _counts(figures: Figures, scope: Scope) -> NDArray[np.float32]:
    """Of each image and class: truths found, truths, right answers, answers; of shape (images, 4 × classes)."""
    answers, truths = figures.matches.answers, figures.matches.truths
    asked, given = scope.truths, scope.answers & figures.given
    columns = (
        (truths.image, truths.label, asked & figures.found),
        (truths.image, truths.label, asked),
        (answers.image, answers.label, given & answers.hit[:, 0]),
        (answers.image, answers.label, given),
    )
    size = len(scope.images) * CLASSES
    counts = [
        np.bincount(image[rows].astype(np.int64) * CLASSES + label[rows], minlength=size)
        for image, label, rows in columns
    ]
    return np.stack(counts, axis=1).reshape(len(scope.images), -1).astype(np.float32)


if __name__ == "__main__":
    print(evaluators_table(ROOT.parent / "shared" / "tools" / "bench_eval.py"))
