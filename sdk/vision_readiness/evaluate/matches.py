"""Predictions matched to truths, once; every metric afterwards is a weighted sum over these columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.overlap import PairTable
from vision_readiness.project import Task
from vision_readiness.project.columns import check_columns, check_rows

IOU_THRESHOLDS: NDArray[np.float64] = np.linspace(0.5, 0.95, 10)
"""COCO's ten levels, in float64: a float32 grid moves AP by up to 1.4e-3."""

MAX_ANSWERS = 100
"""COCO's cap on the answers of one class in one image."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AnswerTable:
    """The answers, ordered by image and class and falling score: columns of shape (answers,).

    ``area`` is that of the mask where there is one, else of the box, in square pixels.
    ``hit`` and ``ignored`` have shape (answers, levels): at that IoU level the answer found a truth of its class, or
    only one that does not count. ``operating`` marks the rows that are given to a user (a single-label classifier
    gives its top class only). Where ``confused``, the answer found nothing of its own class and ``confused_with``
    is the row of the truth (of any class) that it overlaps most, at IoU 0.5 or more.
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: NDArray[np.float64]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    operating: NDArray[np.bool_]
    hit: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    confused: NDArray[np.bool_]
    confused_with: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.image)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TruthTable:
    """The labelled objects: columns of shape (truths,).

    ``ignored`` rows (crowds) are never missed. ``found`` marks the rows that an operating answer of their class finds
    at IoU 0.5, ``found_score`` holds that answer's score (0 where not found). ``marks`` are those of the objects.
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    ignored: NDArray[np.bool_]
    found: NDArray[np.bool_]
    found_score: NDArray[np.float64]
    marks: Mapping[str, NDArray[np.bool_]] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.image)


Table = TypeVar("Table", AnswerTable, TruthTable)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Matches:
    """The match store of one model on the images that ``answered`` marks, of shape (images,).

    ``pairs`` are the answers and truths that overlap at all, of any classes: from them any other matching follows.
    """

    task: Task
    classes: tuple[str, ...]
    answered: NDArray[np.bool_]
    answers: AnswerTable
    truths: TruthTable
    pairs: PairTable
    capped: int = 0

    @property
    def levels(self) -> int:
        return int(self.answers.hit.shape[1])

    def within(self, images: NDArray[np.bool_]) -> Matches:
        """The same store for the images of a mask of shape (images,) only."""
        rows, truth_rows = images[self.answers.image], images[self.truths.image]
        places, truth_places = _places(rows), _places(truth_rows)
        both = rows[self.pairs.answer] & truth_rows[self.pairs.truth]
        pairs = self.pairs.where(both)
        moved = PairTable(places[pairs.answer], truth_places[pairs.truth], pairs.iou)
        answers = _taken(self.answers, rows)
        if len(self.truths):
            confused_with = np.where(answers.confused, truth_places[answers.confused_with], 0).astype(np.int32)
            answers = replace(answers, confused_with=confused_with)
        kept = self.answered & images
        truths = _taken(self.truths, truth_rows)
        return replace(self, answered=kept, answers=answers, truths=truths, pairs=moved)


def _places(rows: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Where each row goes when only the marked ones are kept; of no meaning for the others."""
    return np.cumsum(rows, dtype=np.int32) - np.int32(1)


def _taken(table: Table, rows: NDArray[np.bool_]) -> Table:
    """The marked rows of every column."""
    return replace(table, **{column.name: _rows_of(getattr(table, column.name), rows) for column in fields(table)})


def _rows_of(column: Any, rows: NDArray[np.bool_]) -> Any:
    return {name: one[rows] for name, one in column.items()} if isinstance(column, Mapping) else column[rows]


def check_matches(matches: Matches, images: int) -> None:
    """Nothing; raises ``ValueError`` naming the first column that does not fit the others or so many images."""
    levels = len(IOU_THRESHOLDS) if matches.task.has_boxes else 1
    answers, truths, classes = matches.answers, matches.truths, len(matches.classes)
    given, real = len(answers), len(truths)
    check_columns("answered", (images,), matches.answered)
    check_columns("answers", (given,), answers.image, answers.label, answers.score, answers.operating, answers.confused)
    check_columns("answers", (given,), answers.area, answers.confused_with)
    check_columns("answers", (given, levels), answers.hit, answers.ignored)
    check_columns("truths", (real,), truths.image, truths.label, truths.area, truths.ignored, truths.found)
    check_columns("truths", (real,), truths.found_score, *truths.marks.values())
    check_columns("boxes", (given, 4), answers.box)
    check_columns("boxes", (real, 4), truths.box)
    pairs = matches.pairs
    check_columns("pairs", (len(pairs.iou),), pairs.answer, pairs.truth, pairs.iou)
    check_rows("pairs.answer", pairs.answer, given)
    check_rows("pairs.truth", pairs.truth, real)
    for table in (answers, truths):
        check_rows("image", table.image, images)
        check_rows("label", table.label, classes)
    check_rows("confused_with", answers.confused_with[answers.confused], real)
    check_rows("confused_with", answers.confused_with, max(real, 1))
