"""A model laid out as ``inference`` keeps one that it has fetched, so that it needs neither a key nor a network."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path

NOTHING_FROM_OUTSIDE = {
    "DISABLE_VERSION_CHECK": "True",
    "METRICS_ENABLED": "False",
    "ACTIVE_LEARNING_ENABLED": "False",
    "TELEMETRY_OPT_OUT": "True",
}
KEYS = ("ROBOFLOW_API_KEY", "API_KEY")


def lay_out(cache: Path, model_id: str, version: Path) -> None:
    """Put the model of an offline version under ``cache`` as ``model_id``: weights, classes, preprocessing, kind."""
    told = json.loads((version / "version.json").read_text("utf-8"))["version"]
    folder = cache / model_id
    folder.mkdir(parents=True)
    shutil.copy(version / "model.onnx", folder / "weights.onnx")
    (folder / "class_names.txt").write_text("\n".join(told["classes"]), "utf-8")
    environment = {"PREPROCESSING": told["preprocessing"], "COLORS": {}, "MULTICLASS": False}
    (folder / "environment.json").write_text(json.dumps(environment), "utf-8")
    kind = {"project_task_type": "object-detection", "model_type": "yolov8n"}
    (folder / "model_type.json").write_text(json.dumps(kind), "utf-8")


def use(cache: Path) -> None:
    """Have ``inference``, imported after this, find its models under ``cache``, no key, and no way to any network."""
    os.environ.update({"MODEL_CACHE_DIR": str(cache), **NOTHING_FROM_OUTSIDE})
    for name in KEYS:
        os.environ.pop(name, None)
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):  # type: ignore[index]  # an address is a tuple in these families
            raise OSError(f"there is no network here: {address}")
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]  # that is what cuts the network off
