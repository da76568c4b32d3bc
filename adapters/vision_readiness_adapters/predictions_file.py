"""The answers in a predictions file, by image and class of a data set.

``image_id`` is best given as the image's file name (or in a key ``file_name``) and ``category_id`` as the class name:
numbers are those of one export, and its image numbers start anew in every split. Numbers that can be read in two ways
are refused with both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import InputError
from vision_readiness.numbers import percent
from vision_readiness.project import SPLITS, Dataset, Predictions, Split
from vision_readiness.project.class_names import as_known
from vision_readiness.project.masks import Masks
from vision_readiness_adapters.answer_forms import AnswerRows, read_answer_rows
from vision_readiness_adapters.coco_numbers import CocoNumbers, coco_numbers

ENOUGH_ROWS, FEW_BEYOND, MOST_FIT = 20, 0.1, 0.95
"""Rows from which on a form can be told, the share of boxes that may leave their image, and that which has to fit."""


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
    found = read_answer_rows(Path(path))
    reader = _Reader(Path(path).name, dataset, Path(export) if export is not None else None, split or Split.TEST, found)
    answers = [reader.answer(number, row) for number, row in enumerate(found.rows)]
    answers.sort(key=lambda answer: answer.image)
    image = np.array([answer.image for answer in answers], dtype=np.int32)
    box = np.array([answer.box for answer in answers], dtype=np.float64).reshape(-1, 4)
    if dataset.task.has_boxes:
        _refuse_strange_boxes(Path(path).name, box, dataset, image)
    named = {split} if split else {SPLITS[code] for code in dataset.images.split[image]} or {Split.TEST}
    answered = dataset.images.of(*named)
    answered[image] = True
    return Predictions(
        answered,
        image,
        np.array([answer.label for answer in answers], dtype=np.int32),
        np.array([answer.score for answer in answers], dtype=np.float64),
        box,
        _masks(Path(path).name, answers, dataset),
    )


def _refuse_strange_boxes(file: str, box: NDArray[np.float64], dataset: Dataset, image: NDArray[np.int32]) -> None:
    """Nothing; raises ``InputError`` where nearly all boxes lie where x, y, width and height in pixels cannot."""
    if len(box) < ENOUGH_ROWS:
        return
    if box.max() <= 1.5:
        raise InputError(
            f"{file} has boxes such as {box[0].round(3).tolist()}: they look like shares of the image, where pixels are"
            " expected; multiply them by its width and height"
        )
    size = np.stack([dataset.images.width[image], dataset.images.height[image]], axis=1)
    known = size.all(axis=1)
    beyond = (box[known, 2:] > size[known] + 2).any(axis=1)
    as_corners = box[known, 2:] - box[known, :2]  # what was added to the near corner
    fits = ((as_corners > box[known, :2]) & (as_corners <= size[known] + 2)).all(axis=1)
    if known.any() and beyond.mean() > FEW_BEYOND and fits.mean() > MOST_FIT:
        raise InputError(
            f"{file} has boxes that look like corners (x1 y1 x2 y2), where x, y, width, height are expected: read as"
            f" those, {percent(float(beyond.mean()))} of them leave their image"
        )


class _Reader:
    """Makes answers of rows: knows images by name and number, classes by name and number."""

    def __init__(self, file: str, dataset: Dataset, export: Path | None, split: Split, found: AnswerRows) -> None:
        self._file, self._dataset, self._split, self._found = file, dataset, split, found
        self._by_key = {key: row for row, key in enumerate(dataset.images.key)}
        self._by_name: dict[str, list[int]] = {}
        self._by_stem: dict[str, list[int]] = {}
        for key, row in self._by_key.items():
            name = PurePosixPath(key).name
            self._by_name.setdefault(name, []).append(row)
            self._by_stem.setdefault(name.rpartition(".")[0] or name, []).append(row)
        self._classes = {name: label for label, name in enumerate(dataset.classes)}
        self._export = export
        self._numbers: CocoNumbers | None = None
        self._are_stems: bool | None = None
        self._first: int | None = None

    def answer(self, number: int, row: object) -> _Answer:
        """The answer in one row; raises ``InputError`` naming it by its number from 0."""
        if not isinstance(row, dict):
            raise InputError(f"{self._file}: row {number} is {str(row)[:60]}: give an object with image_id and score")
        try:
            image = self._image(row)
            return _Answer(
                image,
                self._label(row),
                _score(row.get("score")),
                self._box(row, image),
                row.get("segmentation") or None,
            )
        except ValueError as error:
            raise InputError(f"{self._file}: row {number} {error}") from error

    def _image(self, row: Mapping[str, Any]) -> int:
        value = row.get("file_name", row.get("stem", row.get("image_id")))
        number = _whole(value)
        if isinstance(value, str) and (number is None or self._candidates(value)):
            return self._named(value, f"has image_id {value[:80]!r}")
        if number is None:
            raise ValueError("has no image_id: give the image's file name")
        if self._found.images:
            key = self._found.images.get(number)
            if key is None:
                raise ValueError(f"has image_id {number}, which the file's own table of images lacks")
            return self._named(key, f"has image_id {number} ({key} in the file's own table)")
        if self._numbers_are_stems():
            (row_of_stem,) = self._stems()[number]
            return row_of_stem
        key = self._coco().image(number)
        return self._named(key, f"has image_id {number} ({key} in the annotations)")

    def _stems(self) -> dict[int, list[int]]:
        """The images of the split whose name is a number, by that number."""
        mine = [(stem, rows) for stem, rows in self._by_stem.items() if stem.isdecimal() and len(stem) < 19]
        split = self._dataset.images.split
        here = {int(stem): [row for row in rows if SPLITS[split[row]] is self._split] for stem, rows in mine}
        return {number: rows for number, rows in here.items() if len(rows) == 1}

    def _numbers_are_stems(self) -> bool:
        """Whether the numbers of images are their names rather than the export's; raises where they may be both."""
        if self._are_stems is None:
            rows = [row for row in self._found.rows if isinstance(row, dict) and "file_name" not in row]
            used = {number for row in rows if (number := _whole(row.get("image_id"))) is not None}
            stems = self._stems()
            fits = bool(used) and used <= stems.keys()
            numbers = self._coco().images if fits and self._export is not None and self._has_coco() else {}
            same = fits and all(
                self._candidates(numbers[number]) == stems[number] for number in used if number in numbers
            )
            if fits and used <= numbers.keys() and not same:
                raise InputError(
                    f"{self._file} counts images by numbers that may be their names ({min(used)} is"
                    f" {self._dataset.images.key[stems[min(used)][0]]}) or the export's ids ({min(used)} is"
                    f" {numbers[min(used)]}): give file names"
                )
            self._are_stems = fits and not used <= numbers.keys()
        return self._are_stems

    def _candidates(self, name: str) -> list[int]:
        """The images that a name may mean: by its path, its file name, or its stem; those of the split first."""
        slashed = name.replace("\\", "/")
        if slashed in self._by_key:
            return [self._by_key[slashed]]
        last = PurePosixPath(slashed).name
        rows = self._by_name.get(last) or self._by_stem.get(last) or self._by_stem.get(last.rpartition(".")[0], [])
        return [row for row in rows if SPLITS[self._dataset.images.split[row]] == self._split] or rows

    def _named(self, name: str, what: str) -> int:
        mine = self._candidates(name)
        if not mine:
            raise ValueError(f"{what}, which is not an image of the data set")
        if len(mine) > 1:
            keys = " and ".join(self._dataset.images.key[row] for row in mine[:2])
            raise ValueError(f"{what}, which may be {keys}: give the whole path")
        return mine[0]

    def _label(self, row: Mapping[str, Any]) -> int:
        value = row.get("category_id", row.get("category_name"))
        number = _whole(value)
        if number is not None and value not in self._classes:
            value = self._category(number, from_zero=bool(row.get("from_zero")))
        if not isinstance(value, str):
            raise ValueError("has no category_id: give the class name")
        (value,) = as_known([value], self._dataset.classes)
        if value not in self._classes:
            raise ValueError(f"has class {value[:60]!r}; the classes are {', '.join(self._dataset.classes)}")
        return self._classes[value]

    def _category(self, number: int, *, from_zero: bool) -> str:
        """The class of a number: by the file's own table, the export's, or the order of the data set's list."""
        if self._found.categories:
            name = self._found.categories.get(number)
            if name is None:
                raise ValueError(f"has category_id {number}, which the file's own table of categories lacks")
            return name
        if self._export is not None and self._has_coco() and not from_zero:
            self._refuse_shifted()
            return self._coco().category(number)
        place = number if from_zero else number - self._first_number()
        if not 0 <= place < len(self._dataset.classes):
            raise ValueError(f"has category_id {number}; there are {len(self._dataset.classes)} classes")
        return self._dataset.classes[place]

    def _used(self) -> set[int]:
        rows = (row for row in self._found.rows if isinstance(row, dict))
        return {number for row in rows if (number := _whole(row.get("category_id"))) is not None}

    def _refuse_shifted(self) -> None:
        """Nothing; raises ``InputError`` where every number is one more than one of the annotations'."""
        used, known = self._used(), set(self._coco().categories)
        if not used <= known and {number - 1 for number in used} <= known:
            raise InputError(
                f"{self._file} counts classes from {min(used)} where the annotations count from {min(known)}:"
                " subtract 1 from each category_id, or give class names"
            )

    def _first_number(self) -> int:
        """0 or 1, as the numbers of the file tell; raises ``InputError`` where they tell nothing."""
        if self._first is None:
            used, classes = self._used(), len(self._dataset.classes)
            if self._export is None:
                raise ValueError("counts by numbers, and no export explains them: give file and class names")
            if 0 not in used and classes not in used:
                raise InputError(
                    f"{self._file} counts classes by numbers that may begin with 0 or with 1 (it has"
                    f" {', '.join(map(str, sorted(used)[:5]))} of {classes}): give class names"
                )
            self._first = 0 if 0 in used else 1
        return self._first

    def _has_coco(self) -> bool:
        try:
            self._coco()
        except InputError:
            return False
        return True

    def _box(self, row: Mapping[str, Any], image: int) -> tuple[float, float, float, float]:
        if not self._dataset.task.has_boxes:
            return (0.0, 0.0, 0.0, 0.0)
        values = row.get("bbox")
        if "shares" in row:
            return self._from_shares(row["shares"], image)
        if values is None and row.get("segmentation"):
            return _box_of(row["segmentation"])
        if not isinstance(values, list) or len(values) != 4 or not all(map(_is_number, values)):
            raise ValueError(f"has bbox {str(values)[:60]}: give four numbers, [x, y, width, height] in pixels")
        x, y, width, height = map(float, values)
        if width < 0 or height < 0:
            raise ValueError(f"has bbox {values} with a negative side: give [x, y, width, height], not corners")
        return (x, y, x + width, y + height)

    def _from_shares(self, shares: object, image: int) -> tuple[float, float, float, float]:
        size = int(self._dataset.images.width[image]), int(self._dataset.images.height[image])
        if not isinstance(shares, list) or len(shares) != 4 or not all(map(_is_number, shares)) or not all(size):
            raise ValueError(f"has shares {str(shares)[:60]} of an image of {size[0]} x {size[1]} pixels: give pixels")
        x, y, width, height = (share * side for share, side in zip(map(float, shares), size * 2, strict=True))
        return (x, y, x + width, y + height)

    def _coco(self) -> CocoNumbers:
        """The numbers of the split's own annotations; read once, and only where a row holds a number."""
        if self._numbers is None:
            if self._export is None:
                raise ValueError("counts by numbers, and no export explains them: give file and class names")
            self._numbers = coco_numbers(self._export, self._dataset, self._split)
        return self._numbers


def _whole(value: object) -> int | None:
    """A number that counts, as a number or as text; ``None`` for anything else.

    >>> _whole(3), _whole(3.0), _whole("3"), _whole("dog"), _whole(True)
    (3, 3, 3, None, None)
    """
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 19 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _box_of(segmentation: object) -> tuple[float, float, float, float]:
    """The box around polygons or a run-length code."""
    from pycocotools import mask

    try:
        if isinstance(segmentation, dict):
            code = cast("Any", segmentation)  # pycocotools' own types know one form of a code, its functions more
            code = mask.frPyObjects(code, *code["size"]) if isinstance(code["counts"], list) else code
            x, y, width, height = mask.toBbox(code).tolist()
            return (x, y, x + width, y + height)
        points = np.concatenate([np.asarray(part, np.float64).reshape(-1, 2) for part in segmentation])  # type: ignore[attr-defined]  # no list: TypeError below
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    except Exception:  # noqa: BLE001 - pycocotools raises whatever a hostile outline makes it meet
        raise ValueError("has no bbox, and a segmentation that no box can be drawn around") from None
    return (left, top, right, bottom)


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
