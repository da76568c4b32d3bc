"""Matching of answers to truths by COCO's rule, for all images and IoU levels at once.

The rule is pycocotools': answers in falling order of score, each taking the free truth of its class with the
greatest IoU at or above the level, the later one among equals; a truth that counts goes before one that is ignored,
and a crowd absorbs any number. Unlike there, a truth may have any id, 0 included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.evaluate.matches import IOU_THRESHOLDS, MAX_ANSWERS, AnswerTable, Matches, TruthTable
from vision_readiness.masks import mask_iou
from vision_readiness.project import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.masks import Masks
    from vision_readiness.project import Dataset, Predictions


def match(dataset: Dataset, predictions: Predictions) -> Matches:
    """Every answer matched to the truths of its image; images that were not answered are left out.

    Labels of ``predictions`` index ``dataset.classes``. No answers and no truths give empty tables.
    """
    if dataset.task.has_boxes:
        return _match_boxes(dataset, predictions)
    return _match_labels(dataset, predictions)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Overlapping answers and truths, ordered by answer and then by preference of the answer."""

    answer: NDArray[np.int64]
    truth: NDArray[np.int64]
    iou: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Things:
    """Answers or truths in matching order: columns of shape (things,); ``crowd`` is all false for answers."""

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    masks: Masks | None

    def take(self, rows: NDArray[np.int64]) -> _Things:
        masks = None if self.masks is None else self.masks.take(rows)
        return _Things(self.image[rows], self.label[rows], self.box[rows], self.crowd[rows], masks)

    def keys(self, classes: int) -> NDArray[np.int64]:
        """One number per image and class."""
        return self.image.astype(np.int64) * classes + self.label


def _match_boxes(dataset: Dataset, predictions: Predictions) -> Matches:
    order, capped = _answer_order(predictions, len(dataset.classes))
    objects = dataset.objects
    kept = np.flatnonzero(predictions.answered[objects.image])
    kept = kept[np.lexsort((objects.label[kept], objects.image[kept]))]
    masked = dataset.task is Task.SEGMENTATION and predictions.masks is not None and objects.masks is not None
    no_crowd = np.zeros(len(predictions), bool)
    shown = (predictions.image, predictions.label, predictions.box, no_crowd)
    given = _Things(*shown, predictions.masks if masked else None).take(order)
    real = (objects.image, objects.label, objects.box, objects.crowd)
    truths = _Things(*real, objects.masks if masked else None).take(kept)
    keys, truth_keys = given.keys(len(dataset.classes)), truths.keys(len(dataset.classes))
    own = _preferred(_overlaps(keys, truth_keys, given, truths), truths.crowd)
    hit, ignored, found_by = _greedy(own, keys, truths.crowd)
    confused, confused_with = _confusions(np.flatnonzero(~(hit[:, 0] | ignored[:, 0])), given, truths)
    score = predictions.score[order]
    operating = np.ones(len(order), bool)
    answers = AnswerTable(given.image, given.label, score, given.box, operating, hit, ignored, confused, confused_with)
    found = found_by >= 0
    found_score = np.where(found, score[found_by], 0.0) if len(score) else np.zeros(len(found))
    table = TruthTable(
        truths.image, truths.label, truths.box, objects.area[kept], truths.crowd, found & ~truths.crowd, found_score
    )
    return Matches(dataset.task, dataset.classes, predictions.answered, answers, table, capped)


def _answer_order(predictions: Predictions, classes: int) -> tuple[NDArray[np.int64], int]:
    """Rows by image, class and falling score, cut at the cap of answers; and how many were cut."""
    order = np.lexsort((-predictions.score, predictions.label, predictions.image))
    keys = predictions.image[order].astype(np.int64) * classes + predictions.label[order]
    rank = _rank_in_run(keys)
    return order[rank < MAX_ANSWERS], int(np.count_nonzero(rank >= MAX_ANSWERS))


def _rank_in_run(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The position of each row in its run of equal keys, from 0."""
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    lengths = np.diff(np.append(starts, len(keys)))
    return np.arange(len(keys)) - np.repeat(starts, lengths)


def _overlaps(keys: NDArray[np.int64], truth_keys: NDArray[np.int64], given: _Things, truths: _Things) -> _Pairs:
    """All pairs of equal key whose IoU reaches the lowest level; ``truth_keys`` is sorted."""
    first = np.searchsorted(truth_keys, keys, side="left")
    count = np.searchsorted(truth_keys, keys, side="right") - first
    answer = np.repeat(np.arange(len(keys)), count)
    starts = np.cumsum(count) - count
    truth = np.repeat(first, count) + np.arange(len(answer)) - np.repeat(starts, count)
    iou = _box_iou(given.box[answer], truths.box[truth], truths.crowd[truth])
    if given.masks is not None and truths.masks is not None:
        near = iou > 0
        answer, truth = answer[near], truth[near]
        iou = _mask_iou(_Pairs(answer, truth, iou[near]), given.masks, truths.masks, truths.crowd)
    enough = iou >= IOU_THRESHOLDS[0]
    return _Pairs(answer[enough], truth[enough], iou[enough])


def _box_iou(box: NDArray[np.float64], other: NDArray[np.float64], crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Row by row intersection over union of xyxy boxes of shape (pairs, 4); over the first's area where ``crowd``."""
    low, high = np.maximum(box[:, :2], other[:, :2]), np.minimum(box[:, 2:], other[:, 2:])
    shared: NDArray[np.float64] = np.prod(np.maximum(high - low, 0.0), axis=1)
    area, other_area = np.prod(box[:, 2:] - box[:, :2], axis=1), np.prod(other[:, 2:] - other[:, :2], axis=1)
    union = np.where(crowd, area, area + other_area - shared)
    iou: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou


def _mask_iou(near: _Pairs, given: Masks, truths: Masks, crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    iou = np.zeros(len(near.answer))
    starts = np.flatnonzero(np.diff(near.answer, prepend=-1))
    for start, stop in zip(starts, np.append(starts[1:], len(iou)), strict=True):
        rows = near.truth[start:stop]
        iou[start:stop] = mask_iou(given.take(near.answer[start : start + 1]), truths.take(rows), crowd[rows])[0]
    return iou


def _preferred(pairs: _Pairs, crowd: NDArray[np.bool_]) -> _Pairs:
    """The pairs of each answer in the order in which it would take them."""
    order = np.lexsort((-pairs.truth, -pairs.iou, crowd[pairs.truth], pairs.answer))
    return _Pairs(pairs.answer[order], pairs.truth[order], pairs.iou[order])


def _greedy(
    pairs: _Pairs, keys: NDArray[np.int64], crowd: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Hits and ignored answers of shape (answers, levels), and per truth the answer that found it at IoU 0.5, or -1.

    Answers of different images or classes never compete, so each round lets the next answer of every image and class
    choose: there are as many rounds as one image and class has overlapping answers.
    """
    levels = len(IOU_THRESHOLDS)
    hit, ignored = np.zeros((len(keys), levels), bool), np.zeros((len(keys), levels), bool)
    taken, found_by = np.zeros((len(crowd), levels), bool), np.full(len(crowd), -1, np.int64)
    starts = np.flatnonzero(np.diff(pairs.answer, prepend=-1))
    ends = np.append(starts[1:], len(pairs.answer))
    choosers = pairs.answer[starts]
    rounds = _rank_in_run(keys[choosers])
    for turn in range(int(rounds.max(initial=-1)) + 1):
        chosen = np.flatnonzero(rounds == turn)
        lengths = ends[chosen] - starts[chosen]
        edges = np.cumsum(lengths) - lengths
        rows = np.repeat(starts[chosen] - edges, lengths) + np.arange(lengths.sum())
        truth = pairs.truth[rows]
        free = (pairs.iou[rows, None] >= IOU_THRESHOLDS) & (~taken[truth] | crowd[truth, None])
        place = np.where(free, np.arange(len(rows))[:, None], len(rows))
        best = np.minimum.reduceat(place, edges, axis=0)
        who, level = np.nonzero(best < len(rows))
        answer, target = choosers[chosen][who], truth[best[who, level]]
        hit[answer, level] = ~crowd[target]
        ignored[answer, level] = crowd[target]
        taken[target, level] = True
        found_by[target[level == 0]] = answer[level == 0]
    return hit, ignored, found_by


def _confusions(
    unmatched: NDArray[np.int64], given: _Things, truths: _Things
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Which of the ``unmatched`` answers overlap a counted truth of any class, and the one they overlap most."""
    part = given.take(unmatched)
    pairs = _overlaps(part.image.astype(np.int64), truths.image.astype(np.int64), part, truths)
    counted = ~truths.crowd[pairs.truth]
    pairs = _preferred(_Pairs(pairs.answer[counted], pairs.truth[counted], pairs.iou[counted]), truths.crowd)
    starts = np.flatnonzero(np.diff(pairs.answer, prepend=-1))
    confused, confused_with = np.zeros(len(given.image), bool), np.zeros(len(given.image), np.int32)
    confused[unmatched[pairs.answer[starts]]] = True
    confused_with[unmatched[pairs.answer[starts]]] = pairs.truth[starts]
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
    operating = _rank_in_run(image.astype(np.int64)) == 0 if single else np.ones(len(order), bool)
    given = np.flatnonzero(operating)
    by_key = given[np.argsort(keys[given], kind="stable")]
    place = np.minimum(np.searchsorted(keys[by_key], truth_keys), max(len(by_key) - 1, 0))
    found = keys[by_key][place] == truth_keys if len(by_key) else np.zeros(len(kept), bool)
    found_score = np.where(found, score[by_key][place], 0.0) if len(by_key) else np.zeros(len(kept))
    first_truth = np.searchsorted(truth_image, image)
    confused = operating & ~hit & single & (first_truth < len(kept))
    none = np.zeros((len(order), 1), bool)
    answers = AnswerTable(
        image,
        label,
        score,
        np.zeros((len(order), 4)),
        operating,
        hit[:, None],
        none,
        confused,
        np.where(confused, first_truth, 0).astype(np.int32),
    )
    blank = np.zeros(len(kept))
    truths = TruthTable(
        truth_image, truth_label, np.zeros((len(kept), 4)), blank, np.zeros(len(kept), bool), found, found_score
    )
    return Matches(dataset.task, dataset.classes, predictions.answered, answers, truths)
