"""The public data sets, each checked once for all tests that look at the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.command_line import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPEC = Path(__file__).with_name("bccd.yaml")
CALLS = 60
"""Calls that are timed: the fewest that can show a p95 are 59."""


@dataclass(frozen=True)
class Checked:
    """One run of ``check``: how it exited, its report, and the evidence it kept."""

    code: int
    report: dict[str, Any]
    evidence: Path

    @property
    def codes(self) -> set[tuple[str, str]]:
        return {(one["code"], one["subject"]) for one in self.report["findings"]}

    def outcome(self, metric: str, label: str | None) -> str:
        (found,) = (
            one["outcome"]
            for one in self.report["requirements"]
            if (one["requirement"]["metric"], one["requirement"]["label"]) == (metric, label)
        )
        return found


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is remembered of images stays among the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISION_READINESS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def bccd(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checked]:
    """``check`` on bccd under ``bccd.yaml`` for one of its models, by name, run when it is first asked for."""
    kept: dict[str, Checked] = {}
    models = real_data / "bccd-models"

    def checked(name: str) -> Checked:
        if name not in kept:
            evidence = tmp_path_factory.mktemp("bccd") / f"{name}.zip"
            parent = ["--parent", models / "final.onnx"] if "int8" in name else []
            ran = run(
                "check",
                real_data / "bccd",
                "--model",
                models / f"{name}.onnx",
                "--trained-on=bccd/1",
                "--spec",
                SPEC,
                "--calls",
                CALLS,
                *parent,
                "--save-evidence",
                evidence,
                "--format=json",
            )
            kept[name] = Checked(ran.code, ran.report, evidence)
        return kept[name]

    return checked
