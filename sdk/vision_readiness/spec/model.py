"""The specification as values, and the requirements that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, Field, field_validator, model_validator

from vision_readiness.errors import SpecError
from vision_readiness.project.months import SEASON
from vision_readiness.requirement import CHANGES, RATES, Metric, Requirement
from vision_readiness.spec.capture import Agreement, CameraProfile, DataPolicy, ImageSet, Season
from vision_readiness.spec.operation import DeploymentTarget, Fallback, Monitoring, OutputContract, Rollout
from vision_readiness.spec.part import Name, Names, Part, Rate
from vision_readiness.spec.pattern import checked_pattern


class ThresholdRule(Part):
    """A score chosen on valid that keeps the recall or precision asked for, with the most of the other.

    The chance that the rate at the score is lower is at most 5 %. Where no score is proven to keep it, that is said,
    and the score is chosen as without a rule. ``per`` names a condition whose levels are given a score each.
    """

    precision_at_least: Rate | None = None
    recall_at_least: Rate | None = None
    most: Literal["recall", "precision"] | None = None
    per: Name | None = None

    @model_validator(mode="after")
    def _one_constraint(self) -> Self:
        if (self.precision_at_least is None) == (self.recall_at_least is None):
            raise ValueError("give exactly one of precision_at_least and recall_at_least")
        if self.most == str(self.metric):
            raise ValueError(f"{self.most} is what is kept: the most can only be had of the other rate")
        return self

    @property
    def metric(self) -> Metric:
        """The rate that is kept."""
        return Metric.RECALL if self.precision_at_least is None else Metric.PRECISION

    @property
    def at_least(self) -> float:
        """What it is kept at."""
        limit = self.recall_at_least if self.precision_at_least is None else self.precision_at_least
        assert limit is not None  # noqa: S101 - the validator saw to it
        return limit


class ClassRule(Part):
    """What is asked of one class. ``threshold`` fixes the operating score or says what it keeps; else valid chooses.

    ``includes`` and ``excludes`` say what counts as one. ``min_visible_area`` is the share of an object that has to be
    seen for it to be labelled, ``truncated`` how one that the edge of the image cuts is labelled.
    """

    critical: bool = True
    min_recall: Rate | None = None
    min_precision: Rate | None = None
    threshold: Rate | ThresholdRule | None = None
    includes: Names = ()
    excludes: Names = ()
    min_visible_area: Rate | None = None
    truncated: Name | None = None

    @property
    def fixed_threshold(self) -> float | None:
        """The operating score, where the specification writes one."""
        return None if isinstance(self.threshold, ThresholdRule) else self.threshold

    @property
    def is_described(self) -> bool:
        return bool(self.includes or self.excludes)


class RequirementRule(Part):
    """One requirement in so many words: ``metric`` at least or at most a value, for a class, in a situation.

    ``no_worse_than`` asks that the recall or precision of a class has fallen by less than ``margin`` against another
    model on the same images: the parent it was made from, or the previous one in production, given as `--parent`.
    """

    metric: Metric
    at_least: float | None = None
    at_most: float | None = None
    no_worse_than: Literal["parent", "previous"] | None = None
    margin: Annotated[float, Field(gt=0, lt=1)] | None = None
    label: Name | None = Field(
        default=None, validation_alias=AliasChoices("class", "label"), serialization_alias="class"
    )
    where: Mapping[Name, Name] = Field(default_factory=dict)
    critical: bool = True

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        limits = [one for one in (self.at_least, self.at_most) if one is not None]
        if len(limits) + (self.no_worse_than is not None) != 1:
            raise ValueError("give exactly one of at_least, at_most and no_worse_than")
        if self.metric in (Metric.RECALL, Metric.PRECISION) and self.label is None:
            raise ValueError(
                f"name the class that {self.metric} is required of: an average over classes hides a weak one"
            )
        if self.metric in RATES and any(not 0 <= limit <= 1 for limit in limits):
            raise ValueError(f"a limit of {self.metric} is 0 to 1, not {limits[0]:g}")
        return self

    @model_validator(mode="after")
    def _comparison(self) -> Self:
        if self.metric in CHANGES.values():
            raise ValueError("write `metric: recall` or `precision` with `no_worse_than: parent` and a margin")
        if self.no_worse_than is not None and self.metric not in CHANGES:
            raise ValueError(f"no_worse_than compares recall or precision, not {self.metric}")
        if (self.no_worse_than is None) != (self.margin is None):
            raise ValueError("no_worse_than and margin belong together, such as `no_worse_than: parent, margin: 0.02`")
        return self


class ConditionRule(Part):
    """The levels of a condition in production, each with its share of the traffic where that is known.

    ``critical`` asks each critical class to meet its floors in every level, not only over all images.
    """

    levels: Mapping[Name, Rate | None]
    critical: bool = True


class DeploymentSpec(Part):
    """What *ready* means. ``assumptions`` maps a key of the specification to why its value was assumed.

    ``seasons`` maps a season to its months, and to the day by which the data set has to be refreshed for it.
    """

    project: Name | None = None
    approved_by: Name | None = None
    extends: Name | None = None
    classes: Mapping[Name, ClassRule] = Field(default_factory=dict)
    requirements: tuple[RequirementRule, ...] = ()
    conditions: Mapping[Name, ConditionRule] = Field(default_factory=dict)
    file_name_pattern: str | None = None
    seasons: Mapping[Name, Season] = Field(default_factory=dict)
    camera: CameraProfile | None = None
    data: DataPolicy | None = None
    agreement: Agreement | None = None
    golden_set: ImageSet | None = None
    challenge_set: ImageSet | None = None
    deployment_target: DeploymentTarget | None = None
    output: OutputContract | None = None
    monitoring: Monitoring = Monitoring()
    fallback: Fallback | None = None
    rollout: Rollout | None = None
    rollback_owner: Name | None = None
    assumptions: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("file_name_pattern")
    @classmethod
    def _ends_soon(cls, pattern: str | None) -> str | None:
        return None if pattern is None else checked_pattern(pattern)

    @field_validator("monitoring", mode="before")
    @classmethod
    def _monitoring_word(cls, value: Any) -> Any:
        words = {"required": {"required": True}, "none": {}, None: {}}
        return words.get(value, value) if value is None or isinstance(value, str) else value

    @field_validator("conditions", mode="before")
    @classmethod
    def _condition_levels(cls, value: Any) -> Any:
        return {name: _levels(rule) for name, rule in value.items()} if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for name, rule in self.conditions.items():
            shares = [share for share in rule.levels.values() if share is not None]
            if shares and (len(shares) < len(rule.levels) or abs(sum(shares) - 1) > 0.01):
                raise ValueError(f"conditions.{name}: the shares of all levels together must be 1, not {sum(shares):g}")
        return self

    def rule(self, label: str) -> ClassRule:
        """The rule of one class; a class the specification does not mention is critical."""
        return self.classes.get(label, ClassRule())

    def is_critical(self, label: str) -> bool:
        return self.rule(label).critical

    def overdue(self, day: date) -> tuple[str, ...]:
        """The seasons for which the data set should have been refreshed before ``day``."""
        due = {name: season.refresh_by for name, season in self.seasons.items()}
        return tuple(name for name, last in due.items() if last is not None and last < day)

    def requirements_for(self, classes: tuple[str, ...]) -> tuple[Requirement, ...]:
        """Every requirement of this specification on a data set with ``classes``, in a fixed order.

        A critical class without a written floor is asked for the default recall and precision. Raises ``SpecError``
        when no class is critical.
        """
        labels = (*classes, *(label for label in self.classes if label not in classes))
        if not any(self.is_critical(label) for label in labels):
            raise SpecError(
                "no class is critical: mark at least one class `critical: true`, or there is nothing to prove"
            )
        return (
            *(requirement for label in labels for requirement in self._of_class(label)),
            *map(_of_rule, range(len(self.requirements)), self.requirements),
            *self._budgets(),
        )

    def requirements_of(self, label: str) -> tuple[Requirement, ...]:
        """Every requirement on one class, in any situation."""
        rules = map(_of_rule, range(len(self.requirements)), self.requirements)
        return (*self._of_class(label), *(rule for rule in rules if rule.label == label))

    def _of_class(self, label: str) -> Iterator[Requirement]:
        rule = self.rule(label)
        floors = {Metric.RECALL: rule.min_recall, Metric.PRECISION: rule.min_precision}
        default = DEFAULT_FLOOR if rule.critical else None
        for where in ((), *(self._situations() if rule.critical else ())):
            for metric, floor in floors.items():
                limit = default if floor is None else floor
                if limit is not None:
                    origin = f"classes.{label}.min_{metric}"
                    yield Requirement(
                        metric=metric, limit=limit, label=label, where=where, critical=rule.critical, origin=origin
                    )

    def _situations(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """Where each critical class is asked for its floors, besides everywhere: in conditions and in seasons."""
        asked = {name: list(rule.levels) for name, rule in self.conditions.items() if rule.critical}
        seasons = [name for name, season in self.seasons.items() if season.months and season.critical]
        asked[SEASON] = list(dict.fromkeys([*asked.get(SEASON, ()), *seasons]))
        for name, levels in asked.items():
            yield from (((name, level),) for level in levels)

    def _budgets(self) -> Iterator[Requirement]:
        target = self.deployment_target
        if target is None:
            return
        for metric in (Metric.P50_MS, Metric.P95_MS, Metric.P99_MS, Metric.MEMORY_MB, Metric.COST):
            limit = getattr(target, metric)
            if limit is not None:
                yield Requirement(metric=metric, limit=limit, at_most=True, origin=f"deployment_target.{metric}")
        if target.frames_per_second is not None:
            written = "throughput" if target.throughput == target.frames_per_second else "fps_per_camera"
            origin = f"deployment_target.{written}"
            yield Requirement(metric=Metric.FRAMES_PER_SECOND, limit=target.frames_per_second, origin=origin)


DEFAULT_FLOOR = 0.80
"""The recall and precision asked of a critical class for which nobody wrote a floor."""


def _levels(rule: Any) -> Any:
    if isinstance(rule, Mapping):
        written = "levels" in rule
        return {**rule, "levels": _levels(rule["levels"])["levels"]} if written else {"levels": rule}
    if isinstance(rule, list | tuple):
        return {"levels": dict.fromkeys(map(str, rule))}
    return rule


def _of_rule(index: int, rule: RequirementRule) -> Requirement:
    where, origin = tuple(sorted(rule.where.items())), f"requirements.{index}"
    plain = Requirement(
        metric=rule.metric, limit=0.0, label=rule.label, where=where, critical=rule.critical, origin=origin
    )
    if rule.no_worse_than is not None and rule.margin is not None:
        return replace(plain, metric=CHANGES[rule.metric], limit=-rule.margin, against=rule.no_worse_than)
    limit = rule.at_least if rule.at_least is not None else rule.at_most
    assert limit is not None  # noqa: S101 - the validator of the rule saw to it
    return replace(plain, limit=limit, at_most=rule.at_most is not None)
