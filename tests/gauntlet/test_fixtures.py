"""Every offline project, and every change to one that ``fixtures/cases.yaml`` names, is judged as written there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY
from vision_readiness.advisor import Advisor
from vision_readiness.readiness import ReadinessState, Stage
from vision_readiness.reasons import CHECKS
from vision_readiness.report import Report

FIXTURES = REPOSITORY / "fixtures"
CASES: list[dict[str, Any]] = yaml.safe_load((FIXTURES / "cases.yaml").read_text(encoding="utf-8"))
CALLS = 80
"""Calls that are timed: the fewest that can show a p95 are 59."""
MACHINE = "TARGET504"
"""What a busy machine may or may not show."""
UNWRITTEN = {check.reason.code for check in CHECKS if check.reason.unit == "paragraphs"}
"""What a spec may leave out without losing anything but a line of the checklist."""


def judged(case: dict[str, Any], cache: Path, patch: pytest.MonkeyPatch) -> Report:
    patch.setenv("VISION_READINESS_CACHE", str(cache))
    files = {kind: str(FIXTURES / case[kind]) for kind in ("model", "predictions", "parent", "latency") if kind in case}
    settings = FIXTURES / case["settings"] if "settings" in case else None
    return Advisor.connect(str(FIXTURES / case["project"])).readiness(
        spec=str(FIXTURES / case["spec"]) if "spec" in case else None,
        calls=case.get("calls", CALLS),
        train_images=case.get("train_images", 0),
        model_options={"classes": case.get("classes"), "sidecar": settings},
        **files,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_is_judged_as_written(case, tmp_path_factory, monkeypatch):
    report = judged(case, tmp_path_factory.getbasetemp() / "fixtures-cache", monkeypatch)
    found = {one.code for one in report.findings} | {one.code for one in report.requirements if one.code}
    if "latency" not in case:
        found.discard(MACHINE)
    found -= set() if case.get("whole") else UNWRITTEN
    blocked_by = None if report.blocked_by is None else str(report.blocked_by)
    assert (str(report.readiness_state), blocked_by) == (case["state"], case.get("blocked_by"))
    assert sorted(found) == case["codes"]
    assert [stage.stage for stage in report.stages] == list(Stage)


def test_the_cases_end_in_every_state():
    assert {case["state"] for case in CASES} == set(ReadinessState)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.reason.code)
def test_without_a_check_some_case_would_come_out_otherwise(check):
    assert any(check.reason.code in case["codes"] for case in CASES)


def test_the_fixtures_are_small():
    bundled = REPOSITORY / "adapters" / "vision_readiness_adapters" / "bundled"
    size = sum(path.stat().st_size for root in (FIXTURES, bundled) for path in root.rglob("*") if path.is_file())
    assert size < 15e6
