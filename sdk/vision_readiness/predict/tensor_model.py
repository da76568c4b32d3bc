"""A model on a runtime: picture to tensor, tensor through the runtime, outputs to answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError
from vision_readiness.ports import Clock
from vision_readiness.predict.heads import Head, head_named, read
from vision_readiness.predict.instance_masks import draw
from vision_readiness.predict.interface import Answer, Device, Runtime
from vision_readiness.predict.nms import suppress
from vision_readiness.predict.outputs import Candidates, Frame, Outputs
from vision_readiness.predict.preprocess import Placement, to_tensor
from vision_readiness.project import ModelCard, Preprocessing
from vision_readiness.project.masks import Masks

MAX_CANDIDATES = 30_000
"""The best so many enter the suppression; a model that answers everywhere must not stop the run."""


@dataclass(frozen=True, slots=True)
class TensorInput:
    """What a runtime's input takes: ``dtype`` by numpy's name, a dimension that is free ``None``."""

    channels: int
    width: int | None
    height: int | None
    dtype: str


DTYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
}


def tensor_input(runtime: Runtime) -> TensorInput:
    """What the only input of ``runtime`` takes; raises ``ModelError`` unless it is one picture in NCHW order."""
    if len(runtime.inputs) != 1:
        names = ", ".join(spec.name for spec in runtime.inputs)
        raise ModelError(f"the model takes {len(runtime.inputs)} inputs ({names}), not one picture: export it with one")
    spec = runtime.inputs[0]
    shape = " x ".join("?" if size is None else str(size) for size in spec.shape)
    if len(spec.shape) != 4:
        raise ModelError(f"the model's input {spec.name!r} is {shape}, not 1 x 3 x height x width: export it so")
    batch, channels, height, width = spec.shape
    if batch not in (None, 1):
        raise ModelError(f"the model takes {batch} pictures at once ({shape}): export it with batch 1")
    if channels not in (None, 1, 3):
        raise ModelError(f"the model's input is {shape}, not 1 x 3 x height x width: export it with channels first")
    if spec.dtype not in DTYPES:
        raise ModelError(f"the model's input is {spec.dtype}; understood are {', '.join(DTYPES)}")
    return TensorInput(3 if channels is None else channels, width, height, DTYPES[spec.dtype])


class TensorModel:
    """A ``Model`` that runs ``card``'s head and preprocessing on ``runtime``; safe to call from several threads.

    Answers under ``score_floor`` are left out, doubles over ``iou`` suppressed class by class, and the best
    ``max_answers`` stay. A classifier answers with every class. ``cold_seconds`` is the runtime's first call, where
    it was timed when the model was opened.
    """

    def __init__(
        self,
        runtime: Runtime,
        card: ModelCard,
        clock: Clock,
        *,
        score_floor: float = 0.01,
        iou: float = 0.6,
        max_answers: int = 300,
        cold_seconds: float | None = None,
    ) -> None:
        if card.head is None or card.preprocessing is None:
            raise ModelError(f"the card of {card.name} names no head or no preprocessing: open the artefact again")
        self.card = card
        self.device: Device = runtime.device
        self.score_floor, self.iou, self.max_answers = score_floor, iou, max_answers
        self.cold_seconds = cold_seconds
        self._runtime, self._clock = runtime, clock
        self._input = tensor_input(runtime)
        self._head: Head = head_named(card.head)
        self._how: Preprocessing = card.preprocessing
        self._frame = Frame(self._how.width, self._how.height, len(card.classes))

    def __repr__(self) -> str:
        return f"<TensorModel {self.card.name}: {self._head.name}, {len(self.card.classes)} classes>"

    def predict(self, picture: NDArray[np.uint8]) -> Answer:
        """What is in ``picture`` (RGB, shape (height, width, 3)); raises ``RuntimeFailure`` when the call fails."""
        times = [self._clock.perf()]
        tensor, placement = to_tensor(picture, self._how, channels=self._input.channels, dtype=self._input.dtype)
        times.append(self._clock.perf())
        tensors = self._runtime.run(tensor)
        times.append(self._clock.perf())
        answer = self._answer(named_outputs(self._runtime, tensors), placement)
        times.append(self._clock.perf())
        stages = ("preprocess", "infer", "postprocess")
        return replace(answer, seconds=dict(zip(stages, np.diff(times).tolist(), strict=True)))

    def _answer(self, outputs: Outputs, placement: Placement) -> Answer:
        candidates = read(self._head, outputs, self._frame)
        classes = len(self.card.classes)
        if not self._head.task.has_boxes:
            score = candidates.score[0].astype(np.float64)
            return Answer(np.arange(classes, dtype=np.int32), score, np.zeros((classes, 4)))
        row, label, score = self._best(candidates)
        box = candidates.box[row].astype(np.float64)
        if self._head.suppressed:
            kept = np.arange(min(len(row), self.max_answers))
        else:
            kept = suppress(box, score, label, iou=self.iou, max_answers=self.max_answers)
        box = placement.to_picture(box[kept])
        masks: Masks | None = None
        if candidates.weights is not None and candidates.prototypes is not None:
            masks = draw(candidates.weights[row[kept]], candidates.prototypes, box, placement, self._frame)
        return Answer(label[kept].astype(np.int32), score[kept], box, masks)

    def _best(self, candidates: Candidates) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Row, label and score of the candidates at or over the floor, best first, equal scores by row."""
        row, label = np.nonzero((candidates.score >= self.score_floor) & (candidates.score > 0))
        score = candidates.score[row, label].astype(np.float64)
        best = np.argsort(-score, kind="stable")[:MAX_CANDIDATES]
        return row[best], label[best], score[best]


def named_outputs(runtime: Runtime, tensors: list[NDArray[np.generic]]) -> Outputs:
    """The tensors of one call by their names."""
    return dict(zip((spec.name for spec in runtime.outputs), tensors, strict=True))
