"""The settings of an artefact from one source: a flag, a settings file, its metadata, the version."""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.project import Resize, Task, VersionId

ULTRALYTICS_TASKS = {"detect": Task.DETECTION, "segment": Task.SEGMENTATION, "classify": Task.CLASSIFICATION}
UNJUDGED_TASKS = {"pose": "keypoints", "keypoint-detection": "keypoints", "obb": "rotated boxes", "semseg": "semantics"}

IMAGENET: Mapping[str, Any] = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
IN_WORDS = "preprocess"
"""The metadata key under which some exporters tell the preprocessing in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """What a source says; ``None`` where it is silent. The fields are the keys of a settings file, but ``imgsz``.

    ``width`` and ``height`` are the input's, in pixels; ``imgsz`` gives both, or [height, width]. ``unread`` are keys
    that somebody else wrote for their own use, each with why its value means nothing here.
    """

    task: Task | None = None
    head: str | None = None
    classes: tuple[str, ...] | None = None
    width: int | None = None
    height: int | None = None
    resize: Resize | None = None
    padding: int | None = None
    bgr: bool | None = None
    grayscale: bool | None = None
    unit_range: bool | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    trained_on: VersionId | None = None
    unread: Mapping[str, str] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """The fields that are not silent, by name."""
        names = [one.name for one in fields(self) if one.name != "unread"]
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def read_settings(values: Mapping[Any, Any], where: str) -> ModelSettings:
    """The settings in a file's mapping; raises ``ModelError`` naming ``where`` and the key that is wrong."""
    unknown = [str(key) for key in values if key not in READERS]
    if unknown:
        near = difflib.get_close_matches(unknown[0], READERS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(READERS)}"
        raise ModelError(f"{where} has an unknown key {unknown[0]!r}; {hint}")
    found: dict[str, Any] = {}
    for key, value in values.items():
        try:
            found |= _read(key, value)
        except ValueError as error:
            raise ModelError(f"{where}: {error}") from error
    return ModelSettings(**found)


RTDETR_HEAD = "RTDETRDecoder"
"""The name that Ultralytics gives the head of RT-DETR from 8.4 on, whose answers are rows with a class."""


def read_metadata(metadata: Mapping[str, str]) -> ModelSettings:
    """The settings in an ONNX file's own metadata: Ultralytics' keys and ours; other keys mean nothing.

    Values are JSON or Python literals; one that is none of ours is a hint that is not taken. A model by Ultralytics is
    run letterboxed, a classifier of theirs centre cropped, which their metadata do not say. Of preprocessing in plain
    words only "ImageNet" is understood.
    """
    known = {key: _literal(text) for key, text in metadata.items() if key in READERS}
    if metadata.get("author", "").lower() == "ultralytics":
        known = {**_of_ultralytics(metadata), **known}
        if known.get("head") == RTDETR_HEAD:
            known["head"] = "rtdetr-rows"
    if "imagenet" in metadata.get(IN_WORDS, "").lower():
        known = {**IMAGENET, **known}
    found: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for key, value in known.items():
        try:
            found |= _read(key, value)
        except ValueError as error:
            unread[key] = str(error)
    return ModelSettings(**found, unread=unread)


def _of_ultralytics(metadata: Mapping[str, str]) -> dict[str, str]:
    """What Ultralytics' metadata do not say in so many words: how a picture is fitted, and RT-DETR's form."""
    if metadata.get("head") == RTDETR_HEAD or "rt-detr" in metadata.get("description", "").lower():
        return {"resize": Resize.STRETCH.value, "head": "rtdetr"}
    cropped = metadata.get("task") == "classify"
    return {"resize": (Resize.CENTER_CROP if cropped else Resize.LETTERBOX).value}


def _read(key: Any, value: Any) -> dict[str, Any]:
    """What the value of a key says; raises ``ValueError`` in one line, or ``TaskError`` for what is not judged here."""
    try:
        return {} if value is None else READERS[key](value)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        shown = " ".join(str(value).split())[:60]
        raise ValueError(f"{key} is {shown!r}; {error}") from error


def _literal(text: str) -> Any:
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return text


def _task(value: object) -> dict[str, Task]:
    word = str(value)
    if word in UNJUDGED_TASKS:
        raise TaskError(
            f"a model for {UNJUDGED_TASKS[word]} is not judged here: give a detector, segmenter or classifier"
        )
    if word in ULTRALYTICS_TASKS:
        return {"task": ULTRALYTICS_TASKS[word]}
    if word not in list(Task):
        raise ValueError(f"the tasks are {', '.join(Task)}")
    return {"task": Task(word)}


def _classes(value: object) -> dict[str, tuple[str, ...]]:
    if isinstance(value, dict):
        value = [value[key] for key in _by_number(value)]
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise ValueError("give a list of names in the model's order")
    names = tuple(str(name) for name in value)
    if len(set(names)) != len(names):
        raise ValueError("a class is named twice")
    return {"classes": names}


def _by_number(names: Mapping[Any, Any]) -> list[Any]:
    ordered = sorted(names, key=int)
    if [int(key) for key in ordered] != list(range(len(ordered))):
        raise ValueError("the numbers of the classes must run from 0 without a gap")
    return ordered


def _imgsz(value: object) -> dict[str, int]:
    sides = value if isinstance(value, (list, tuple)) else [value, value]
    if len(sides) not in (1, 2):
        raise ValueError("give one side, or [height, width]")
    return _side("height")(sides[0]) | _side("width")(sides[-1])


def _side(name: str) -> Callable[[object], dict[str, int]]:
    def read(value: object) -> dict[str, int]:
        if isinstance(value, bool) or not isinstance(value, (int, str)) or not 8 <= int(value) <= 8192:
            raise ValueError("give whole pixels from 8 to 8192")
        return {name: int(value)}

    return read


def _resize(value: object) -> dict[str, Resize]:
    word = str(value).lower().replace("_", " ").replace("centre", "center")
    if word not in list(Resize):
        raise ValueError(f"the ways to resize are {', '.join(Resize)}")
    return {"resize": Resize(word)}


def _padding(value: object) -> dict[str, int]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 255:
        raise ValueError("give a grey value from 0 to 255")
    return {"padding": value}


def _truth(name: str) -> Callable[[object], dict[str, bool]]:
    def read(value: object) -> dict[str, bool]:
        if not isinstance(value, bool):
            raise ValueError("give true or false")
        return {name: value}

    return read


def _triple(name: str, *, positive: bool) -> Callable[[object], dict[str, tuple[float, float, float]]]:
    def read(value: object) -> dict[str, tuple[float, float, float]]:
        if not isinstance(value, (list, tuple)) or len(value) != 3:
            raise ValueError("give three numbers, one a channel")
        first, second, third = (float(number) for number in value)
        if not all(abs(number) < 1e6 and (number > 0 or not positive) for number in (first, second, third)):
            raise ValueError("give three finite numbers" + (" over 0" if positive else ""))
        return {name: (first, second, third)}

    return read


READERS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "task": _task,
    "head": lambda value: {"head": str(value)},
    "classes": _classes,
    "names": _classes,
    "imgsz": _imgsz,
    "width": _side("width"),
    "height": _side("height"),
    "resize": _resize,
    "padding": _padding,
    "bgr": _truth("bgr"),
    "grayscale": _truth("grayscale"),
    "unit_range": _truth("unit_range"),
    "mean": _triple("mean", positive=False),
    "std": _triple("std", positive=True),
    "trained_on": lambda value: {"trained_on": VersionId.parse(str(value))},
}
"""The keys of a settings file, and how each value is read."""
