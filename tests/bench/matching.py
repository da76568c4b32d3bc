"""Matching and average precision against pycocotools, on the same generated boxes in the same run."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from tests.bench.tables import table
from tests.sdk.evaluate.coco_sets import CocoSet, _as_coco, _results, made
from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.match import match

IMAGES, CLASSES = 2000, 10


def matching_table() -> str:
    """CPU seconds of both, the best of three; pycocotools is asked for one area range and one cap, as ours is."""
    given = made(0, images=IMAGES, classes=CLASSES)
    judge = _judge(given)
    group = given.dataset.images.source

    def ours() -> float:
        return float(average_precision(match(given.dataset, given.predictions), group, replicates=0).mean() or 0.0)

    def theirs() -> float:
        with contextlib.redirect_stdout(io.StringIO()):
            judge.evaluate()
            judge.accumulate()
        precision = judge.eval["precision"]
        return float(precision[precision > -1].mean())

    (fast, value), (slow, reference) = _best(ours), _best(theirs)
    boxes = f"{len(given.dataset.objects):,} objects, {len(given.predictions):,} answers, {IMAGES:,} images"
    rows = [
        ["pycocotools", f"{slow:.2f}", "1.0", f"{reference:.12f}"],
        ["vision-readiness", f"{fast:.2f}", f"{slow / fast:.1f}", f"{value:.12f}"],
    ]
    return table([boxes, "CPU s", "times as fast", "AP"], rows)


def _judge(given: CocoSet) -> COCOeval:
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = _as_coco(given.dataset)
        truth.createIndex()
        judge = COCOeval(truth, truth.loadRes(_results(given.predictions)), "bbox")
    judge.params.imgIds = np.arange(IMAGES).tolist()
    judge.params.areaRng, judge.params.areaRngLbl, judge.params.maxDets = judge.params.areaRng[:1], ["all"], [100]
    return judge


def _best(work: Callable[[], float], tries: int = 3) -> tuple[float, float]:
    """The least CPU seconds that ``work`` took, and what it gave."""
    seconds = []
    for _ in range(tries):
        began = time.process_time()
        value = work()
        seconds.append(time.process_time() - began)
    return min(seconds), value


if __name__ == "__main__":
    print(matching_table())
