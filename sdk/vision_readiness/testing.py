"""Stand-ins for everything outside, to test code that uses this package without files, clocks or a network."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from vision_readiness.errors import SourceError
from vision_readiness.project import SPLITS, Condition, Dataset, Defect, ImageTable, ObjectTable, Split, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.ports import Progress
    from vision_readiness.project.masks import Masks
    from vision_readiness.publish import Published, Step, WriteBack

T = TypeVar("T")
Box: TypeAlias = tuple[float, float, float, float]
Label: TypeAlias = "str | tuple[str, Box]"


@dataclass(frozen=True, slots=True)
class MemoryImages:
    """Encoded images by key: the ``Images`` port without a disk."""

    files: Mapping[str, bytes]

    def read(self, key: str) -> bytes:
        """The bytes of ``key``; raises ``SourceError`` when there are none."""
        try:
            return self.files[key]
        except KeyError:
            raise SourceError(f"there is no image {key!r}; give its bytes to MemoryImages") from None


@dataclass(frozen=True, slots=True)
class MemoryCache:
    """The ``Cache`` port as a mapping; ``entries`` is open to look into."""

    entries: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        """What was put under ``key``, or ``None``."""
        return self.entries.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Remember ``value`` under ``key``."""
        self.entries[key] = value


@dataclass(frozen=True, slots=True)
class MemoryPublisher:
    """The ``Publisher`` port without a service: ``written`` are the steps that arrived, each once, by key."""

    written: dict[str, Step] = field(default_factory=dict)

    def publish(self, plan: WriteBack) -> Published:
        """Every step done, or there already when its key is known."""
        from vision_readiness.publish import Published, StepResult

        results = []
        for step in plan.steps:
            known = step.key in self.written
            results.append(StepResult(step, there=step.count) if known else StepResult(step, done=step.count))
            self.written[step.key] = step
        return Published(plan.report_id, tuple(results))


@dataclass(slots=True)
class StillClock:
    """The ``Clock`` port, standing still until ``advance`` is called."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0

    def now(self) -> datetime:
        """The moment the clock stands at, aware, in UTC."""
        return self.moment

    def perf(self) -> float:
        """The seconds it was advanced by."""
        return self.wall_seconds

    def cpu(self) -> float:
        """The CPU seconds it was advanced by."""
        return self.cpu_seconds

    def advance(self, seconds: float, *, cpu: float | None = None) -> None:
        """Let ``seconds`` pass, of which ``cpu`` (by default all) were spent on the processor."""
        self.moment += timedelta(seconds=seconds)
        self.wall_seconds += seconds
        self.cpu_seconds += seconds if cpu is None else cpu


class SilentProgress:
    """The ``Progress`` port for nobody."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items``, unseen."""
        return items


silent: Progress = SilentProgress()


def an_image(pixels: NDArray[np.uint8], kind: str = "JPEG", **options: Any) -> bytes:
    """``pixels``, of shape (height, width) or (height, width, 3), as an encoded file.

    ``options`` go to Pillow's ``save``: ``quality=95``, ``exif=...``.
    """
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def a_dataset(
    labels: Mapping[str, Sequence[Label]],
    *,
    task: Task = Task.DETECTION,
    classes: Sequence[str] | None = None,
    size: tuple[int, int] = (64, 48),
    crowd: Sequence[bool] | None = None,
    masks: Masks | None = None,
    defects: Sequence[Defect] = (),
    conditions: Mapping[str, Condition] | None = None,
) -> Dataset:
    """A data set from what is labelled in each image: ``("cat", (x1, y1, x2, y2))``, or ``"cat"`` without a box.

    The first part of a key is its split (``valid/a.jpg``; ``train`` where it is none), and keys that share the name
    before ``.rf.`` share a source. ``classes`` are the labels' own, sorted, unless given. ``size`` is the declared
    (width, height) of every image; ``crowd`` and ``masks`` have a row for each label, in order.

    >>> dataset = a_dataset({"train/a.jpg": [("cat", (0, 0, 9, 9))], "test/b.jpg": []})
    >>> dataset.classes, dataset.images.split.tolist(), len(dataset.objects)
    (('cat',), [0, 2], 1)
    """
    rows = [(image, *_named(label)) for image, found in enumerate(labels.values()) for label in found]
    names = tuple(classes) if classes is not None else tuple(sorted({name for _, name, _ in rows}))
    sources = {stem: number for number, stem in enumerate(dict.fromkeys(map(_source_stem, labels)))}
    box = np.array([box for _, _, box in rows], dtype=np.float64).reshape(-1, 4)
    images = ImageTable(
        key=tuple(labels),
        split=np.array([_split_of(key) for key in labels], dtype=np.int8),
        source=np.array([sources[_source_stem(key)] for key in labels], dtype=np.int32),
        width=np.full(len(labels), size[0], dtype=np.int32),
        height=np.full(len(labels), size[1], dtype=np.int32),
        conditions=MappingProxyType(dict(conditions or {})),
    )
    objects = ObjectTable(
        image=np.array([image for image, _, _ in rows], dtype=np.int32),
        label=np.array([names.index(name) for _, name, _ in rows], dtype=np.int32),
        box=box,
        area=(box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) if masks is None else masks.area(),
        crowd=np.zeros(len(rows), dtype=bool) if crowd is None else np.array(crowd, dtype=bool),
        masks=masks,
    )
    return Dataset(task=task, classes=names, images=images, objects=objects, defects=tuple(defects))


def _named(label: Label) -> tuple[str, Box]:
    return (label, (0.0, 0.0, 0.0, 0.0)) if isinstance(label, str) else label


def _split_of(key: str) -> int:
    first = PurePosixPath(key).parts[0]
    return SPLITS.index(Split(first)) if first in set(Split) else 0


def _source_stem(key: str) -> str:
    return PurePosixPath(key).name.split(".rf.")[0]
