"""A version with two trainings: its name means the older one to the service, and the card shows the recommended."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.command_line import run
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from vision_readiness.project import VersionId
from vision_readiness_adapters.testing import serve

KEY, VERSION = "a-key-of-a-test", VersionId(WORKSPACE, PROJECT, NUMBER)
OLDER, BEST = (f"{WORKSPACE}/{PROJECT}-{NUMBER}-{name}" for name in ("nano-t1", "large-t2"))


def training(name, model, start, **figures):
    return {"trainingId": name, "status": "finished", "start": start, "models": [{"modelId": model, **figures}]}


@pytest.fixture
def serving(tmp_path, monkeypatch):
    """The fake with two trainings of one version, as the command line's Roboflow."""
    folder = small_workspace(tmp_path / "held")
    place = folder / str(VERSION)
    notes = json.loads((place / "version.json").read_text())
    notes["version"]["trainings"] = [
        training("t2", BEST, 1_800_000_000, metrics={"map50": 0.93}, recommended=True),
        training("t1", OLDER, 1_700_000_000, metrics={"map50": 0.41}),
    ]
    (place / "version.json").write_text(json.dumps(notes))
    (place / "models").mkdir()
    shutil.copy(place / "model.onnx", place / "models" / f"{OLDER.rpartition('/')[2]}.onnx")
    with serve(folder, key=KEY) as running:
        for name in ("ROBOFLOW_API_URL", "ROBOFLOW_INFERENCE_URL"):
            monkeypatch.setenv(name, running.url)
        monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
        yield running


def test_the_card_the_command_and_what_is_measured_are_of_one_model(serving):
    card = run("check", VERSION)
    assert f"vision-readiness check {VERSION} --hosted --model-id {BEST}" in " ".join(card.out.split())
    assert "93.0 %" in card.out

    said = run("check", VERSION, "--hosted", "--calls", 0).complaint
    assert "has 2 models" in said
    assert f"--model-id, or model_id=…: {BEST}, {OLDER}" in said
    assert not [seen for seen in serving.fake.requests if seen.method == "POST"]

    measured = run("check", VERSION, "--hosted", "--model-id", BEST, "--calls", 0, "--format", "json")
    assert measured.code != 2
    assert measured.report["subject"]["model"].startswith(f"{BEST}@")
    assert {seen.path for seen in serving.fake.requests if seen.method == "POST"} == {f"/{BEST}"}


def test_a_server_with_the_key_is_asked_for_the_same_model(serving):
    asked = ("--server", serving.url, "--send-key", "--model-id", BEST, "--calls", 0, "--format", "json")
    measured = run("check", VERSION, *asked)
    assert measured.report["subject"]["model"].startswith(f"{BEST}@")
    paths = {seen.path for seen in serving.fake.requests if seen.method == "POST"}
    assert paths == {"/model/add", "/infer/object_detection"}


def test_the_name_of_the_version_is_its_oldest_model_on_the_fake_as_on_the_service(serving):
    kept = serving.fake.service.shelf.kept[VERSION]
    assert kept.model_ids == (OLDER, BEST)
    assert (kept.model(), kept.model(BEST)) == (
        kept.folder / "models" / f"{OLDER.rpartition('/')[2]}.onnx", kept.folder / "model.onnx",
    )  # fmt: skip
