"""Figures that a third party reports of a model: shown beside the evidence, never counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vision_readiness.project.class_names import in_export
from vision_readiness.requirement import Metric

NAMES: Mapping[Metric, str] = {
    Metric.RECALL: "recall",
    Metric.PRECISION: "precision",
    Metric.AP: "mAP@50-95",
    Metric.AP50: "mAP@50",
}
"""What the reporter calls each metric."""


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """What is reported of one class, or of all together: figures from 0 to 1 by the reporter's name of the metric.

    ``objects`` is how many labelled objects they rest on, ``None`` where that is not said.
    """

    label: str
    figures: Mapping[str, float]
    objects: int | None = None


@dataclass(frozen=True, slots=True)
class ReportedFigures:
    """What ``by`` reports of ``model`` on ``split``, known from ``origin``; not re-measured.

    Nobody here saw an answer of the model: no threshold, no sample, no interval and no leak is known. So it proves
    nothing: every requirement stays inconclusive whatever the figures say, and a version that is judged by them is
    blocked for want of evidence. ``split`` is ``None`` where it is not said. ``latency_ms`` is by hardware.
    ``other_models`` were trained on the version too; ``remarks`` are sentences about what was found on the way.
    """

    by: str
    origin: str
    model: str | None
    split: str | None
    overall: ReportedRow | None = None
    classes: tuple[ReportedRow, ...] = ()
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    other_models: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unit: str = "fraction"

    def sentence(self, metric: Metric, label: str | None, where: tuple[tuple[str, str], ...] = ()) -> str:
        """What is reported of a requirement's metric and class, in words."""
        row = self.overall if label is None else self.row(label)
        name = NAMES.get(metric)
        value = None if row is None or name is None or where else row.figures.get(name)
        of = f" of `{label}`" if label else ""
        place = "".join(f", {condition} {level}" for condition, level in where)
        if value is None or row is None:
            return f"{self.by} reports no {name or metric.replace('_', ' ')}{of}{place}; it was not re-measured."
        objects = f", {row.objects:,} objects" if row.objects is not None else ""
        on = f" on {self.split}" if self.split else ""
        return f"{self.by} reports {name} {_percent(value)}{of}{on} ({self.origin}{objects}); it was not re-measured."

    def headline(self) -> str:
        """The most that can be said in one line, ``mAP@50`` first."""
        figures = self.overall.figures if self.overall else {}
        first = next((name for name in ("mAP@50", "recall", *figures) if name in figures), None)
        what = f"{first} {_percent(figures[first])}" if first else "figures by class only"
        return f"Not re-measured: {self.by} reports {what}"

    def sentences(self) -> tuple[str, ...]:
        """Where the figures come from, which model they are of, and the remarks."""
        model = f" of the model {self.model}" if self.model else ""
        on = f" on {self.split}" if self.split else ""
        first = f"The figures{model}{on} are reported by {self.by} ({self.origin}), not re-measured."
        others = ", ".join(self.other_models[:5]) + (" …" if len(self.other_models) > 5 else "")
        choice = [f"Trained on this version too: {others}. `model_id` says which one is meant."] if others else []
        return (first, *choice, *self.remarks)

    def row(self, label: str) -> ReportedRow | None:
        """What is reported of a class; an export writes its name in ASCII, where the reporter may not."""
        exact = next((row for row in self.classes if row.label == label), None)
        return exact or next((row for row in self.classes if in_export(row.label) == label), None)


def check_reported(reported: ReportedFigures) -> None:
    """Nothing; raises ``ValueError`` where a figure is not a fraction."""
    rows = (*reported.classes, *([reported.overall] if reported.overall else []))
    if not all(0 <= value <= 1 for row in rows for value in row.figures.values()):
        raise ValueError("a reported figure is not between 0 and 1")


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
