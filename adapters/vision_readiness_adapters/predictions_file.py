"""A predictions file: COCO's results form, ``[{image_id, category_id, bbox, score, segmentation?}, ...]``.

``image_id`` is best given as the image's file name (or in a key ``file_name``) and ``category_id`` as the class name:
numbers are those of one export, and its image numbers start anew in every split.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from vision_readiness.errors import InputError
from vision_readiness.project import SPLITS, Dataset, Predictions, Split
from vision_readiness.project.masks import Masks
from vision_readiness_adapters.coco_numbers import CocoNumbers, coco_numbers


@dataclass(frozen=True, slots=True)
class _Answer:
    image: int
    label: int
    score: float
    box: tuple[float, float, float, float]
    segmentation: Any = None


def read_predictions(
    path: str | Path, dataset: Dataset, *, export: str | Path | None = None, split: Split | None = None
) -> Predictions:
    """The answers in the file at ``path``, by image of ``dataset``.

    ``export`` is the folder whose COCO annotations explain numbers. Numbers are those of ``split``, of test where
    nothing is said. The answered images are all of ``split``, or without it all of the splits that the file names: an
    image without a row was looked at, and nothing was found. Raises ``InputError`` naming the row that is wrong.
    """
    rows = _rows(Path(path))
    reader = _Reader(Path(path).name, dataset, Path(export) if export is not None else None, split or Split.TEST)
    answers = [reader.answer(number, row) for number, row in enumerate(rows)]
    answers.sort(key=lambda answer: answer.image)
    image = np.array([answer.image for answer in answers], dtype=np.int32)
    named = {split} if split else {SPLITS[code] for code in dataset.images.split[image]} or {Split.TEST}
    answered = dataset.images.of(*named)
    answered[image] = True
    return Predictions(
        answered,
        image,
        np.array([answer.label for answer in answers], dtype=np.int32),
        np.array([answer.score for answer in answers], dtype=np.float64),
        np.array([answer.box for answer in answers], dtype=np.float64).reshape(-1, 4),
        _masks(Path(path).name, answers, dataset),
    )


def _rows(path: Path) -> Sequence[Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check its name") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not complete JSON ({error}): write it again") from error
    if isinstance(document, dict) and isinstance(document.get("annotations"), list):
        document = document["annotations"]
    if not isinstance(document, list):
        raise InputError(f"{path} is not a list of predictions: write [{{image_id, category_id, bbox, score}}, ...]")
    return document


class _Reader:
    """Makes answers of rows: knows images by name and number, classes by name and number."""

    def __init__(self, file: str, dataset: Dataset, export: Path | None, split: Split) -> None:
        self._file, self._dataset, self._split = file, dataset, split
        self._by_key = {key: row for row, key in enumerate(dataset.images.key)}
        self._by_name: dict[str, list[int]] = {}
        for key, row in self._by_key.items():
            self._by_name.setdefault(PurePosixPath(key).name, []).append(row)
        self._classes = {name: label for label, name in enumerate(dataset.classes)}
        self._export = export
        self._numbers: CocoNumbers | None = None

    def answer(self, number: int, row: object) -> _Answer:
        """The answer in one row; raises ``InputError`` naming it by its number from 0."""
        if not isinstance(row, dict):
            raise InputError(f"{self._file}: row {number} is {str(row)[:60]}: give an object with image_id and score")
        try:
            return _Answer(
                self._image(row.get("file_name", row.get("image_id"))),
                self._label(row.get("category_id")),
                _score(row.get("score")),
                self._box(row),
                row.get("segmentation") or None,
            )
        except ValueError as error:
            raise InputError(f"{self._file}: row {number} {error}") from error

    def _image(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            key = self._coco().image(value)
            return self._named(key, f"has image_id {value} ({key} in the annotations)")
        if isinstance(value, str):
            return self._named(value, f"has image_id {value[:80]!r}")
        raise ValueError("has no image_id: give the image's file name")

    def _named(self, name: str, what: str) -> int:
        if name in self._by_key:
            return self._by_key[name]
        rows = self._by_name.get(PurePosixPath(name).name, [])
        mine = [row for row in rows if SPLITS[self._dataset.images.split[row]] == self._split] or rows
        if not mine:
            raise ValueError(f"{what}, which is not an image of the data set")
        if len(mine) > 1:
            keys = " and ".join(self._dataset.images.key[row] for row in mine[:2])
            raise ValueError(f"{what}, which may be {keys}: give the whole path")
        return mine[0]

    def _label(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            value = self._coco().category(value)
        if not isinstance(value, str):
            raise ValueError("has no category_id: give the class name")
        if value not in self._classes:
            raise ValueError(f"has class {value[:60]!r}; the classes are {', '.join(self._dataset.classes)}")
        return self._classes[value]

    def _box(self, row: Mapping[str, Any]) -> tuple[float, float, float, float]:
        if not self._dataset.task.has_boxes:
            return (0.0, 0.0, 0.0, 0.0)
        values = row.get("bbox")
        if not isinstance(values, list) or len(values) != 4 or not all(map(_is_number, values)):
            raise ValueError(f"has bbox {str(values)[:60]}: give four numbers, [x, y, width, height] in pixels")
        x, y, width, height = map(float, values)
        if width < 0 or height < 0:
            raise ValueError(f"has bbox {values} with a negative side: give [x, y, width, height], not corners")
        return (x, y, x + width, y + height)

    def _coco(self) -> CocoNumbers:
        """The numbers of the split's own annotations; read once, and only where a row holds a number."""
        if self._numbers is None:
            if self._export is None:
                raise ValueError("counts by numbers, and no export explains them: give file and class names")
            self._numbers = coco_numbers(self._export, self._dataset, self._split)
        return self._numbers


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -1e9 < value < 1e9


def _score(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0.0 <= value <= 1.0:
        raise ValueError(f"has score {str(value)[:20]}: give a number from 0 to 1")
    return float(value)


def _masks(file: str, answers: Sequence[_Answer], dataset: Dataset) -> Masks | None:
    """The masks of all answers, ``None`` where none has one."""
    with_mask = [answer.segmentation for answer in answers if answer.segmentation is not None]
    if not with_mask:
        return None
    if len(with_mask) != len(answers):
        raise InputError(
            f"{file}: {len(answers) - len(with_mask)} of {len(answers)} rows have no segmentation: give all"
        )
    images = dataset.images
    sizes = [(int(images.height[answer.image]), int(images.width[answer.image])) for answer in answers]
    for answer, (height, width) in zip(answers, sizes, strict=True):
        size = answer.segmentation.get("size") if isinstance(answer.segmentation, dict) else [height, width]
        if list(size or ()) != [height, width]:
            raise InputError(f"{file}: a mask of {images.key[answer.image]} is {size}, its image {[height, width]}")
    try:
        return Masks.from_coco(with_mask, sizes)
    except Exception as error:  # pycocotools raises whatever a hostile outline makes it meet
        raise InputError(f"{file}: a segmentation is neither polygons nor a run-length code ({error})") from error
