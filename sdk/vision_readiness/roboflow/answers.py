"""What an inference endpoint or server answers, read into columns.

Boxes come as centre and size, in pixels of the image as the server took it in; whatever size that says, they leave
here as corners in pixels of the picture that was sent. Classes are known by their names: the numbers beside them are
the server's own. Bodies: https://github.com/roboflow/inference, entities/responses/inference.py (0.59.1 and 1.5.0,
2026-08).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.predict.interface import Answer
from vision_readiness.predict.outputs import corners
from vision_readiness.project import Task
from vision_readiness.project.masks import Masks, run_lengths
from vision_readiness.roboflow.payload import count, mapping, number, text

LARGEST_CANVAS = 2**28
"""A mask of more pixels than this is not drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found in one picture, best first: ``names`` and the columns of an ``Answer``.

    ``seconds`` is what the body says that preprocessing and the model took, ``None`` where it does not.
    """

    names: tuple[str, ...]
    score: NDArray[np.float64]
    box: NDArray[np.float64]
    masks: Masks | None = None
    seconds: float | None = None

    def answer(self, classes: Sequence[str], task: Task, seconds: Mapping[str, float]) -> Answer:
        """The answer of a model that knows ``classes``, all of ``names`` among them, after so many ``seconds``.

        A classifier has a row for each class; one that the server left out as too unlikely scores 0.
        """
        number_of = {name: label for label, name in enumerate(classes)}
        label = np.array([number_of[name] for name in self.names], dtype=np.int32)
        if task.has_boxes:
            return Answer(label, self.score, self.box, self.masks, seconds)
        score = np.zeros(len(classes))
        np.maximum.at(score, label, self.score)
        return Answer(np.arange(len(classes), dtype=np.int32), score, np.zeros((len(classes), 4)), None, seconds)


def read_answer(body: bytes, task: Task, width: int, height: int) -> Found:
    """What the JSON in ``body`` says of a picture of ``width`` x ``height`` pixels.

    Raises ``ValueError``, one line, for anything that is not whole: a row left out would be taken for a miss.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError(f"no whole JSON, but {len(body):,} bytes of something else") from None
    return found_in(said, task, width, height)


def found_in(said: Any, task: Task, width: int, height: int) -> Found:
    """``read_answer``'s of a body that is parsed; a list with one answer, as some versions send, is that answer."""
    if isinstance(said, list) and len(said) == 1:
        said = said[0]
    answer = mapping(said)
    if answer.get("is_stub"):
        raise ValueError("the answer of a stub: the server has no such model, and made one up")
    rows = _rows(answer.get("predictions"), task)
    names = [text(row.get("class")) for row in rows]
    score = np.array([number(row.get("confidence")) for row in rows], dtype=np.float64)
    if None in names:
        raise ValueError("predictions: one has no class")
    if not ((score >= 0) & (score <= 1)).all():
        raise ValueError("predictions: a confidence is missing, or not from 0 to 1")
    best = np.argsort(-score, kind="stable")
    ranked = [rows[row] for row in best]
    box, masks = np.zeros((len(rows), 4)), None
    if task.has_boxes:
        frame = _Frame.of(mapping(answer.get("image")), width, height)
        box = frame.to_picture(_corners(ranked))
        masks = _masks(ranked, frame) if task is Task.SEGMENTATION else None
    named = tuple(str(names[row]) for row in best)
    return Found(named, score[best], box, masks, number(answer.get("time")))


@dataclass(frozen=True, slots=True)
class _Frame:
    """The picture that was sent, and the image as the server says that it took it in; both in pixels."""

    width: int
    height: int
    server_width: int
    server_height: int

    @classmethod
    def of(cls, image: Mapping[str, Any], width: int, height: int) -> _Frame:
        """The server's own size where it says one, else that of the picture."""
        server_width, server_height = count(image.get("width")) or width, count(image.get("height")) or height
        if server_width * server_height > LARGEST_CANVAS:
            raise ValueError(f"image: {server_width} x {server_height} pixels are more than any picture has")
        return cls(width, height, server_width, server_height)

    @property
    def is_same(self) -> bool:
        return (self.width, self.height) == (self.server_width, self.server_height)

    def to_picture(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of x, y, x, y ... in the server's pixels as the picture's, cut at its edges."""
        pairs = corners.shape[1] // 2
        scale = np.tile([self.width / self.server_width, self.height / self.server_height], pairs)
        edge = np.tile([self.width, self.height], pairs)
        inside: NDArray[np.float64] = np.clip(corners * scale, 0.0, edge)
        return inside


def _rows(predictions: Any, task: Task) -> list[dict[str, Any]]:
    """The answers as rows; those of a multi-label classifier come by name, and some versions do so for one label."""
    if not task.has_boxes and isinstance(predictions, Mapping):
        return [{"class": name, **mapping(row)} for name, row in predictions.items()]
    if not isinstance(predictions, list) or not all(isinstance(row, Mapping) for row in predictions):
        raise ValueError("predictions: missing, or not of the task that was asked for")
    return [dict(row) for row in predictions]


def _corners(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """The boxes of ``rows`` as corners, of shape (rows, 4)."""
    columns = [[number(row.get(name)) for name in ("x", "y", "width", "height")] for row in rows]
    centred = np.array(columns, dtype=np.float64).reshape(-1, 4)
    if not np.isfinite(centred).all():
        raise ValueError("predictions: one has no whole box")
    return corners(centred).astype(np.float64)


def _masks(rows: Sequence[Mapping[str, Any]], frame: _Frame) -> Masks:
    """The masks of ``rows``, drawn in the picture that was sent."""
    outlines = [_code(row["rle"], frame) if "rle" in row else [_outline(row.get("points"), frame)] for row in rows]
    return Masks.from_coco(outlines, [(frame.height, frame.width)] * len(rows))


def _outline(points: Any, frame: _Frame) -> list[float]:
    """A polygon as COCO writes it; one of less than three points covers nothing."""
    if not isinstance(points, list):
        raise ValueError("predictions: one has no mask: the model is not for instance segmentation")
    pairs = [[number(mapping(point).get(name)) for name in ("x", "y")] for point in points]
    flat = np.array(pairs, dtype=np.float64).reshape(1, -1)
    if not np.isfinite(flat).all():
        raise ValueError("predictions: a polygon is not whole")
    outline: list[float] = frame.to_picture(flat)[0].tolist()
    return outline


def _code(code: Any, frame: _Frame) -> dict[str, Any]:
    """A run-length code in the picture's own size."""
    held = mapping(code)
    size, counts = held.get("size"), held.get("counts")
    runs = run_lengths(counts) if isinstance(counts, str) else counts
    if not isinstance(size, list) or len(size) != 2 or not _are_counts(size):
        raise ValueError("predictions: a mask's code has no size")
    if not isinstance(runs, list) or not _are_counts(runs) or sum(runs) != size[0] * size[1]:
        raise ValueError("predictions: a mask's code does not fill its size")
    if sum(runs) > LARGEST_CANVAS:
        raise ValueError("predictions: a mask has more pixels than any picture")
    if size == [frame.height, frame.width]:
        return {"size": size, "counts": counts}
    drawn = np.repeat(np.arange(len(runs)) % 2, runs).reshape(size[1], size[0]).T
    row = (np.arange(frame.height) + 0.5) * size[0] // frame.height
    column = (np.arange(frame.width) + 0.5) * size[1] // frame.width
    resized = drawn[np.ix_(row.astype(np.int64), column.astype(np.int64))].astype(bool)
    coded = Masks.from_bitmaps([resized]).rle(0)
    return {"size": coded["size"], "counts": coded["counts"]}


def _are_counts(values: Sequence[Any]) -> bool:
    return all(type(value) is int and value >= 0 for value in values)
