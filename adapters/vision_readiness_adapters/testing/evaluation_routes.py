"""Model evaluations: of the project's ``model.onnx``, measured here, so that every number is a real one."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np

from vision_readiness.project import Split
from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, refusal
from vision_readiness_adapters.testing.behaviour import ErrorShape
from vision_readiness_adapters.testing.measured import GRID, Measured
from vision_readiness_adapters.testing.service import Known, Refused, Row, Service
from vision_readiness_adapters.testing.shelf import EPOCH, Kept, id_of
from vision_readiness_adapters.testing.training_routes import slug_of

REFUSALS = {
    402: ("model_eval_not_in_plan", "Model evaluations are part of a paid plan."),
    403: ("forbidden", "This key may not read model evaluations."),
    404: ("model_eval_not_found", "There is no such model evaluation."),
    409: ("model_eval_not_done", "The model evaluation is not done yet."),
}


def evaluations(service: Service, asked: Asked) -> Answer:
    """The evaluations of a workspace, of at most one of project, version and model."""
    _open(service, 402, 403)
    if sum(bool(asked.text(name)) for name in ("project", "version", "model")) > 1:
        return _refused(400, "invalid_filter_combination", "Give one of project, version and model.")
    wanted = {"project": "project", "version": "versionId", "model": "modelId", "status": "status"}
    rows = []
    for kept in [] if service.behaviour.evaluations_status == 404 else _with_model(service, asked):
        row = _row(service, kept)
        fits = all(asked.text(name) in ("", row[field]) for name, field in wanted.items())
        if fits and service.figures(kept) is not None:
            rows.append(row)
    return as_json({"evals": rows[: int(asked.number("limit", 50))]})


def evaluation(service: Service, asked: Asked) -> Answer:
    """One evaluation, with a summary once it is done."""
    kept = _named(service, asked, 402, 403, 404)
    row = _row(service, kept)
    if row["status"] != "done":
        return as_json(row)
    figures = _figures(service, kept)
    split = figures.splits()[-1]
    rates = figures.rates(split, figures.best(split))
    return as_json({**row, "summary": {"mAP": _mean(figures, split), "mIoU": None,
                                       "precision": rates.precision, "recall": rates.recall}})  # fmt: skip


def map_results(service: Service, asked: Asked) -> Answer:
    """Average precision by split, size and class."""
    figures = _done(service, asked)
    splits = {}
    for split in figures.splits():
        coco, value = figures.coco(split), figures.precision_of(split)
        sizes = {size: {"map50_95": coco.get(f"ap_{size}")} for size in ("small", "medium", "large")}
        classes = {name: _levels(value[[label]]) for label, name in enumerate(figures.classes)}
        splits[split.value] = {**_levels(value), "byObjectSize": sizes if coco else {}, "perClass": classes}
    return as_json({"taskType": "object-detection-like", "splits": splits})


def confidence_sweep(service: Service, asked: Asked) -> Answer:
    """Rates by threshold, of all classes and of each."""
    figures = _done(service, asked)
    splits = {}
    for split in figures.splits():
        classes = {name: _sweep(figures, split, label) for label, name in enumerate(figures.classes)}
        splits[split.value] = {**_sweep(figures, split, None), "perClass": classes}
    return as_json({"splits": splits})


def performance_by_class(service: Service, asked: Asked) -> Answer:
    """The figures of each class on one split."""
    figures = _done(service, asked)
    split = _one_split(figures, asked)
    value = figures.precision_of(split)
    rows = []
    for label, name in enumerate(figures.classes):
        best = figures.best(split, label)
        rates = figures.rates(split, best, label).told()
        rows.append({"className": name, **_levels(value[[label]]), **rates, "optimalThreshold": best})
    return as_json({"taskType": "object-detection-like", "split": split.value, "classes": rows})


def confusion_matrix(service: Service, asked: Asked) -> Answer:
    """Counts, rows actual and columns predicted; background is last in both."""
    figures, threshold = _done(service, asked), _threshold(asked)
    named = asked.text("split", "test")
    splits = figures.splits() if named == "all" else [_one_split(figures, asked)]
    matrix = figures.confusion(splits, threshold).tolist()
    return as_json({"split": named, "confidenceThreshold": threshold, "classes": [*figures.classes, "background"],
                    "matrix": matrix})  # fmt: skip


def vector_analysis(service: Service, asked: Asked) -> Answer:
    """Clusters of images; the fake has no embeddings, so all are noise."""
    figures, threshold = _done(service, asked), _threshold(asked)
    metrics = {"noiseRatio": 1.0, "silhouetteScore": None}
    clustering = {"method": "hdbscan", "nClusters": 0, "metrics": metrics, "parameters": {}}
    images = int(figures.dataset.images.of(*figures.splits()).sum())
    whole = {"id": -1, "size": images, "f1Mean": figures.rates(figures.splits()[-1], threshold).f1}
    return as_json({"clustering": clustering, "clusters": [whole]})


def image_predictions(service: Service, asked: Asked) -> Answer:
    """Counts by image, page by page."""
    figures, threshold = _done(service, asked), _threshold(asked)
    named = asked.text("split", "test")
    splits = figures.splits() if named == "all" else [_one_split(figures, asked)]
    counts = figures.counts(threshold)
    rows = np.flatnonzero(figures.dataset.images.of(*splits))
    offset, limit = int(asked.number("offset", 0)), min(200, int(asked.number("limit", 50)))
    images = [_image(figures.kept, int(row), counts[row].tolist()) for row in rows[offset : offset + limit]]
    return as_json({"split": named, "confidenceThreshold": threshold, "totalImages": len(rows), "offset": offset,
                    "limit": limit, "images": images})  # fmt: skip


def recommendations(service: Service, asked: Asked) -> Answer:
    """That none were generated, as the service says of an evaluation without any."""
    _done(service, asked)
    return as_json({"generated": False})


def _open(service: Service, *statuses: int) -> None:
    status = service.behaviour.evaluations_status
    if status in statuses:
        raise Refused(_refused(status, *REFUSALS[status]))


def _named(service: Service, asked: Asked, *statuses: int) -> Kept:
    _open(service, *statuses)
    found = next((kept for kept in _with_model(service, asked) if _id(kept) == asked.names["id"]), None)
    if found is None:
        raise Refused(_refused(404, *REFUSALS[404]))
    return found


def _done(service: Service, asked: Asked) -> Measured:
    return _figures(service, _named(service, asked, 402, 403, 404, 409))


def _with_model(service: Service, asked: Asked) -> list[Kept]:
    """The versions of a workspace that have a model, newest first."""
    held = [kept for kept in service.shelf.kept.values() if kept.id.workspace == asked.names["ws"]]
    return [kept for kept in held[::-1] if kept.model() is not None]


def _figures(service: Service, kept: Kept) -> Measured:
    figures = service.figures(kept)
    if figures is None:
        raise Refused(_refused(404, *REFUSALS[404]))
    return figures


def _row(service: Service, kept: Kept) -> dict[str, Any]:
    created = (
        datetime.fromtimestamp(kept.notes["version"].get("created", EPOCH), UTC).isoformat().replace("+00:00", "Z")
    )
    status = "running" if service.behaviour.evaluations_status == 409 else "done"
    return {"evalId": _id(kept), "status": status, "project": kept.id.project, "versionId": str(kept.id.number),
            "modelId": slug_of(kept), "createdAt": created}  # fmt: skip


def _id(kept: Kept) -> str:
    return id_of("eval", str(kept.id))


def _refused(status: int, code: str, message: str) -> Answer:
    return refusal(status, message, shape=ErrorShape.CODE, code=code)


def _one_split(figures: Measured, asked: Asked) -> Split:
    named = asked.text("split", "test")
    found = next((split for split in figures.splits() if split.value == named), None)
    if found is None:
        raise Refused(_refused(400, "invalid_split", f"There is no evaluation of the split {named}."))
    return found


def _threshold(asked: Asked) -> float:
    """Whole percent in the query, a fraction in the answer."""
    percent = asked.number("confidence", 50)
    if not 0 <= percent <= 100:
        raise Refused(_refused(400, "invalid_confidence", "confidence is a number from 0 to 100."))
    return percent / 100


def _levels(value: Any) -> dict[str, float | None]:
    means = (
        {"map50": value[:, 0], "map50_95": value, "map75": value[:, 5]}
        if value.shape[1] > 5
        else {"map50": value[:, 0]}
    )
    return {name: None if np.isnan(part).all() else float(np.nanmean(part)) for name, part in means.items()}


def _mean(figures: Measured, split: Split) -> float | None:
    return _levels(figures.precision_of(split))["map50"]


def _sweep(figures: Measured, split: Split, label: int | None) -> dict[str, Any]:
    best = figures.best(split, label)
    points = {f"{threshold:.2f}": figures.rates(split, threshold, label).told() for threshold in GRID}
    return {
        "perThreshold": points,
        "optimalThreshold": best,
        "optimalMetrics": figures.rates(split, best, label).told(),
    }


def _image(kept: Kept, row: int, counts: list[int]) -> dict[str, Any]:
    right, wrong, missed = counts
    picture = kept.pictures[row]
    rates = {"precision": _ratio(right, right + wrong), "recall": _ratio(right, right + missed),
             "f1": _ratio(2 * right, 2 * right + wrong + missed)}  # fmt: skip
    stats = {"truePositives": right, "falsePositives": wrong, "falseNegatives": missed, **rates}
    return {"imageId": picture.id, "imageName": picture.name, "split": picture.split, "augmentations": [],
            "stats": stats, "cluster": {"id": -1, "embedding2D": [0.0, 0.0]}}  # fmt: skip


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole and math.isfinite(whole) else None


_PANELS = (
    ("map-results", map_results, ""),
    ("confidence-sweep", confidence_sweep, "the grid of thresholds"),
    ("performance-by-class", performance_by_class, ""),
    ("confusion-matrix", confusion_matrix, ""),
    ("vector-analysis", vector_analysis, "one cluster: there are no embeddings here"),
    ("image-predictions", image_predictions, "no embeddings"),
    ("recommendations", recommendations, "never any"),
)
_MEASURED = "measured here with model.onnx; "

ROUTES = (
    Row("GET", "/{ws}/model-evals", evaluations, Known.READ, "model-eval:read", _MEASURED),
    Row("GET", "/{ws}/model-evals/{id}", evaluation, Known.READ, "model-eval:read", _MEASURED),
    *(Row("GET", f"/{{ws}}/model-evals/{{id}}/{name}", panel, Known.READ, "model-eval:read", _MEASURED + ours)
      for name, panel, ours in _PANELS),
)  # fmt: skip
