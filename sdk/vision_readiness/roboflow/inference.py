"""Inference by a model that Roboflow knows: what to ask of its endpoints, and of servers that people run themselves.

Two kinds of route take the same question. v0 is ``POST /{project}/{version}`` with the picture as the body and the
rest in the query; hosted endpoints and dedicated deployments have it, and so has every server. v1 is
``POST /infer/{task}`` with all of it in JSON; only servers have that. Routes, names and limits:
https://github.com/roboflow/inference, http_api.py and entities/requests/inference.py (0.59.1 and 1.5.0, 2026-08).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vision_readiness.errors import InputError
from vision_readiness.project import Dataset, Split, Task, VersionId
from vision_readiness.roboflow.call import Call, reading, reading_rows
from vision_readiness.roboflow.payload import Id, Payload, Text, flag, number
from vision_readiness.roboflow.transport import Host, Request, path_of, query_of

LOWEST_CONFIDENCE = 0.01
"""What v0 raises anything lower to; from 1 on it takes a number as percent, so that 1 would be this as well."""

LARGEST_HOSTED_BYTES = 20 * 10**6
"""The most that a hosted endpoint takes in one body."""

CALL_SECONDS = 60.0
"""For one picture, a cold start included, or for a server to fetch a model and load it."""

SWITCHES: Mapping[str, str] = {
    "auto-orient": "disable_preproc_auto_orient",
    "static-crop": "disable_preproc_static_crop",
    "contrast": "disable_preproc_contrast",
    "grayscale": "disable_preproc_grayscale",
}
"""The steps of a version that its model is served with, and what leaves each out: an exported image went through it.

inference, core/entities/requests/inference.py and core/utils/preprocess.py (0.59.1 and 1.8.3, read 2026-11)
"""

HARMLESS = frozenset({"resize", "filter-null", "remap", "modify-classes"})
"""Steps that do no harm twice, or change no picture."""

NO_PICTURES_KEPT = {"disable_active_learning": True, "disable_model_monitoring": True}
"""Images that a model is judged on are not production traffic: not to be collected for training, nor counted."""

SERVER_TASKS: Mapping[Task, str] = {
    Task.DETECTION: "object-detection",
    Task.SEGMENTATION: "instance-segmentation",
    Task.CLASSIFICATION: "classification",
    Task.MULTILABEL: "classification",
}
"""What a server calls each task; for both kinds of classification it has one name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked of every picture; whatever the server's defaults are, all of it is said.

    Answers from ``confidence`` on are wanted, doubles over ``iou`` suppressed class by class, the best
    ``max_answers``. ``prepared`` names steps that the pictures went through already: they are left out where there is
    a switch. Raises ``InputError`` for a model id that is none, or a number that would be read as percent.
    """

    model_id: str
    task: Task
    confidence: float = LOWEST_CONFIDENCE
    iou: float = 0.6
    max_answers: int = 300
    prepared: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.model_id.count("/") != 1:
            raise InputError(
                f"{self.model_id!r} is not a model id: give project/3, or workspace/model as the app shows it."
            )
        path_of(*self.model_id.split("/"))
        if not LOWEST_CONFIDENCE <= self.confidence < 1 or not 0 < self.iou < 1:
            raise InputError(
                f"A confidence is {LOWEST_CONFIDENCE} to below 1, an iou above 0 and below 1: not percent."
            )

    def v0(self, picture: bytes) -> Request:
        """The request for an image file, as hosted endpoints take it."""
        boxes = {"overlap": self.iou, "max_detections": self.max_answers} if self.task.has_boxes else {}
        query = query_of(confidence=self.confidence, format="json", **boxes, **self._masks(), **NO_PICTURES_KEPT,
                         **self.switched)  # fmt: skip
        return Request(
            "POST",
            path_of(*self.model_id.split("/")),
            Host.INFERENCE,
            query,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=b64encode(picture),
            deadline_seconds=CALL_SECONDS,
        )

    def v1(self, picture: bytes) -> Request:
        """The request for an image file, as servers take it."""
        boxes = {"iou_threshold": self.iou, "max_detections": self.max_answers, "class_agnostic_nms": False}
        asked = {
            "model_id": self.model_id,
            "image": {"type": "base64", "value": b64encode(picture).decode()},
            "confidence": self.confidence,
            **(boxes if self.task.has_boxes else {}),
            **self._masks(),
            **NO_PICTURES_KEPT,
            **self.switched,
        }
        path = path_of("infer", SERVER_TASKS[self.task].replace("-", "_"))
        return Request("POST", path, Host.INFERENCE, json=asked, deadline_seconds=CALL_SECONDS)

    @property
    def switched(self) -> dict[str, bool]:
        """What leaves out the steps that the pictures went through already."""
        return {SWITCHES[step]: True for step in self.prepared if step in SWITCHES}

    @property
    def unswitched(self) -> tuple[str, ...]:
        """Steps that the pictures went through, and that nobody takes when the model is asked in production."""
        return tuple(step for step in self.prepared if step not in SWITCHES.keys() | HARMLESS)

    def _masks(self) -> dict[str, str]:
        # A polygon has no holes. A server that cannot give codes gives polygons all the same.
        return {"response_mask_format": "rle"} if self.task is Task.SEGMENTATION else {}


class ServerInfo(Payload):
    """What a server says of itself."""

    name: Text = None
    version: Text = None


class LoadedModel(Payload):
    """A model that a server holds in memory, its task in the words of ``SERVER_TASKS``."""

    model_id: Id
    task_type: Text = None


def server_info() -> Call[ServerInfo]:
    """``GET /info``."""
    return Call(Request("GET", path_of("info"), Host.INFERENCE, deadline_seconds=10.0), reading(ServerInfo))


def loaded_models() -> Call[tuple[LoadedModel, ...]]:
    """The models that a server holds: ``GET /model/registry``."""
    request = Request("GET", path_of("model", "registry"), Host.INFERENCE, deadline_seconds=10.0)
    return Call(request, reading_rows(LoadedModel, "models"))


def load_model(model_id: str) -> Call[tuple[LoadedModel, ...]]:
    """Has a server load a model, and gives all that it then holds: ``POST /model/add``."""
    asked: dict[str, Any] = {"model_id": model_id}
    request = Request("POST", path_of("model", "add"), Host.INFERENCE, json=asked, deadline_seconds=CALL_SECONDS)
    return Call(request, reading_rows(LoadedModel, "models"))


def model_id_of(version: VersionId) -> str:
    """The id by which hosted endpoints and servers know the model of a version.

    Raises ``InputError`` where the version has no number, or several models could be meant.

    >>> model_id_of(VersionId("acme", "dock", 3))
    'dock/3'
    """
    if version.number is None:
        raise InputError(f"{version} names no version, so no model: give its id, project/3 or workspace/model.")
    return f"{version.project}/{version.number}"


def trained_on(model_id: str, judged: VersionId | None) -> VersionId | None:
    """The version that a model id names; ``None`` where the id alone does not tell.

    An id of the new kind, ``workspace/project-3-architecture-t1``, is told apart by the version that is ``judged``:
    both project and architecture may hold dashes. https://docs.roboflow.com/models/model-ids (read 2026-08)

    >>> str(trained_on("dock/3", VersionId("acme", "dock", 4)))
    'acme/dock/3'
    >>> str(trained_on("acme/dock-3-rfdetr-medium-t1", VersionId("acme", "dock", 3)))
    'acme/dock/3'
    """
    named = VersionId.parse(model_id)
    if named.number is not None:
        workspace = judged.workspace if judged is not None and judged.project == named.project else None
        return VersionId(workspace, named.project, named.number)
    if judged is None or judged.number is None:
        return None
    return judged if model_id.startswith(f"{judged.workspace}/{judged.project}-{judged.number}-") else None


def hosted_calls(dataset: Dataset, calls: int = 300, warm_up: int = 10) -> int:
    """How many hosted calls judge a data set: one for each valid and test image, and those that are timed.

    None are timed where ``calls`` is 0. Asking again after a failure comes on top.
    """
    images = int(dataset.images.of(Split.VALID, Split.TEST).sum())
    return images + (calls + warm_up if calls else 0)


def server_seconds(headers: Mapping[str, str], told: float | None) -> float | None:
    """The seconds that the answering took on the server; ``None`` where it does not say.

    Hosted endpoints send ``X-Processing-Time``: the whole of the request. A server has only what stands in the body
    (``told``): preprocessing and the model, without reading the request. Less than nothing is not a time.
    """
    found = number(headers.get("x-processing-time"))
    seconds = told if found is None else found
    return seconds if seconds is not None and seconds >= 0 else None


def was_cold(headers: Mapping[str, str]) -> bool | None:
    """Whether a model had to be loaded for this answer; ``None`` where the server does not say."""
    return flag(headers.get("x-model-cold-start"))
