"""Answers matched to truths, once; every figure afterwards is a weighted sum over these columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project import Task

IOU_THRESHOLDS: NDArray[np.float64] = np.linspace(0.5, 0.95, 10)
"""COCO's ten levels, in float64: a float32 grid moves AP by up to 1.4e-3."""

MAX_ANSWERS = 100
"""COCO's cap on the answers of one class in one image."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTable:
    """The answers, ordered by image and class and falling score: columns of shape (answers,).

    ``hit`` and ``ignored`` have shape (answers, levels): at that IoU level the answer found a truth of its class, or
    only one that does not count. ``operating`` marks the rows that are given to a user (a single-label classifier
    gives its top class only). Where ``confused``, the answer found nothing of its own class and ``confused_with``
    is the row of the truth (of any class) that it overlaps most, at IoU 0.5 or more.
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: NDArray[np.float64]
    box: NDArray[np.float64]
    operating: NDArray[np.bool_]
    hit: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    confused: NDArray[np.bool_]
    confused_with: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.image)


@dataclass(frozen=True, slots=True, eq=False)
class TruthTable:
    """The labelled objects: columns of shape (truths,).

    ``ignored`` rows (crowds) are never missed. ``found`` marks the rows that an operating answer of their class finds
    at IoU 0.5, ``found_score`` holds that answer's score (0 where not found).
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    ignored: NDArray[np.bool_]
    found: NDArray[np.bool_]
    found_score: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.image)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """The match store of one model on the images that ``answered`` marks, of shape (images,)."""

    task: Task
    classes: tuple[str, ...]
    answered: NDArray[np.bool_]
    answers: AnswerTable
    truths: TruthTable
    capped: int = 0

    @property
    def levels(self) -> int:
        return int(self.answers.hit.shape[1])

    def within(self, images: NDArray[np.bool_]) -> Matches:
        """The same store for the images of a mask of shape (images,) only."""
        rows, truth_rows = images[self.answers.image], images[self.truths.image]
        places = np.cumsum(truth_rows, dtype=np.int32) - np.int32(1)
        answers = _take(self.answers, rows)
        kept = answers.confused & truth_rows[answers.confused_with] if len(self.truths) else answers.confused
        moved = np.where(kept, places[answers.confused_with], 0) if len(self.truths) else answers.confused_with
        answers = replace(answers, confused=kept, confused_with=moved.astype(np.int32))
        return replace(
            self, answered=self.answered & images, answers=answers, truths=_take_truths(self.truths, truth_rows)
        )


def _take(table: AnswerTable, rows: NDArray[np.bool_]) -> AnswerTable:
    return AnswerTable(
        table.image[rows],
        table.label[rows],
        table.score[rows],
        table.box[rows],
        table.operating[rows],
        table.hit[rows],
        table.ignored[rows],
        table.confused[rows],
        table.confused_with[rows],
    )


def _take_truths(table: TruthTable, rows: NDArray[np.bool_]) -> TruthTable:
    return TruthTable(
        table.image[rows],
        table.label[rows],
        table.box[rows],
        table.area[rows],
        table.ignored[rows],
        table.found[rows],
        table.found_score[rows],
    )
