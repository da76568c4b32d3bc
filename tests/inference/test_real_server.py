"""Roboflow's own server, with a bundled model and no network, as the judge of our client: `make test-inference`."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from vision_readiness.benchmark.measure import measure_latency
from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.picture import decode
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import Split, Task
from vision_readiness.testing import silent
from vision_readiness_adapters.export_folder import open_folder
from vision_readiness_adapters.inference_server import ServerModel
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.remote_model import RemoteFailure
from vision_readiness_adapters.this_machine import SystemClock

pytestmark = pytest.mark.inference

ROOT = Path(__file__).parents[2]
DOCK = ROOT / "adapters/vision_readiness_adapters/bundled/acme/dock-packages/3"
MODEL = "acme-dock/3"
ENVIRONMENT = ROOT / os.environ.get("INFERENCE_VENV", ".venv-inference")
START_SECONDS = 180
CONFIDENCE, IOU = 0.4, 0.6
ROUNDED = 0.5 + 1e-3
"""The server gives corners in whole pixels."""


@pytest.fixture(scope="session")
def python():
    """The interpreter of the environment that holds the server."""
    found = ENVIRONMENT / "bin" / "python"
    if not found.exists():
        pytest.skip("there is no environment with an inference server: make test-inference")
    return str(found)


@pytest.fixture(scope="session")
def url(python, tmp_path_factory):
    """The address of a server that holds the bundled model in its cache, and has neither a key nor a network."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("w") as written:
        server = subprocess.Popen(  # noqa: S603 - our own script
            [python, "-m", "tests.inference.serve", MODEL, str(DOCK)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written, text=True,
        )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(
        target=lambda: lines.put(next((x for x in server.stdout if "ready" in x), "")), daemon=True
    ).start()
    try:
        ready = lines.get(timeout=START_SECONDS)
        assert ready, f"the server ended:\n{log.read_text()[-3000:]}"
        yield ready.split()[1]
    finally:
        server.stdin.close()  # which is what ends it
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()


@pytest.fixture(scope="session")
def version():
    source = open_folder(str(DOCK))
    return SimpleNamespace(source=source, judged=source.version())


@pytest.fixture(scope="session")
def pictures():
    return [decode(path.read_bytes()) for path in sorted((DOCK / "test").glob("*.jpg"))]


def onnx(iou=IOU, most=300, confidence=CONFIDENCE):
    return open_onnx(DOCK / "model.onnx", score_floor=confidence, iou=iou, max_answers=most, threads=1)


def test_every_box_of_the_server_is_one_that_the_artefact_gives_within_half_a_pixel(url, version, pictures):
    server = ServerModel(url, MODEL, version=version.judged, confidence=0.01, iou=IOU)
    unsuppressed = onnx(iou=1.0, most=30_000, confidence=0.009)
    assert server.card.classes == unsuppressed.card.classes
    answers, worst, worst_score = 0, 0.0, 0.0
    for picture in pictures:
        said, every = server.predict(picture), unsuppressed.predict(picture)
        for label, score, box in zip(said.label, said.score, said.box, strict=True):
            near = np.abs(every.score - score) + np.where(every.label == label, 0.0, np.inf)
            off = np.where(near < 1e-6, np.abs(every.box - box).max(axis=1), np.inf)
            answers, worst = answers + 1, max(worst, float(off.min()))
            worst_score = max(worst_score, float(near[off.argmin()]))
    print(f"{answers} answers to {len(pictures)} pictures: off by {worst:.4f} px and {worst_score:.1e} at most")  # noqa: T201 - what was measured
    assert answers > 700
    assert worst <= ROUNDED


def test_the_answers_are_those_of_the_artefact_but_for_how_doubles_are_suppressed(url, version, pictures):
    """At one threshold: whoever of two doubles scores the same may stay; the server drops what is mostly covered."""
    server, ours = ServerModel(url, MODEL, version=version.judged, confidence=CONFIDENCE, iou=IOU), onnx()
    same, tied, covered = 0, 0, 0
    for picture in pictures:
        said, expected = server.predict(picture), ours.predict(picture)
        off = np.abs(said.box[:, None] - expected.box[None]).max(axis=2)
        off[said.label[:, None] != expected.label[None]] = np.inf
        off[np.abs(said.score[:, None] - expected.score[None]) > 1e-5] = np.inf
        found = off <= 1.0
        same += int(found.any(axis=1).sum())
        for row in np.flatnonzero(~found.any(axis=1)):
            alike = (expected.label == said.label[row]) & (np.abs(expected.score - said.score[row]) < 1e-7)
            assert alike.any(), f"an answer of the server that the artefact does not explain: {said.box[row]}"
            tied += 1
        for row in np.flatnonzero(~found.any(axis=0)):
            better = (expected.label == expected.label[row]) & (expected.score >= expected.score[row])
            better[row] = False
            is_covered = (covered_share(expected.box[row], expected.box[better]) > IOU).any()
            is_tied = (np.abs(said.score[said.label == expected.label[row]] - expected.score[row]) < 1e-7).any()
            assert is_covered or is_tied, f"an answer of the artefact that the server lacks: {expected.box[row]}"
            covered += int(is_covered)
    print(f"{same} answers within a pixel, {tied} the other one of two that score the same, {covered} covered")  # noqa: T201 - what was measured
    assert same > 50 * (tied + covered) / 2
    assert tied <= same // 100


def covered_share(box, others):
    """How much of ``box`` each of ``others`` covers, pixels counted whole: the server's rule (inference, core/nms.py).

    It is not intersection over union, so a small object beside a large one of its class is lost at a lower overlap.
    """
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    return np.prod(np.maximum(high - low + 1, 0), axis=1) / np.prod(box[2:] - box[:2] + 1)


def test_both_kinds_of_route_give_one_answer(url, version, pictures):
    by_route = [ServerModel(url, MODEL, version=version.judged, route=route) for route in ("v0", "v1")]
    for picture in pictures[:20]:
        v0, v1 = (model.predict(picture) for model in by_route)
        assert v0.label.tolist() == v1.label.tolist()
        assert v0.score.tolist() == v1.score.tolist()
        assert v0.box.tolist() == v1.box.tolist()


def test_the_server_is_asked_by_v1_and_says_which_version_it_is(url, version):
    model = ServerModel(url, MODEL, version=version.judged)
    assert model._route == "v1"
    assert model.device.facts["inference"] == "0.59.1"
    assert model.card.task.value == "object-detection"


def test_a_data_set_is_judged_by_it_with_several_calls_at_once(url, version):
    dataset = version.judged.dataset
    rows = np.flatnonzero(dataset.images.of(Split.TEST))[:40]
    model = ServerModel(url, MODEL, version=version.judged)
    run = predict_dataset(model, dataset, version.source.images, rows, silent, workers=4)
    assert run.failures == ()
    assert run.predictions.answered.sum() == 40
    assert model.card.conflicts == ()


def test_it_is_timed_apart_from_its_own_time_and_without_this_processes_memory(url, version, pictures):
    model = ServerModel(url, MODEL, version=version.judged)
    facts = measure_latency(
        model, pictures[:8], clock=SystemClock(), calls=60, warm_up=5, memory=lambda: 1, seen_before=True
    )
    assert (len(facts.seconds), facts.failures, facts.peak_memory_bytes) == (60, 0, None)
    assert list(facts.stages) == ["encode", "transport", "server", "decode"]
    assert all(np.all(times >= 0) for times in facts.stages.values())
    shown = {name: round(1000 * float(np.median(times)), 2) for name, times in facts.stages.items()}
    print(f"p50 {1000 * float(np.median(facts.seconds)):.2f} ms, of it {shown}")  # noqa: T201 - what was measured


class EveryThirdSpoilt(ServerModel):
    """Sends what is no picture in place of every third one."""

    asked = 0

    def _request(self, picture):
        EveryThirdSpoilt.asked += 1
        return super()._request(picture if EveryThirdSpoilt.asked % 3 else b"no picture")


def test_a_picture_that_the_server_refuses_is_counted_and_not_timed(url, version, pictures):
    model = EveryThirdSpoilt(url, MODEL, version=version.judged)
    facts = measure_latency(model, pictures[:2], clock=SystemClock(), calls=12, warm_up=0, seen_before=True)
    assert (facts.failures, len(facts.seconds)) == (4, 8)
    with pytest.raises(RemoteFailure, match="answered 400: Could not load input image"):
        [model.predict(pictures[0]) for _ in range(3)]


def test_a_model_that_it_does_not_hold_is_said_with_what_to_do(url, version):
    with pytest.raises(ModelError, match=r"nobody/9 cannot be loaded: .*503.*only with a key"):
        ServerModel(url, "nobody/9", version=version.judged)


def test_a_model_for_another_task_is_refused(url):
    with pytest.raises(TaskError, match="object-detection on the server"):
        ServerModel(url, MODEL, task=Task.CLASSIFICATION)


def test_in_process_the_package_gives_the_servers_answer(python, url, version, pictures):
    picture = min((DOCK / "test").glob("*.jpg"))
    ran = subprocess.run(  # noqa: S603 - our own script
        [python, "-m", "tests.inference.in_process", MODEL, str(DOCK), str(picture), "0.05"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    alone = json.loads(ran.stdout.splitlines()[-1])
    model = ServerModel(url, MODEL, version=version.judged, confidence=0.05)
    said = model.predict(pictures[0])
    assert alone["names"] == [model.card.classes[label] for label in said.label]
    assert alone["score"] == said.score.tolist()
    assert alone["box"] == said.box.tolist()
    assert alone["digest"] == onnx().card.digest
    assert alone["facts"]["inference"] == "0.59.1"
    assert alone["stages"] == ["encode", "infer", "decode"]
