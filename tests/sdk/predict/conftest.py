"""A runtime that answers what it is told, and a clock that ticks once a look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import settings

from vision_readiness.predict.interface import Device, TensorSpec
from vision_readiness.project import Dataset, ImageTable, ObjectTable, Preprocessing, ProjectVersion, Task, VersionId

settings.register_profile("patient", deadline=None)  # a first call imports, and the machine may be busy
settings.load_profile("patient")


@dataclass
class FakeRuntime:
    """Answers every tensor with the same ``answers``; keeps what it was given."""

    answers: dict[str, np.ndarray]
    input_shape: tuple[int | None, ...] = (1, 3, 64, 64)
    metadata: dict[str, str] = field(default_factory=dict)
    dtype: str = "tensor(float)"
    seen: list[np.ndarray] = field(default_factory=list)
    device: Device = field(default_factory=lambda: Device("bench"))

    @property
    def inputs(self):
        return [TensorSpec("images", self.input_shape, self.dtype)]

    @property
    def outputs(self):
        return [TensorSpec(name, values.shape, "tensor(float)") for name, values in self.answers.items()]

    def run(self, tensor):
        self.seen.append(tensor)
        return list(self.answers.values())


class TickingClock:
    """Every look takes a second."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC)

    def perf(self) -> float:
        self.seconds += 1.0
        return self.seconds

    def cpu(self) -> float:
        return self.seconds


def make_version(
    classes: tuple[str, ...] = ("cat", "dog"),
    task: Task = Task.DETECTION,
    preprocessing: Preprocessing | None = None,
    sizes: tuple[tuple[int, int], ...] = ((64, 48),),
    objects: ObjectTable | None = None,
) -> ProjectVersion:
    images = len(sizes)
    width, height = np.array(sizes, dtype=np.int32).reshape(-1, 2).T
    keys = tuple(f"test/{number}.png" for number in range(images))
    table = ImageTable(keys, np.full(images, 2, np.int8), np.arange(images, dtype=np.int32), width, height)
    nothing = np.zeros(0, dtype=np.int32)
    empty = ObjectTable(nothing, nothing, np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=bool))
    dataset = Dataset(task, classes, table, objects or empty)
    return ProjectVersion(VersionId("acme", "pets", 3), dataset, preprocessing)


@pytest.fixture
def fake_runtime() -> type[FakeRuntime]:
    return FakeRuntime


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def version() -> Callable[..., ProjectVersion]:
    return make_version
