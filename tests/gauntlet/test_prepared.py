"""Steps of a version that its exported images went through, and that the service would take once more."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace

import pytest

from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.connecting import connect
from vision_readiness_adapters.hosted_inference import HostedModel
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.spec_file import open_spec
from vision_readiness_adapters.testing import serve

KEY, PLACE = "a-key-of-a-test", "acme/dock-packages/3"
CROP = {"enabled": True, "x_min": "25", "x_max": "75", "y_min": "25", "y_max": "75"}


@pytest.fixture(scope="module")
def cropped(tmp_path_factory):
    """A workspace with the ready project, whose version says that its images were cropped before they were exported."""
    folder = tmp_path_factory.mktemp("cropped")
    shutil.copytree(bundled_workspace() / PLACE, folder / PLACE)
    notes = json.loads((folder / PLACE / "version.json").read_text())
    notes["version"]["preprocessing"]["static-crop"] = CROP
    (folder / PLACE / "version.json").write_text(json.dumps(notes))
    return folder


def judged(folder, model_of):
    """How many requirements came out how, for a model of the version."""
    advisor = connect(str(folder / PLACE))
    version = advisor.source.version()
    evidence = advisor.gather(version, model=model_of(version), calls=0)
    report = advisor.decide(evidence, spec=open_spec(str(folder / PLACE / "spec.yaml")))
    return Counter(str(one.outcome) for one in report.requirements if one.requirement.metric != "latency")


def test_a_step_is_taken_once_so_the_hosted_model_is_judged_as_its_weights_are(cropped):
    here = judged(cropped, lambda version: open_onnx(str(cropped / PLACE / "model.onnx"), version=version))
    with serve(cropped, key=KEY) as serving:
        hosted = {"url": serving.url, "api_key": KEY}
        once = judged(cropped, lambda version: HostedModel("dock-packages/3", version=version, **hosted))
        twice = judged(
            cropped, lambda version: HostedModel("dock-packages/3", version=replace(version, prepared=()), **hosted)
        )
    assert once == here
    assert (once["pass"], once["fail"], twice["pass"], twice["fail"]) == (30, 0, 0, 30)
