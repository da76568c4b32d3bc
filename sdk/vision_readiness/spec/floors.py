"""A company's specification under a project's: a floor may be raised, never lowered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from vision_readiness.errors import SpecError
from vision_readiness.spec.capture import Season
from vision_readiness.spec.model import ClassRule, ConditionRule, DeploymentSpec
from vision_readiness.spec.operation import DeploymentTarget, Monitoring
from vision_readiness.spec.part import Part

P = TypeVar("P", bound=Part)
CEILINGS = ("p50_ms", "p95_ms", "p99_ms", "memory_mb", "cost_per_1000_images")
LEAST = ("fps_per_camera", "throughput")
"""Budgets of a target: what may not grow, and what may not shrink."""

LISTED = ("camera", "data", "output", "fallback", "rollout", "golden_set", "challenge_set")
"""Parts that a project fills in key by key over the company's."""


def raised(spec: DeploymentSpec, floors: DeploymentSpec, name: str) -> DeploymentSpec:
    """``spec`` over the company's ``floors``, for errors called ``name``; raises ``SpecError`` where it lowers one.

    The requirements of both hold. What the company wrote and the project leaves empty stays as the company wrote it,
    but for the approval: that is given project by project.
    """
    parts = {key: _over(getattr(spec, key), getattr(floors, key)) for key in LISTED}
    shift = len(floors.requirements)
    together = {
        **{key: part for key, part in parts.items() if part is not None},
        "approved_by": spec.approved_by,
        "classes": _classes(spec, floors, name),
        "requirements": (*floors.requirements, *spec.requirements),
        "conditions": _conditions(spec, floors, name),
        "seasons": _seasons(spec, floors, name),
        "monitoring": _monitoring(spec.monitoring, floors.monitoring, name),
        "deployment_target": _target(spec.deployment_target, floors.deployment_target, name),
        "agreement": _agreement(spec, floors, name),
        "assumptions": {**floors.assumptions, **{_shifted(key, shift): why for key, why in spec.assumptions.items()}},
    }
    own = {key: value for key in spec.model_fields_set if (value := getattr(spec, key)) is not None}
    return floors.model_copy(update={**own, **together})


def _over(own: P | None, floor: P | None) -> P | None:
    """``own`` where it says something, ``floor`` for the rest."""
    if own is None or floor is None:
        return own or floor
    return floor.model_copy(update=_said(own))


def _said(part: Part) -> dict[str, Any]:
    """What was written of a part; an empty value says nothing."""
    return {key: value for key in part.model_fields_set if (value := getattr(part, key)) not in (None, (), {})}


def _classes(spec: DeploymentSpec, floors: DeploymentSpec, name: str) -> Mapping[str, ClassRule]:
    classes = dict(floors.classes)
    for label, rule in spec.classes.items():
        floor, place = floors.classes.get(label, ClassRule()), f"{name}: classes.{label}"
        for field in ("min_recall", "min_precision"):
            _not_under(getattr(rule, field), getattr(floor, field), f"{place}.{field}")
        if label in classes and floor.critical and "critical" in rule.model_fields_set and not rule.critical:
            raise SpecError(f"{place} is critical for the company and cannot be made uncritical")
        classes[label] = floor.model_copy(update=_said(rule))
    return classes


def _conditions(spec: DeploymentSpec, floors: DeploymentSpec, name: str) -> Mapping[str, ConditionRule]:
    conditions = {**floors.conditions, **spec.conditions}
    for key in spec.conditions.keys() & floors.conditions.keys():
        own, floor, place = spec.conditions[key], floors.conditions[key], f"{name}: conditions.{key}"
        missing = sorted(floor.levels.keys() - own.levels.keys())
        if missing:
            raise SpecError(f"{place} leaves out `{missing[0]}`, which the company requires")
        if floor.critical and not own.critical:
            raise SpecError(f"{place} is required by the company and cannot be made uncritical")
    return conditions


def _seasons(spec: DeploymentSpec, floors: DeploymentSpec, name: str) -> Mapping[str, Season]:
    seasons = {**floors.seasons, **spec.seasons}
    for key in spec.seasons.keys() & floors.seasons.keys():
        own, floor, place = spec.seasons[key], floors.seasons[key], f"{name}: seasons.{key}"
        if floor.critical and not own.critical:
            raise SpecError(f"{place} is required by the company and cannot be made uncritical")
        missing = [month for month in floor.months if own.months and month not in own.months]
        if missing:
            raise SpecError(f"{place} leaves out `{missing[0]}`, which the company requires")
        seasons[key] = floor.model_copy(update=_said(own))
    return seasons


def _monitoring(own: Monitoring, floor: Monitoring, name: str) -> Monitoring:
    if floor.required and "required" in own.model_fields_set and not own.required:
        raise SpecError(f"{name}: monitoring is required by the company and cannot be switched off")
    signals = tuple(dict.fromkeys((*floor.signals, *own.signals)))
    required = own.required or floor.required
    return floor.model_copy(update={**_said(own), "required": required, "signals": signals})


def _target(own: DeploymentTarget | None, floor: DeploymentTarget | None, name: str) -> DeploymentTarget | None:
    if own is None or floor is None:
        return own or floor
    for field in CEILINGS:
        most, given = getattr(floor, field), getattr(own, field)
        if most is not None and given is not None and given > most:
            raise SpecError(f"{name}: deployment_target.{field} is {given:g}, over the company's limit of {most:g}")
    for field in LEAST:
        _not_under(getattr(own, field), getattr(floor, field), f"{name}: deployment_target.{field}")
    if own.device != floor.device and "price_per_hour" not in _said(own):
        floor = floor.model_copy(update={"price_per_hour": None, "kind": None})
    return _over(own, floor)


def _agreement(spec: DeploymentSpec, floors: DeploymentSpec, name: str) -> Part | None:
    own, floor = spec.agreement, floors.agreement
    if own is not None and floor is not None and "at_least" in own.model_fields_set:
        _not_under(own.at_least, floor.at_least, f"{name}: agreement.at_least")
    return _over(own, floor)


def _not_under(given: float | None, least: float | None, place: str) -> None:
    if least is not None and given is not None and given < least:
        raise SpecError(f"{place} is {given:g}, under the company's floor of {least:g}")


def _shifted(key: str, by: int) -> str:
    """The key of an assumption after ``by`` requirements of the company were put before the project's own."""
    head, _, rest = key.partition(".")
    index, dot, inner = rest.partition(".")
    return f"requirements.{int(index) + by}{dot}{inner}" if head == "requirements" and index.isdecimal() else key
