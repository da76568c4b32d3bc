import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SAYS = {
    "01_check_an_export.py": "[READY]",
    "02_spec_in_python.py": "approved_by: Neha Kapoor",
    "03_decide_again_from_evidence.py": "as agreed:",
    "04_fail_the_release.py": "The release stops:",
    "05_your_own_model_port.py": "Found 60 of 60 `lamp`",
    "06_in_your_own_app.py": "The run succeeded: http://127.0.0.1:8000/readiness/runs/",
}


def test_every_example_is_run():
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_an_example_runs_and_says_what_it_is_about(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.argv", [name])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert SAYS[name].lower() in capsys.readouterr().out.lower()
