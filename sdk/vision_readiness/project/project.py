"""What is judged: a version of a project, its data set as columns, and the artefact trained on it.

Coordinates are xyxy in absolute pixels, float64, in the frame of the stored image after its EXIF orientation is
applied. Scores are 0 to 1. Classes are known by name; a label is an index into ``Dataset.classes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.masks import Masks
from vision_readiness.project.reported import ReportedFigures


class Task(StrEnum):
    """A task that is judged, in Roboflow's own words."""

    DETECTION = "object-detection"
    SEGMENTATION = "instance-segmentation"
    CLASSIFICATION = "single-label-classification"
    MULTILABEL = "multi-label-classification"

    @property
    def has_boxes(self) -> bool:
        return self in (Task.DETECTION, Task.SEGMENTATION)


class Split(StrEnum):
    """A split; ``SPLITS`` gives the order behind the ``split`` column."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


SPLITS: tuple[Split, ...] = tuple(Split)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A circumstance of capture, such as lighting, with the images that are known to be in each of its levels.

    ``members`` maps a level to a mask of shape (images,); an image of unknown level is in none. ``origin`` says how
    the levels are known: declared, tag, file name or measured.
    """

    origin: str
    members: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class ImageTable:
    """The images as columns of shape (images,).

    ``key`` is what ``Images.read`` takes and what people are shown. Copies of one source image (augmentation) share
    a number in ``source``; ``width`` and ``height`` are the declared ones, in pixels, 0 where nothing is declared.
    ``told`` marks the images of which it is known whole what is labelled in them, nothing too; ``None`` for all.
    """

    key: tuple[str, ...]
    split: NDArray[np.int8]
    source: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    conditions: Mapping[str, Condition] = field(default_factory=lambda: MappingProxyType({}))
    told: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.key)

    def of(self, *splits: Split) -> NDArray[np.bool_]:
        """A mask of shape (images,) of the images in any of ``splits``."""
        return np.isin(self.split, [SPLITS.index(split) for split in splits])


@dataclass(frozen=True, slots=True, eq=False)
class ObjectTable:
    """What people labelled, a row an object: columns of shape (objects,), ``box`` of shape (objects, 4).

    ``area`` is the annotation's own (mask area where there is a mask), in square pixels. ``crowd`` rows absorb
    detections and are never missed. A classification label is a row with an all-zero box. ``marks`` are what the
    annotators said of single objects, such as ``occluded``: masks of shape (objects,), none where nobody marked any.
    """

    image: NDArray[np.int32]
    label: NDArray[np.int32]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    masks: Masks | None = None
    marks: Mapping[str, NDArray[np.bool_]] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.image)


class DefectKind(StrEnum):
    """Something in the annotations that cannot be taken as it stands."""

    UNKNOWN_CATEGORY = "unknown category"
    UNKNOWN_IMAGE = "unknown image"
    UNREADABLE_BOX = "unreadable box"
    UNLABELLED_IMAGE = "image without an annotation entry"
    UNDECLARED_CLASS = "class missing from the class list"
    CONTRADICTION = "image with two truths"


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect that the reader met and left out, with the image or file it stands in.

    ``image`` is the key of the image whose truth it damages: what is labelled there is not known whole.
    """

    kind: DefectKind
    where: str
    detail: str
    image: str | None = None


class WhyLeftOut(StrEnum):
    """Why pictures that lie in the folder of a data set are none of its images."""

    FORMAT = "a format that is not decoded"
    UNNAMED = "named by no split, list or annotation"
    UNLISTED = "left out by the data set's own lists"
    ELSEWHERE = "behind a link that leaves the folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The pictures of one folder that were not read for one reason: ``images`` of the ``of`` that lie there.

    ``split`` is the one that their path names, ``what`` the format where that is the reason.
    """

    why: WhyLeftOut
    folder: str
    images: int
    of: int
    examples: tuple[str, ...]
    split: Split | None = None
    what: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """One version's images and labels. ``classes`` is in the order of the export, without its synthetic root.

    ``left_out`` are the pictures that lie there and are none of its images.
    """

    task: Task
    classes: tuple[str, ...]
    images: ImageTable
    objects: ObjectTable
    defects: tuple[Defect, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def with_conditions(self, conditions: Mapping[str, Condition]) -> Dataset:
        """The same data set knowing ``conditions`` too; one that is already known stays as it is."""
        merged = {**conditions, **self.images.conditions}
        return replace(self, images=replace(self.images, conditions=MappingProxyType(merged)))


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What a model answered, a row an answer, ordered by image: columns of shape (answers,).

    ``answered`` has shape (images,) and marks the images the model was run on: an image without rows was looked at
    and nothing was found. A classifier has a row for each image and class, with an all-zero box.
    """

    answered: NDArray[np.bool_]
    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: NDArray[np.float64]
    box: NDArray[np.float64]
    masks: Masks | None = None

    def __len__(self) -> int:
        return len(self.image)


@dataclass(frozen=True, slots=True)
class VersionId:
    """The name of a version: ``workspace/project/number``; parts that are not known are ``None``."""

    workspace: str | None
    project: str
    number: int | None

    def __str__(self) -> str:
        """``acme/dock/3``; unknown parts are left out.

        >>> str(VersionId("acme", "dock", 3)), str(VersionId(None, "dock", None))
        ('acme/dock/3', 'dock')
        """
        return "/".join(str(part) for part in (self.workspace, self.project, self.number) if part is not None)

    def endpoint_id(self, model: str) -> str:
        """The id by which endpoints know a model of the version, which a list may name by its slug alone.

        >>> VersionId("acme", "dock", 3).endpoint_id("dock-3-large-t1")
        'acme/dock-3-large-t1'
        """
        return model if "/" in model or self.workspace is None else f"{self.workspace}/{model}"

    @staticmethod
    def parse(text: str) -> VersionId:
        """The version that ``text`` names.

        >>> VersionId.parse("acme/dock/3")
        VersionId(workspace='acme', project='dock', number=3)
        """
        *head, last = text.strip("/").split("/")
        if head and last.isdecimal():
            workspace = "/".join(head[:-1]) or None
            return VersionId(workspace, head[-1], int(last))
        return VersionId("/".join(head) or None, last, None)


class Resize(StrEnum):
    """How an image is fitted to the model's input."""

    STRETCH = "stretch"
    LETTERBOX = "letterbox"
    CENTER_CROP = "center crop"


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How an RGB image becomes the model's input tensor.

    ``width`` and ``height`` in pixels; values are divided by 255 when ``unit_range``, then ``mean`` is subtracted
    and ``std`` divides, channel by channel. ``padding`` is the grey value (0 to 255) beside a letterboxed image.
    """

    width: int
    height: int
    resize: Resize = Resize.STRETCH
    padding: int = 114
    bgr: bool = False
    grayscale: bool = False
    unit_range: bool = True
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What an artefact is and how it has to be used, each with where that is known from.

    ``digest`` is the SHA-256 of the artefact. ``origins`` tells where a field comes from (flag, sidecar, metadata,
    version, detected, data set order); ``conflicts`` are sentences about sources that disagree on the preprocessing,
    ``notes`` about what was told and means nothing here. ``runtime`` is what answered: its provider and thread options.
    """

    name: str
    digest: str
    task: Task
    classes: tuple[str, ...]
    head: str | None = None
    preprocessing: Preprocessing | None = None
    trained_on: VersionId | None = None
    size_bytes: int | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class ProjectVersion:
    """A version of a project with its data set.

    ``augmentation`` names the steps that were on; ``preprocessing`` is the version's own, where it is known.
    ``prepared`` names the steps, in Roboflow's words, that its images went through before they were exported.
    ``announcements`` are sentences the source wants a person to see (a folder that won over a name, say). ``beside``
    names what lies beside the data and may be used unless something else is given: a ``model``, a ``spec``.
    ``reported`` fetches what the source reports of a model of the version, by its id, or of the one that is meant
    without; it is asked only where nothing is measured here. ``models`` fetches the ids of the models that were trained
    on the version, as endpoints know them.
    """

    id: VersionId
    dataset: Dataset
    preprocessing: Preprocessing | None = None
    augmentation: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reported: Callable[[str | None], ReportedFigures | None] | None = None
    prepared: tuple[str, ...] = ()
    models: Callable[[], tuple[str, ...]] | None = None
