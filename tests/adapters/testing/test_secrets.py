"""The key is looked for in everything that a run against the fake wrote down."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import REPOSITORY
from tests.small_workspace import small_workspace
from vision_readiness_adapters.testing import Behaviour, ErrorShape, Fault, FaultKind, serve

KEY = "Zq9v+EryS3cret/Key_42"
"""With characters that are written otherwise in an address."""

SCRIPT = Path(__file__).with_name("everything_written.py")
WRONG = {
    "status": Fault(FaultKind.STATUS, status=400),
    "web-page": Fault(FaultKind.HTML),
    "reset": Fault(FaultKind.RESET),
    "stall": Fault(FaultKind.STALL, seconds=3),
    "truncated": Fault(FaultKind.TRUNCATED),
    "wrong-types": Fault(FaultKind.WRONG_TYPES),
    "redirect": Fault(FaultKind.REDIRECT),
    "too-many": Fault(FaultKind.STATUS, status=429, retry_after="600", shape=ErrorShape.OBJECT),
}
"""What befalls a workspace of that name, whenever it is asked for."""


def forms(key):
    """The key as it could stand in a file."""
    plain = {key, quote(key), quote(key, safe=""), base64.b64encode(key.encode()).decode()}
    return [form.encode() for form in plain]


def showing(folder):
    """The names of the files below ``folder`` that show the key."""
    held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return sorted({path.name for path, data in held.items() for form in forms(KEY) if form in data})


def ran(url, folder, *arguments):
    held = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"), str(folder / "home"))
    said = {
        "ROBOFLOW_API_URL": url,
        "ROBOFLOW_INFERENCE_URL": url,
        "ROBOFLOW_API_KEY": KEY,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")])),
    }
    (folder / "home").mkdir(exist_ok=True)
    command = [sys.executable, "-X", "dev", "-W", "ignore", str(SCRIPT), str(folder), *arguments]
    done = subprocess.run(  # noqa: S603 - our own words
        command, env={**held, **places, **said}, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    (folder / "outputs.txt").write_text(done.stdout + done.stderr)
    return done


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serve(small_workspace(tmp_path_factory.mktemp("workspace")), key=KEY) as serving:
        yield serving


@pytest.fixture(scope="module")
def whole(served, tmp_path_factory):
    """The folder that a whole run wrote to, and what it asked."""
    folder = tmp_path_factory.mktemp("whole")
    served.fake.reset()
    done = ran(served.url, folder)
    assert done.returncode == 0, done.stderr
    return folder, tuple(served.fake.requests)


def test_a_whole_run_writes_the_key_nowhere(whole):
    folder, _ = whole
    assert (folder / "all.log").stat().st_size > 10_000
    assert len(list((folder / "recorded").glob("*"))) > 30
    assert "dock-packages" in (folder / "check-json.txt").read_text()
    assert "event  done: 1 event" in (folder / "publish.txt").read_text()
    assert showing(folder) == []


def test_a_key_that_was_written_would_be_found(tmp_path):
    for number, form in enumerate(forms(KEY)):
        (tmp_path / str(number)).write_bytes(b"GET /acme?api_key=" + form + b"&nocache=true")
    assert len(showing(tmp_path)) == len(forms(KEY))


def test_the_key_was_in_the_address_of_inference_alone_and_went_to_no_link(whole):
    folder, asked = whole
    assert "dock-packages/3@" in (folder / "hosted.txt").read_text()
    assert {request.path for request in asked if "query" in request.key_in} == {"/dock-packages/3"}
    assert {place for request in asked for place in request.key_in} == {"header", "query"}
    linked = [request for request in asked if request.path.startswith(("/ds/", "/_store/"))]
    assert linked
    assert not any(request.key_in for request in linked)
    assert KEY not in repr(asked)


@pytest.fixture(scope="module")
def wrong(served, tmp_path_factory):
    """The folder that a run wrote to in which everything went wrong."""
    folder = tmp_path_factory.mktemp("wrong")
    served.fake.reset(
        Behaviour(faults=tuple(replace(fault, path=f"/{name}", times=None) for name, fault in WRONG.items()))
    )
    done = ran(served.url, folder, *WRONG)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_written_down(wrong, name):
    assert "Error" in (wrong / f"{name}.traceback").read_text()


def test_nothing_that_goes_wrong_shows_the_key(wrong):
    assert (wrong / "all.log").read_text().count("it failed") == len(WRONG)
    assert showing(wrong) == []


def test_a_key_that_the_service_repeats_is_not_shown(served, tmp_path):
    served.fake.reset()
    served.fake.keys = frozenset({"another"})
    try:
        ran(served.url, tmp_path, "repeated")
    finally:
        served.fake.keys = frozenset({KEY})
    assert "does not exist" in (tmp_path / "repeated.traceback").read_text()
    assert showing(tmp_path) == []
