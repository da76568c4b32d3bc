"""Two models on the same images: what changed for each class and situation, losses first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.assess import figures_of
from vision_readiness.decide.regression import counts_by_group
from vision_readiness.errors import InputError
from vision_readiness.evaluate.average_precision import change_of_ap50
from vision_readiness.evaluate.figures import MARKED, SIZES, Figures, Scope, scope_of
from vision_readiness.evaluate.paired import MARGIN, RateChange, rate_change
from vision_readiness.project import Split
from vision_readiness.situations import with_situations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision_readiness.evidence import Evidence
    from vision_readiness.spec import DeploymentSpec

ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure of one class, over all images or in one situation, each model at its own thresholds."""

    label: str
    metric: str
    situation: str | None
    now: float | None
    before: float | None
    change: float | None
    lower: float | None
    upper: float | None
    verdict: str


def compare(now: Evidence, before: Evidence, spec: DeploymentSpec, *, margin: float = MARGIN) -> tuple[Change, ...]:
    """What the model of ``now`` does differently from that of ``before`` on the leak-free test images of both.

    Situations are the declared ones, those that the specification and the splits make, and the size and the marks of
    the objects. Intervals are two-sided 90 %. The verdict is *worse* or *better* when the interval leaves zero out,
    *no worse* when it leaves out a fall by ``margin``, else *not proven*. Raises ``InputError`` when the two were not
    evaluated on the same images and labels, for then no difference is the models' alone.
    """
    if now.dataset.digest != before.dataset.digest:
        raise InputError("the two were not evaluated on the same images and labels: evaluate both on one version")
    models = now.model, before.model
    if models[0] is None or models[1] is None:
        raise InputError("one of the two has no model: gather evidence with --model or --predictions for both")
    now, before = with_situations(now, spec), with_situations(before, spec)
    both = now.judged(Split.TEST) & models[0].matches.answered & models[1].matches.answered
    figures = figures_of(models[0], now, spec), figures_of(models[1], before, spec)
    changes = [*_average(now, figures, both, margin), *_rates(now, figures, both, margin)]
    return tuple(sorted(changes, key=lambda one: (RANK[one.verdict], one.change or 0.0, one.label, one.metric)))


RANK = {"worse": 0, "not proven": 1, "no worse": 2, "better": 3}


def _rates(
    evidence: Evidence, figures: tuple[Figures, Figures], images: NDArray[np.bool_], margin: float
) -> Iterator[Change]:
    situations = [dict(_situations(evidence, one, scope_of(one.matches, images))) for one in figures]
    for place, label in enumerate(evidence.dataset.classes):
        for situation in situations[0]:
            scopes = [scope[situation] for scope in situations]
            for metric in ("recall", "precision"):
                recall = metric == "recall"
                both = zip(figures, scopes, strict=True)
                counts = [counts_by_group(one, scope, place, recall=recall) for one, scope in both]
                change = rate_change(counts[0], counts[1], alpha=ALPHA)
                if situation is None or change.now is not None or change.before is not None:
                    yield _worded(label, metric, situation, change, margin)


def _situations(evidence: Evidence, figures: Figures, scope: Scope) -> Iterator[tuple[str | None, Scope]]:
    """The whole scope, then its parts by what is known of the images and by the size of the objects."""
    yield None, scope
    for name, condition in evidence.images.conditions.items():
        if condition.origin != "measured":
            for level, members in condition.members.items():
                yield f"{name} {level}", scope.narrowed(members, figures.matches)
    if evidence.dataset.task.has_boxes:
        for level in SIZES:
            yield f"size {level}", scope.of_size(level, figures.matches)
        for mark in figures.matches.truths.marks:
            yield f"{MARKED} {mark}", scope.of_mark(mark, figures.matches)


def _average(
    evidence: Evidence, figures: tuple[Figures, Figures], images: NDArray[np.bool_], margin: float
) -> Iterator[Change]:
    stores = figures[0].matches.within(images), figures[1].matches.within(images)
    for label, row in zip(evidence.dataset.classes, change_of_ap50(*stores, evidence.group), strict=True):
        value, lower, upper = (None if np.isnan(figure) else float(figure) for figure in row)
        groups = int(np.count_nonzero(images))
        yield _worded(label, "ap50", None, RateChange(None, None, value, None, lower, upper, groups), margin)


def _worded(label: str, metric: str, situation: str | None, change: RateChange, margin: float) -> Change:
    better = change.lower is not None and change.lower > 0
    verdict = (
        "worse"
        if change.is_worse()
        else "better"
        if better
        else "no worse"
        if change.is_no_worse(margin)
        else "not proven"
    )
    return Change(
        label=label,
        metric=metric,
        situation=situation,
        now=change.now,
        before=change.before,
        change=change.change,
        lower=change.lower,
        upper=change.upper,
        verdict=verdict,
    )
