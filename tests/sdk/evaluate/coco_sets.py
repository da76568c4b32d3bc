"""Data sets made at random, and what pycocotools says of them: an independent judge of our average precision."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vision_readiness.project import SPLITS, Dataset, ImageTable, ObjectTable, Predictions, Split, Task
from vision_readiness.project.masks import Masks

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class CocoSet:
    dataset: Dataset
    predictions: Predictions


def made(
    seed: int,
    *,
    images: int = 20,
    classes: int = 3,
    crowd: bool = False,
    ties: bool = False,
    orphan: bool = False,
    integers: bool = False,
    masks: bool = False,
) -> CocoSet:
    """A data set whose answers are jittered truths, duplicates, confusions and noise."""
    rng = np.random.default_rng(seed)
    labelled = classes - 1 if orphan else classes
    count = rng.poisson(3, images)
    image = np.repeat(np.arange(images), count).astype(np.int32)
    label = rng.integers(0, labelled, len(image)).astype(np.int32)
    box = _boxes(rng, len(image), integers=integers)
    is_crowd = rng.random(len(image)) < (0.1 if crowd else 0.0)
    copies = rng.integers(0, 4, len(image))
    origin = np.repeat(np.arange(len(image)), copies)
    shaken = box[origin] + rng.normal(0, 3, (len(origin), 4))
    noise = rng.integers(0, images, 2 * images).astype(np.int32)
    answer_image = np.concatenate([image[origin], noise])
    answer_box = np.concatenate([shaken, _boxes(rng, len(noise), integers=False)])
    answer_box[:, 2:] = np.maximum(answer_box[:, 2:], answer_box[:, :2] + 1)
    if integers:
        answer_box = np.round(answer_box)
    kept = np.where(rng.random(len(origin)) < 0.85, label[origin], rng.integers(0, classes, len(origin)))
    answer_label = np.concatenate([kept, rng.integers(0, classes, len(noise))]).astype(np.int32)
    score = np.round(rng.random(len(answer_image)), 1 if ties else 6)
    order = np.argsort(answer_image, kind="stable")
    answer_image, answer_label = answer_image[order], answer_label[order]
    answer_box, score = answer_box[order], score[order]
    size = np.full(images, 200, np.int32)
    table = ImageTable(
        tuple(f"{n}.jpg" for n in range(images)),
        np.full(images, SPLITS.index(Split.TEST), np.int8),
        np.arange(images, dtype=np.int32),
        size,
        size,
    )
    truth_masks = _ellipses(box) if masks else None
    area = truth_masks.area() if truth_masks is not None else np.prod(box[:, 2:] - box[:, :2], axis=1)
    task = Task.SEGMENTATION if masks else Task.DETECTION
    names = tuple(f"class {n}" for n in range(classes))
    objects = ObjectTable(image, label, box, area, is_crowd, truth_masks)
    answer_masks = _ellipses(answer_box) if masks else None
    predictions = Predictions(np.ones(images, bool), answer_image, answer_label, score, answer_box, answer_masks)
    return CocoSet(Dataset(task, names, table, objects), predictions)


def _boxes(rng: np.random.Generator, count: int, *, integers: bool) -> NDArray[np.float64]:
    low, side = rng.uniform(0, 140, (count, 2)), rng.uniform(8, 60, (count, 2))
    boxes = np.concatenate([low, low + side], axis=1)
    return np.round(boxes) if integers else boxes


def _ellipses(box: NDArray[np.float64]) -> Masks:
    y, x = np.mgrid[0:200, 0:200]
    centre, radius = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2
    return Masks.from_bitmaps(
        [((x - c[0]) / r[0]) ** 2 + ((y - c[1]) / r[1]) ** 2 <= 1 for c, r in zip(centre, radius, strict=True)]
    )


def judged_by_pycocotools(dataset: Dataset, predictions: Predictions) -> tuple[NDArray[np.float64], float]:
    """pycocotools' AP of shape (classes, levels), NaN where absent, and its mean AP, on the answered images."""
    precision = _judged(dataset, predictions).eval["precision"][:, :, :, 0, 2]
    table = np.where(precision > -1, precision, np.nan).mean(axis=1).T
    valid = precision[precision > -1]
    return table, float(valid.mean()) if len(valid) else float("nan")


def summarised_by_pycocotools(dataset: Dataset, predictions: Predictions) -> list[float]:
    """pycocotools' twelve figures, -1 where undefined."""
    judge = _judged(dataset, predictions)
    with contextlib.redirect_stdout(io.StringIO()):
        judge.summarize()
    return [float(figure) for figure in judge.stats]


def _judged(dataset: Dataset, predictions: Predictions) -> Any:
    """pycocotools' evaluation, accumulated. Annotation ids start at 1: its 0 is lossy."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = _as_coco(dataset)
        truth.createIndex()
        given = truth.loadRes(_results(predictions)) if len(predictions) else COCO()
        judge = COCOeval(truth, given, "segm" if dataset.task is Task.SEGMENTATION else "bbox")
        judge.params.imgIds = np.flatnonzero(predictions.answered).tolist()
        judge.evaluate()
        judge.accumulate()
    return judge


def _as_coco(dataset: Dataset) -> dict[str, Any]:
    objects = dataset.objects
    annotations = [
        {
            "id": row + 1,
            "image_id": int(objects.image[row]),
            "category_id": int(objects.label[row]),
            "bbox": _xywh(objects.box[row]),
            "area": float(objects.area[row]),
            "iscrowd": int(objects.crowd[row]),
            **({} if objects.masks is None else {"segmentation": objects.masks.rle(row)}),
        }
        for row in range(len(objects))
    ]
    sizes = zip(dataset.images.width.tolist(), dataset.images.height.tolist(), strict=True)
    images = [{"id": n, "width": width, "height": height} for n, (width, height) in enumerate(sizes)]
    categories = [{"id": n, "name": name} for n, name in enumerate(dataset.classes)]
    return {"images": images, "annotations": annotations, "categories": categories, "info": {}}


def _results(predictions: Predictions) -> list[dict[str, Any]]:
    return [
        {
            "image_id": int(predictions.image[row]),
            "category_id": int(predictions.label[row]),
            "score": float(predictions.score[row]),
            **(
                {"bbox": _xywh(predictions.box[row])}
                if predictions.masks is None
                else {"segmentation": predictions.masks.rle(row)}
            ),
        }
        for row in range(len(predictions))
    ]


def _xywh(box: NDArray[np.float64]) -> list[float]:
    return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]
