"""What pyproject promises: the extras, and the Python versions that the workflow tries."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DEVELOPMENT = {"lint", "test", "testing"}
BRING_OPENCV = {"roboflow", "supervision"}


def parts(requirement):
    """The extras of our own that a requirement asks for."""
    name, _, rest = requirement.partition("[")
    return set(rest.rstrip("]").split(",")) if name == PROJECT["name"] else set()


def test_all_brings_every_extra_but_those_that_bring_opencv():
    (everything,) = EXTRAS["all"]
    assert parts(everything) == set(EXTRAS) - DEVELOPMENT - BRING_OPENCV - {"all"}


def test_an_extra_of_our_own_is_there():
    asked = {part for requirements in EXTRAS.values() for one in requirements for part in parts(one)}
    assert asked <= set(EXTRAS)


def test_the_workflow_runs_what_ci_runs_on_every_python_we_promise():
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]["run"]
    promised = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if "Python :: 3." in one]
    assert job["strategy"]["matrix"]["python"] == promised
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
