"""Output formats of models, as one table: which head fits, and how each is decoded.

``HEADS`` is in order of preference: where a model's outputs fit several, the first wins, and a settings file or flag
naming the head overrules it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError
from vision_readiness.predict import classifier_heads, corner_heads, detr_heads, yolo_heads, yolox_heads
from vision_readiness.predict.interface import RuntimeFailure
from vision_readiness.predict.outputs import Candidates, Frame, Outputs
from vision_readiness.predict.settings import IMAGENET
from vision_readiness.project import Resize, Task

LETTERBOX = {"resize": Resize.LETTERBOX}
YOLOX = {"resize": Resize.LETTERBOX, "bgr": True, "unit_range": False}


@dataclass(frozen=True, slots=True)
class Head:
    """One output format of a model.

    ``count`` gives the number of classes that outputs of this form speak of, ``None`` where they are not of this
    form; a form that does not tell the number answers with the one expected. ``settings`` are the preprocessing such
    models are trained with, used where nothing else says. ``suppressed``: answers come without doubles already.
    """

    name: str
    task: Task
    form: str
    count: Callable[[Outputs, Frame], int | None]
    decode: Callable[[Outputs, Frame], Candidates]
    suppressed: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)


HEADS: tuple[Head, ...] = (
    Head(
        "detr",
        Task.DETECTION,
        "logits 1 x n x (classes + 1) (softmax, last for no object) and boxes 1 x n x 4 (centre and size, 0-1)",
        detr_heads.count_detr,
        detr_heads.detr,
        suppressed=True,
        settings=IMAGENET,
    ),
    Head(
        "rf-detr",
        Task.DETECTION,
        "dets 1 x n x 4 (centre and size, 0-1) and labels 1 x n x classes (logits)",
        detr_heads.count_rf_detr,
        detr_heads.rf_detr,
        suppressed=True,
        settings=IMAGENET,
    ),
    Head(
        "rf-detr-background-last",
        Task.DETECTION,
        "as rf-detr, with a last score column for background",
        detr_heads.count_rf_detr_background_last,
        detr_heads.rf_detr_background_last,
        suppressed=True,
        settings=IMAGENET,
    ),
    Head(
        "rf-detr-background-first",
        Task.DETECTION,
        "as rf-detr, with a first score column for background",
        detr_heads.count_rf_detr_background_first,
        detr_heads.rf_detr_background_first,
        suppressed=True,
        settings=IMAGENET,
    ),
    Head(
        "efficient-nms",
        Task.DETECTION,
        "num_dets 1, det_boxes n x 4 (corners in input pixels), det_scores n, det_classes n (from 0)",
        corner_heads.count_efficient_nms,
        corner_heads.efficient_nms,
        suppressed=True,
    ),
    Head(
        "boxes-scores-labels",
        Task.DETECTION,
        "boxes n x 4 (corners in input pixels), scores n, labels n (from 0)",
        corner_heads.count_separate,
        corner_heads.separate,
        suppressed=True,
    ),
    Head(
        "boxes-scores-labels-from-1",
        Task.DETECTION,
        "as boxes-scores-labels, with labels from 1 (0 is background), as torchvision has them",
        corner_heads.count_separate_from_one,
        corner_heads.separate_from_one,
        suppressed=True,
    ),
    Head(
        "boxes-scores-labels-shares",
        Task.DETECTION,
        "as boxes-scores-labels, with corners as shares of the input (0-1)",
        corner_heads.count_separate,
        corner_heads.separate_shares,
        suppressed=True,
    ),
    Head(
        "corners-seg",
        Task.SEGMENTATION,
        "1 x n x (6 + k) (corners in input pixels, score, class, k mask weights) and prototypes 1 x k x h x w",
        corner_heads.count_corners_seg,
        corner_heads.corners_seg,
        suppressed=True,
    ),
    Head(
        "corners",
        Task.DETECTION,
        "1 x n x 6 (corners in input pixels, score, class)",
        corner_heads.count_corners,
        corner_heads.corners,
        suppressed=True,
    ),
    Head(
        "corners-shares",
        Task.DETECTION,
        "as corners, with shares of the input (0-1)",
        corner_heads.count_corner_shares,
        corner_heads.corner_shares,
        suppressed=True,
    ),
    Head(
        "flat-score-class",
        Task.DETECTION,
        "n x 7 (picture, corners in input pixels, score, class), as YOLO-NAS has it",
        corner_heads.count_flat_score_class,
        corner_heads.flat_score_class,
        suppressed=True,
    ),
    Head(
        "flat-class-score",
        Task.DETECTION,
        "n x 7 (picture, corners in input pixels, class, score), as YOLOv7 has it",
        corner_heads.count_flat_class_score,
        corner_heads.flat_class_score,
        suppressed=True,
        settings=LETTERBOX,
    ),
    Head(
        "corners-and-scores",
        Task.DETECTION,
        "boxes 1 x n x 4 (corners in input pixels) and scores 1 x n x classes (0-1), before NMS",
        corner_heads.count_corners_and_scores,
        corner_heads.corners_and_scores,
    ),
    Head(
        "shares-background-first",
        Task.DETECTION,
        "boxes 1 x n x 4 (corners, 0-1) and scores 1 x n x (1 + classes) that sum to 1, as SSD has them",
        corner_heads.count_shares_background_first,
        corner_heads.shares_background_first,
    ),
    Head(
        "yolo-seg",
        Task.SEGMENTATION,
        "1 x (4 + classes + k) x n (as yolo, then k mask weights) and prototypes 1 x k x h x w",
        yolo_heads.count_yolo_seg,
        yolo_heads.yolo_seg,
    ),
    Head(
        "yolo",
        Task.DETECTION,
        "1 x (4 + classes) x n (centre and size in input pixels, scores 0-1)",
        yolo_heads.count_yolo,
        yolo_heads.yolo,
    ),
    Head(
        "yolox-raw",
        Task.DETECTION,
        "1 x n x (5 + classes) on the grids of strides 8, 16, 32 (cell offsets, log sizes, objectness, scores)",
        yolox_heads.count_yolox_raw,
        yolox_heads.yolox_raw,
        settings=YOLOX,
    ),
    Head(
        "yolox",
        Task.DETECTION,
        "1 x n x (5 + classes), one row a grid cell (centre and size in input pixels, objectness, scores)",
        yolox_heads.count_yolox,
        yolox_heads.yolo_with_objectness,
        settings=YOLOX,
    ),
    Head(
        "yolov5",
        Task.DETECTION,
        "1 x n x (5 + classes) (centre and size in input pixels, objectness, scores)",
        yolox_heads.count_yolov5,
        yolox_heads.yolo_with_objectness,
        settings=LETTERBOX,
    ),
    Head(
        "yolo-transposed",
        Task.DETECTION,
        "1 x n x (4 + classes) (centre and size in input pixels, scores 0-1)",
        yolo_heads.count_yolo_transposed,
        yolo_heads.yolo_transposed,
    ),
    Head(
        "yolo-shares",
        Task.DETECTION,
        "as yolo, with shares of the input (0-1)",
        yolo_heads.count_yolo_shares,
        yolo_heads.yolo_shares,
    ),
    Head(
        "rtdetr-rows",
        Task.DETECTION,
        "1 x n x 6 (centre and size as shares of the input, score, class), as RT-DETR by Ultralytics has it",
        detr_heads.count_rtdetr_rows,
        detr_heads.rtdetr_rows,
        suppressed=True,
    ),
    Head(
        "rtdetr",
        Task.DETECTION,
        "1 x n x (4 + classes) (centre and size as shares of the input, scores 0-1)",
        detr_heads.count_rtdetr,
        detr_heads.rtdetr,
        suppressed=True,
    ),
    Head(
        "classifier-probabilities",
        Task.CLASSIFICATION,
        "1 x classes, summing to 1",
        classifier_heads.count_probabilities,
        classifier_heads.probabilities,
    ),
    Head(
        "classifier-logits",
        Task.CLASSIFICATION,
        "1 x classes (logits of one class among many)",
        classifier_heads.count_classes,
        classifier_heads.logits,
    ),
    Head(
        "multilabel-probabilities",
        Task.MULTILABEL,
        "1 x classes, each 0-1",
        classifier_heads.count_unit_scores,
        classifier_heads.unit_scores,
    ),
    Head(
        "multilabel-logits",
        Task.MULTILABEL,
        "1 x classes (logits of one yes or no each)",
        classifier_heads.count_classes,
        classifier_heads.independent_logits,
    ),
)
"""Every supported head."""

_BY_NAME = {head.name: head for head in HEADS}


class ClassCountError(ModelError):
    """The outputs speak of another number of classes than expected; the caller knows whose number that is."""


def head_named(name: str) -> Head:
    """The head of that name; raises ``ModelError`` listing the names there are."""
    if name not in _BY_NAME:
        raise ModelError(f"there is no head {name!r}; the heads are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def fitting_head(name: str, outputs: Outputs, frame: Frame) -> tuple[Head, int]:
    """The head of that name and its number of classes; raises ``ModelError`` unless ``outputs`` have its form."""
    head = head_named(name)
    count = head.count(outputs, frame)
    if count is None:
        raise ModelError(f"the outputs ({_shapes(outputs)}) do not have the form of head {name!r}: {head.form}")
    return _counted([(head, count)], outputs, frame)


def find_head(outputs: Outputs, frame: Frame, task: Task | None = None) -> tuple[Head, int]:
    """The head that fits a model's ``outputs`` and its number of classes, among the heads of ``task`` where given.

    ``frame.classes`` is the number expected, ``None`` where nothing says. Raises ``ModelError`` when no head fits,
    ``ClassCountError`` when only heads with another number of classes do: one class more or less would shift the
    others, so nothing is guessed.
    """
    wanted = [head for head in HEADS if _may_serve(head, task)]
    fitting = [(head, count) for head in wanted if (count := head.count(outputs, frame)) is not None]
    if not fitting:
        filled = {name: values for name, values in outputs.items() if values.size}
        ranges = "; ".join(f"{name} holds {values.min():.3g} to {values.max():.3g}" for name, values in filled.items())
        raise ModelError(
            f"no head fits the outputs ({_shapes(outputs)}; {ranges}): export to one of these forms, boxes in pixels "
            f"and scores 0 to 1: {', '.join(head.name for head in wanted)}"
        )
    return _counted(fitting, outputs, frame)


def _counted(fitting: Sequence[tuple[Head, int]], outputs: Outputs, frame: Frame) -> tuple[Head, int]:
    for head, count in fitting:
        if frame.classes in (None, count):
            return head, count
    head, count = fitting[0]
    raise ClassCountError(f"the model answers with {count} classes (head {head.name!r}, outputs {_shapes(outputs)})")


def answers_with_boxes(outputs: Outputs) -> bool:
    """Whether ``outputs`` may hold boxes: anything but one row of numbers."""
    return classifier_heads.count_classes(outputs, Frame(0, 0)) is None


def _shapes(outputs: Outputs) -> str:
    return ", ".join(f"{name} {' x '.join(map(str, tensor.shape))}" for name, tensor in outputs.items())


def _may_serve(head: Head, task: Task | None) -> bool:
    """Whether a model of ``task`` may answer through ``head``: boxes serve segmentation, masks serve detection."""
    if task is None:
        return head.task is not Task.MULTILABEL
    return head.task.has_boxes if task.has_boxes else head.task is task


def read(head: Head, outputs: Outputs, frame: Frame) -> Candidates:
    """The candidates in one call's ``outputs``; raises ``RuntimeFailure`` for numbers no model should give."""
    if not all(np.isfinite(tensor).all() for tensor in outputs.values()):
        raise RuntimeFailure("the model answered with NaN or infinite numbers: check its export and its precision")
    candidates = head.decode(outputs, frame)
    score: NDArray[np.floating] = candidates.score
    if score.size and not (score.min() >= -1e-3 and score.max() <= 1 + 1e-3):
        raise RuntimeFailure(
            f"scores run from {score.min():.3g} to {score.max():.3g} where head {head.name!r} has 0 to 1: "
            "name the right head in the model's settings"
        )
    return replace(candidates, score=np.clip(score, 0.0, 1.0))
