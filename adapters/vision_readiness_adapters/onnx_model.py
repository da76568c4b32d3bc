"""A ``.onnx`` artefact on onnxruntime."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.ports import Clock
from vision_readiness.predict.artefact import ArtefactFile, describe
from vision_readiness.predict.interface import Device, RuntimeFailure, TensorSpec
from vision_readiness.predict.precedence import FLAG, METADATA, SIDECAR
from vision_readiness.predict.settings import ModelSettings, read_metadata
from vision_readiness.predict.tensor_model import TensorModel
from vision_readiness.project import ProjectVersion, Task, VersionId
from vision_readiness_adapters.model_settings import settings_for
from vision_readiness_adapters.onnx_weights import weight_files
from vision_readiness_adapters.this_machine import SystemClock, machine_facts

_OPSET = re.compile(r"[Oo]pset (\d+) is under development.*?till opset (\d+)", re.DOTALL)

EXPORTS = {
    ".pt": "yolo export model={name} format=onnx",
    ".pth": 'model.export() of your RF-DETR model, or torch.onnx.export(model, picture, "{stem}.onnx")',
    ".ckpt": 'torch.onnx.export(model, picture, "{stem}.onnx")',
    ".engine": "yolo export model={stem}.pt format=onnx, from the weights the engine was built of",
    ".tflite": "yolo export model={stem}.pt format=onnx, from the weights it was converted from",
    ".mlpackage": "yolo export model={stem}.pt format=onnx, from the weights it was converted from",
    ".safetensors": "optimum-cli export onnx --model . {stem}",
    ".h5": "python -m tf2onnx.convert --keras {name} --output {stem}.onnx",
    ".keras": "python -m tf2onnx.convert --keras {name} --output {stem}.onnx",
}
SIZE_INPUTS = ("orig_target_sizes", "target_sizes")
"""A second input of RT-DETR and D-FINE: the width and height that boxes are scaled to."""

SILENT = 4
"""onnxruntime's level for fatal errors only: what fails is raised, so nothing is left to print."""


class OnnxFailure(RuntimeFailure):
    """onnxruntime could not run one picture."""


class OnnxRuntime:
    """A ``Runtime`` on one onnxruntime session.

    ``providers`` are onnxruntime's, best first (CPU when ``None``); ``threads`` are those inside one call (all cores
    when ``None``). ``first_seconds`` is how long the first call took, ``None`` before it.
    """

    def __init__(
        self,
        path: Path,
        *,
        providers: Sequence[str] | None = None,
        threads: int | None = None,
        device: str = "this-machine",
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._session = _session(path, providers, threads)
        specs = [_spec(value) for value in self._session.get_inputs()]
        self._sizes = next((spec for spec in specs if spec.name in SIZE_INPUTS and len(specs) == 2), None)
        self.inputs: Sequence[TensorSpec] = [spec for spec in specs if spec is not self._sizes]
        self.outputs: Sequence[TensorSpec] = [_spec(value) for value in self._session.get_outputs()]
        self.metadata: Mapping[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self.device = Device(device, {**machine_facts(), **_facts(self._session, threads)})
        self.first_seconds: float | None = None

    def __repr__(self) -> str:
        return f"<OnnxRuntime {self.device.facts['provider']} on {self.device.name}>"

    def run(self, tensor: NDArray[np.generic]) -> list[NDArray[np.generic]]:
        """The outputs for one input tensor, in the order of ``outputs``; raises ``OnnxFailure``."""
        began = self._clock.perf()
        feed = {self.inputs[0].name: tensor}
        if self._sizes is not None:  # boxes come in the pixels of this size: the input's own
            kind = np.float32 if "float" in self._sizes.dtype else np.int64
            feed[self._sizes.name] = np.array([tensor.shape[:1:-1]], dtype=kind)
        try:
            tensors: list[NDArray[np.generic]] = self._session.run(None, feed)
        except Exception as error:  # onnxruntime's errors share no base of their own
            raise OnnxFailure(f"onnxruntime failed on a picture: {_line(error)}") from error
        if self.first_seconds is None:
            self.first_seconds = self._clock.perf() - began
        return tensors


def open_onnx(
    path: str | Path,
    *,
    version: ProjectVersion | None = None,
    classes: Sequence[str] | None = None,
    trained_on: str | VersionId | None = None,
    task: Task | None = None,
    head: str | None = None,
    sidecar: str | Path | None = None,
    providers: Sequence[str] | None = None,
    threads: int | None = None,
    device: str = "this-machine",
    clock: Clock | None = None,
    score_floor: float = 0.01,
    iou: float = 0.6,
    max_answers: int = 300,
) -> TensorModel:
    """The model in a ``.onnx`` file, ready to answer, checked against the data set of ``version`` where given.

    ``classes``, ``trained_on``, ``task`` and ``head`` are explicit and win; then the settings file (``sidecar``, or
    the one beside the model), the file's metadata, the version. ``score_floor``, ``iou`` and ``max_answers`` are
    ``TensorModel``'s. Raises ``ModelError`` or ``TaskError``, one line.
    """
    path = Path(path)
    clock = clock or SystemClock()
    flags = ModelSettings(
        task=task,
        head=head,
        classes=_distinct(classes),
        trained_on=VersionId.parse(trained_on) if isinstance(trained_on, str) else trained_on,
    )
    artefact = _artefact(path)
    settings = settings_for(path, Path(sidecar) if sidecar is not None else None)
    runtime = OnnxRuntime(path, providers=providers, threads=threads, device=device, clock=clock)
    said = {FLAG: flags, SIDECAR: settings, METADATA: read_metadata(runtime.metadata)}
    try:
        card = describe(artefact, runtime, said, version)
    except OnnxFailure as error:
        raise ModelError(f"{path.name} cannot be run: {error}") from error
    except (ModelError, TaskError) as error:
        raise type(error)(f"{path.name}: {error}") from error
    return TensorModel(
        runtime,
        card,
        clock,
        score_floor=score_floor,
        iou=iou,
        max_answers=max_answers,
        cold_seconds=runtime.first_seconds,
    )


def _distinct(classes: Sequence[str] | None) -> tuple[str, ...] | None:
    if classes is None:
        return None
    if not classes or len(set(classes)) != len(classes):
        raise ModelError("--classes must name every class once: --classes cat,dog")
    return tuple(classes)


def _artefact(path: Path) -> ArtefactFile:
    """The file with its digest; the weights that it keeps in files of their own are part of it."""
    command = EXPORTS.get(path.suffix.lower())
    if command is not None:
        told = command.format(name=path.name, stem=path.stem)
        raise ModelError(f"{path.name} is not an ONNX file; export it with: {told}")
    if not path.is_file():
        raise ModelError(f"there is no model {path}: check its name")
    if path.suffix.lower() != ".onnx":
        raise ModelError(f"{path.name} is not a .onnx file: export the model to ONNX")
    digest = hashlib.sha256()
    size = 0
    for part in (path, *weight_files(path)):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    return ArtefactFile(path.name, digest.hexdigest(), size)


def _session(path: Path, providers: Sequence[str] | None, threads: int | None) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError('running a .onnx model needs onnxruntime: pip install "vision-readiness[onnx]"') from error
    onnxruntime.set_default_logger_severity(SILENT)
    wanted = list(providers or ["CPUExecutionProvider"])
    available = onnxruntime.get_available_providers()
    missing = [provider for provider in wanted if provider not in available]
    if missing:  # onnxruntime would quietly fall back to the CPU, and the times would be of another device
        raise ModelError(f"onnxruntime has no {missing[0]} here; it has {', '.join(available)}")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    if threads is not None:
        options.intra_op_num_threads = threads
    for pool in ("intra_op", "inter_op"):  # a thread that waits by spinning doubles the CPU time of an image
        options.add_session_config_entry(f"session.{pool}.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), sess_options=options, providers=wanted)
    except Exception as error:  # onnxruntime's errors share no base of their own
        opset = _OPSET.search(str(error))
        if opset is not None:
            here = f"this onnxruntime ({onnxruntime.__version__}) reads up to {opset[2]}"
            raise ModelError(f"{path.name} is of opset {opset[1]}; {here}: export it with a lower one") from error
        raise ModelError(f"{path.name} cannot be opened: {_line(error)}. Export it again") from error


def _facts(session: Any, threads: int | None) -> dict[str, str]:
    import onnxruntime

    facts = {"onnxruntime": onnxruntime.__version__, "provider": session.get_providers()[0], "spinning": "off"}
    return {**facts, "threads": "all cores" if threads is None else str(threads)}


def _spec(value: Any) -> TensorSpec:
    shape = tuple(size if isinstance(size, int) and size > 0 else None for size in value.shape)
    return TensorSpec(value.name, shape, value.type)


def _line(error: Exception) -> str:
    """The error in one line, without onnxruntime's own prefix and source paths."""
    text = " ".join(str(error).split())
    return text.partition("] : ")[2].partition(" : ")[2][:200] or text[:200]
