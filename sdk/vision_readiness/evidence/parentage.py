"""An artefact beside the one it was made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParentDelta:
    """What one class lost against the parent artefact on the same images; negative is a loss."""

    label: str
    recall: float | None
    precision: float | None
    ap50: float | None
    ap50_lower: float | None
    ap50_upper: float | None
    lost: bool


@dataclass(frozen=True, slots=True)
class ParentComparison:
    """The artefact against the one it was made from."""

    parent: str
    classes: tuple[ParentDelta, ...]
