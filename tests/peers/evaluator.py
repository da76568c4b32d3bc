"""COCO's twelve figures by one evaluator in a process of its own: ``python -m tests.peers.evaluator NAME FOLDER``.

``FOLDER`` holds ``gt.json`` and ``dt.json``. Prints what it took as JSON; the peak is that of the whole process, with
the interpreter, the imports and the parsing in it.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision_readiness.project import Dataset, Predictions

Judged = tuple[list[float], float]
"""The twelve figures, and the CPU seconds between the data in memory and the figures."""


def ours(folder: Path) -> Judged:
    from vision_readiness.evaluate.coco_figures import coco_figures
    from vision_readiness.evaluate.match import match

    dataset, predictions = read_columns(folder)
    began = time.process_time()
    figures = coco_figures(match(dataset, predictions))
    return [-1.0 if figure is None else figure for figure in figures.values()], time.process_time() - began


def like_pycocotools(module: str, evaluation: str) -> Callable[[Path], Judged]:
    """An evaluator with the interface of pycocotools; ``module`` may be one for the truths and one for the rest."""
    names, _, rest = module.partition("+")

    def judged(folder: Path) -> Judged:
        truth = import_module(names).COCO(str(folder / "gt.json"))
        judge = getattr(import_module(rest or names), evaluation)(truth, truth.loadRes(str(folder / "dt.json")), "bbox")
        began = time.process_time()
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
        return [float(figure) for figure in list(judge.stats)[:12]], time.process_time() - began

    return judged


EVALUATORS: dict[str, Callable[[Path], Judged]] = {
    "vision-readiness": ours,
    "pycocotools": like_pycocotools("pycocotools.coco+pycocotools.cocoeval", "COCOeval"),
    "faster-coco-eval": like_pycocotools("faster_coco_eval", "COCOeval_faster"),
    "hotcoco": like_pycocotools("hotcoco", "COCOeval"),
}


def read_columns(folder: Path) -> tuple[Dataset, Predictions]:
    """The two files as columns; every image is a test image."""
    import numpy as np

    from vision_readiness.project import SPLITS, Dataset, ImageTable, ObjectTable, Predictions, Split, Task

    document = json.loads((folder / "gt.json").read_bytes())
    place = {image["id"]: at for at, image in enumerate(sorted(document["images"], key=lambda one: one["id"]))}
    number = {category["id"]: at for at, category in enumerate(document["categories"])}
    count = len(place)
    columns = _columns(document["annotations"], place, number)
    area = np.array([one["area"] for one in document["annotations"]])
    crowd = np.array([bool(one["iscrowd"]) for one in document["annotations"]])
    order = np.argsort(columns[0], kind="stable")
    objects = ObjectTable(*(column[order] for column in (*columns, area, crowd)))
    names = tuple(category["name"] for category in document["categories"])
    side = np.full(count, document["images"][0]["width"], np.int32)
    split = np.full(count, SPLITS.index(Split.TEST), np.int8)
    images = ImageTable(tuple(map(str, place)), split, np.arange(count, dtype=np.int32), side, side)
    del document
    answers = json.loads((folder / "dt.json").read_bytes())
    image, label, box = _columns(answers, place, number)
    score = np.array([one["score"] for one in answers])
    order = np.argsort(image, kind="stable")
    predictions = Predictions(np.ones(count, bool), image[order], label[order], score[order], box[order])
    return Dataset(Task.DETECTION, names, images, objects), predictions


def _columns(rows: list[dict[str, Any]], place: dict[int, int], number: dict[int, int]) -> tuple[Any, Any, Any]:
    """Image, class and xyxy of COCO's rows."""
    import numpy as np

    box = np.array([row["bbox"] for row in rows], dtype=np.float64).reshape(-1, 4)
    box[:, 2:] += box[:, :2]
    image = np.array([place[row["image_id"]] for row in rows], dtype=np.int32)
    return image, np.array([number[row["category_id"]] for row in rows], dtype=np.int32), box


def _peak_kilobytes() -> int:
    """The most memory this process held. Linux counts that of whoever started it into ``ru_maxrss``."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(name: str, folder: str) -> None:
    """Judge once and print what it took."""
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        figures, seconds = EVALUATORS[name](Path(folder))
    took = {
        "figures": figures,
        "wall": time.perf_counter() - began,
        "cpu": time.process_time(),
        "judging": seconds,
        "peak": _peak_kilobytes() / 1024,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
