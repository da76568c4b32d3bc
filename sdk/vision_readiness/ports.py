"""What the outside provides. Each port names a capability; adapters name the outside thing.

Errors: a ``Source`` or ``Images`` raises ``SourceError``, a ``Runtime`` or ``Model`` raises ``RuntimeFailure``, a
``Publisher`` raises ``PublishError``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from vision_readiness.project import ModelCard, ProjectVersion
    from vision_readiness.project.masks import Masks
    from vision_readiness.publish import Published, WriteBack


T = TypeVar("T")


class Images(Protocol):
    """Where encoded images are read from. Picklable: it is opened inside workers."""

    def read(self, key: str) -> bytes:
        """The bytes of one image file; raises ``SourceError`` when it is not there."""
        ...


class Source(Protocol):
    """Where versions of projects come from."""

    @property
    def images(self) -> Images:
        """Where the images of its versions are read from."""
        ...

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version asked for; without a number the newest. Raises ``SourceError`` or ``InputError``."""
        ...


@dataclass(frozen=True, slots=True)
class Device:
    """What a model ran on: ``name`` as the spec calls it, ``facts`` to recognise the same device again."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a model found in one picture: columns of shape (answers,), boxes in the picture's own pixels.

    ``seconds`` gives the time of each stage that was run, in order.
    """

    label: NDArray[np.int32]
    score: NDArray[np.float64]
    box: NDArray[np.float64]
    masks: Masks | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


class Model(Protocol):
    """Answers pictures: a local artefact, a hosted endpoint or a server."""

    @property
    def card(self) -> ModelCard:
        """What is known about the artefact."""
        ...

    @property
    def device(self) -> Device:
        """What it runs on."""
        ...

    def predict(self, picture: NDArray[np.uint8]) -> Answer:
        """What is in ``picture`` (RGB, shape (height, width, 3)); labels index ``card.classes``."""
        ...


@runtime_checkable
class Remote(Protocol):
    """A ``Model`` that answers from elsewhere: what this process takes of time and memory is not the model's."""

    def for_timing(self) -> Model:
        """The same model as a camera would ask it: a call that fails is not made again, so none is timed twice."""
        ...


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A named input or output of a runtime; a dimension that is not fixed is ``None``."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str


class Runtime(Protocol):
    """Runs tensors."""

    device: Device
    inputs: Sequence[TensorSpec]
    outputs: Sequence[TensorSpec]
    metadata: Mapping[str, str]

    def run(self, tensor: NDArray[np.generic]) -> list[NDArray[np.generic]]:
        """The output tensors for one input tensor, in the order of ``outputs``."""
        ...


class Publisher(Protocol):
    """Where results are written back to."""

    def publish(self, plan: WriteBack) -> Published:
        """What became of each step of ``plan``; a step that is there already is left alone, whoever wrote it.

        A step that fails is a value, and does not keep the others from being tried. Raises ``PublishError`` when
        another process writes the same plan and does not come to its end.
        """
        ...


@runtime_checkable
class TakesBack(Protocol):
    """A ``Source`` that can be written back to."""

    def publisher(self) -> Publisher:
        """What writes to where its versions come from."""
        ...


class Cache(Protocol):
    """Remembers results by key; forgetting is always allowed."""

    def get(self, key: str) -> bytes | None:
        """What was put under ``key``, or ``None``."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Remember ``value`` under ``key``."""
        ...


class Clock(Protocol):
    """The time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        ...

    def cpu(self) -> float:
        """CPU seconds spent by this process."""
        ...


class Progress(Protocol):
    """Follows long work."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items`` one by one, showing how far along ``what`` is."""
        ...
