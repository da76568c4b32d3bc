import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.apart import apart
from vision_readiness_adapters.bundled_projects import BLOCKED, READY, bundled_workspace

EXAMPLES = Path(__file__).parents[1] / "examples"
SAYS = {
    "01_check_an_export.py": "[READY]",
    "02_spec_in_python.py": "approved_by: Neha Kapoor",
    "03_decide_again_from_evidence.py": "as agreed:",
    "04_fail_the_release.py": "The release stops:",
    "05_your_own_model_port.py": "Found 60 of 60 `lamp`",
    "07_tell_slack.py": "It was ready before.",
    "06_in_your_own_app.py": "The run succeeded: http://127.0.0.1:8000/readiness/runs/",
}


def test_every_example_is_run():
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_an_example_runs_and_says_what_it_is_about(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.argv", [name])
    apart(lambda: runpy.run_path(str(EXAMPLES / name), run_name="__main__"))
    assert SAYS[name].lower() in capsys.readouterr().out.lower()


@pytest.mark.parametrize(("version", "code", "deployable"), [(READY, 0, "true"), (BLOCKED, 1, "false")])
def test_the_github_action_fails_on_what_is_not_deployable(version, code, deployable, tmp_path):
    action = yaml.safe_load((EXAMPLES / "github-action" / "action.yml").read_text("utf-8"))
    check = action["runs"]["steps"][-1]
    named = dict.fromkeys(check["env"], "") | {"SOURCE": str(bundled_workspace() / version)}
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {**os.environ, **named, **files, "PATH": path, "VISION_READINESS_CACHE": str(tmp_path / "cache")}
    ran = subprocess.run(["bash", "-e", "-c", check["run"]], env=known, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own script
    assert ran.returncode == code, ran.stderr
    told = dict(line.split("=", 1) for line in Path(files["GITHUB_OUTPUT"]).read_text("utf-8").splitlines())
    assert told["deployable"] == deployable
    assert set(action["outputs"]) <= set(told)
