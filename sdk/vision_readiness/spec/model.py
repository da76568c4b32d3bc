"""The specification as values. Every rate is 0 to 1; every time says its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Metric, Requirement

Rate = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Name = Annotated[str, StringConstraints(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClassRule(_Part):
    """What is asked of one class. ``threshold`` fixes the operating score; without it one is chosen on valid."""

    critical: bool = True
    min_recall: Rate | None = None
    min_precision: Rate | None = None
    threshold: Rate | None = None


class RequirementRule(_Part):
    """One requirement in so many words: ``metric`` at least or at most a value, for a class, in a situation."""

    metric: Metric
    at_least: float | None = None
    at_most: float | None = None
    label: Name | None = Field(
        default=None, validation_alias=AliasChoices("class", "label"), serialization_alias="class"
    )
    where: Mapping[Name, Name] = Field(default_factory=dict)
    critical: bool = True

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give exactly one of at_least and at_most")
        if self.metric in (Metric.RECALL, Metric.PRECISION) and self.label is None:
            raise ValueError(
                f"name the class that {self.metric} is required of: an average over classes hides a weak one"
            )
        return self


class ConditionRule(_Part):
    """The levels of a condition in production, each with its share of the traffic where that is known.

    ``critical`` asks each critical class to meet its floors in every level, not only over all images.
    """

    levels: Mapping[Name, Rate | None]
    critical: bool = True


class DeploymentTarget(_Part):
    """Where the model will run and what it may take there; a budget that is ``None`` is not asked for."""

    device: Name
    kind: Literal["cloud", "edge", "api"] | None = None
    p50_ms: Positive | None = None
    p95_ms: Positive | None = None
    p99_ms: Positive | None = None
    memory_mb: Positive | None = None
    cameras: Annotated[int, Field(ge=1)] = 1
    fps_per_camera: Positive | None = None

    @property
    def frames_per_second(self) -> float | None:
        return None if self.fps_per_camera is None else self.cameras * self.fps_per_camera


class Monitoring(_Part):
    """Whether the model has to be watched in production, and what watches it once somebody has set that up."""

    required: bool = False
    in_place: Name | None = None


class Fallback(_Part):
    """What the system does when the model is unsure, or meets what it was never taught."""

    on_low_confidence: Name | None = None
    on_unknown_object: Name | None = None


class DeploymentSpec(_Part):
    """What *ready* means. ``assumptions`` maps a key of the specification to why its value was assumed."""

    project: Name | None = None
    approved_by: Name | None = None
    extends: Name | None = None
    classes: Mapping[Name, ClassRule] = Field(default_factory=dict)
    requirements: tuple[RequirementRule, ...] = ()
    conditions: Mapping[Name, ConditionRule] = Field(default_factory=dict)
    file_name_pattern: str | None = None
    deployment_target: DeploymentTarget | None = None
    monitoring: Monitoring = Monitoring()
    fallback: Fallback | None = None
    rollback_owner: Name | None = None
    assumptions: Mapping[str, str] = Field(default_factory=dict)

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
        situations = [()] + [
            ((name, level),)
            for name, condition in self.conditions.items()
            if condition.critical and rule.critical
            for level in condition.levels
        ]
        for where in situations:
            for metric, floor in floors.items():
                limit = default if floor is None else floor
                if limit is not None:
                    origin = f"classes.{label}.min_{metric}"
                    yield Requirement(metric, limit, label=label, where=where, critical=rule.critical, origin=origin)

    def _budgets(self) -> Iterator[Requirement]:
        target = self.deployment_target
        if target is None:
            return
        for metric in (Metric.P50_MS, Metric.P95_MS, Metric.P99_MS, Metric.MEMORY_MB):
            limit = getattr(target, metric)
            if limit is not None:
                yield Requirement(metric, limit, at_most=True, origin=f"deployment_target.{metric}")
        if target.frames_per_second is not None:
            origin = "deployment_target.fps_per_camera"
            yield Requirement(Metric.FRAMES_PER_SECOND, target.frames_per_second, origin=origin)


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
    limit = rule.at_least if rule.at_least is not None else rule.at_most
    assert limit is not None  # noqa: S101 - the validator of the rule saw to it
    return Requirement(
        rule.metric,
        limit,
        at_most=rule.at_most is not None,
        label=rule.label,
        where=tuple(sorted(rule.where.items())),
        critical=rule.critical,
        origin=f"requirements.{index}",
    )
