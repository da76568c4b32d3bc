"""What a stress test found, as values that fit into evidence; nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision_readiness.project.columns import check_columns, check_rows
from vision_readiness.stress.shifts import Quantity


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ShiftFacts:
    """One shift: ``severity`` and ``strength`` have shape (steps,), the first step is severity 0.

    ``measured`` of shape (steps, images) holds the quantity in every picture; the strength itself where the quantity
    cannot be measured, and nan where a picture is too flat to tell its sharpness.
    """

    name: str
    unit: str
    quantity: Quantity
    severity: NDArray[np.float64]
    strength: NDArray[np.float64]
    measured: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StressedAnswers:
    """The answers that count, by step and image: columns of shape (answers,). ``hit`` found a truth at IoU 0.5."""

    step: NDArray[np.int32]
    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: NDArray[np.float64]
    hit: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StressedTruths:
    """The objects that count, by step and image: columns of shape (truths,).

    ``found`` marks those that an answer finds at IoU 0.5, ``score`` is that answer's (0 where not found).
    """

    step: NDArray[np.int32]
    image: NDArray[np.int32]
    label: NDArray[np.int32]
    score: NDArray[np.float64]
    found: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StressFacts:
    """One artefact on test images that were made worse; thresholds are applied afterwards, to every step alike.

    ``image`` of shape (images,) holds the rows of the data set that were answered at every step. Step 0 is the images
    as they are; each shift has the same number of steps after it. ``failed`` names images left out, with why.
    """

    artefact: str
    seed: int
    image: NDArray[np.int32]
    shifts: tuple[ShiftFacts, ...]
    answers: StressedAnswers
    truths: StressedTruths
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many steps there are, the images as they are among them."""
        return 1 + sum(len(shift.severity) - 1 for shift in self.shifts)

    def steps_of(self, place: int) -> NDArray[np.int32]:
        """The steps of the shift at ``place``, from severity 0 on, of shape (steps of the shift,)."""
        each = [len(shift.severity) - 1 for shift in self.shifts]
        first = 1 + sum(each[:place])
        return np.array([0, *range(first, first + each[place])], dtype=np.int32)


def check_stress(facts: StressFacts, images: int, classes: int) -> None:
    """Nothing; raises ``ValueError`` naming the first part that does not fit the others or the data set's counts."""
    check_rows("stressed images", facts.image, images)
    for shift in facts.shifts:
        steps = len(shift.severity)
        check_columns(f"shift {shift.name}", (steps,), shift.severity, shift.strength)
        check_columns(f"shift {shift.name}", (steps, len(facts.image)), np.nan_to_num(shift.measured))
        rises = steps > 1 and shift.severity[0] == 0 and bool((np.diff(shift.severity) > 0).all())
        if not rises or np.isinf(shift.measured).any():
            raise ValueError(f"the severities of {shift.name} do not rise from 0, or its measures are no numbers")
    tables = ((facts.answers, facts.answers.hit), (facts.truths, facts.truths.found))
    for table, right in tables:
        check_columns("stressed rows", (len(table.step),), table.image, table.label, table.score, right)
        for name, column, end in (("step", table.step, facts.steps), ("label", table.label, classes)):
            check_rows(f"stressed {name}", column, end)
        if not np.isin(table.image, facts.image).all() or (np.diff(table.step) < 0).any():
            raise ValueError("stressed rows are out of order, or of images that were not stressed")
