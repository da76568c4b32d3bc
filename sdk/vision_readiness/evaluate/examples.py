"""Failures to look at: the largest misses, the most confident false alarms and confusions, a few of each class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vision_readiness.evaluate.figures import Figures, Scope
    from vision_readiness.project import ImageTable

PER_CLASS = 6
MOST = 120


class FailureKind(StrEnum):
    """How an example image fails."""

    MISSED = "missed"
    FALSE_ALARM = "false alarm"
    CONFUSED = "confused"


@dataclass(frozen=True, slots=True)
class FailureExample:
    """One error to look at: ``box`` is xyxy in absolute pixels (all zero for a classification)."""

    image: str
    kind: FailureKind
    label: str
    box: tuple[float, float, float, float]
    answered: str | None = None
    score: float | None = None
    situation: str | None = None


def failure_examples(
    figures: Figures, scope: Scope, images: ImageTable, order: Sequence[int]
) -> tuple[FailureExample, ...]:
    """Up to six failures of each class, classes in ``order``: larger missed objects and surer answers first."""
    examples: list[FailureExample] = []
    for label in order:
        missed = list(_missed(figures, scope, images, label))
        wrong = list(_wrong(figures, scope, images, label))
        half = max(PER_CLASS // 2, PER_CLASS - len(wrong))
        examples += missed[:half] + wrong[: PER_CLASS - len(missed[:half])]
    return tuple(examples[:MOST])


def _missed(figures: Figures, scope: Scope, images: ImageTable, label: int) -> Iterator[FailureExample]:
    truths, classes = figures.matches.truths, figures.matches.classes
    rows = np.flatnonzero(scope.truths & ~figures.found & (truths.label == label))
    rows = rows[np.argsort(-truths.area[rows], kind="stable")]
    for row in _one_an_image(rows.tolist(), truths.image.tolist())[:PER_CLASS]:
        image = int(truths.image[row])
        box = tuple(truths.box[row].tolist())
        yield FailureExample(
            images.key[image], FailureKind.MISSED, classes[label], box, situation=_situation(images, image)
        )


def _wrong(figures: Figures, scope: Scope, images: ImageTable, label: int) -> Iterator[FailureExample]:
    """False alarms in the name of a class, and its confusions with the class that was there."""
    answers, truths, classes = figures.matches.answers, figures.matches.truths, figures.matches.classes
    rows = np.flatnonzero(scope.answers & figures.given & ~answers.hit[:, 0] & (answers.label == label))
    rows = rows[np.argsort(-answers.score[rows], kind="stable")]
    for row in _one_an_image(rows.tolist(), answers.image.tolist())[:PER_CLASS]:
        image = int(answers.image[row])
        other = int(truths.label[answers.confused_with[row]]) if answers.confused[row] else label
        confused = other != label
        yield FailureExample(
            images.key[image],
            FailureKind.CONFUSED if confused else FailureKind.FALSE_ALARM,
            classes[other],
            tuple(answers.box[row].tolist()),
            classes[label],
            float(answers.score[row]),
            _situation(images, image),
        )


def _one_an_image(rows: Sequence[int], image: Sequence[int]) -> list[int]:
    """The first row of each image."""
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(image[row], row)
    return list(first.values())


def _situation(images: ImageTable, image: int) -> str | None:
    levels = [
        f"{name} {level}"
        for name, condition in images.conditions.items()
        for level, members in condition.members.items()
        if members[image] and condition.origin != "measured"
    ]
    return ", ".join(levels) or None
