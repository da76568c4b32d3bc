"""What if: the decision taken again with another threshold or target, and what the classes moved would do then."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from vision_readiness.advisor import decide
from vision_readiness.decide.assess import figures_of
from vision_readiness.decide.regression import counts_by_group
from vision_readiness.errors import InputError
from vision_readiness.evaluate.figures import Figures, Scope, scope_of
from vision_readiness.evaluate.paired import RateChange, paid_with, rate_change
from vision_readiness.project import Split
from vision_readiness.report import Report
from vision_readiness.report.tables import Interval
from vision_readiness.situations import with_situations
from vision_readiness.spec import DeploymentTarget

if TYPE_CHECKING:
    from vision_readiness.evaluate.rates import RateBounds
    from vision_readiness.evidence import Evidence
    from vision_readiness.policy import Policy
    from vision_readiness.requirement import Waiver
    from vision_readiness.spec import DeploymentSpec


@dataclass(frozen=True, slots=True)
class OperatingFigures:
    """What a class does at one threshold on the leak-free test images; wrong answers are per 1,000 images."""

    threshold: float
    recall: Interval
    precision: Interval
    wrong_per_1000_images: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """One class at two thresholds; the changes are paired image by image, with two-sided 90 % intervals."""

    label: str
    before: OperatingFigures
    after: OperatingFigures
    recall: RateChange
    precision: RateChange

    @property
    def price(self) -> str | None:
        """The metric that is surely paid with while the other gains; ``None`` for neither."""
        return paid_with(self.recall, self.precision)

    def to_dict(self) -> dict[str, object]:
        """The move as plain values, with its price."""
        return {**asdict(self), "price": self.price}


def what_if(
    evidence: Evidence,
    spec: DeploymentSpec,
    *,
    as_of: datetime,
    thresholds: Mapping[str, float] | None = None,
    target: str | None = None,
    p95_ms: float | None = None,
    policy: Policy | None = None,
    history: tuple[str, ...] = (),
    waivers: tuple[Waiver, ...] = (),
) -> tuple[Report, Report]:
    """The report under ``spec``, and the one under ``spec`` with these changes; no image is looked at.

    ``thresholds`` fixes the score of the classes it names, ``target`` is another device and ``p95_ms`` another budget.
    Raises ``InputError`` for a change that cannot be made, and what ``decide`` raises.
    """
    asked = changed_spec(spec, evidence.dataset.classes, thresholds=thresholds, target=target, p95_ms=p95_ms)
    before, after = (
        decide(evidence, one, as_of=as_of, policy=policy, history=history, waivers=waivers) for one in (spec, asked)
    )
    return before, after


def changed_spec(
    spec: DeploymentSpec,
    classes: tuple[str, ...],
    *,
    thresholds: Mapping[str, float] | None = None,
    target: str | None = None,
    p95_ms: float | None = None,
) -> DeploymentSpec:
    """``spec`` with fixed scores, another device or another budget; raises ``InputError`` where that makes no sense."""
    rules = dict(spec.classes)
    for label, score in (thresholds or {}).items():
        if label not in classes:
            raise InputError(f"there is no class {label!r} to give a threshold; the classes are {', '.join(classes)}")
        if not 0 <= score <= 1:
            raise InputError(f"the threshold of {label!r} is {score:g}: give a score from 0 to 1")
        rules[label] = spec.rule(label).model_copy(update={"threshold": float(score)})
    changed = spec.model_copy(update={"classes": rules})
    if target is None and p95_ms is None:
        return changed
    return changed.model_copy(update={"deployment_target": _target(spec.deployment_target, target, p95_ms)})


def _target(now: DeploymentTarget | None, device: str | None, p95_ms: float | None) -> DeploymentTarget:
    if now is None and device is None:
        raise InputError("the spec names no target that a budget could be for: name one with --target too")
    if p95_ms is not None and not 0 < p95_ms < math.inf:
        raise InputError(f"a budget of {p95_ms:g} ms cannot be kept: give a number of milliseconds above 0")
    wanted = {**(now.model_dump() if now else {}), "device": device if device is not None else now and now.device}
    if p95_ms is not None:
        wanted["p95_ms"] = p95_ms
    try:
        return DeploymentTarget.model_validate(wanted)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}; give another value") from None


def moves(evidence: Evidence, spec: DeploymentSpec, thresholds: Mapping[str, float]) -> tuple[Move, ...]:
    """What each class of ``thresholds`` would do at its new score; empty where there is no model to judge."""
    evidence = with_situations(evidence, spec)
    if evidence.model is None:
        return ()
    asked = changed_spec(spec, evidence.dataset.classes, thresholds=thresholds)
    before, after = (figures_of(evidence.model, evidence, one) for one in (spec, asked))
    scope = scope_of(before.matches, evidence.judged(Split.TEST))
    places = {label: evidence.dataset.classes.index(label) for label in thresholds}
    return tuple(_move(label, place, (before, after), scope) for label, place in places.items())


def _move(label: str, place: int, figures: tuple[Figures, Figures], scope: Scope) -> Move:
    recall, precision = (
        rate_change(*(counts_by_group(one, scope, place, recall=metric) for one in reversed(figures)))
        for metric in (True, False)
    )
    before, after = (_operating(one, scope, place) for one in figures)
    return Move(label, before, after, recall, precision)


def _operating(figures: Figures, scope: Scope, place: int) -> OperatingFigures:
    precision, images = figures.precision(place, scope), int(np.count_nonzero(scope.images))
    wrong = 1000 * (precision.trials - precision.hits) / images if images else None
    recall = figures.recall(place, scope)
    return OperatingFigures(float(figures.point.deployed[place]), _interval(recall), _interval(precision), wrong)


def _interval(bounds: RateBounds) -> Interval:
    if bounds.rate is None:
        return Interval(None, None, None, 0)
    return Interval(bounds.rate, bounds.lower, bounds.upper, bounds.trials, bounds.hits)
