"""A version read from the fake Roboflow, judged as the same version in its folder is."""

from __future__ import annotations

import pytest

from tests.adapters.testing.hasty import KEY, talking
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from vision_readiness.advisor import Advisor
from vision_readiness.project import VersionId
from vision_readiness.testing import SilentProgress, StillClock
from vision_readiness_adapters.export_download import ExportStore
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.roboflow_source import RoboflowSource
from vision_readiness_adapters.testing import Behaviour, serve

QUIRKS = {
    "as it is": Behaviour(),
    "nested, numbers as numbers, no length": Behaviour(
        nested_versions=True, numbers_as_text=False, content_length=False, ranges=False
    ),
    "generated and built while we wait": Behaviour(generating_answers=3, export_answers=3),
    "without plan": Behaviour(evaluations_status=402, health_shape="published"),
    "with results": Behaviour(training_results=True),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = small_workspace(tmp_path_factory.mktemp("workspace"), images=12)
    with serve(folder, key=KEY) as serving:
        yield serving, folder / WORKSPACE / PROJECT / str(NUMBER)


def judged(source, model):
    advisor = Advisor(source, StillClock(), SilentProgress())
    version = source.version()
    return advisor.decide(advisor.gather(version, model=open_onnx(model, version=version), calls=0))


def told(report):
    """The report without what is known of where it comes from."""
    plain = report.to_dict()
    return {name: value for name, value in plain.items() if name != "provenance"}


@pytest.mark.parametrize("name", QUIRKS)
def test_the_report_is_that_of_the_folder_whatever_the_quirks(served, tmp_path, name):
    serving, folder = served
    serving.fake.reset(QUIRKS[name])
    model = folder / "model.onnx"
    with talking(serving.url) as client:
        source = RoboflowSource(client, ExportStore(tmp_path), VersionId(WORKSPACE, PROJECT, NUMBER))
        over_the_wire = judged(source, model)
    assert told(over_the_wire) == told(judged(ExportFolder(folder), model))
