"""What an artefact is and how it has to be used, put together from everything that says something about it.

Precedence: explicit flag, settings file, the file's metadata, the version's settings, what is detected. Who won is
kept in ``ModelCard.origins``; who disagreed, in ``ModelCard.conflicts``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.heads import ClassCountError, Head, answers_with_boxes, find_head, fitting_head
from vision_readiness.predict.interface import Runtime
from vision_readiness.predict.outputs import Frame, Outputs
from vision_readiness.predict.precedence import DETECTED, METADATA, VERSION, Word, fix_size, merge, preprocessing
from vision_readiness.predict.preprocess import to_tensor
from vision_readiness.predict.settings import IN_WORDS, ModelSettings
from vision_readiness.predict.tensor_model import TensorInput, named_outputs, tensor_input
from vision_readiness.project import Dataset, ModelCard, Preprocessing, ProjectVersion, Task
from vision_readiness.project.class_names import as_known

RUNTIME = ("provider", "threads", "spinning")
"""The facts of a device that stand in the card: what may change an answer's last digits, or its time."""
DATASET_ORDER, ALPHABETICAL, NUMBERED = "data set order", "data set order, alphabetical", "numbered"


@dataclass(frozen=True, slots=True)
class ArtefactFile:
    """A model file: its name for people, the SHA-256 of its bytes, its size."""

    name: str
    digest: str
    size_bytes: int


def describe(
    artefact: ArtefactFile,
    runtime: Runtime,
    said: Mapping[str, ModelSettings],
    version: ProjectVersion | None = None,
) -> ModelCard:
    """The card of an artefact that ``runtime`` has opened; the runtime is called once, on a made-up picture.

    ``said`` maps an origin to what it says, strongest first. Without ``version`` nothing is known of the data set,
    and classes without a name are numbered. Raises ``ModelError`` where the artefact cannot be run or its classes
    cannot be those of the data set, ``TaskError`` where it is for another task.
    """
    dataset = version.dataset if version else None
    taken = tensor_input(runtime)
    word = fix_size(merge(said, version), taken)
    outputs = _probed(runtime, taken, preprocessing(word, {}, taken)[0])
    task = _task(word, outputs, dataset)
    names, named_by = _expected_classes(word, dataset)
    frame = Frame(word.values["width"], word.values["height"], len(names) if names else None)
    word = _without_strange_head(word, outputs, frame)
    head, count = _head(word, outputs, frame, task, names=names, named_by=named_by)
    names = names or tuple(f"class {number}" for number in range(count))
    how, origins = preprocessing(word, head.settings, taken)
    facts = runtime.device.facts
    conflicts = (
        *word.conflicts,
        *_resize_conflict(how, origins, version),
        *_untold_in_settings(runtime.metadata, how, origins),
        *_unknown_classes(names, named_by, dataset),
    )
    for field in ("task", "head", "trained_on"):
        origins |= {field: word.origins[field]} if field in word.origins else {}
    return ModelCard(
        name=artefact.name,
        digest=artefact.digest,
        task=head.task,
        classes=names,
        head=head.name,
        preprocessing=how,
        trained_on=word.values.get("trained_on"),
        size_bytes=artefact.size_bytes,
        origins={"task": DETECTED, "head": DETECTED, **origins, "classes": named_by},
        conflicts=conflicts,
        notes=word.notes,
        runtime={name: facts[name] for name in RUNTIME if name in facts},
    )


def _probed(runtime: Runtime, taken: TensorInput, how: Preprocessing) -> Outputs:
    """What the model answers to a colour gradient; raises ``ModelError`` where these are not numbers."""
    down, across = np.mgrid[: how.height, : how.width]
    planes = (across * 255 // how.width, down * 255 // how.height, (across + down) * 7 % 256)
    picture: NDArray[np.uint8] = np.stack(planes, axis=2).astype(np.uint8)
    tensor, _ = to_tensor(picture, how, channels=taken.channels, dtype=taken.dtype)
    outputs = named_outputs(runtime, runtime.run(tensor))
    for name, values in outputs.items():
        if not np.issubdtype(values.dtype, np.number):
            raise ModelError(f"the model's output {name!r} holds {values.dtype}, not numbers: export it without labels")
        if not np.isfinite(values).all():
            raise ModelError(f"the model's output {name!r} holds NaN or infinite numbers: check export and precision")
    return outputs


def _task(word: Word, outputs: Outputs, dataset: Dataset | None) -> Task | None:
    """The task whose heads are tried, ``None`` for any; raises ``TaskError`` where model and data set disagree."""
    task: Task | None = word.values.get("task")
    if dataset is None:
        return task
    boxes = answers_with_boxes(outputs)
    if boxes != dataset.task.has_boxes:
        answers = "boxes" if boxes else "one row of class scores"
        raise TaskError(f"the model answers with {answers}, the data set is for {dataset.task}: give a model for that")
    if task is not None and task is not dataset.task and not (task.has_boxes and boxes):
        raise TaskError(
            f"the {word.origins['task']} says the model is for {task}, the data set is for {dataset.task}: "
            "give a model for that, or its true `task` in a settings file"
        )
    return task or (None if boxes else dataset.task)


def _expected_classes(word: Word, dataset: Dataset | None) -> tuple[tuple[str, ...] | None, str]:
    """The model's classes in its own order, and who says so."""
    if "classes" in word.values:
        return word.values["classes"], word.origins["classes"]
    if dataset is None:
        return None, NUMBERED
    if dataset.task.has_boxes:
        return dataset.classes, DATASET_ORDER
    return tuple(sorted(dataset.classes)), ALPHABETICAL  # torchvision's ImageFolder and Ultralytics sort the folders


def _without_strange_head(word: Word, outputs: Outputs, frame: Frame) -> Word:
    """``word`` without a head that the metadata name and the outputs do not have: others' heads have other names."""
    if word.origins.get("head") != METADATA:
        return word
    told = word.values["head"]
    try:
        fitting_head(told, outputs, replace(frame, classes=None))
    except ModelError:
        values, origins = ({k: v for k, v in part.items() if k != "head"} for part in (word.values, word.origins))
        note = f"The metadata's head is {told[:60]!r}, which is no form of these outputs here; it is ignored."
        return replace(word, values=values, origins=origins, notes=(*word.notes, note))
    return word


def _head(
    word: Word, outputs: Outputs, frame: Frame, task: Task | None, *, names: Sequence[str] | None, named_by: str
) -> tuple[Head, int]:
    """The head that is told or found, and its number of classes."""
    try:
        told = word.values.get("head")
        return fitting_head(told, outputs, frame) if told else find_head(outputs, frame, task)
    except ClassCountError as error:
        raise ModelError(
            f"{error}, but the {named_by} has {len(names or ())} ({listed(names or ())}): "
            "give --classes with all of the model's classes in its own order"
        ) from error


def listed(names: Sequence[str]) -> str:
    """The first few names.

    >>> listed(["a", "b"]), listed("abcdefgh")
    ('a, b', 'a, b, c, d, e, f, ...')
    """
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def _resize_conflict(how: Preprocessing, origins: Mapping[str, str], version: ProjectVersion | None) -> list[str]:
    """A sentence where model and version fit pictures differently and the pictures' shape makes it matter."""
    if version is None or version.preprocessing is None or version.preprocessing.resize is how.resize:
        return []
    images = version.dataset.images
    known = (images.width > 0) & (images.height > 0)
    ratio = images.width[known] * how.height / (images.height[known] * how.width)
    if not len(ratio) or np.all(np.abs(ratio - 1) < 0.01):
        return []
    origin = origins.get("resize", DETECTED)
    sentence = (
        f"The version fits images by {version.preprocessing.resize}, the {origin} says the model takes them by "
        f"{how.resize}; the {origin} is followed."
    )
    return [sentence]


def _untold_in_settings(metadata: Mapping[str, str], how: Preprocessing, origins: Mapping[str, str]) -> list[str]:
    """A sentence where the metadata tell the preprocessing in words that nobody put into settings."""
    words = " ".join(metadata.get(IN_WORDS, "").split())[:120]
    if not words or origins.get("resize", VERSION) != VERSION:
        return []
    return [
        f'The metadata say "{words}", which is only partly understood; {how.resize} is taken unless told otherwise.'
    ]


def _unknown_classes(names: Sequence[str], named_by: str, dataset: Dataset | None) -> list[str]:
    """A sentence on the model's classes that the data set lacks; raises ``ModelError`` where it lacks all."""
    known = as_known(names, dataset.classes) if dataset else ()
    strangers = (
        [label for label, own in zip(names, known, strict=True) if own not in dataset.classes] if dataset else []
    )
    if dataset and len(strangers) == len(names):
        raise ModelError(
            f"none of the model's classes by its {named_by} ({listed(names)}) is a class of the data set "
            f"({listed(dataset.classes)}): give --classes with the data set's names in the model's order"
        )
    if not strangers:
        return []
    return [f"The model knows classes that the data set lacks; these answers are left out: {listed(strangers)}."]
