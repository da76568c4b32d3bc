"""What Roboflow reports of the model of a version, as figures that are labelled as its own."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vision_readiness.errors import InputError
from vision_readiness.project import Split
from vision_readiness.project.reported import ReportedFigures, ReportedRow
from vision_readiness.roboflow.evaluations import Evaluation, PerformanceByClass
from vision_readiness.roboflow.health import Health
from vision_readiness.roboflow.rates import Rate
from vision_readiness.roboflow.trainings import TrainedModel
from vision_readiness.roboflow.versions import ClassResult, Version

BY = "Roboflow"
ALL = "all"
"""What the training results call all classes together."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model of a version that is meant, ``None`` where it has no id, and the others there are.

    ``is_own`` says that it is the model which the version itself names.
    """

    model: TrainedModel | None
    model_id: str | None
    others: tuple[str, ...] = ()
    is_own: bool = False


def choose_model(version: Version, models: Sequence[TrainedModel], model_id: str | None = None) -> Chosen:
    """The model called ``model_id``; without one the recommended, else the version's own, else the last in the list.

    ``project/3`` is the older name of a version's only model. Raises ``InputError`` with the nearest id when the
    version has no such model.
    """
    by_id = {model.model_id: model for model in models}
    own = version.model.id if version.model else None
    older = f"{version.id.project}/{version.number}"
    if len(by_id) == 1 and own in (older, f"{version.id.workspace}/{older}"):
        own = next(iter(by_id))
        model_id = own if model_id == older else model_id
    ids: tuple[str, ...] = tuple(dict.fromkeys([*by_id, *([own] if own else [])]))
    model_id = next((name for name in ids if version.id.endpoint_id(name) == model_id), model_id)
    if model_id is not None and model_id not in ids:
        near = difflib.get_close_matches(model_id, ids, n=1, cutoff=0.5)
        there = f"did you mean {near[0]}?" if near else f"there is {', '.join(ids[:10]) or 'none'}."
        raise InputError(f"{version.id} has no model {model_id!r:.120}; {there}")
    recommended = next((model.model_id for model in models if model.recommended), None)
    meant = model_id or recommended or own or (ids[-1] if ids else None)
    return Chosen(by_id.get(meant or ""), meant, tuple(name for name in ids if name != meant), is_own=meant == own)


def reported_figures(
    version: Version,
    chosen: Chosen,
    *,
    evaluation: Evaluation | None = None,
    performance: PerformanceByClass | None = None,
    remarks: tuple[str, ...] = (),
) -> ReportedFigures | None:
    """The best that is reported of the ``chosen`` model; ``None`` where there is nothing.

    Best is an evaluation by class, then the training results by class (of the version's own model, on test where it
    was used, else on valid), then the overall figures of the training, then those of the version's model. A figure
    goes by the name of its metric and is a fraction, whatever unit it came in.
    """
    found = _of_evaluation(evaluation, performance)
    if chosen.is_own or not chosen.others:
        found = found or _of_training(version) or _of_metrics(chosen.model) or _of_model_page(version)
    else:
        found = found or _of_metrics(chosen.model)
    if found is None:
        return None
    origin, split, overall, classes = found
    latency = chosen.model.metrics.latency_ms if chosen.model else {}
    return ReportedFigures(BY, origin, chosen.model_id, split, overall, classes, dict(latency), chosen.others, remarks)


def health_remarks(health: Health) -> tuple[str, ...]:
    """The project's health in one sentence that says what it is of; nothing where nothing is known."""
    counts = {
        "images": health.images,
        "without annotation": health.unannotated,
        "marked as empty": health.empty,
    }
    known = [f"{number:,} {what}" for what, number in counts.items() if number is not None]
    weak = [one.name for one in health.classes if one.verdict and "under" in one.verdict.lower()]
    rare = [f"under-represented: {', '.join(f'`{name}`' for name in weak[:5])}"] if weak else []
    said = "; ".join([*([", ".join(known)] if known else []), *rare])
    return (f"Roboflow's health check of the whole project, not of this version: {said}.",) if said else ()


_Found = tuple[str, str | None, ReportedRow | None, tuple[ReportedRow, ...]]


def _of_evaluation(evaluation: Evaluation | None, performance: PerformanceByClass | None) -> _Found | None:
    if evaluation is None:
        return None
    summary = evaluation.summary
    overall = _row(ALL, (summary.map50, summary.precision, summary.recall)) if summary else None
    classes = performance.classes if performance else ()
    rows = tuple(_row(one.name, (one.map50, one.map50_95, one.precision, one.recall, one.f1)) for one in classes)
    if not rows and (overall is None or not overall.figures):
        return None
    split = performance.split if performance else None
    return f"its model evaluation {evaluation.evaluation_id}", split, overall, rows


def _of_training(version: Version) -> _Found | None:
    results = version.train.results if version.train else {}
    split = next((name for name in (Split.TEST, Split.VALID) if results.get(name)), None)
    if split is None:
        return None
    rows = [_result(row) for row in results[split]]
    place = next((place for place, row in enumerate(rows) if row.label == ALL), None)
    overall = None if place is None else rows.pop(place)
    return "its training results", str(split), overall, tuple(rows)


def _of_metrics(model: TrainedModel | None) -> _Found | None:
    if model is None:
        return None
    held = model.metrics
    overall = _row(ALL, (held.map50, held.map50_95, held.precision, held.recall, held.f1))
    return ("its training", None, overall, ()) if overall.figures else None


def _of_model_page(version: Version) -> _Found | None:
    model = version.model
    if model is None:
        return None
    overall = _row(ALL, (model.map, model.precision, model.recall))
    return ("the page of the version", None, overall, ()) if overall.figures else None


def _result(row: ClassResult) -> ReportedRow:
    return _row(row.name, (row.map50, row.map50_95, row.precision, row.recall), row.targets)


def _row(label: str, rates: Iterable[Rate | None], objects: int | None = None) -> ReportedRow:
    return ReportedRow(label, {rate.metric: rate.value for rate in rates if rate is not None}, objects)
