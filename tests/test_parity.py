"""The command line, Python, the service and kept evidence say the same of one folder, spec and model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import run
from tests.webhook.jobs_on_paper import JobsOnPaper
from vision_readiness import Advisor, Evidence, Policy
from vision_readiness_adapters.bundled_projects import BLOCKED, READY, bundled_workspace
from vision_readiness_adapters.disk_cache import DiskCache
from vision_readiness_adapters.this_machine import SystemClock
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.outbox import Outbox
from vision_readiness_webhook.registry import StaticRegistry, Workspace
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.reports import keep_evidence, newest_report
from vision_readiness_webhook.store.runs import Asked, change_run
from vision_readiness_webhook.work import Worker

FIXTURES = Path(__file__).parents[1] / "fixtures"
PROJECTS = sorted(str(folder.relative_to(FIXTURES)) for folder in FIXTURES.glob("acme/*/*"))

OWN = {"created_at", "seconds"}
"""What the provenance of a report tells of one run alone: when it was made, and how long each stage took."""

PATTERN = {"file_name_pattern": "event-(?P<batch>[a-d])", "conditions": {"batch": ["a", "b", "z"]}}


@pytest.fixture(autouse=True)
def _a_cache_for_all(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path_factory.getbasetemp() / "parity-cache"))


def workspace_of(folder: Path, to: Path, project: str) -> Path:
    """An offline workspace that holds nothing but a copy of ``folder`` as ``project``."""
    shutil.copytree(folder, to / "workspace" / project)
    return to / "workspace"


def on_the_command_line(root: Path, kept: Path) -> dict[str, Any]:
    return run("check", root, "--calls=0", "--format=json", "--save-evidence", kept).report


def from_kept_evidence(kept: Path, spec: Path) -> dict[str, Any]:
    return run("check", "--evidence", kept, "--format=json", *(["--spec", spec] if spec.exists() else [])).report


def in_python(root: Path, kept: Path) -> dict[str, Any]:
    advisor, evidence = Advisor.connect(str(root)), Evidence.from_bytes(kept.read_bytes())
    report = advisor.decide(evidence, spec=advisor.source.version().beside.get("spec"))
    plain: dict[str, Any] = json.loads(report.to_json())
    return plain


def in_the_service(root: Path, folder: Path, project: str, kept: Path | None) -> dict[str, Any]:
    """What the service says of the evidence in ``kept``, or of what it gathers itself."""
    workspace, name, number = project.split("/")
    database, jobs, clock = open_database(f"sqlite:///{folder / 'service.sqlite3'}"), JobsOnPaper(), SystemClock()
    served = Workspace(name=workspace, source=str(root), latency_calls=0)
    registry = StaticRegistry({workspace: served}, DiskCache(folder / "cache"))
    intake = Intake(database, jobs, clock)
    intake.start()
    accepted = intake.accept(Arrival(Asked(workspace, name, int(number), None, "scan")))
    intake.stop()
    if kept is not None:
        evidence = Evidence.from_bytes(kept.read_bytes())
        with database.write() as connection:
            keep_evidence(connection, evidence, workspace, clock.now().timestamp())
            change_run(connection, accepted.run_id, evidence_key=evidence.digest)
    Worker(database, registry, jobs, Outbox(database, registry, jobs, clock, {}), clock, Policy()).run(accepted.run_id)
    with database.read() as connection:
        last = newest_report(connection, workspace, name)
    database.close()
    assert last is not None
    plain: dict[str, Any] = json.loads(last.text)
    return plain


def told_everywhere(
    root: Path, folder: Path, project: str, *, gathered_twice: bool = False
) -> Mapping[str, dict[str, Any]]:
    """The report of each surface on one evidence, without what is its own; the service can gather it once more."""
    kept, spec = folder / "kept.evidence", root / project / "spec.yaml"
    told = {
        "command line": on_the_command_line(root, kept),
        "kept evidence": from_kept_evidence(kept, spec),
        "Python": in_python(root, kept),
        "service": in_the_service(root, folder, project, None if gathered_twice else kept),
    }
    for report in told.values():
        for key in OWN:
            del report["provenance"][key]
    return told


def assert_one_story(told: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    first, *others = told
    for other in others:
        assert told[other] == told[first], other
    return told[first]


@pytest.mark.parametrize("project", [READY, BLOCKED, *PROJECTS])
def test_a_project_is_judged_alike_everywhere(project: str, tmp_path: Path) -> None:
    folder = (bundled_workspace() if project in (READY, BLOCKED) else FIXTURES) / project
    assert_one_story(told_everywhere(workspace_of(folder, tmp_path, project), tmp_path, project))


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("data", "model"),
    [("bccd", "bccd-models/final_int8_static.onnx"), ("clothing", "clothing-model/classifier.onnx"), ("raccoon", None)],
)
def test_a_public_data_set_is_judged_alike_everywhere(
    real_data: Path, data: str, model: str | None, tmp_path: Path
) -> None:
    project = f"public/{data}/1"
    root = workspace_of(real_data / data, tmp_path, project)
    if model is not None:
        shutil.copy(real_data / model, root / project / "model.onnx")
    report = assert_one_story(told_everywhere(root, tmp_path, project))
    assert (report["subject"]["model"] is None) == (model is None)


def test_conditions_from_file_names_are_judged_everywhere(tmp_path: Path) -> None:
    root = workspace_of(bundled_workspace() / READY, tmp_path, READY)
    spec = root / READY / "spec.yaml"
    spec.write_text(yaml.safe_dump({**yaml.safe_load(spec.read_text()), **PATTERN}))
    report = assert_one_story(told_everywhere(root, tmp_path, READY, gathered_twice=True))
    coverage = report["figures"]["coverage"]
    assert {cell["level"] for cell in coverage if cell["condition"] == "batch"} == set("abcd")
