"""A requirement, its outcome (pass, fail or inconclusive), and the waiver of a risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote


class Metric(StrEnum):
    """What a requirement can be about. Rates are 0 to 1; times are milliseconds, as the names say."""

    RECALL = "recall"
    PRECISION = "precision"
    AP = "ap"
    AP50 = "ap50"
    FALSE_ALARMS = "false_alarms_per_1000_empty_images"
    P50_MS = "p50_ms"
    P95_MS = "p95_ms"
    P99_MS = "p99_ms"
    FRAMES_PER_SECOND = "frames_per_second"
    MEMORY_MB = "memory_mb"
    COST = "cost_per_1000_images"
    RECALL_CHANGE = "recall_change"
    PRECISION_CHANGE = "precision_change"

    @property
    def is_budget(self) -> bool:
        """Whether the device decides it rather than the test images."""
        return self in BUDGETS

    @property
    def is_average(self) -> bool:
        return self in (Metric.AP, Metric.AP50)

    @property
    def is_change(self) -> bool:
        """Whether it is the difference from another model on the same images, -1 to 1."""
        return self in CHANGES.values()


QUANTILES = {Metric.P50_MS: 0.50, Metric.P95_MS: 0.95, Metric.P99_MS: 0.99}
BUDGETS = frozenset({*QUANTILES, Metric.FRAMES_PER_SECOND, Metric.MEMORY_MB, Metric.COST})
RATES = frozenset({Metric.RECALL, Metric.PRECISION, Metric.AP, Metric.AP50})
CHANGES = {Metric.RECALL: Metric.RECALL_CHANGE, Metric.PRECISION: Metric.PRECISION_CHANGE}
"""Which metric is the change of which rate."""


class Outcome(StrEnum):
    """The outcome of a requirement; people are shown *not proven* for inconclusive."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """``metric`` of ``label`` (every class together when ``None``) in a situation, at least or at most ``limit``.

    It is proven when the bound is on the right side of ``limit``, and failed when the other bound is beyond
    ``fails_below`` (beyond ``limit`` itself where that is ``None``; above it where the limit is one *at most*).
    ``where`` holds (condition, level) pairs that must all hold. ``origin`` is the key of the specification it comes
    from, such as ``classes.person.min_recall``. ``against`` names the model that a change is measured from.
    """

    metric: Metric
    limit: float
    fails_below: float | None = None
    at_most: bool = False
    label: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    critical: bool = True
    origin: str = ""
    against: str | None = None

    @property
    def fails_at(self) -> float:
        """The value beyond which it is failed."""
        return self.limit if self.fails_below is None else self.fails_below

    @property
    def question(self) -> str:
        """What is asked, without how much of it: equal for requirements that differ in their limits alone.

        >>> Requirement(metric=Metric.RECALL, limit=0.9, label="a/b").question
        'recall/a%2Fb/min'
        """
        parts = [str(self.metric), *(() if self.label is None else (_quoted(self.label),))]
        parts += [f"{_quoted(name)}={_quoted(level)}" for name, level in sorted(self.where)]
        parts += [] if self.against is None else [f"against:{_quoted(self.against)}"]
        return "/".join((*parts, "max" if self.at_most else "min"))

    @property
    def id(self) -> str:
        """The key of the requirement in waivers, fixes and comparisons.

        >>> Requirement(metric=Metric.RECALL, limit=0.9, label="person", where=(("lighting", "night"),)).id
        'recall/person/lighting=night/min=0.9'
        """
        fails = "" if self.fails_below is None else f"/fails={_figure(self.fails_below)}"
        return f"{self.question}={_figure(self.limit)}{fails}"

    @property
    def what(self) -> str:
        """What it is about in one short phrase, without the limit."""
        subject = f"{self.metric} of {self.label}" if self.label else str(self.metric)
        return subject + "".join(f", {condition} {level}" for condition, level in self.where)

    @property
    def name(self) -> str:
        """The requirement in one short phrase.

        >>> Requirement(metric=Metric.RECALL, limit=0.9, label="person", where=(("lighting", "night"),)).name
        'recall of person, lighting night, at least 0.9'
        """
        return f"{self.what}, {'at most' if self.at_most else 'at least'} {self.limit:g}"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _figure(value: float) -> str:
    """A number that reads back as the same; a whole one has no point, and zero no sign."""
    return repr(float(value) + 0.0).removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A risk that a named person accepts until a day, with a reason."""

    code: str
    subject: str
    person: str
    reason: str
    expires: date


class Cause(StrEnum):
    """What a result rests on: bounds that were measured, or the reason why nothing was."""

    MEASURED = "measured"
    NO_MODEL = "no_model"
    ONLY_REPORTED = "only_reported"
    CLASS_UNKNOWN = "class_unknown"
    NOT_LABELLED = "not_labelled"
    NOT_IN_TEST = "not_in_test"
    NO_IMAGE_OF_IT = "no_image_of_it"
    MARK_OF_ANSWERS = "mark_of_answers"
    NOT_MARKED = "not_marked"
    NO_CAMERA_KNOWN = "no_camera_known"
    NO_TRAINING_IMAGE = "no_training_image"
    TRAINING_CAMERA_UNKNOWN = "training_camera_unknown"
    NO_NEW_CAMERA = "no_new_camera"
    AVERAGE_IN_SITUATION = "average_in_situation"
    NO_PARENT = "no_parent"
    NOT_COMPARABLE = "not_comparable"
    NOT_TIMED = "not_timed"
    ESTIMATED = "estimated"
    OTHER_DEVICE = "other_device"
    OTHER_ARTEFACT = "other_artefact"
    NO_PRICE = "no_price"
    MEMORY_UNREAD = "memory_unread"


OF_A_CLASS = frozenset({Cause.CLASS_UNKNOWN, Cause.NOT_LABELLED, Cause.NOT_IN_TEST})
OF_ALL_CLASSES = frozenset(
    {
        *(Cause.NO_MODEL, Cause.NO_PARENT, Cause.AVERAGE_IN_SITUATION),
        *(Cause.NO_IMAGE_OF_IT, Cause.NOT_MARKED, Cause.MARK_OF_ANSWERS),
        *(Cause.NO_CAMERA_KNOWN, Cause.NO_TRAINING_IMAGE, Cause.TRAINING_CAMERA_UNKNOWN, Cause.NO_NEW_CAMERA),
    }
)
"""Causes that several requirements have in common: those on one class, and those on any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementResult:
    """What the evidence says about one requirement.

    ``lower`` and ``upper`` are one-sided bounds, each at the level of the policy; ``None`` where the evidence gives
    none. ``trials`` is the sample (objects, detections, images or calls, as ``unit`` says), ``groups`` how many
    independent source images it comes from. ``probability`` is one minus the p-value of "the requirement does not
    hold". ``more`` estimates how many more trials would prove it with a chance of 90 %, ``more_images`` the same
    in images; ``None`` when no amount would, or none is needed. ``code`` is the reason it fails or is not proven,
    ``explained_by`` the key of a finding that has to be mended before it means anything, ``waiver`` the accepted risk
    that covers it. ``because`` says in words what ``cause`` and ``numbers`` hold.
    """

    requirement: Requirement
    outcome: Outcome
    measured: float | None
    lower: float | None
    upper: float | None
    hits: int | None
    trials: int
    groups: int
    unit: str
    probability: float
    cause: Cause = Cause.MEASURED
    numbers: Mapping[str, str | int | float] = field(default_factory=dict)
    because: str = ""
    code: str | None = None
    more: int | None = None
    more_images: int | None = None
    design_effect: float | None = None
    assumed: str | None = None
    explained_by: str | None = None
    waiver: Waiver | None = None

    @property
    def grounds(self) -> tuple[object, ...]:
        """What it rests on: equal for results of which one thing is to be said, such as that there is no model."""
        if self.cause not in OF_A_CLASS | OF_ALL_CLASSES:
            return (self.requirement.id,)
        label = self.requirement.label if self.cause in OF_A_CLASS else None
        return (self.cause, label, self.requirement.against, *sorted(self.numbers.items()))
