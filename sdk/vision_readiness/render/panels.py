"""The parts of a report in the shape a page shows them: what failed how, and the coverage map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from vision_readiness.evaluate.examples import FailureExample
from vision_readiness.numbers import count
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.words import OUTCOMES
from vision_readiness.report.tables import CoverageCell, SplitRow
from vision_readiness.requirement import Outcome, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Finding
    from vision_readiness.report import Report
    from vision_readiness.report.tables import ClassFigures

MOST_CONFUSED = 4
MOST_IN_ONE_TABLE = 16
SEVERITIES = {Severity.P0: "Blocks the release", Severity.P1: "Warns", Severity.P2: "Good to know"}
ORDER = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)


def weakest(report: Report) -> RequirementResult | None:
    """The requirement everything hangs on: the one the report names, else the first critical one that does not pass."""
    named = [result for result in report.requirements if result.requirement.id == report.weakest]
    named.sort(key=lambda result: result.outcome is Outcome.PASS)
    unmet = [result for result in report.requirements if _blocks(result)]
    return next(iter((*named, *unmet)), None)


def _blocks(result: RequirementResult) -> bool:
    return result.requirement.critical and result.outcome is not Outcome.PASS


@dataclass(frozen=True, slots=True)
class RequirementTable:
    """Requirements to show under one title; ``folded`` ones open on request."""

    title: str
    results: tuple[RequirementResult, ...]
    folded: bool


def requirement_tables(report: Report) -> tuple[RequirementTable, ...]:
    """The requirements, worst first and critical ones before the others: one table, or one an outcome if many."""
    ranked = sorted(report.requirements, key=lambda at: (ORDER.index(at.outcome), not at.requirement.critical))
    if not ranked:
        return ()
    if len(ranked) <= MOST_IN_ONE_TABLE:
        return (RequirementTable("All requirements", tuple(ranked), folded=False),)
    return tuple(
        RequirementTable(f"{OUTCOMES[outcome]}: {count(len(group), 'requirement')}", group, folded=True)
        for outcome in ORDER
        if (group := tuple(result for result in ranked if result.outcome is outcome))
    )


def by_severity(report: Report) -> Mapping[Severity, tuple[Finding, ...]]:
    """The findings by severity, blocking first; severities nobody has, and what another explains, are left out."""
    leading = [finding for finding in report.findings if finding.explained_by is None]
    groups = {severity: tuple(f for f in leading if f.severity is severity) for severity in Severity}
    return {severity: findings for severity, findings in groups.items() if findings}


@dataclass(frozen=True, slots=True)
class FailureMode:
    """How one class goes wrong, counted on the test images; counts are ``None`` without a confusion matrix.

    ``confused`` holds what it was taken for and how often, most often first. Of the false alarms ``repeated`` are of
    objects that were found already and ``misplaced`` lie beside one.
    """

    label: str
    objects: int | None
    missed: int | None
    false_alarms: int | None
    confused: tuple[tuple[str, int], ...]
    figures: ClassFigures | None
    requirements: tuple[RequirementResult, ...]
    examples: tuple[FailureExample, ...]
    repeated: int = 0
    misplaced: int = 0

    @property
    def errors(self) -> int:
        if self.missed is None or self.false_alarms is None:
            return len(self.examples)
        return self.missed + self.false_alarms + self.mistaken

    @property
    def mistaken(self) -> int:
        return sum(times for _, times in self.confused)

    @property
    def unmet(self) -> tuple[RequirementResult, ...]:
        return tuple(result for result in self.requirements if result.outcome is not Outcome.PASS)


def failure_modes(report: Report) -> tuple[FailureMode, ...]:
    """A failure mode a class that errs: the weakest requirement's first, then those that block, then by errors."""
    labels = dict.fromkeys(figures.label for figures in report.figures.classes)
    labels.update(dict.fromkeys(example.label for example in report.errors.examples))
    weak = weakest(report)
    first = weak.requirement.label if weak else None
    modes = [mode for mode in (_failure_mode(report, label) for label in labels) if mode.errors or mode.unmet]
    return tuple(sorted(modes, key=lambda mode: (mode.label != first, not any(map(_blocks, mode.unmet)), -mode.errors)))


def _failure_mode(report: Report, label: str) -> FailureMode:
    requirements = tuple(result for result in report.requirements if result.requirement.label == label)
    examples = tuple(example for example in report.errors.examples if example.label == label)
    figures = next((figures for figures in report.figures.classes if figures.label == label), None)
    confusion = report.errors.confusion
    if confusion is None or label not in confusion.labels or len(confusion.matrix) < 2:
        return FailureMode(label, None, None, None, (), figures, requirements, examples)
    at, background = confusion.labels.index(label), len(confusion.matrix) - 1
    row = confusion.matrix[at]
    others = ((confusion.labels[n], times) for n, times in enumerate(row[:background]) if n != at and times)
    confused = tuple(sorted(others, key=lambda pair: -pair[1]))
    alarms = confusion.matrix[background][at]
    beside = (confusion.repeated[at], confusion.misplaced[at]) if confusion.repeated else (0, 0)
    return FailureMode(label, sum(row), row[background], alarms, confused, figures, requirements, examples, *beside)


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """Class by condition level. ``columns`` are the levels of each condition; a row has a cell or ``None`` a level."""

    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[CoverageCell | None, ...]]


def coverage_map(report: Report) -> CoverageMap | None:
    """The coverage map of a report; ``None`` where no condition is known."""
    if not report.figures.coverage:
        return None
    columns: dict[str, dict[str, None]] = {}
    for cell in report.figures.coverage:
        columns.setdefault(cell.condition, {})[cell.level] = None
    known = {(cell.label, cell.condition, cell.level): cell for cell in report.figures.coverage}
    places = [(condition, level) for condition, levels in columns.items() for level in levels]
    labels = dict.fromkeys(cell.label for cell in report.figures.coverage)
    rows = {label: tuple(known.get((label, *place)) for place in places) for label in labels}
    return CoverageMap({condition: tuple(levels) for condition, levels in columns.items()}, rows)


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """One true class: its name, and for each answer the count, its share of the row, and whether it is right.

    ``beside`` counts the answers that repeat an object of the class that is found, and those that lie beside one.
    """

    name: str
    cells: tuple[tuple[int, float, bool], ...]
    beside: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ConfusionTable:
    """``has_beside`` says whether repeated and misplaced answers are known, and so are not in the last row."""

    names: tuple[str, ...]
    rows: tuple[ConfusionRow, ...]
    has_beside: bool = False


def confusion_table(report: Report) -> ConfusionTable | None:
    """The confusion matrix to show, background last and left out where nothing is in it; ``None`` without one."""
    if report.errors.confusion is None or not report.errors.confusion.matrix:
        return None
    matrix = report.errors.confusion.matrix
    size = len(matrix)
    labels = (*report.errors.confusion.labels, "background")[:size]
    if not any(matrix[-1]) and not any(row[-1] for row in matrix):
        size -= 1
    beside = tuple(zip(report.errors.confusion.repeated, report.errors.confusion.misplaced, strict=True))
    if beside:
        alarms = tuple(times - sum(parts) for times, parts in zip(matrix[-1], (*beside, (0, 0)), strict=True))
        matrix = (*matrix[:-1], alarms)
    rows = tuple(_confusion_rows(matrix, labels, size))
    rows = tuple(replace(row, beside=parts) for row, parts in zip_longest(rows, beside)) if beside else rows
    return ConfusionTable(labels[:size], rows, bool(beside))


def _confusion_rows(matrix: tuple[tuple[int, ...], ...], labels: tuple[str, ...], size: int) -> Iterator[ConfusionRow]:
    for at in range(size):
        total = max(sum(matrix[at]), 1)
        right = at < len(matrix) - 1
        cells = tuple((times, times / total, right and at == to) for to, times in enumerate(matrix[at][:size]))
        yield ConfusionRow(labels[at], cells)


def heat(share: float) -> int:
    """Which of five shades a share of 0 to 1 gets: 1 is the lightest, 5 the darkest."""
    return min(int(share * 5) + 1, 5)


def labels_of(splits: tuple[SplitRow, ...]) -> tuple[str, ...]:
    """Every class that any split counts, in the order they come."""
    return tuple(dict.fromkeys(label for split in splits for label in split.objects))
