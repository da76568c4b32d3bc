"""A ``Model`` behind HTTP: what hosted endpoints and self-hosted servers have in common."""

from __future__ import annotations

import copy
import hashlib
import io
import weakref
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision_readiness.ports import Clock
from vision_readiness.predict.interface import Answer, Device, RuntimeFailure
from vision_readiness.predict.precedence import DATASET, FLAG
from vision_readiness.project import ModelCard, ProjectVersion
from vision_readiness.project.class_names import as_known
from vision_readiness.roboflow.answers import read_answer
from vision_readiness.roboflow.client import RoboflowClient
from vision_readiness.roboflow.errors import RoboflowError
from vision_readiness.roboflow.inference import Question, server_seconds, trained_on, was_cold
from vision_readiness.roboflow.retry import RetryPolicy
from vision_readiness.roboflow.transport import Request, Response

HOPELESS = frozenset({401, 402, 403, 404, 410, 423})
"""Statuses that every further picture would meet as well: the key, the credits, the name."""

AS_A_CAMERA = "JPEG, quality 95"
"""How Roboflow's own client sends a picture: inference_sdk, encoding.py (2026-08)."""


class RemoteFailure(RuntimeFailure):
    """A picture that was sent and got no answer."""


class RemoteModel(ABC):
    """A ``Model`` behind ``client``; what is asked, and how a failure is told, is its subclasses'.

    Pictures are sent as PNG, which loses nothing, so that the answers are those to the pixels that are judged; one
    above ``most_bytes`` goes as JPEG. For timing they go as a camera would send them. ``workers`` calls at once are
    fair to ask. Steps of preprocessing that the pictures went through are left out of the answers, and are in the
    times. The times of an answer are ``encode``, ``transport`` (the wait without the server's own time),
    ``server`` where it tells of it, and ``decode``; calls made again are in them, but not ``for_timing``.
    ``cold_seconds`` is how long the first answer took where the model was loaded for it, else ``None``.
    """

    most_bytes: int | None = None

    def __init__(
        self, question: Question, client: RoboflowClient, card: ModelCard, device: Device, clock: Clock, workers: int
    ) -> None:
        self.question, self.device, self.workers = question, device, workers
        self._client, self._card, self._clock = client, card, clock
        self._lossless = True
        self._classes = _Classes(card.classes)
        self._past = _Past()
        close = getattr(client.transport, "close", None)
        if close is not None:  # with the last of the model and its copies, which have this object in common
            weakref.finalize(self._past, close)

    def close(self) -> None:
        """Close the connections; the model cannot be used afterwards."""
        close = getattr(self._client.transport, "close", None)
        if close is not None:
            close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.question.model_id}>"

    @property
    def card(self) -> ModelCard:
        """What is known of the model; its classes are those of the data set and those met in its answers since."""
        classes = self._classes.names
        strangers = ", ".join(map(repr, classes[len(self._card.classes) :]))
        if not strangers or self._card.origins["classes"] == MET:
            return replace(self._card, classes=classes)
        told = f"The model answers with classes that were not expected; these answers are left out: {strangers}."
        return replace(self._card, classes=classes, conflicts=(*self._card.conflicts, told))

    @property
    def cold_seconds(self) -> float | None:
        """The seconds of the first answer, loading included; ``None`` where the model was not loaded for it."""
        return self._past.cold_seconds

    def for_timing(self) -> Self:
        """The same model, asked as a camera would: each call once, pictures as JPEG of quality 95."""
        timed = copy.copy(self)
        timed.question = replace(self.question, prepared=())  # a camera's picture went through no step
        timed._client = replace(self._client, policy=RetryPolicy(retries=0))  # noqa: SLF001 - a copy of this very object
        timed._lossless = False  # noqa: SLF001 - same
        timed.device = replace(self.device, facts={**self.device.facts, "pictures": AS_A_CAMERA})
        return timed

    def predict(self, picture: NDArray[np.uint8]) -> Answer:
        """What is in ``picture`` (RGB, shape (height, width, 3)); raises ``RemoteFailure``, one line."""
        times = [self._clock.perf()]
        request = self._request(encoded(picture, lossless=self._lossless, most_bytes=self.most_bytes))
        times.append(self._clock.perf())
        response = self._send(request)
        times.append(self._clock.perf())
        try:
            found = read_answer(response.body, self.question.task, picture.shape[1], picture.shape[0])
        except ValueError as error:
            raise RemoteFailure(f"{self._where()} gave an answer that cannot be read: {error}") from None
        found = replace(found, names=as_known(found.names, self._card.classes))
        times.append(self._clock.perf())
        encode, wait, decode = np.diff(times).tolist()
        self._past.note(encode + wait + decode, cold=self._is_cold(response))
        server = server_seconds(response.headers, found.seconds)
        within = {} if server is None else {"server": min(server, wait)}
        stages = {"encode": encode, "transport": wait - within.get("server", 0.0), **within, "decode": decode}
        return found.answer(self._classes.with_(found.names), self.question.task, stages)

    def _send(self, request: Request) -> Response:
        if self._past.hopeless is not None:
            raise RemoteFailure(self._past.hopeless)
        try:
            return self._client.send(request)
        except RoboflowError as error:
            told = self._told(error)
            if error.status in HOPELESS:
                self._past.hopeless = told
        raise RemoteFailure(told)

    @abstractmethod
    def _request(self, picture: bytes) -> Request:
        """What asks about an encoded picture."""

    @abstractmethod
    def _where(self) -> str:
        """Who is asked, in words."""

    def _told(self, error: RoboflowError) -> str:
        return str(error)

    def _is_cold(self, response: Response) -> bool | None:
        return was_cold(response.headers)


class _Classes:
    """Names in the order in which they became known; a label once given stays right."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._lock = Lock()

    def with_(self, names: Sequence[str]) -> tuple[str, ...]:
        """All names, these included."""
        if not set(names) <= set(self.names):
            with self._lock:
                self.names = tuple(dict.fromkeys((*self.names, *names)))
        return self.names


class _Past:
    """What earlier calls told, common to a model and its copy for timing."""

    def __init__(self) -> None:
        self.hopeless: str | None = None
        self.cold_seconds: float | None = None
        self._answered = False

    def note(self, seconds: float, *, cold: bool | None) -> None:
        """That an answer took so long; the first one may have been cold."""
        if cold and not self._answered:
            self.cold_seconds = seconds
        self._answered = True


MET = "answers"


def prepared_of(version: ProjectVersion | None) -> tuple[str, ...]:
    """The steps that the images of a version went through before they are sent."""
    return () if version is None else version.prepared


def card_of(question: Question, version: ProjectVersion | None, classes: Sequence[str] | None) -> ModelCard:
    """The card of a model whose artefact is out of reach: it is known by its id, and its classes by the data set's.

    The digest is that of the id, so that answers from the cloud and times on a device are of one artefact.
    """
    origin = FLAG if classes else DATASET if version is not None else MET
    names = tuple(classes or (version.dataset.classes if version is not None else ()))
    steps = ", ".join(question.unswitched)
    told = f"The version's images went through {steps}, which no endpoint does: whoever asks the model has to"
    return ModelCard(
        question.model_id,
        hashlib.sha256(f"roboflow model {question.model_id}".encode()).hexdigest(),
        question.task,
        names,
        trained_on=trained_on(question.model_id, version.id if version is not None else None),
        origins={"digest": "model id", "classes": origin},
        conflicts=(f"{told}.",) if steps else (),
    )


def encoded(picture: NDArray[np.uint8], *, lossless: bool, most_bytes: int | None = None) -> bytes:
    """``picture`` as an image file: PNG, or JPEG of quality 95 where it may lose or PNG is above ``most_bytes``."""
    from PIL import Image

    image = Image.fromarray(picture)
    if lossless:
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
        if most_bytes is None or file.tell() <= most_bytes:
            return file.getvalue()
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0 if lossless else 2)
    return file.getvalue()
