"""Versions of a project: how they were made, and what Roboflow reports of the model trained on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from vision_readiness.project import Split, VersionId
from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.payload import (
    Anything,
    Count,
    Flag,
    Id,
    Moment,
    Number,
    Payload,
    Share,
    SplitCounts,
    Text,
    Texts,
    count,
    flag,
    mapping,
    rows_of,
)
from vision_readiness.roboflow.rates import (
    EitherMap50,
    EitherMap5095,
    EitherPrecision,
    EitherRecall,
    FractionMap50,
    FractionMap5095,
    FractionPrecision,
    FractionRecall,
    PercentMap50,
    PercentPrecision,
    PercentRecall,
)
from vision_readiness.roboflow.transport import Request, path_of, query_of


class HostedModel(Payload):
    """The model trained on a version, with figures in percent; ``map`` is mAP@50."""

    id: Text = None
    endpoint: Text = None
    start: Moment = None
    end: Moment = None
    from_scratch: Flag = None
    map: PercentMap50 = None
    precision: PercentPrecision = None
    recall: PercentRecall = None


class ClassResult(Payload):
    """A row of the training results: a class, or ``all``, on one split. Figures are fractions."""

    name: Annotated[Id, Field(alias="class")]
    images: Count = None
    targets: Count = None
    precision: FractionPrecision = None
    recall: FractionRecall = None
    map50: FractionMap50 = None
    map50_95: Annotated[FractionMap5095, Field(alias="map95")] = None


class Epoch(Payload):
    """A point of the training curves."""

    epoch: Count = None
    map50: Annotated[EitherMap50, Field(alias="mAP")] = None
    map50_95: Annotated[EitherMap5095, Field(alias="mAP_50_95")] = None
    precision: EitherPrecision = None
    recall: EitherRecall = None
    box_loss: Annotated[Number, Field(alias="box_loss")] = None
    obj_loss: Annotated[Number, Field(alias="obj_loss")] = None
    class_loss: Annotated[Number, Field(alias="class_loss")] = None


def _class_map(value: object) -> dict[Split, tuple[ClassResult, ...]]:
    splits = mapping(value)
    return {split: rows for split in Split if (rows := rows_of(ClassResult, splits.get(split.value)))}


class TrainingSummary(Payload):
    """The result of the training: ``status`` in Roboflow's words, and results by split and class."""

    status: Text = None
    results: Annotated[
        Mapping[Split, tuple[ClassResult, ...]],
        BeforeValidator(lambda value: _class_map(mapping(value).get("class_map"))),
    ] = Field(default_factory=dict)


def _version_id(value: object) -> VersionId | None:
    """``acme/dock/3`` as a version; ``None`` for anything else."""
    if isinstance(value, VersionId):
        return value
    read = VersionId.parse(value) if isinstance(value, str) and value.isascii() and len(value) < 300 else None
    return read if read is not None and read.workspace and read.number is not None else None


class VersionRow(Payload):
    """A version as a project lists it. ``images`` and ``splits`` count after augmentation.

    ``preprocessing`` and ``augmentation`` are Roboflow's settings by step, as they came; a step counts when it is
    ``enabled``.
    """

    id: Annotated[VersionId, BeforeValidator(_version_id)]
    name: Text = None
    created: Moment = None
    images: Count = None
    splits: SplitCounts = Field(default_factory=dict)
    preprocessing: Anything = Field(default_factory=dict)
    augmentation: Anything = Field(default_factory=dict)
    exports: Texts = ()
    generating: Flag = None
    progress: Share = None
    model: HostedModel | None = None
    notes: Annotated[Text, Field(alias="versionNotes")] = None

    @property
    def number(self) -> int:
        """``3`` of ``acme/dock/3``."""
        return self.id.number or 0

    @property
    def is_ready(self) -> bool:
        """Whether it can be read: it is not being generated, and has images."""
        return not self.generating and bool(self.images)

    @property
    def augmentation_steps(self) -> tuple[str, ...]:
        """The names of the steps that were on, sorted; ``image``, which counts the copies, is none."""
        steps = self.augmentation.items()
        return tuple(sorted(name for name, step in steps if name != "image" and flag(mapping(step).get("enabled"))))

    @property
    def copies(self) -> int:
        """Copies of each training image, at least 1: train holds so many times the source images."""
        return max(1, count(mapping(self.augmentation.get("image")).get("versions")) or 1)


def _curves(value: object) -> dict[str, tuple[Epoch, ...]]:
    runs = {name: rows_of(Epoch, mapping(run).get("epochs")) for name, run in sorted(mapping(value).items())}
    return {name: epochs for name, epochs in runs.items() if epochs}


class Version(VersionRow):
    """A version with all that Roboflow says of it.

    ``epochs`` are the training curves by the name of the run; the model's figures are percent, the results' fractions.
    """

    classes: Texts = ()
    train: TrainingSummary | None = None
    epochs: Annotated[
        Mapping[str, tuple[Epoch, ...]],
        BeforeValidator(_curves),
        Field(alias="models"),
    ] = Field(default_factory=dict)
    skeletons: Anything = Field(default_factory=dict)
    model_type: Text = None
    project_type: Text = None
    multilabel: Flag = None


def version(workspace: str, project: str, number: int, *, nocache: bool = True) -> Call[Version]:
    """A version with its settings, training results and curves. One that does not exist is answered 404 or 500.

    ``GET /{ws}/{project}/{number}``: https://docs.roboflow.com/developer/rest-api/versions/view-a-version and
    roboflow-python, core/version.py (2026-07); the 500: inference, core/roboflow_api.py (2026-08)
    """

    def read(body: Any) -> Version:
        whole, asked = mapping(body), f"{workspace}/{project}/{number}"
        inner, around = mapping(whole.get("version")), mapping(whole.get("project"))
        if not inner:
            raise ValueError("version: missing")
        known = {"id": asked, "projectType": around.get("type"), "multilabel": around.get("multilabel")}
        found = inner if _version_id(inner.get("id")) else {**inner, "id": asked}
        return Version.model_validate({**known, **found})

    return Call(Request("GET", path_of(workspace, project, number), query=query_of(nocache=nocache or None)), read)
