"""How often the statistics are wrong, by simulation; ``make bench-stats`` runs it and writes its part of the page.

Every truth is known, so each bound, threshold and slice can be held against it. ``ARGS=0.2`` makes a fifth of the
repetitions.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tests.bench.cameras import camera_table
from tests.bench.changes import change_table
from tests.bench.pages import keep
from tests.bench.tables import table
from tests.bench.worlds import Scores, as_project, counted
from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.constrained import constrained_threshold
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import Matches
from vision_readiness.evaluate.rates import clustered_wilson
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.evaluate.weak_slices import SliceScan, weak_slices
from vision_readiness.project import Condition
from vision_readiness.requirement import Metric

ICCS, RATES, IMAGES = (0.0, 0.1, 0.3), (0.5, 0.8, 0.9, 0.95, 0.99), (20, 50, 100, 200, 500)
TRIALS = {"1": (1, 1), "3": (3, 3), "1–5": (1, 5), "1–10": (1, 10)}
"""The trials of an image, from and to, every number as likely."""

INFORMED = Scores(right=(4.0, 1.5), wrong=(1.5, 4.0), low=0.2, shift=1.4)
"""Scores that tell right from wrong, as a detector's do."""

FLOOR = 0.95
"""The precision and the recall that a threshold is asked for."""


def coverage_tables(runs: int) -> str:
    """How often the one-sided bounds of ``clustered_wilson`` hold, in a summary and cell by cell."""
    held: dict[tuple[str, float, float, int], tuple[float, float]] = {}
    for place, (size, icc, rate, images) in enumerate(product(TRIALS, ICCS, RATES, IMAGES)):
        held[size, icc, rate, images] = _coverage(
            np.random.default_rng([1, place]), TRIALS[size], icc, rate, images, runs
        )
    cells = [
        [f"{size}, {icc:g}, {rate:g}", *("{:.1f} {:.1f}".format(*held[size, icc, rate, images]) for images in IMAGES)]
        for size, icc, rate in product(TRIALS, ICCS, RATES)
    ]
    return "\n".join(
        [
            table(
                ["bounds", "cells", "below 93 %", "93–97 %", "above 97 %", "least", "errors expected above 97 %"],
                _summary(held),
            ),
            "Coverage in per cent of the lower and of the upper bound, by number of images:\n",
            table(["trials an image, ICC, rate", *(f"{images} images" for images in IMAGES)], cells),
        ]
    )


def _coverage(
    rng: np.random.Generator, size: tuple[int, int], icc: float, rate: float, images: int, runs: int
) -> tuple[float, float]:
    shape = (runs, images)
    trials = rng.integers(size[0], size[1] + 1, shape)
    chance = rng.beta(rate * (1 - icc) / icc, (1 - rate) * (1 - icc) / icc, shape) if icc else np.full(shape, rate)
    hits = rng.binomial(trials, chance)
    bounds = [clustered_wilson(*run) for run in zip(hits, trials, strict=True)]
    lower = np.mean([one.lower <= rate for one in bounds])
    upper = np.mean([one.upper >= rate for one in bounds])
    return 100 * float(lower), 100 * float(upper)


def _summary(held: dict[tuple[str, float, float, int], tuple[float, float]]) -> Iterator[list[str]]:
    groups = {"20 and 50 images": IMAGES[:2], "100, 200 and 500 images": IMAGES[2:]}
    for (name, images), side in product(groups.items(), (0, 1)):
        cells = {key: pair[side] for key, pair in held.items() if key[3] in images}
        shares = np.array(list(cells.values()))
        loose = [_effective_errors(*key) for key, share in cells.items() if share > 97]
        counts = ((shares < 93).sum(), ((shares >= 93) & (shares <= 97)).sum(), (shares > 97).sum())
        most = f"at most {max(loose):.0f}" if loose else "–"
        side_name = ("lower", "upper")[side]
        yield [f"{side_name}, {name}", str(len(shares)), *map(str, counts), f"{shares.min():.1f} %", most]


def _effective_errors(size: str, icc: float, rate: float, images: int) -> float:
    """How many independent errors the images are expected to hold."""
    trials = np.arange(TRIALS[size][0], TRIALS[size][1] + 1)
    together = (trials**2).sum() / trials.sum()
    return float(images * trials.mean() * (1 - rate) / (1 + (together - 1) * icc))


def average_table(runs: int) -> str:
    """How often the basic bootstrap's bounds of AP hold, on samples of a population of 20,000 images."""
    rng = np.random.default_rng(2)
    shape = (20_000, 10)
    recall, precision = rng.uniform(0.6, 0.98, 10), rng.uniform(0.6, 0.95, 10)
    population = _matched(rng, np.broadcast_to(recall, shape), np.broadcast_to(precision, shape), 0.2, INFORMED)
    group = np.arange(shape[0], dtype=np.int32)
    whole = average_precision(population, group, replicates=0).value
    truth = np.stack([whole.mean(axis=1), whole[:, 0], whole[:, 5]], axis=1)
    rows = []
    for images, repeats in ((200, runs), (800, runs), (1600, runs // 3)):
        drawn = [_average(population, rng, images, group) for _ in range(repeats)]
        lower, upper = (np.array(side) for side in zip(*drawn, strict=True))
        below, above = 100 * (lower <= truth).mean(axis=(0, 1)), 100 * (upper >= truth).mean(axis=(0, 1))
        counts = [f"{low:.1f} {high:.1f}" for low, high in zip(below, above, strict=True)]
        rows.append([f"{images:,} images", str(shape[1] * repeats), *counts])
    return table(["lower and upper bound, per cent", "bounds", "AP", "AP50", "AP75"], rows)


def _average(
    population: Matches, rng: np.random.Generator, images: int, group: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sample = average_precision(population.within(_drawn(rng, len(group), images)), group, replicates=200)
    return sample.lower, sample.upper


def threshold_table(runs: int) -> str:
    """How often ``constrained_threshold`` names a threshold, and how often one at which the constraint is not met."""
    rows = []
    for icc in (0.0, 0.2):
        rng = np.random.default_rng([3, int(10 * icc)])
        shape = (40_000, 1)
        population = _matched(rng, np.full(shape, 0.97), np.full(shape, 0.85), icc, INFORMED)
        group = np.arange(shape[0], dtype=np.int32)
        answers, truths = population.answers, population.truths
        each = len(answers) / shape[0]
        for metric, count in product((Metric.PRECISION, Metric.RECALL), (100, 300, 1000, 5000)):
            offered, false, others = 0, 0, []
            for _ in range(runs):
                images = _drawn(rng, shape[0], round(count / each))
                found = constrained_threshold(population, 0, metric, FLOOR, images=images, group=group)
                if found.threshold is None:
                    continue
                given = answers.score >= found.threshold
                rates = answers.hit[given, 0].mean(), (truths.found_score >= found.threshold).mean()
                asked, other = rates if metric is Metric.PRECISION else rates[::-1]
                offered, false = offered + 1, false + int(asked < FLOOR)
                others.append(float(other))
            share = f"{100 * np.mean(others):.0f} %" if others else "–"
            name = f"{metric} ≥ {FLOOR:g}, ICC {icc:g}, {count:,} answers"
            rows.append([name, str(runs), f"{100 * offered / runs:.1f} %", f"{100 * false / runs:.1f} %", share])
    return table(["constraint", "runs", "offered", "offered and false", "the other rate"], rows)


def slice_table(runs: int) -> str:
    """How often ``weak_slices`` reports anything where nothing is weak, and how often it finds what is."""
    rows = []
    cases = [
        ("20 null slices, recall", 500, 1, 0.0, (Metric.RECALL,)),
        ("20 null slices, 3 classes, both metrics", 500, 3, 0.0, (Metric.RECALL, Metric.PRECISION)),
        ("15 points in 1 of 20, n = 150", 500, 1, 0.15, (Metric.RECALL,)),
        ("15 points in 1 of 20, n = 300", 1000, 1, 0.15, (Metric.RECALL,)),
        ("15 points, n = 300, 3 classes, both metrics", 1000, 3, 0.15, (Metric.RECALL, Metric.PRECISION)),
    ]
    for (name, images, classes, drop, metrics), icc in product(cases, (0.0, 0.2)):
        rng = np.random.default_rng([4, images, classes, int(10 * icc)])
        scans = [_scanned(rng, images, classes, drop, icc, metrics) for _ in range(runs)]
        planted = ("class 0", Metric.RECALL, (("condition 0", "0"),))
        found = [{(one.label, one.metric, one.where) for one in scan.found} for scan in scans]
        right = np.mean([planted in one for one in found]) if drop else None
        alarms = np.mean([bool(one) for one in found]) if not drop else None
        tried = np.mean([scan.tried for scan in scans])
        shares = [f"{100 * share:.1f} %" if share is not None else "–" for share in (alarms, right)]
        rows.append([f"{name}, ICC {icc:g}", str(runs), f"{tried:.0f}", *shares])
    return table(["scan", "scans", "slices and pairs tried", "alarms", "found"], rows)


def _scanned(
    rng: np.random.Generator, images: int, classes: int, drop: float, icc: float, metrics: tuple[Metric, ...]
) -> SliceScan:
    levels = rng.integers(0, 4, (5, images))
    conditions = {
        f"condition {number}": Condition("tag", {str(level): row == level for level in range(4)})
        for number, row in enumerate(levels)
    }
    recall = np.full((images, classes), 0.9)
    recall[levels[0] == 0, 0] -= drop
    matches = _matched(rng, recall, np.full((images, classes), 0.85), icc, Scores())
    everything, group = np.ones(images, bool), np.arange(images, dtype=np.int32)
    names = tuple(f"{number}.jpg" for number in range(images))
    floors = {label: Floors(threshold=0.45) for label in matches.classes}
    point = choose_operating_point(matches, floors, valid=everything, test=everything, group=group, names=names)
    figures = Figures.at(matches, point, group)
    return weak_slices(figures, scope_of(matches, everything), conditions, names, metrics=metrics)


def _matched(
    rng: np.random.Generator, recall: NDArray[np.float64], precision: NDArray[np.float64], icc: float, scores: Scores
) -> Matches:
    split = np.full(len(recall), 2, np.int8)
    return match(*as_project(rng, counted(rng, recall, precision, icc), split, {}, scores))


def _drawn(rng: np.random.Generator, images: int, count: int) -> NDArray[np.bool_]:
    """A mask of ``count`` images drawn without replacement."""
    mask = np.zeros(images, bool)
    mask[rng.choice(images, count, replace=False)] = True
    return mask


def main() -> None:
    """Simulate, print and write."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    began = time.process_time()
    parts = [
        "## Bounds of recall and precision\n",
        coverage_tables(round(3000 * share)),
        "## Bounds of average precision\n",
        average_table(round(100 * share)),
        "## Thresholds under a constraint\n",
        threshold_table(round(400 * share)),
        "## Weak slices\n",
        slice_table(round(400 * share)),
    ]
    text = "\n".join(parts)
    print(text)
    print(f"{time.process_time() - began:.0f} CPU s")
    keep("statistics", text)
    keep("changes", change_table(round(400 * share)))
    keep("cameras", camera_table(round(2000 * share)))


if __name__ == "__main__":
    main()
