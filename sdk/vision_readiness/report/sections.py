"""The sections of a report: values that are read together, each optional but for what every report has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vision_readiness.evaluate.calibration import ScoreBin
from vision_readiness.evaluate.costs import CostlyImage, ErrorCost
from vision_readiness.evaluate.examples import FailureExample
from vision_readiness.evaluate.field import FieldEstimate
from vision_readiness.evaluate.slice_costs import SliceCosts
from vision_readiness.evaluate.sweep import SweepPoint
from vision_readiness.evaluate.weak_slices import SliceScan
from vision_readiness.evidence.parentage import ParentComparison
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.guide.capture import CaptureItem, SampleEstimate
from vision_readiness.guide.checklist_line import ChecklistLine
from vision_readiness.guide.fix import LabelFix, Retry
from vision_readiness.guide.risks import Risk
from vision_readiness.guide.settings import Setting
from vision_readiness.project.reported import ReportedFigures
from vision_readiness.report.tables import ClassFigures, Confusion, CoverageCell, Interval, KeptThreshold, SplitRow
from vision_readiness.stress.breaking import BreakingPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """What was judged on: the task, the splits counted, and what the source had to say about the data."""

    task: str
    splits: tuple[SplitRow, ...] = ()
    announcements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """How good the model is, and ``evaluation``: what has to be equal for two figures to be comparable.

    ``false_alarms`` is per 1,000 leak-free test images without any object; its ``n`` counts those images.
    """

    classes: tuple[ClassFigures, ...] = ()
    coverage: tuple[CoverageCell, ...] = ()
    false_alarms: Interval | None = None
    field_estimates: tuple[FieldEstimate, ...] = ()
    split_fits: tuple[SplitFit, ...] = ()
    parent: ParentComparison | None = None
    reported: ReportedFigures | None = None
    evaluation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAnalysis:
    """What scores mean: the operating threshold of each class, calibration, and what other thresholds would do."""

    thresholds: Mapping[str, float] = field(default_factory=dict)
    kept_thresholds: tuple[KeptThreshold, ...] = ()
    calibration: tuple[ScoreBin, ...] = ()
    sweeps: Mapping[str, tuple[SweepPoint, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnalysis:
    """Where the model errs, what the errors cost, and where it breaks."""

    confusion: Confusion | None = None
    examples: tuple[FailureExample, ...] = ()
    costs: tuple[ErrorCost, ...] = ()
    slice_costs: SliceCosts = field(default_factory=SliceCosts)
    costly_images: tuple[CostlyImage, ...] = ()
    weak_slices: SliceScan | None = None
    stress: tuple[BreakingPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """What to collect, to label and to try next, besides the ranked fixes."""

    capture: tuple[CaptureItem, ...] = ()
    sample_estimate: SampleEstimate | None = None
    label_fixes: tuple[LabelFix, ...] = ()
    retries: tuple[Retry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutPlan:
    """What a rollout rests on: the target, what to set there, the checklist, and the risks as far as they are known."""

    target: Mapping[str, Any] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    checklist: tuple[ChecklistLine, ...] = ()
    coverage_risk: Risk | None = None
    latency_risk: Risk | None = None
