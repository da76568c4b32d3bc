"""What scores mean and what other thresholds would do, class by class, in the shape a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.numbers import percent, percent_range
from vision_readiness.render.panels import failure_modes
from vision_readiness.requirement import Metric

if TYPE_CHECKING:
    from vision_readiness.evaluate.calibration import ScoreBin
    from vision_readiness.evaluate.sweep import SweepPoint
    from vision_readiness.report import Report

TENTH = 4
"""Every so many points of a sweep make a tenth of the scores."""


@dataclass(frozen=True, slots=True)
class ScorePanel:
    """What the scores of one class mean, from low to high scores; there is always a bin."""

    label: str
    bins: tuple[ScoreBin, ...]

    @property
    def telling(self) -> ScoreBin:
        """The bin to speak of: the one surest to be off, by most answers, else the one with most answers."""
        return max(self.bins, key=lambda one: (is_off(one), one.answers))


@dataclass(frozen=True, slots=True)
class ThresholdPanel:
    """What another threshold would do to one class; ``floors`` are the strictest recall and precision asked of it."""

    label: str
    points: tuple[SweepPoint, ...]
    threshold: float | None
    floors: Mapping[Metric, float]

    @property
    def tenths(self) -> tuple[SweepPoint, ...]:
        """The points from 0 to 1 in steps of a tenth."""
        return self.points[::TENTH]


def score_panels(report: Report) -> tuple[ScorePanel, ...]:
    """A panel for each class that gave answers, in the order in which classes are explained."""
    bins: dict[str, list[ScoreBin]] = {}
    for one in report.scores.calibration:
        bins.setdefault(one.label, []).append(one)
    return tuple(ScorePanel(label, tuple(bins[label])) for label in _in_order(report, bins))


def threshold_panels(report: Report) -> tuple[ThresholdPanel, ...]:
    """A panel for each class that was swept, in the order in which classes are explained."""
    return tuple(
        ThresholdPanel(label, report.scores.sweeps[label], report.scores.thresholds.get(label), _floors(report, label))
        for label in _in_order(report, [label for label, points in report.scores.sweeps.items() if points])
    )


def floor_words(panel: ThresholdPanel) -> str:
    """What is asked of a class over all images, such as ``Asked for: recall 90 %, precision 80 %.``."""
    asked = ", ".join(f"{metric} {percent(limit)}" for metric, limit in panel.floors.items())
    return f"Asked for: {asked}." if asked else "Nothing is asked of it over all images."


def _in_order(report: Report, labels: Iterable[str]) -> list[str]:
    """``labels``, those of the failure modes first and in their order."""
    known = dict.fromkeys(labels)
    first = [mode.label for mode in failure_modes(report) if mode.label in known]
    return list(dict.fromkeys([*first, *known]))


def _floors(report: Report, label: str) -> dict[Metric, float]:
    floors: dict[Metric, float] = {}
    for one in (result.requirement for result in report.requirements):
        if one.label == label and not one.where and not one.at_most and one.metric in (Metric.RECALL, Metric.PRECISION):
            floors[one.metric] = max(one.limit, floors.get(one.metric, 0.0))
    return floors


def is_off(one: ScoreBin) -> bool:
    """Whether the score is surely not the share that is right: it lies outside of the interval."""
    return not one.lower <= one.mean_score <= one.upper


def bin_words(one: ScoreBin) -> str:
    """What a bin says of its scores, such as ``That is 76 % (71–81 %), more than the score says.``."""
    if not is_off(one):
        said = "as the score says, as far as so many can tell"
    else:
        said = f"{'less' if one.upper < one.mean_score else 'more'} than the score says"
    return f"That is {percent(one.right / one.answers)} ({percent_range(one.lower, one.upper)}), {said}."
