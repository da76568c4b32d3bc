"""The official ``roboflow`` SDK against the fake, over a real socket: the second judge of its faithfulness."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.testing import Behaviour, serve

KEY, OFFICIAL_KEY = "ours-42", "theirs-43"
SCRIPT = Path(__file__).with_name("official_sdk.py")

pytestmark = pytest.mark.skipif(find_spec("roboflow") is None, reason="the official SDK is not installed")


def environment(url, home):
    hosts = ("API_URL", "APP_URL", "OBJECT_DETECTION_URL", "INSTANCE_SEGMENTATION_URL", "SERVERLESS_URL")
    held = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**held, **dict.fromkeys(hosts, url), "HOME": str(home), "TQDM_DISABLE": "1", "MPLCONFIGDIR": str(home)}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the SDK saw, the folder it wrote to, and what the fake holds and was asked."""
    folder = tmp_path_factory.mktemp("official")
    from vision_readiness_adapters.testing import FakeRoboflow

    fake = FakeRoboflow(bundled_workspace(), Behaviour(export_answers=1), keys=[KEY, OFFICIAL_KEY])
    with serve(fake) as serving:
        command = [
            sys.executable,
            "-W",
            "ignore",
            str(SCRIPT),
            OFFICIAL_KEY,
            "dock-packages",
            "3",
            str(folder),
            "coco",
            "yolov8",
        ]
        ran = subprocess.run(  # noqa: S603 - our own words
            command, env=environment(serving.url, folder), capture_output=True, text=True, check=False, timeout=120
        )
    assert ran.returncode == 0, ran.stderr
    return json.loads((folder / "seen.json").read_text()), folder, fake


def test_the_sdk_lists_the_projects_and_versions(seen):
    told, _, fake = seen
    assert told["projects"] == ["acme/dock-packages", "acme/yard-safety"]
    assert told["versions"] == ["acme/dock-packages/3"]
    assert told["splits"] == {"train": 160, "valid": 70, "test": 140}
    assert set(told["classes"]) == set(fake.service.shelf.version("acme", "dock-packages", 3).held.dataset.classes)


@pytest.mark.parametrize("format_", ["coco", "yolov8"])
def test_what_the_sdk_downloads_is_the_data_set_that_the_folder_holds(seen, format_):
    told, _, fake = seen
    read = ExportFolder(told["downloads"][format_]).version().dataset
    held = fake.service.shelf.version("acme", "dock-packages", 3).held.dataset
    assert (read.classes, len(read.images)) == (held.classes, 370)
    assert np.allclose(read.objects.box, held.objects.box, atol=0.01)


def test_the_sdk_gets_answers_from_the_model_and_its_evaluation(seen):
    told, _, _ = seen
    assert told["model"] == "acme/dock-packages-3-onnx-t1"
    assert told["predictions"] > 0
    assert 0.5 < told["map50"] <= 1


def test_the_sdk_searches_uploads_and_writes(seen):
    told, _, _ = seen
    assert (told["images"], told["health"]) == (370, 370)
    assert told["uploads"][0] == told["uploads"][1]
    assert "b" in told["batches"]
    assert told["event"] == {"eventId": "e1", "created": True}


def test_the_objects_of_the_sdk_name_their_versions(seen):
    told, _, _ = seen
    assert told["named"] == ["acme/dock-packages", "acme/dock-packages/3"]


def test_the_sdk_puts_its_key_into_addresses_and_the_fake_shows_it_nowhere(seen):
    _, _, fake = seen
    assert any("query" in request.key_in for request in fake.requests)
    assert OFFICIAL_KEY not in repr(fake.requests)
