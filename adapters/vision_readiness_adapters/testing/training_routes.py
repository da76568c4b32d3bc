"""Trainings and models: those that ``version.json`` tells of, else one for the project's ``model.onnx``."""

from __future__ import annotations

from typing import Any

import numpy as np

from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, not_found, refusal
from vision_readiness_adapters.testing.measured import Measured
from vision_readiness_adapters.testing.service import Known, Row, Service
from vision_readiness_adapters.testing.shelf import EPOCH, Kept

OURS = "a training for model.onnx, with figures measured on its own data, where version.json tells of none"


def class_map(service: Service, kept: Kept) -> dict[str, list[dict[str, str]]]:
    """Training results as text, fractions: those of ``model.onnx`` on each split; empty without one."""
    figures = service.figures(kept)
    if figures is None:
        return {}
    return {split.value: list(_rows(figures, split.value)) for split in figures.splits()}


def trainings(service: Service, asked: Asked) -> Answer:
    """The trainings of a version."""
    return as_json({"trainings": [_row(run) for run in _runs(service, service.version(asked))]})


def training(service: Service, asked: Asked) -> Answer:
    """One training; 409 where there are several and none is named."""
    runs = _runs(service, service.version(asked))
    wanted = asked.text("trainingId")
    found = [run for run in runs if wanted in ("", run["trainingId"])]
    if not found:
        return not_found("Training not found.")
    if len(found) > 1:
        return refusal(409, "This version has several trainings: pass trainingId.")
    return as_json(found[0])


def recipe(service: Service, asked: Asked) -> Answer:
    """What can be set for a training."""
    kept = service.version(asked)
    if not asked.text("modelType"):
        return refusal(400, "bad model type")
    hyperparameters = [{"key": "lr", "type": "float"}]
    template = {"schema_version": 1, "input": {}, "online_preprocessing": [], "source_version": {},
                "online_augmentation": {"splits": ["train"], "steps": []}, "hyperparameters": {}}  # fmt: skip
    return as_json({
        "modelType": asked.text("modelType"), "family": asked.text("modelType").partition("-")[0],
        "taskType": kept.notes["project"]["type"], "schema": {"hyperparameters": hyperparameters},
        "template": template, "usage": "Edit the template and submit it as trainRecipe.",
    })  # fmt: skip


def models(service: Service, asked: Asked) -> Answer:
    """The models of a project."""
    runs = [run for kept in service.versions(asked) for run in _runs(service, kept)]
    wanted = asked.text("group")
    return as_json({"models": [model for run in runs if wanted in ("", run["modelGroup"]) for model in run["models"]]})


def model(service: Service, asked: Asked) -> Answer:
    """One model by the slug of its address."""
    name = f"{asked.names['ws']}/{asked.names['slug']}"
    for kept in service.shelf.kept.values():
        for run in _runs(service, kept) if kept.id.workspace == asked.names["ws"] else ():
            found = next((held for held in run["models"] if held["modelId"] == name), None)
            if found is not None:
                return as_json({"model": found})
    return not_found("Model not found.")


def slug_of(kept: Kept) -> str:
    """The slug of the model of a version: ``dock-3-onnx-t1``."""
    return f"{kept.id.project}-{kept.id.number}-onnx-t1"


def _runs(service: Service, kept: Kept) -> list[dict[str, Any]]:
    """The trainings with their models."""
    notes = kept.notes["version"]
    if isinstance(notes.get("trainings"), list):
        return list(notes["trainings"])
    figures = None if "train" in notes else service.figures(kept)
    if figures is None and "train" not in notes:
        return []
    models = [{"modelId": f"{kept.id.workspace}/{slug_of(kept)}", "modelType": "onnx", "metrics": _metrics(figures)}]
    status = notes.get("train", {}).get("status", "finished")
    group = f"{kept.id.project}-{kept.id.number}"
    return [{"trainingId": f"{kept.id}/t1", "status": status, "modelType": "onnx", "modelGroup": group,
             "modelCount": len(models), "start": notes.get("created", EPOCH), "models": models}]  # fmt: skip


def _row(run: dict[str, Any]) -> dict[str, Any]:
    names = ("trainingId", "status", "modelType", "modelGroup", "start")
    listed = {name: run[name] for name in names if name in run}
    return {"id": run["trainingId"], **listed, "modelIds": [model["modelId"] for model in run["models"]]}


def _metrics(figures: Measured | None) -> dict[str, Any]:
    if figures is None:
        return {}
    split = figures.splits()[-1]
    value = figures.precision_of(split)
    best = figures.rates(split, figures.best(split))
    means = (
        {} if np.isnan(value).all() else {"map50": float(np.nanmean(value[:, 0])), "map5095": float(np.nanmean(value))}
    )
    return {**means, **best.told()}


def _rows(figures: Measured, split_name: str) -> list[dict[str, str]]:
    split = next(split for split in figures.splits() if split.value == split_name)
    value, part, threshold = figures.precision_of(split), figures.within(split), figures.best(split)
    rows = []
    for label, name in [(None, "all"), *enumerate(figures.classes)]:
        mine = np.ones(len(part.truths), bool) if label is None else part.truths.label == label
        levels = value if label is None else value[[label]]
        if not mine.any():
            continue
        rates = figures.rates(split, threshold, label)
        rows.append({
            "class": name, "images": str(int(part.answered.sum())), "targets": str(int(mine.sum())),
            "precision": f"{rates.precision or 0:.3f}", "recall": f"{rates.recall or 0:.3f}",
            "map50": f"{np.nanmean(levels[:, 0]):.3f}", "map95": f"{np.nanmean(levels):.3f}",
        })  # fmt: skip
    return rows


ROUTES = (
    Row("GET", "/{ws}/{project}/{number:int}/v2/trainings", trainings, Known.READ, "version:read", OURS),
    Row("GET", "/{ws}/{project}/{number:int}/v2/trainings/get", training, Known.READ, "version:read", OURS),
    Row("GET", "/{ws}/{project}/{number:int}/v2/trainings/recipe", recipe, Known.READ, "version:read", "one setting"),
    Row("GET", "/{ws}/{project}/{number:int}/training/results", training, Known.DOCUMENTED, "version:read", OURS),
    Row("GET", "/{ws}/{project}/models", models, Known.READ, "project:read", OURS),
    Row("GET", "/models/{ws}/{slug}", model, Known.READ, "project:read", OURS),
)
