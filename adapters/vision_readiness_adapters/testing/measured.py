"""What a project's own model reaches on its own data: real numbers for the routes that report some."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ReadinessError
from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.matches import Matches
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import Dataset, Split
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.testing.shelf import Kept

EVALUATED = (Split.VALID, Split.TEST)
GRID = tuple(number / 100 for number in range(1, 100, 7))
"""The thresholds of a sweep."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and F1 at a threshold; ``None`` where nothing was answered or labelled."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def told(self) -> dict[str, float | None]:
        """The three by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


class Measured:
    """The model of ``kept`` on its valid and test images. Everything else follows from one match store."""

    def __init__(self, kept: Kept, dataset: Dataset, matches: Matches) -> None:
        self.kept, self.dataset, self.matches = kept, dataset, matches
        self._parts: dict[Split, Matches] = {}

    @staticmethod
    def of(kept: Kept) -> Measured | None:
        """The figures of a version; ``None`` without a model, a runtime for it, or images to measure it on."""
        path, version = kept.model(), kept.held
        rows = np.flatnonzero(version.dataset.images.of(*EVALUATED))
        if path is None or not len(rows):
            return None
        try:
            model = open_onnx(path, version=version)
            run = predict_dataset(model, version.dataset, kept.workspace.images, rows, Quiet(), workers=2)
        except ReadinessError:
            return None
        return Measured(kept, version.dataset, match(version.dataset, run.predictions))

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.matches.classes

    def splits(self) -> list[Split]:
        """The splits that were measured and have images."""
        return [split for split in EVALUATED if self.dataset.images.of(split).any()]

    def within(self, split: Split) -> Matches:
        """The match store of a split."""
        if split not in self._parts:
            self._parts[split] = self.matches.within(self.dataset.images.of(split))
        return self._parts[split]

    def precision_of(self, split: Split) -> NDArray[np.float64]:
        """Average precision of shape (classes, levels); NaN for a class without truths."""
        return average_precision(self.within(split), self._group, replicates=0).value

    def coco(self, split: Split) -> dict[str, float | None]:
        """COCO's figures; empty for a classification."""
        return dict(coco_figures(self.within(split))) if self.dataset.task.has_boxes else {}

    def rates(self, split: Split, threshold: float, label: int | None = None) -> Rates:
        """The rates at a threshold, of one class or of all together."""
        part = self.within(split)
        answers, truths = part.answers, part.truths
        given = answers.operating & (answers.score >= threshold) & ~answers.ignored[:, 0]
        wanted = ~truths.ignored
        if label is not None:
            given, wanted = given & (answers.label == label), wanted & (truths.label == label)
        found = truths.found[wanted] & (truths.found_score[wanted] >= threshold)
        return Rates(_share(answers.hit[given, 0]), _share(found))

    def best(self, split: Split, label: int | None = None) -> float:
        """The threshold of ``GRID`` where F1 is best."""
        return max(GRID, key=lambda threshold: self.rates(split, threshold, label).f1 or 0.0)

    def confusion(self, splits: list[Split], threshold: float) -> NDArray[np.int64]:
        """Counts, rows actual and columns predicted, background last."""
        point = self._point(threshold)
        return Figures.at(self.matches, point, self._group).confusion(
            scope_of(self.matches, self.dataset.images.of(*splits))
        )

    def counts(self, threshold: float) -> NDArray[np.int64]:
        """Right, wrong and missed of each image, of shape (images, 3)."""
        point, answers, truths = self._point(threshold), self.matches.answers, self.matches.truths
        given, found = point.given(self.matches), point.found(self.matches)
        images = len(self.dataset.images)
        columns = (
            answers.image[given & answers.hit[:, 0]],
            answers.image[given & ~answers.hit[:, 0] & ~answers.ignored[:, 0]],
            truths.image[~found & ~truths.ignored],
        )
        return np.stack([np.bincount(column, minlength=images) for column in columns], axis=1)

    @cached_property
    def _group(self) -> NDArray[np.int32]:
        return self.dataset.images.source

    def _point(self, threshold: float) -> OperatingPoint:
        thresholds = np.full(len(self.classes), threshold)
        fold = np.zeros(len(self.dataset.images), np.int8)
        return OperatingPoint(thresholds[None], fold, thresholds, ("asked",) * len(self.classes))


def _share(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if len(right) else None
