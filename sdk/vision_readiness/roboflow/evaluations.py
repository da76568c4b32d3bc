"""Roboflow's own evaluations of a model. Paid workspaces only; all rates are fractions.

https://docs.roboflow.com/developer/rest-api/model-evaluations (read 2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from vision_readiness.project import Split
from vision_readiness.roboflow.payload import (
    Anything,
    Count,
    Flag,
    Id,
    Moment,
    Number,
    Payload,
    Text,
    count,
    mapping,
    number,
    rows_of,
    texts,
)
from vision_readiness.roboflow.rates import (
    FractionF1,
    FractionIou,
    FractionMap50,
    FractionMap75,
    FractionMap5095,
    FractionMiou,
    FractionPrecision,
    FractionRecall,
)

P = TypeVar("P", bound=Payload)


class Summary(Payload):
    """The headline figures; ``mAP`` is mAP@50, as the page of comparisons labels it."""

    map50: Annotated[FractionMap50, Field(alias="mAP")] = None
    miou: Annotated[FractionMiou, Field(alias="mIoU")] = None
    precision: FractionPrecision = None
    recall: FractionRecall = None


class Evaluation(Payload):
    """An evaluation; ``summary`` is there once ``status`` is ``done``."""

    evaluation_id: Annotated[Id, Field(validation_alias=AliasChoices("evalId", "id"))]
    status: Text = None
    project: Text = None
    version: Annotated[Text, Field(alias="versionId")] = None
    model_id: Text = None
    created: Annotated[Moment, Field(alias="createdAt")] = None
    summary: Summary | None = None

    @property
    def is_done(self) -> bool:
        """Whether its panels can be read."""
        return self.status == "done"


class ClassFigures(Payload):
    """The figures of a class on a split; all are absent for a class without an instance."""

    name: Annotated[Id, Field(validation_alias=AliasChoices("className", "class", "name"))]
    map50: FractionMap50 = None
    map50_95: Annotated[FractionMap5095, Field(alias="map50_95")] = None
    map75: FractionMap75 = None
    iou: FractionIou = None
    precision: FractionPrecision = None
    recall: FractionRecall = None
    f1: FractionF1 = None
    optimal_threshold: Number = None


class SizeFigures(Payload):
    """The figures of objects of one size, in COCO's sense."""

    map50: FractionMap50 = None
    map50_95: Annotated[FractionMap5095, Field(alias="map50_95")] = None
    map75: FractionMap75 = None


def _named_rows(value: object) -> tuple[ClassFigures, ...]:
    """Rows from a list, or from figures by the name of the class."""
    if isinstance(value, Mapping):
        value = [{"className": name, **mapping(row)} for name, row in sorted(value.items())]
    return rows_of(ClassFigures, value)


def _each(model: type[P], value: object) -> dict[str, P]:
    held = {name: rows_of(model, [row]) for name, row in sorted(mapping(value).items())}
    return {name: rows[0] for name, rows in held.items() if rows}


def _splits(model: type[P], value: object) -> dict[Split, P]:
    found = _each(model, value)
    return {split: found[split.value] for split in Split if split.value in found}


class SplitFigures(SizeFigures):
    """The figures of a split: mAP for boxes and masks, mIoU and pixel-wise rates for semantic segmentation."""

    miou: Annotated[FractionMiou, Field(validation_alias=AliasChoices("mIoU", "miou"))] = None
    precision: FractionPrecision = None
    recall: FractionRecall = None
    f1: FractionF1 = None
    by_object_size: Annotated[Mapping[str, SizeFigures], BeforeValidator(lambda value: _each(SizeFigures, value))] = (
        Field(default_factory=dict)
    )
    classes: Annotated[
        tuple[ClassFigures, ...],
        BeforeValidator(_named_rows),
        Field(validation_alias=AliasChoices("perClass", "byClass", "classes")),
    ] = ()


class MapResults(Payload):
    """The figures of each split."""

    task_type: Text = None
    splits: Annotated[Mapping[Split, SplitFigures], BeforeValidator(lambda value: _splits(SplitFigures, value))]


class SweepPoint(Payload):
    """The rates at a confidence threshold."""

    threshold: Number = None
    precision: FractionPrecision = None
    recall: FractionRecall = None
    f1: FractionF1 = None


def _curve(value: object) -> tuple[SweepPoint, ...]:
    points = [{**mapping(row), "threshold": at} for at, row in mapping(value).items() if number(at) is not None]
    return tuple(sorted(rows_of(SweepPoint, points), key=lambda point: point.threshold or 0.0))


class ClassSweep(Payload):
    """Rates by confidence threshold, ascending, and the threshold where F1 is best."""

    curve: Annotated[tuple[SweepPoint, ...], BeforeValidator(_curve), Field(alias="perThreshold")] = ()
    optimal_threshold: Number = None
    optimal: Annotated[SweepPoint | None, Field(alias="optimalMetrics")] = None


class Sweep(ClassSweep):
    """The same for all classes together, and for each."""

    classes: Annotated[
        Mapping[str, ClassSweep], BeforeValidator(lambda value: _each(ClassSweep, value)), Field(alias="perClass")
    ] = Field(default_factory=dict)


class ConfidenceSweep(Payload):
    """The sweep of each split."""

    splits: Annotated[Mapping[Split, Sweep], BeforeValidator(lambda value: _splits(Sweep, value))]


class PerformanceByClass(Payload):
    """The figures of each class on one split."""

    task_type: Text = None
    split: Text = None
    classes: Annotated[tuple[ClassFigures, ...], BeforeValidator(_named_rows)]


def _matrix(value: object) -> tuple[tuple[int | None, ...], ...]:
    rows = value if isinstance(value, list | tuple) else ()
    return tuple(tuple(count(cell) for cell in row) if isinstance(row, list | tuple) else () for row in rows)


class ConfusionMatrix(Payload):
    """Counts, rows actual and columns predicted, each in the order of ``classes``, of which the last is background.

    A row of the background are false positives, its column misses. For semantic segmentation it counts pixels.
    """

    split: Text = None
    threshold: Annotated[Number, Field(alias="confidenceThreshold")] = None
    classes: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: texts(value) if isinstance(value, list) else None)
    ]
    matrix: Annotated[tuple[tuple[int, ...], ...], BeforeValidator(_matrix)]

    @model_validator(mode="after")
    def _is_square(self) -> ConfusionMatrix:
        if any(len(row) != len(self.classes) for row in (self.matrix, *self.matrix)):
            raise ValueError("the matrix does not fit its classes")
        return self


class Cluster(Payload):
    """Images that look alike; number -1 is what fits nowhere."""

    number: Annotated[
        float, BeforeValidator(number), Field(validation_alias=AliasChoices("id", "clusterId", "cluster"))
    ]
    images: Annotated[Count, Field(validation_alias=AliasChoices("size", "count", "images", "imageCount"))] = None
    f1: Annotated[FractionF1, Field(alias="f1Mean")] = None


class VectorAnalysis(Payload):
    """Clusters of image embeddings, and how they were made."""

    clustering: Anything = Field(default_factory=dict)
    clusters: Annotated[tuple[Cluster, ...], BeforeValidator(lambda value: rows_of(Cluster, value))] = ()


class ImageStats(Payload):
    """Right, wrong and missed on one image: counts, without boxes."""

    true_positives: Count = None
    false_positives: Count = None
    false_negatives: Count = None
    precision: FractionPrecision = None
    recall: FractionRecall = None
    f1: FractionF1 = None


class ImageResult(Payload):
    """How the model did on one image."""

    image_id: Id
    image_name: Text = None
    split: Text = None
    stats: ImageStats = ImageStats()


class ImageResults(Payload):
    """A page of image results, of ``total`` in all."""

    split: Text = None
    threshold: Annotated[Number, Field(alias="confidenceThreshold")] = None
    total: Annotated[Count, Field(alias="totalImages")] = None
    offset: Count = None
    limit: Count = None
    images: Annotated[tuple[ImageResult, ...], BeforeValidator(lambda value: rows_of(ImageResult, value))]


class Recommendation(Payload):
    """A suggestion, of a ``type`` such as ``missed_detection`` or ``class_imbalance``; ``details`` as they came."""

    type: Text = None
    details: Anything = Field(default_factory=dict)


class Recommendations(Payload):
    """The suggestions; ``generated`` is false where Roboflow has made none, which is no fault of the evaluation."""

    generated: Flag = None
    recommendations: tuple[Recommendation, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _rows(cls, body: Any) -> Any:
        """A list, or a list beside ``generated``, or one somewhere in an object there."""
        if not isinstance(body, list | Mapping):
            return body
        whole: Mapping[str, Any] = {"generated": True, "recommendations": body} if isinstance(body, list) else body
        held = whole.get("recommendations")
        lists = [held] if isinstance(held, list) else [row for row in mapping(held).values() if isinstance(row, list)]
        rows = [row for row in (lists[0] if lists else []) if isinstance(row, Mapping)]
        read = [{"type": row.get("type"), "details": row} for row in rows]
        return {"generated": whole.get("generated"), "recommendations": read}
