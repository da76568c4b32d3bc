"""COCO's greedy matching of predictions to truths, for all images, classes and IoU levels at once.

The rule is pycocotools': answers in falling order of score, each taking the free truth of its class with the
greatest IoU at or above the level, the later one among equals; a truth that counts goes before one that is ignored,
and a crowd absorbs any number. Unlike there, a truth may have any id, 0 included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.overlap import PairTable


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What each answer took: ``hit`` and ``ignored`` have shape (answers, levels).

    ``found_by`` has shape (truths,): the answer that took a truth at the first level, or -1.
    """

    hit: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    found_by: NDArray[np.int64]


def choose(
    pairs: PairTable,
    contest: NDArray[np.int64],
    levels: NDArray[np.float64],
    ignored: NDArray[np.bool_],
    crowd: NDArray[np.bool_],
) -> Choice:
    """The choices of answers that only compete within one ``contest`` (an image and class), of shape (answers,).

    ``pairs`` are those of one class; ``ignored`` and ``crowd`` have shape (truths,). Answers of different contests
    never meet, so each round lets the next answer of every contest choose: there are as many rounds as the busiest
    contest has overlapping answers.
    """
    order = np.lexsort((-pairs.truth, -pairs.iou, ignored[pairs.truth], pairs.answer))
    pairs = PairTable(pairs.answer[order], pairs.truth[order], pairs.iou[order])
    hit, absorbed = np.zeros((len(contest), len(levels)), bool), np.zeros((len(contest), len(levels)), bool)
    taken, found_by = np.zeros((len(ignored), len(levels)), bool), np.full(len(ignored), -1, np.int64)
    starts, ends = pairs.runs()
    choosers = pairs.answer[starts]
    rounds = rank_in_run(contest[choosers])
    for turn in range(int(rounds.max(initial=-1)) + 1):
        chosen = np.flatnonzero(rounds == turn)
        lengths = ends[chosen] - starts[chosen]
        edges = np.cumsum(lengths) - lengths
        rows = np.repeat(starts[chosen] - edges, lengths) + np.arange(lengths.sum())
        truth = pairs.truth[rows]
        free = (pairs.iou[rows, None] >= levels) & (~taken[truth] | crowd[truth, None])
        place = np.where(free, np.arange(len(rows))[:, None], len(rows))
        best = np.minimum.reduceat(place, edges, axis=0)
        who, level = np.nonzero(best < len(rows))
        answer, target = choosers[chosen][who], truth[best[who, level]]
        hit[answer, level] = ~ignored[target]
        absorbed[answer, level] = ignored[target]
        taken[target, level] = True
        found_by[target[level == 0]] = answer[level == 0]
    return Choice(hit, absorbed, found_by)


def rank_in_run(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The position of each row in its run of equal keys, from 0.

    >>> rank_in_run(np.array([4, 4, 7, 4])).tolist()
    [0, 1, 0, 0]
    """
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    lengths = np.diff(np.append(starts, len(keys)))
    return np.arange(len(keys)) - np.repeat(starts, lengths)
