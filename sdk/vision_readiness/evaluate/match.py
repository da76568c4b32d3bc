"""Predictions matched to the truths of their images: boxes and masks by COCO's rule, labels by image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.evaluate.greedy import choose, rank_in_run
from vision_readiness.evaluate.matches import IOU_THRESHOLDS, MAX_ANSWERS, AnswerTable, Matches, TruthTable
from vision_readiness.evaluate.overlap import PairTable, Things, overlaps
from vision_readiness.project import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.project import Dataset, Predictions

LEAST_OVERLAP = 0.1
"""Pairs that overlap less say nothing about why an answer is wrong (TIDE's background threshold)."""


def match(dataset: Dataset, predictions: Predictions) -> Matches:
    """Every answer matched to the truths of its image; images that were not answered are left out.

    Labels of ``predictions`` index ``dataset.classes``. No answers and no truths give empty tables.
    """
    if dataset.task.has_boxes:
        return _match_boxes(dataset, predictions)
    return _match_labels(dataset, predictions)


def _match_boxes(dataset: Dataset, predictions: Predictions) -> Matches:
    order, capped = _answer_order(predictions, len(dataset.classes))
    objects = dataset.objects
    kept = np.flatnonzero(predictions.answered[objects.image])
    kept = kept[np.lexsort((objects.label[kept], objects.image[kept]))]
    masked = dataset.task is Task.SEGMENTATION and predictions.masks is not None and objects.masks is not None
    no_crowd = np.zeros(len(predictions), bool)
    shown = (predictions.image, predictions.label, predictions.box, no_crowd)
    given = Things(*shown, predictions.masks if masked else None).take(order)
    real = (objects.image, objects.label, objects.box, objects.crowd)
    truths = Things(*real, objects.masks if masked else None).take(kept)
    pairs = overlaps(given, truths, LEAST_OVERLAP)
    contest = given.image.astype(np.int64) * len(dataset.classes) + given.label
    own = pairs.where((given.label[pairs.answer] == truths.label[pairs.truth]) & (pairs.iou >= IOU_THRESHOLDS[0]))
    choice = choose(own, contest, IOU_THRESHOLDS, truths.crowd, truths.crowd)
    score = predictions.score[order]
    confused, confused_with = _confusions(pairs, choice.hit[:, 0] | choice.ignored[:, 0], truths.crowd)
    answers = AnswerTable(
        image=given.image,
        label=given.label,
        score=score,
        box=given.box,
        area=given.area(),
        operating=np.ones(len(order), bool),
        hit=choice.hit,
        ignored=choice.ignored,
        confused=confused,
        confused_with=confused_with,
    )
    found = choice.found_by >= 0
    found_score = np.where(found, score[choice.found_by], 0.0) if len(score) else np.zeros(len(found))
    marks = {name: marked[kept] for name, marked in objects.marks.items()}
    found &= ~truths.crowd
    table = TruthTable(
        image=truths.image,
        label=truths.label,
        box=truths.box,
        area=objects.area[kept],
        ignored=truths.crowd,
        found=found,
        found_score=found_score,
        marks=marks,
    )
    return Matches(
        task=dataset.task,
        classes=dataset.classes,
        answered=predictions.answered,
        answers=answers,
        truths=table,
        pairs=pairs,
        capped=capped,
    )


def _answer_order(predictions: Predictions, classes: int) -> tuple[NDArray[np.int64], int]:
    """Rows by image, class and falling score, cut at the cap of answers; and how many were cut."""
    order = np.lexsort((-predictions.score, predictions.label, predictions.image))
    rank = rank_in_run(predictions.image[order].astype(np.int64) * classes + predictions.label[order])
    return order[rank < MAX_ANSWERS], int(np.count_nonzero(rank >= MAX_ANSWERS))


def _confusions(
    pairs: PairTable, matched: NDArray[np.bool_], crowd: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Which answers that took nothing overlap a counted truth of any class by half, and the one they overlap most."""
    near = pairs.where((pairs.iou >= IOU_THRESHOLDS[0]) & ~matched[pairs.answer] & ~crowd[pairs.truth])
    order = np.lexsort((-near.truth, -near.iou, near.answer))
    answer, first = np.unique(near.answer[order], return_index=True)
    confused, confused_with = np.zeros(len(matched), bool), np.zeros(len(matched), np.int32)
    confused[answer] = True
    confused_with[answer] = near.truth[order][first]
    return confused, confused_with


def _match_labels(dataset: Dataset, predictions: Predictions) -> Matches:
    """Classification: an answer is right when its image carries its label."""
    classes = len(dataset.classes)
    order = np.lexsort((predictions.label, -predictions.score, predictions.image))
    image, label, score = predictions.image[order], predictions.label[order], predictions.score[order]
    kept = np.flatnonzero(predictions.answered[dataset.objects.image])
    kept = kept[np.lexsort((dataset.objects.label[kept], dataset.objects.image[kept]))]
    truth_image, truth_label = dataset.objects.image[kept], dataset.objects.label[kept]
    keys, truth_keys = image.astype(np.int64) * classes + label, truth_image.astype(np.int64) * classes + truth_label
    hit = np.isin(keys, truth_keys)
    single = dataset.task is Task.CLASSIFICATION
    operating = rank_in_run(image.astype(np.int64)) == 0 if single else np.ones(len(order), bool)
    given = np.flatnonzero(operating)
    by_key = given[np.argsort(keys[given], kind="stable")]
    place = np.minimum(np.searchsorted(keys[by_key], truth_keys), max(len(by_key) - 1, 0))
    found = keys[by_key][place] == truth_keys if len(by_key) else np.zeros(len(kept), bool)
    found_score = np.where(found, score[by_key][place], 0.0) if len(by_key) else np.zeros(len(kept))
    first_truth = np.minimum(np.searchsorted(truth_image, image), max(len(kept) - 1, 0))
    labelled = truth_image[first_truth] == image if len(kept) else np.zeros(len(order), bool)
    confused = operating & ~hit & single & labelled
    none = np.zeros((len(order), 1), bool)
    answers = AnswerTable(
        image=image,
        label=label,
        score=score,
        box=np.zeros((len(order), 4)),
        area=np.zeros(len(order)),
        operating=operating,
        hit=hit[:, None],
        ignored=none,
        confused=confused,
        confused_with=np.where(confused, first_truth, 0).astype(np.int32),
    )
    blank = np.zeros(len(kept))
    truths = TruthTable(
        image=truth_image,
        label=truth_label,
        box=np.zeros((len(kept), 4)),
        area=blank,
        ignored=np.zeros(len(kept), bool),
        found=found,
        found_score=found_score,
    )
    nothing = PairTable(np.zeros(0, np.int32), np.zeros(0, np.int32), blank[:0])
    return Matches(
        task=dataset.task,
        classes=dataset.classes,
        answered=predictions.answered,
        answers=answers,
        truths=truths,
        pairs=nothing,
    )
