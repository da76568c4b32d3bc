"""The wheel, built from the tree and used with the source gone."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import jsonschema
import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[1]
PACKAGES = {"vision_readiness", "vision_readiness_adapters", "vision_readiness_webhook"}
BUNDLED = "vision_readiness_adapters/bundled/acme"


def call(*words, cwd, check=True):
    """A program in an environment that knows nothing of the source."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    environment["VISION_READINESS_CACHE"] = str(cwd / "cache")
    ran = subprocess.run(  # noqa: S603 - our own words
        list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert not check or ran.returncode == 0, f"{words}\n{ran.stdout}\n{ran.stderr}"
    return ran


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if not name.endswith("/")]


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A folder with an environment in it that holds the wheel and what it needs to run a model, and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere")
    call(sys.executable, "-m", "venv", "--without-pip", folder / "env", cwd=folder)
    pip = (sys.executable, "-m", "pip", "--python", folder / "env" / "bin" / "python", "--disable-pip-version-check")
    pins = ("--quiet", "--constraint", ROOT / "constraints.txt")
    asked = call(
        *pip, "install", *pins, "--dry-run", "--no-deps", "--retries", "0", "iniconfig", cwd=folder, check=False
    )
    if asked.returncode:
        pytest.skip("no package index answers here")
    call(*pip, "install", *pins, f"{wheel}[onnx]", cwd=folder)
    return folder


def test_it_holds_the_three_packages_and_nothing_beside_them(names):
    tops = {PurePosixPath(name).parts[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_it_is_no_larger_than_four_megabytes(wheel):
    assert wheel.stat().st_size <= 4_000_000


def test_every_package_is_typed(names):
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)


def test_it_holds_every_file_that_the_source_does(names):
    folders = [folder for folder in (ROOT / "sdk", ROOT / "adapters", ROOT / "webhook") if folder.is_dir()]
    source = {
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert source == {name for name in names if ".dist-info" not in name}


def test_it_holds_what_the_demo_and_the_page_need(names):
    assert {f"{BUNDLED}/{name}/model.onnx" for name in ("dock-packages/3", "yard-safety/5")} <= set(names)
    assert {"j2", "css"} <= {name.rsplit(".", 1)[-1] for name in names if "/render/templates/" in name}


def test_tests_fixtures_and_caches_stay_at_home(names):
    assert not [name for name in names if {"tests", "fixtures", "__pycache__"} & set(PurePosixPath(name).parts)]


def test_the_packages_are_imported_from_where_they_were_installed(elsewhere):
    code = f"import {', '.join(sorted(PACKAGES))}; print(vision_readiness.__file__)"
    ran = call(elsewhere / "env" / "bin" / "python", "-c", code, cwd=elsewhere)
    assert Path(ran.stdout.strip()).is_relative_to(elsewhere / "env")


def test_the_demo_runs(elsewhere):
    ran = call(elsewhere / "env" / "bin" / "vision-readiness", "demo", cwd=elsewhere)
    assert "[READY]" in ran.stdout
    assert "[BLOCKED]" in ran.stdout
    assert "Traceback" not in ran.stderr
    assert (elsewhere / "readiness.html").read_text("utf-8").startswith("<!")


def test_a_check_writes_a_report_that_the_published_schema_accepts(elsewhere):
    (site,) = (elsewhere / "env" / "lib").glob("python3.*/site-packages")
    project = site / BUNDLED / "dock-packages" / "3"
    ran = call(elsewhere / "env" / "bin" / "vision-readiness", "check", project, "--format", "json", cwd=elsewhere)
    report = json.loads(ran.stdout)
    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8")))
    assert report["deployable"] is True


def test_a_missing_extra_is_one_line(wheel, tmp_path_factory, elsewhere):
    folder = tmp_path_factory.mktemp("bare")
    code = "import sys; sys.modules['onnxruntime'] = None; from vision_readiness_adapters.cli import main; main()"
    (site,) = (elsewhere / "env" / "lib").glob("python3.*/site-packages")
    project = site / BUNDLED / "dock-packages" / "3"
    ran = call(elsewhere / "env" / "bin" / "python", "-c", code, "check", project, cwd=folder, check=False)
    assert ran.returncode == 2
    assert "vision-readiness[onnx]" in ran.stderr
    assert "Traceback" not in ran.stderr
