"""What answers pictures: the ports of models and runtimes, the values they speak, and what they raise.

vision_readiness.errors.ReadinessError
  RuntimeFailure    base of what a ``Runtime`` or ``Model`` raises while predicting
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from vision_readiness.errors import ReadinessError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from vision_readiness.project import ModelCard
    from vision_readiness.project.masks import Masks


class RuntimeFailure(ReadinessError):  # noqa: N818 - a call that failed is counted and goes on; it is not the end of a run
    """Base of what a runtime raises when one call fails."""


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


@runtime_checkable
class Preparing(Protocol):
    """A ``Model`` in this process that leaves out steps of preprocessing which its pictures went through already."""

    def with_all_steps(self) -> Model:
        """The same model as a camera's pictures need it, for timing."""
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
