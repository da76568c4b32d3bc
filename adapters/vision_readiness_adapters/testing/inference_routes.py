"""Hosted inference with the project's own ``model.onnx``: the old route by version, by model, and those of a server."""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ReadinessError, SourceError
from vision_readiness.predict.interface import Answer as ModelAnswer
from vision_readiness.predict.picture import decode
from vision_readiness.project import Task
from vision_readiness.project.masks import Masks
from vision_readiness.roboflow.inference import SWITCHES
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, refusal
from vision_readiness_adapters.testing.behaviour import ErrorShape, Family
from vision_readiness_adapters.testing.service import Known, Refused, Row, Service
from vision_readiness_adapters.testing.shelf import Kept, id_of
from vision_readiness_adapters.testing.training_routes import slug_of

FLOOR = 0.01
CONFIDENCE, OVERLAP, MOST = 0.4, 0.3, 300
"""What holds where nothing is asked for: inference, core/entities/requests/inference.py (2026-08)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to answer; ``confidence`` and ``overlap`` from 0 to 1."""

    confidence: float = CONFIDENCE
    overlap: float = OVERLAP
    most: int = MOST
    rle: bool = False
    cropped: bool = True


def by_version(service: Service, asked: Asked) -> Answer:
    """``POST /{project}/{number}``, the old route: the image as a form or in base64."""
    number = int(asked.names["number"])
    kept = next((kept for name, kept in service.shelf.kept.items()
                 if (name.project, name.number) == (asked.names["project"], number)), None)  # fmt: skip
    return _one(service, asked, kept)


def by_model(service: Service, asked: Asked) -> Answer:
    """``POST /{workspace}/{slug}``, by the id of a model."""
    name = f"{asked.names['ws']}/{asked.names['slug']}"
    return _one(service, asked, _by_slug(service, name), name)


def infer(service: Service, asked: Asked) -> Answer:
    """``POST /infer/...``, as an inference server has it: one image or a list of them in JSON."""
    body = asked.json
    if "image" not in body:
        return refusal(422, "Field required", shape=ErrorShape.DETAIL)
    name, images = str(body.get("model_id") or ""), body.get("image")
    kept = _by_slug(service, name)
    many = images if isinstance(images, list) else [images]
    wanted = Wanted(
        _fraction(body.get("confidence"), CONFIDENCE), _fraction(body.get("iou_threshold"), OVERLAP),
        int(body.get("max_detections") or MOST), body.get("response_mask_format") == "rle",
        not body.get(SWITCHES["static-crop"]),
    )  # fmt: skip
    held = [_bytes(image.get("value") if isinstance(image, dict) else None) for image in many]
    answers = [_answer(service, kept, data, wanted, name) for data in held]
    bodies = [json.loads(answer.body) for answer in answers]
    return as_json(bodies if isinstance(images, list) else bodies[0], 200, answers[-1].headers)


def info(service: Service, asked: Asked) -> Answer:
    """What an inference server says of itself."""
    return as_json({"name": "Roboflow Inference Server", "version": "fake", "uuid": id_of("server")})


def registry(service: Service, asked: Asked) -> Answer:
    """The models that were asked for."""
    rows = [{"model_id": name, "task_type": "object-detection", "batch_size": 1} for name in sorted(service.warm)]
    return as_json({"models": rows})


def load(service: Service, asked: Asked) -> Answer:
    """Loads a model, and tells all that are loaded."""
    name = str(asked.json.get("model_id") or "")
    kept = _by_slug(service, name)
    if kept is None or kept.model() is None:
        return _raise(404, "The requested model could not be found.")
    service.warm |= {name, f"{kept.id.project}/{kept.id.number}"}
    return registry(service, asked)


def _one(service: Service, asked: Asked, kept: Kept | None, name: str = "") -> Answer:
    if asked.text("image"):
        return refusal(400, "Images by address are not fetched here.", shape=ErrorShape.MESSAGE)
    form = asked.form()
    data = form["file"] if "file" in form else _bytes(asked.body.decode("ascii", errors="replace"))
    wanted = Wanted(
        _fraction(asked.text("confidence") or None, CONFIDENCE), _fraction(asked.text("overlap") or None, OVERLAP),
        int(asked.number("max_detections", MOST)), asked.text("response_mask_format") == "rle",
        asked.text(SWITCHES["static-crop"]).lower() != "true",
    )  # fmt: skip
    return _answer(service, kept, data, wanted, name)


def _by_slug(service: Service, name: str) -> Kept | None:
    """The version of ``workspace/slug``, ``project/3`` or ``workspace/project/3``."""
    for version, kept in service.shelf.kept.items():
        if name in (
            *kept.model_ids,
            f"{version.workspace}/{slug_of(kept)}",
            f"{version.project}/{version.number}",
            str(version),
        ):
            return kept
    return None


def _answer(service: Service, kept: Kept | None, data: bytes, wanted: Wanted, asked: str = "") -> Answer:
    """What the model answers that is called so; any other name of a version is that of its oldest run."""
    began = time.perf_counter()
    path = kept.model(asked if asked in kept.model_ids else None) if kept is not None else None
    if kept is None or path is None:
        return _raise(404, "The requested model could not be found.")
    try:
        picture = decode(data)
    except SourceError:
        return _raise(400, "Could not load the image.")
    name = f"{kept.id.project}/{kept.id.number}"
    is_cold = name not in service.warm
    try:
        model = open_onnx(path, version=kept.held, score_floor=FLOOR, iou=wanted.overlap, max_answers=wanted.most)
        loaded = time.perf_counter()
        left, top, right, bottom = _crop(kept, picture) if wanted.cropped else (0, 0, *picture.shape[1::-1])
        found = model.predict(picture[top:bottom, left:right])
        found = replace(
            found, box=found.box + np.array([left, top, left, top]), masks=_placed(found.masks, picture, left, top)
        )
    except ReadinessError:
        return _raise(501, "The model cannot be run here.")
    service.warm.add(name)
    spent = time.perf_counter() - began
    body = {"inference_id": id_of("inference", str(service.state.count("inferences"))), "time": spent,
            "image": {"width": picture.shape[1], "height": picture.shape[0]},
            **_told(found, model.card.classes, model.card.task, wanted)}  # fmt: skip
    headers = {"x-processing-time": f"{spent:.6f}", "x-model-id": f"{kept.id.project}/{kept.id.number}",
               "x-workspace-id": str(kept.id.workspace), "x-model-cold-start": str(is_cold).lower(),
               "x-model-cold-start-count": str(int(is_cold))}  # fmt: skip
    return as_json(body, 200, {**headers, "x-model-load-time": f"{loaded - began:.6f}"} if is_cold else headers)


def _crop(kept: Kept, picture: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The part of a picture that the version's static crop leaves; the service crops every picture so.

    inference, core/utils/preprocess.py and its switch ``disable_preproc_static_crop`` (1.8.3, read 2026-11)
    """
    height, width = picture.shape[:2]
    crop = kept.notes["version"].get("preprocessing", {}).get("static-crop", {})
    if not crop.get("enabled"):
        return 0, 0, width, height
    shares = [float(crop[name]) / 100 for name in ("x_min", "y_min", "x_max", "y_max")]
    return int(shares[0] * width), int(shares[1] * height), int(shares[2] * width), int(shares[3] * height)


def _placed(masks: Masks | None, picture: NDArray[np.uint8], left: int, top: int) -> Masks | None:
    """The masks of a part in the frame of the whole picture."""
    if masks is None or not len(masks):
        return masks
    whole = []
    for row in range(len(masks)):
        part = masks.bitmap(row)
        rest = (picture.shape[0] - top - part.shape[0], picture.shape[1] - left - part.shape[1])
        whole.append(np.pad(part, ((top, rest[0]), (left, rest[1]))))
    return Masks.from_bitmaps(whole)


def _told(found: ModelAnswer, classes: tuple[str, ...], task: Task, wanted: Wanted) -> dict[str, Any]:
    if task is Task.MULTILABEL:
        scores = {classes[label]: {"confidence": float(score), "class_id": int(label)}
                  for label, score in zip(found.label, found.score, strict=True)}  # fmt: skip
        return {
            "predictions": scores,
            "predicted_classes": [name for name, row in scores.items() if row["confidence"] >= wanted.confidence],
        }
    if task is Task.CLASSIFICATION:
        order = np.argsort(-found.score, kind="stable")
        rows = [
            {"class": classes[label], "class_id": int(label), "confidence": float(score)}
            for label, score in zip(found.label[order], found.score[order], strict=True)
        ]
        return {"predictions": rows, "top": rows[0]["class"], "confidence": rows[0]["confidence"]}
    kept = np.flatnonzero(found.score >= wanted.confidence)
    return {"predictions": [_detection(found, int(row), classes, wanted) for row in kept]}


def _detection(found: ModelAnswer, row: int, classes: tuple[str, ...], wanted: Wanted) -> dict[str, Any]:
    left, top, right, bottom = found.box[row].tolist()
    name = classes[found.label[row]]
    box = {"x": (left + right) / 2, "y": (top + bottom) / 2, "width": right - left, "height": bottom - top}
    told = {
        **box,
        "confidence": float(found.score[row]),
        "class": name,
        "class_id": int(found.label[row]),
        "detection_id": id_of("detection", str(row), *(f"{side:.3f}" for side in box.values())),
    }
    return told if found.masks is None else {**told, **_outline(found.masks, row, rle=wanted.rle)}


def _outline(masks: Masks, row: int, *, rle: bool) -> dict[str, Any]:
    if rle:
        code = masks.rle(row)
        return {"mask_format": "rle", "rle": {"size": code["size"], "counts": code["counts"].decode()}}
    return {"mask_format": "polygon", "points": _points(masks.bitmap(row))}


def _points(bitmap: NDArray[np.bool_]) -> list[dict[str, float]]:
    """The outline of a mask down its left side and up its right: exact where every row is one run."""
    rows = np.flatnonzero(bitmap.any(axis=1))
    lefts = bitmap[rows].argmax(axis=1)
    rights = bitmap.shape[1] - bitmap[rows, ::-1].argmax(axis=1)
    down = [{"x": float(x), "y": float(y)} for x, y in zip(lefts, rows, strict=True)]
    return down + [{"x": float(x), "y": float(y)} for x, y in zip(rights[::-1], rows[::-1], strict=True)]


def _fraction(value: Any, otherwise: float) -> float:
    """A threshold from 0 to 1, at least 0.01; from 1 on it is percent: inference, http_api.py (2026-08)."""
    try:
        read = float(value)
    except (TypeError, ValueError):  # "best", "default", or nothing
        return otherwise
    return max(FLOOR, read / 100 if read >= 1 else read)


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "", validate=False)
    except (binascii.Error, ValueError):
        return b""


def _raise(status: int, message: str) -> Answer:
    raise Refused(refusal(status, message, shape=ErrorShape.MESSAGE))


_POLYGONS = "a mask's outline is exact where each of its rows is one run"
_SERVED = ("object_detection", "instance_segmentation", "classification")

ROUTES = (
    Row("GET", "/info", info, Known.READ, None, "", needs_key=False),
    Row("GET", "/model/registry", registry, Known.READ, None, "one task for all", family=Family.INFERENCE),
    Row("POST", "/model/add", load, Known.READ, None, "one task for all", family=Family.INFERENCE),
    *(Row("POST", f"/infer/{name}", infer, Known.READ, None, _POLYGONS, family=Family.INFERENCE) for name in _SERVED),
    Row("POST", "/{project}/{number:int}", by_version, Known.DOCUMENTED, None, _POLYGONS, family=Family.INFERENCE),
    Row("POST", "/{ws}/{slug}", by_model, Known.DOCUMENTED, None, _POLYGONS, family=Family.INFERENCE),
)
