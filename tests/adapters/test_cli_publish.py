import json

import pytest

from tests.adapters.testing.hasty import KEY
from tests.adapters.write_back.worlds import captured, everything, report_on
from tests.command_line import run
from tests.sdk.decide.cases import gathered
from tests.small_workspace import small_workspace
from vision_readiness_adapters.testing import Behaviour, Fault, FaultKind, serve


@pytest.fixture(scope="module")
def _small(tmp_path_factory):
    with serve(small_workspace(tmp_path_factory.mktemp("small")), key=KEY) as serving:
        yield serving


@pytest.fixture
def fake(_small, monkeypatch, tmp_path):
    _small.fake.reset(Behaviour(task_answers=0))
    monkeypatch.setenv("ROBOFLOW_API_URL", _small.url)
    monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    return _small.fake


@pytest.fixture
def report(fake, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(report_on(fake.service).to_json())
    captured(tmp_path / "captured")
    return path


def test_without_apply_it_is_shown_and_no_call_is_made(fake, report, tmp_path):
    before = everything(fake)
    ran = run("publish", report, "--reviewer", "neha@acme.example", "--edge-cases", tmp_path / "captured")
    assert ran.code == 0
    for part, counted in {"event": "1 event", "tags": "5 images", "upload": "3 images", "job": "1 job"}.items():
        assert f"{part:<7}planned: {counted}, at most" in ran.out
    assert "Nothing was written. Add --apply to write it." in ran.err
    assert fake.requests == []
    assert everything(fake) == before


def test_applied_twice_the_second_time_finds_all_of_it(fake, report, tmp_path):
    options = ["--apply", "--labeler", "ada@acme.example", "--reviewer", "neha@acme.example", "--batch", "night"]
    for state in ("done", "already there"):
        ran = run("publish", report, *options, "--edge-cases", tmp_path / "captured", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        assert {row["state"] for row in ran.report["steps"]} == {state}
        assert KEY not in ran.out
    assert [row["batch"] for row in fake.service.state.uploads.values()] == ["night"] * 3


def test_only_the_parts_that_are_named_are_written(fake, report):
    ran = run("publish", report, "--apply", "--only", "event", "--report-url", "https://reports.example/1")
    assert ran.code == 0
    assert fake.service.state.events[0]["customMetadata"]["url"] == "https://reports.example/1"
    assert not fake.service.state.tags


def test_what_fails_is_shown_and_ends_in_one_line_and_exit_code_2(fake, report):
    fault = Fault(FaultKind.STATUS, "/vision-events*", status=403, times=None)
    fake.behaviour = Behaviour(task_answers=0, faults=(fault,))
    ran = run("publish", report, "--apply")
    assert "event  failed: 1 event" in ran.out
    assert "tags   done: 5 images" in ran.out
    assert "1 step of 2 could not be written whole" in ran.complaint
    assert "run it again to do the rest" in ran.complaint
    assert KEY not in ran.out + ran.err


def test_kept_evidence_is_decided_first(fake, tmp_path):
    (tmp_path / "kept.zip").write_bytes(gathered(test=30, valid=20, train=20).to_bytes())
    ran = run("publish", tmp_path / "kept.zip", "--only", "event")
    assert "No --spec was given, so one is assumed from the evidence." in ran.err
    assert "to acme/" in ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "job", "--batch", "b"], "an annotation job needs people: give --reviewer"),
        (["--labeler", "ada@acme.example"], "an annotation job needs people: give --reviewer"),
        (["--reviewer", "neha@acme.example"], "name it with --batch, or give --edge-cases"),
        (["--only", "everything"], "'everything' cannot be written back"),
        (["--edge-cases", "nowhere"], "nowhere cannot be read"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_written(fake, report, options, said):
    assert said in run("publish", report, "--apply", *options).complaint
    assert fake.requests == []


def test_a_file_that_is_no_report_is_one_line(fake, tmp_path):
    for name, text in {"list.json": "[]", "words.json": "words", "other.json": "{}"}.items():
        (tmp_path / name).write_text(text)
        assert "is not a report" in run("publish", tmp_path / name).complaint
    assert "cannot be read" in run("publish", tmp_path / "absent.json").complaint


def test_a_report_without_an_image_says_what_it_leaves_out(fake, report):
    plain = json.loads(report.read_text()) | {"findings": [], "errors": {}}
    report.write_text(json.dumps(plain))
    ran = run("publish", report, "--only", "tags", "--apply")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "There is nothing to write.")
    assert "Left out tags: the report names no image." in ran.err
