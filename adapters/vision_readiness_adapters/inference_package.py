"""Roboflow's ``inference`` package in this process: the runtime of a server, without the server."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.ports import Clock
from vision_readiness.predict.interface import Answer, Device, RuntimeFailure
from vision_readiness.project import ModelCard, ProjectVersion, Task
from vision_readiness.roboflow.answers import found_in
from vision_readiness.roboflow.inference import LOWEST_CONFIDENCE, SERVER_TASKS, Question
from vision_readiness.roboflow.redact import plain, without
from vision_readiness_adapters.remote_model import card_of, prepared_of
from vision_readiness_adapters.roboflow_settings import Secret
from vision_readiness_adapters.this_machine import SystemClock, machine_facts

PACKAGE = "model file"
"""Where the classes and the digest are known from."""


class PackageFailure(RuntimeFailure):
    """The package could not run one picture."""


class PackageModel:
    """A ``Model`` that ``inference.get_model`` loads: from its own cache, or with a key from Roboflow.

    The key is ``api_key``, else what the package finds for itself. Its classes are the model's own. ``load`` stands
    for ``get_model``. ``cold_seconds`` is how long loading and the first answer took together. Raises ``ModelError``
    where the package is missing or cannot load the model, ``TaskError`` where the model is for another task.
    """

    def __init__(
        self,
        model_id: str,
        *,
        version: ProjectVersion | None = None,
        task: Task | None = None,
        classes: Sequence[str] | None = None,
        api_key: str | None = None,
        device: str = "this-machine",
        confidence: float = LOWEST_CONFIDENCE,
        iou: float = 0.6,
        max_answers: int = 300,
        load: Callable[..., Any] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._secrets = [] if api_key is None else [Secret(api_key).reveal()]
        wanted = task or (version.dataset.task if version is not None else None)
        question = Question(model_id, wanted or Task.DETECTION, confidence, iou, max_answers, prepared_of(version))
        began = self._clock.perf()
        self._model = self._loaded(load or _get_model(), model_id, {} if api_key is None else {"api_key": api_key})
        self._load_seconds = self._clock.perf() - began
        self.question = replace(question, task=_task(self._model, model_id, wanted))
        self.device = Device(device, {**machine_facts(), **_installed()})
        self.card = _card(self._model, card_of(self.question, version, classes), named=classes is not None)
        self.cold_seconds: float | None = None

    def __repr__(self) -> str:
        return f"<PackageModel {self.question.model_id}>"

    def predict(self, picture: NDArray[np.uint8]) -> Answer:
        """What is in ``picture`` (RGB, shape (height, width, 3)); raises ``PackageFailure``, one line."""
        question, times = self.question, [self._clock.perf()]
        swapped = np.ascontiguousarray(picture[:, :, ::-1])  # the package takes arrays as OpenCV has them
        times.append(self._clock.perf())
        try:
            answered = self._model.infer(
                swapped,
                confidence=question.confidence,
                iou_threshold=question.iou,
                max_detections=question.max_answers,
                class_agnostic_nms=False,
                **question.switched,
            )
            times.append(self._clock.perf())
            body = [_plain(answer) for answer in answered] if isinstance(answered, list) else _plain(answered)
            found = found_in(body, question.task, picture.shape[1], picture.shape[0])
            answer = found.answer(self.card.classes, question.task, {})
        except Exception as error:  # noqa: BLE001 - the package's errors share no base; raised below, key taken out
            told = f"{question.model_id} failed on a picture: {self._line(error)}"
        else:
            times.append(self._clock.perf())
            if self.cold_seconds is None:
                self.cold_seconds = self._load_seconds + times[-1] - times[0]
            stages = ("encode", "infer", "decode")
            return replace(answer, seconds=dict(zip(stages, np.diff(times).tolist(), strict=True)))
        raise PackageFailure(told)

    def with_all_steps(self) -> PackageModel:
        """The same model with all steps of preprocessing, as pictures of a camera need them."""
        if not self.question.switched:
            return self
        timed = copy.copy(self)
        timed.question = replace(self.question, prepared=())
        return timed

    def _loaded(self, load: Callable[..., Any], model_id: str, key: Mapping[str, str]) -> Any:
        try:
            return load(model_id, **key)
        except Exception as error:  # noqa: BLE001 - same
            told = self._line(error)
        raise ModelError(f"inference cannot load {model_id}: {told}. A model that is not cached needs a key")

    def _line(self, error: Exception) -> str:
        """The error in one line, without a key: the package puts it into addresses."""
        return plain(without(f"{type(error).__name__}: {error}", self._secrets)).rstrip(". ")


def _get_model() -> Callable[..., Any]:
    try:
        from inference import get_model
    except ImportError as error:
        raise ModelError(
            "running a model in process needs the inference package, in an environment of its own: "
            'pip install vision-readiness "inference==0.59.1" "supervision<0.28"'
        ) from error
    loader: Callable[..., Any] = get_model
    return loader


def _task(model: Any, model_id: str, wanted: Task | None) -> Task:
    """The task of ``model``, which says by itself whether a classifier gives several labels."""
    own = getattr(model, "task_type", None)
    if own == SERVER_TASKS[Task.CLASSIFICATION]:
        several = bool(getattr(model, "multiclass", wanted is Task.MULTILABEL))
        found: Task | None = Task.MULTILABEL if several else Task.CLASSIFICATION
    else:
        found = next((task for task, name in SERVER_TASKS.items() if name == own), wanted if own is None else None)
    if found is None or wanted not in (None, found):
        meant = f", and {wanted.value} is asked for" if wanted is not None else ", which is not judged here"
        raise TaskError(f"{model_id} is a model for {own if found is None else found.value}{meant}")
    return found


def _card(model: Any, card: ModelCard, *, named: bool) -> ModelCard:
    """``card`` with what the loaded model knows better: its classes, the digest and the size of its file."""
    own = tuple(getattr(model, "class_names", None) or ())
    if own:
        conflicts = ("The classes given are not the model's own, which are used.",) if named else ()
        conflicts = () if card.classes == own else conflicts
        card = replace(
            card, classes=own, conflicts=(*card.conflicts, *conflicts), origins={**card.origins, "classes": PACKAGE}
        )
    try:
        weights = Path(model.cache_file(model.weights_file))
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    except (AttributeError, TypeError, OSError):  # other versions keep their files elsewhere
        return card
    origins = {**card.origins, "digest": PACKAGE}
    return replace(card, digest=digest, size_bytes=weights.stat().st_size, origins=origins)


def _installed() -> dict[str, str]:
    facts = {}
    for package in ("inference", "onnxruntime"):
        try:
            facts[package] = version_of(package)
        except PackageNotFoundError:
            continue
    return facts


def _plain(answer: Any) -> Any:
    """An answer as the JSON that a server would make of it."""
    return answer.model_dump(by_alias=True, exclude_none=True) if hasattr(answer, "model_dump") else answer
