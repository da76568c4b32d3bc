"""The tables of a report as values: what was counted, what was timed, what went wrong, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vision_readiness.requirement import Metric, Outcome


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids that join a report to everything else; ``None`` is not known."""

    workspace: str | None
    project: str
    version: int | None
    train: str | None
    model: str | None
    endpoint: str | None

    def __str__(self) -> str:
        return "/".join(str(part) for part in (self.workspace, self.project, self.version) if part is not None)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its two-sided 90 % interval and its sample; absent parts are ``None``."""

    value: float | None
    lower: float | None
    upper: float | None
    n: int
    hits: int | None = None


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class on the leak-free test images. ``threshold`` is the operating score and ``threshold_origin`` whence.

    ``ar`` is COCO's average recall with 100 answers an image.
    """

    label: str
    critical: bool
    threshold: float | None
    threshold_origin: str
    recall: Interval
    precision: Interval
    f1: float | None
    ap: Interval
    ap50: Interval
    ap75: float | None
    train_objects: int
    test_objects: int
    test_images: int
    ar: float | None = None


@dataclass(frozen=True, slots=True)
class KeptThreshold:
    """A threshold chosen to keep ``metric`` at ``at_least``, over all images or in one situation; ``None`` is none.

    ``kept`` and ``other`` (the rate it costs) are those on the images it was chosen on, ``on_test`` is the kept rate on
    the leak-free test images. ``tried`` thresholds were tested; ``paid_with`` names the rate it is surely paid with.
    """

    label: str
    situation: str | None
    metric: Metric
    at_least: float
    threshold: float | None
    kept: Interval
    other: Interval
    on_test: Interval
    tried: int
    because: str
    paid_with: str | None


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """A class in one level of one condition on the leak-free test images."""

    label: str
    condition: str
    level: str
    images: int
    objects: int
    recall: Interval
    precision: Interval
    limit: float | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts at the operating thresholds: ``matrix[true][answered]``; the last row and column are background.

    Of the last row, by class: ``repeated`` answers overlap an object that another found, ``misplaced`` ones lie beside
    an object of their class. Both are empty where there are no boxes.
    """

    labels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    repeated: tuple[int, ...] = ()
    misplaced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFigures:
    """What the model takes on a device, in milliseconds end to end; intervals are one-sided 95 % bounds each way.

    ``histogram_ms`` holds (left edge, calls) of bins of equal width; calls beyond the last bin are not in it.
    """

    device: str
    target_device: str | None
    measured: bool
    calls: int
    failures: int
    p50_ms: Interval
    p95_ms: Interval
    p99_ms: Interval
    cold_ms: float | None
    frames_per_second: float | None
    memory_mb: float | None
    stages_p50_ms: Mapping[str, float]
    histogram_ms: tuple[tuple[float, int], ...]
    limits_ms: Mapping[str, float]
    device_facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """One split of the data set, counted; ``objects`` is by class name."""

    split: str
    images: int
    sources: int
    empty_images: int
    objects: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the report comes from. Only this part may differ between two reports with one id."""

    created_at: str
    source: str
    seconds: Mapping[str, float] = field(default_factory=dict)
