import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import version as installed_version
from xml.etree import ElementTree as ET

import jsonschema
import numpy as np
import pytest

from tests.adapters.test_onnx_model import patches
from tests.command_line import run
from tests.small_export import perfect_answers, small_export
from vision_readiness.advisor import Advisor
from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.predict.run import predict_dataset
from vision_readiness.report import report_schema
from vision_readiness_adapters.latency_file import save_latency
from vision_readiness_adapters.onnx_model import open_onnx

SPEC = """\
project: cells
approved_by: Neha Kapoor
classes:
  red: {min_recall: 0.8, min_precision: 0.8}
  green: {min_recall: 0.8, min_precision: 0.8}
deployment_target: {device: dock-pc, p95_ms: 100}
monitoring: {required: true, in_place: dashboard}
fallback: {on_low_confidence: human_review}
rollback_owner: neha@acme.example
"""


class Place:
    """An export with all that a sound deployment has, and variations of it."""

    def __init__(self, folder):
        self.folder = folder
        self.export = small_export(folder / "cells", train=100, valid=30, test=60, pale=2)
        self.model = patches(folder / "cells.onnx")
        self.spec = self.write("spec.yaml", SPEC)
        self.latency = folder / "latency.json"
        self.timed(0.01, self.latency)
        self.evidence = folder / "evidence.zip"
        self.given = ["--trained-on=cells", "--latency", self.latency]
        run("check", self.export, "--model", self.model, *self.given, "--save-evidence", self.evidence)

    def timed(self, seconds, path):
        """Times of the model on the dock's device, every call alike."""
        artefact = hashlib.sha256(self.model.read_bytes()).hexdigest()
        save_latency(LatencyFacts("dock-pc", artefact, np.full(300, seconds), {}, 10, 0), path)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def checked(self, *more, spec=None):
        return run("check", "--evidence", self.evidence, "--spec", spec or self.spec, *more)

    def spec_with(self, name, old, new):
        assert old in SPEC
        return self.write(name, SPEC.replace(old, new))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISION_READINESS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield Place(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def states(place):
    """A spec for each state that the same evidence can come to, with the exit code it has by default."""
    return {
        "ready": (place.spec, 0),
        "warning": (place.spec_with("unsigned.yaml", "approved_by: Neha Kapoor", "approved_by: null"), 0),
        "monitor_required": (place.spec_with("unwatched.yaml", ", in_place: dashboard", ""), 0),
        "blocked": (place.spec_with("fast.yaml", "p95_ms: 100", "p95_ms: 5"), 1),
        "not proven": (place.spec_with("strict.yaml", "red: {min_recall: 0.8", "red: {min_recall: 0.96"), 3),
    }


def test_each_state_has_its_exit_code(place, states):
    for state, (spec, code) in states.items():
        ran = place.checked("--format=json", spec=spec)
        assert (state, ran.code) == (state, code)
        assert ran.report["readiness_state"] == {"not proven": "blocked"}.get(state, state)


@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [
        ("warning", [0, 1, 1, 1, 3]),
        ("monitor_required", [0, 0, 1, 1, 3]),
        ("retrain_required", [0, 0, 0, 1, 3]),
        ("blocked", [0, 0, 0, 1, 3]),
        ("never", [0, 0, 0, 0, 0]),
    ],
)
def test_fail_on_says_from_which_state_the_command_fails(place, states, fail_on, codes):
    assert [place.checked("--fail-on", fail_on, spec=spec).code for spec, _ in states.values()] == codes


def test_a_retrain_fails_unless_only_blocked_does(place, tmp_path):
    small_export(tmp_path / "acme" / "cells" / "3", train=100, valid=30, test=60, pale=35)
    older = ["--model", place.model, "--trained-on=acme/cells/2", "--latency", place.latency]
    given = [*older, "--spec", place.spec_with("acme.yaml", "project: cells", "project: acme/cells")]
    ran = run("check", tmp_path, *given, "--format=json")
    assert (ran.code, ran.report["readiness_state"]) == (1, "retrain_required")
    assert ran.report["next_action"]["action"] == "retrain"
    assert ran.report["subject"]["version"] == 3
    assert run("check", tmp_path, *given, "--fail-on=blocked").code == 0


def test_json_is_the_report_and_fits_the_schema(place):
    ran = place.checked("--format=json")
    jsonschema.validate(ran.report, report_schema())
    assert ran.report["readiness_state"] == "ready"


def test_text_is_the_card_without_colours_where_nobody_watches(place):
    out = place.checked().out
    assert out.startswith("[READY]")
    assert "\x1b" not in out


def test_html_is_one_page_with_pictures_unless_they_are_kept_out(place):
    page = place.checked("--format=html").out
    assert page.lstrip().startswith("<!doctype html>")
    source = [place.export, "--model", place.model, *place.given, "--spec", place.spec, "--format=html"]
    assert "data:image" in run("check", *source).out
    assert "data:image" not in run("check", *source, "--no-images").out
    assert "data:image" not in page


def test_pictures_come_from_the_source_beside_kept_evidence(place):
    ran = run("check", place.export, "--evidence", place.evidence, "--spec", place.spec, "--format=html")
    assert "data:image" in ran.out


def test_markdown_and_junit_say_the_state(place, states):
    assert "Ready" in place.checked("--format=markdown").out
    suite = ET.fromstring(place.checked("--format=junit", spec=states["blocked"][0]).out)  # noqa: S314 - our own
    assert suite.findall(".//failure")


def test_github_writes_annotations_a_summary_and_outputs(place, states, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output.txt"))
    (tmp_path / "output.txt").write_text("before=1\n")
    ran = place.checked("--format=github", spec=states["blocked"][0])
    assert ran.code == 1
    assert "::error" in ran.out
    assert "too slow" in (tmp_path / "summary.md").read_text()
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output.txt").read_text().splitlines())
    assert outputs["before"] == "1"
    assert "blocked" in outputs.values()


def test_a_summary_that_cannot_be_written_is_one_line(place, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary.md"))
    assert "GITHUB_STEP_SUMMARY" in place.checked("--format=github").complaint


def test_without_a_spec_a_perfect_model_is_at_best_a_warning(place):
    ran = run("check", place.export, "--model", place.model, "--trained-on=cells", "--calls=60", "--format=json")
    assert (ran.code, ran.report["readiness_state"]) == (0, "warning")
    assert {one["outcome"] for one in ran.report["requirements"]} == {"pass"}
    assert {one["code"] for one in ran.report["findings"] if one["severity"] == "P1"} == {"SPEC701"}


def test_output_goes_to_a_file_and_the_headline_to_the_person(place, tmp_path):
    ran = place.checked("--format=json", "-o", tmp_path / "r.json")
    assert ran.out == ""
    assert "ready: Ready for dock-pc." in ran.err
    assert json.loads((tmp_path / "r.json").read_text())["readiness_state"] == "ready"


def test_another_target_is_not_the_one_it_was_timed_on(place):
    ran = place.checked("--target=jetson", "--format=json")
    assert ran.code == 3
    (budget,) = (one for one in ran.report["requirements"] if one["requirement"]["metric"] == "p95_ms")
    assert (budget["code"], budget["outcome"]) == ("TARGET503", "inconclusive")
    assert ran.report["next_action"]["action"] == "measure_on_target"
    assert ran.report["rollout"]["target"]["device"] == "jetson"


def test_latency_comes_from_the_device_it_was_taken_on(place, tmp_path):
    slow = tmp_path / "slow.json"
    place.timed(0.2, slow)
    source = [place.export, "--model", place.model, "--trained-on=cells", "--spec", place.spec]
    ran = run("check", *source, "--latency", slow, "--format=json")
    assert (ran.code, ran.report["expected_runtime"]["p95_ms"]["value"]) == (1, 200.0)
    assert "TARGET501" in {one["code"] for one in ran.report["requirements"]}


def test_nothing_is_timed_when_no_call_is_asked_for(place):
    ran = run("check", place.export, "--model", place.model, "--spec", place.spec, "--calls=0", "--format=json")
    assert ran.report["expected_runtime"] is None
    assert "benchmark" not in ran.report["provenance"]["seconds"]


PARTS = (("figures", "classes"), ("errors", "confusion"), ("figures", "coverage"), ("scores", "thresholds"))


def test_predictions_give_the_figures_of_the_model_that_gave_them(place):
    advisor = Advisor.connect(str(place.export))
    version = advisor.source.version()
    dataset = version.dataset
    rows = dataset.images.of("valid", "test").nonzero()[0]
    given = predict_dataset(
        open_onnx(place.model, version=version), dataset, advisor.source.images, rows, advisor.progress
    ).predictions
    answers = [
        {
            "image_id": dataset.images.key[image],
            "category_id": dataset.classes[label],
            "score": score,
            "bbox": [x, y, right - x, bottom - y],
        }
        for image, label, score, (x, y, right, bottom) in zip(
            given.image, given.label.tolist(), given.score.tolist(), given.box.tolist(), strict=True
        )
    ]
    path = place.write("answers.json", json.dumps(answers))
    common = [*place.given, "--spec", place.spec, "--format=json"]
    model = run("check", place.export, "--model", place.model, *common)
    file = run("check", place.export, "--predictions", path, *common)
    assert 0 < model.report["figures"]["classes"][0]["recall"]["value"] < 1
    for part, key in PARTS:
        assert file.report[part][key] == model.report[part][key], key


def test_answers_are_the_same_however_their_rows_are_ordered(place):
    rows = perfect_answers(place.export)
    first = place.write("rows.json", json.dumps(rows))
    again = place.write(
        "rows-again.json", json.dumps([rows[n] for n in np.random.default_rng(0).permutation(len(rows))])
    )
    reports = [run("check", place.export, "--predictions", path, "--format=json").report for path in (first, again)]
    for part, key in PARTS:
        assert reports[0][part][key] == reports[1][part][key], key
    assert reports[0]["requirements"] == reports[1]["requirements"]


def test_waivers_are_taken_from_a_file_and_printed(place, tmp_path, states):
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "[{code: TARGET501, subject: p95_ms, person: Neha Kapoor, reason: one camera, expires: 2999-01-01}]"
    )
    ran = place.checked("--waivers", waivers, "--format=json", spec=states["blocked"][0])
    assert (ran.code, ran.report["readiness_state"]) == (0, "warning")
    assert [one["waiver"]["person"] for one in ran.report["waived"]] == ["Neha Kapoor"]
    text = place.checked("--waivers", waivers, spec=states["blocked"][0]).out
    assert "Neha Kapoor accepted a risk" in text


def test_a_file_name_pattern_makes_conditions(place, tmp_path):
    pattern = r"test(?P<belt>\d)"
    ran = run(
        "check", place.export, "--file-name-pattern", pattern, "--model", place.model, "--calls=0", "--format=json"
    )
    cells = [one for one in ran.report["figures"]["coverage"] if one["condition"] == "belt"]
    assert {one["level"] for one in cells} == set("0123456789")
    assert "conditions.belt" in ran.report["assumptions"]


def test_explain_takes_a_code_or_a_name():
    by_code, by_name = run("explain", "split302"), run("explain", "source-in-two-splits")
    assert by_code.code == by_name.code == 0
    assert by_code.out == by_name.out
    assert by_code.out.startswith("SPLIT302 source-in-two-splits (P0)")
    assert "cannot be waived" in by_code.out
    assert "Fix (fix_dataset): Split by source image" in by_code.out
    assert "Counts against the dataset." in by_code.out
    assert "Until it is mended these mean nothing: MODEL402, DATA109, SPLIT303." in by_code.out
    assert "Needs a model or its predictions" in run("explain", "MODEL405").out


def test_spec_writes_what_would_be_assumed_and_signing_it_lifts_the_cap(place, tmp_path):
    ran = run("spec", place.export, "-o", tmp_path / "spec.yaml")
    assert ran.code == 0
    text = (tmp_path / "spec.yaml").read_text()
    assert text.count("# assumed: because") == 3
    assumed = run("check", "--evidence", place.evidence, "--format=json").report
    written = run("check", "--evidence", place.evidence, "--spec", tmp_path / "spec.yaml", "--format=json").report
    assert written["requirements"] == assumed["requirements"]
    assert written["assumptions"] == assumed["assumptions"]
    said = run("check", "--evidence", place.evidence, "--spec", tmp_path / "spec.yaml").out
    assert "5 of 5 requirements are assumed" in " ".join(said.split())
    signed = text.replace("approved_by: null", "approved_by: Neha").replace("device: this-machine", "device: dock-pc")
    (tmp_path / "spec.yaml").write_text(signed)
    lifted = run("check", "--evidence", place.evidence, "--spec", tmp_path / "spec.yaml", "--format=json")
    assert (lifted.code, lifted.report["readiness_state"]) == (0, "ready")


def test_spec_says_what_it_cannot_know_of_classes_nobody_labelled(place):
    ran = run("spec", place.export, "--model", place.model)
    assert "red" in ran.out
    assert ran.out.startswith("# Until approved_by")


def test_scan_counts_and_finds(place, tmp_path):
    ran = run("scan", place.export)
    assert ran.code == 0
    assert "`red`" in ran.out
    found = json.loads(run("scan", place.export, "--format=json").out)
    assert {row["split"]: row["objects"]["red"] for row in found["data"]["splits"]} == {
        "train": 200,
        "valid": 60,
        "test": 120,
    }
    leaky = small_export(tmp_path / "leaky")
    copied = next((leaky / "train").glob("*.png"))
    (victim,) = (path for path in (leaky / "test").glob("test0*"))
    victim.write_bytes(copied.read_bytes())
    ran = run("scan", leaky)
    assert ran.code == 1
    assert "P0 SPLIT302" in ran.out


def test_scan_looks_at_no_model_that_lies_beside_the_data(tmp_path):
    export = small_export(tmp_path / "cells")
    (export / "model.onnx").write_bytes(b"no model")
    assert run("scan", export).code == 0
    assert "cannot be opened" in run("check", export).complaint


def test_what_lies_beside_the_data_is_used(place, tmp_path):
    export = small_export(tmp_path / "cells", test=5)
    (export / "model.onnx").write_bytes(place.model.read_bytes())
    (export / "spec.yaml").write_text(SPEC)
    ran = run("check", export, "--calls=0", "--format=json")
    assert ran.report["subject"]["model"].startswith("model.onnx@")
    assert ran.report["assumptions"] == {}


def test_evaluate_shows_each_class(place):
    ran = run("evaluate", place.export, "--model", place.model)
    assert ran.code == 0
    assert "`green`" in ran.out
    assert "slices of the test images were tried" in ran.out
    found = json.loads(run("evaluate", place.export, "--model", place.model, "--format=json").out)
    assert found["figures"]["classes"][1]["recall"]["value"] == 1.0
    assert found["figures"]["classes"][0]["recall"]["hits"] == 116
    assert found["errors"]["weak_slices"]["tried"] > 0


def test_evaluate_gives_every_figure_in_every_slice_and_all_scores_on_request(place):
    asked = ("evaluate", place.export, "--model", place.model, "--slices")
    assert "AP75" in run(*asked).out
    found = json.loads(run(*asked, "--format=json").out)
    whole = {row["label"]: row for row in found["slices"] if row["level"] == "all"}
    for one in found["figures"]["classes"]:
        row = whole[one["label"]]
        assert (row["ap50"], row["ar"]) == (pytest.approx(one["ap50"]["value"]), pytest.approx(one["ar"]))
        assert row["recall"] == pytest.approx(one["recall"]["value"])
    assert {row["condition"] for row in found["slices"]} >= {"all", "size", "brightness"}
    assert {len(one["right"]) for one in found["scores"]} == {20}


def test_benchmark_keeps_times_that_check_takes(place, tmp_path):
    kept = tmp_path / "latency.json"
    ran = run(
        "benchmark",
        place.export,
        "--model",
        place.model,
        "--calls=60",
        "--budget-ms=60000",
        "--device=dock-pc",
        "-o",
        kept,
    )
    assert ran.code == 0
    assert "p95 within 60.0 s: pass" in ran.out
    assert json.loads(kept.read_text())["device"] == "dock-pc"
    source = [
        place.export,
        "--model",
        place.model,
        "--spec",
        place.spec_with("slow.yaml", "p95_ms: 100", "p95_ms: 60000"),
    ]
    checked = run("check", *source, "--latency", kept, "--format=json")
    assert "fail" not in {one["outcome"] for one in checked.report["requirements"]}
    assert checked.report["expected_runtime"]["calls"] == 60


def test_benchmark_refuses_what_has_no_picture(place, tmp_path):
    export = small_export(tmp_path / "cells", test=1, valid=0)
    for path in (export / "test").glob("*.png"):
        path.write_bytes(b"")
    assert "no picture" in run("benchmark", export, "--model", place.model).complaint


def test_the_cache_is_shown_and_cleared(place, tmp_path, monkeypatch):
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    assert ": 0 entries" in run("cache").out
    run("scan", place.export)
    assert ": 0 entries" not in run("cache").out
    assert ": 0 entries" in run("cache", "--clear").out
    assert str(tmp_path) in run("cache").out


def test_the_version_is_that_of_the_package():
    assert run("--version").out == installed_version("vision-readiness") + "\n"


def test_help_names_every_command():
    out = run("--help").out
    for command in ("check", "scan", "evaluate", "benchmark", "explain", "spec", "cache", "demo"):
        assert command in out
    assert "Exit codes: 0 deployable" in " ".join(run("check", "--help").out.split())


def test_the_demo_shows_one_that_is_ready_and_one_that_is_not(tmp_path):
    ran = run("demo", "-o", tmp_path / "readiness.html")
    assert ran.code == 0
    assert "[READY]" in ran.out
    assert "[BLOCKED]" in ran.out
    assert "data:image" in (tmp_path / "readiness.html").read_text()
    assert "readiness.html" in ran.err


HOSTILE = (
    "\ud800 half",
    "a\0b",
    "person " * 90,
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "|`*_\n::error::x",
    "",
)


def test_class_names_of_any_kind_come_through_every_format(tmp_path):
    export = small_export(tmp_path / "export")
    for split in ("train", "valid", "test"):
        path = export / split / "_annotations.coco.json"
        document = json.loads(path.read_text())
        named = [{"id": n, "name": name, "supercategory": "cells"} for n, name in enumerate(HOSTILE, start=1)]
        document["categories"] = [document["categories"][0], *named]
        path.write_text(json.dumps(document))
    kept = tmp_path / "e.zip"
    first = run("check", export, "--save-evidence", kept, "--format=json")
    assert first.code == 3, first.err
    for form in ("text", "json", "html", "markdown", "github", "junit"):
        ran = run("check", "--evidence", kept, "--format", form)
        assert ran.code == 3, (form, ran.err)
        ran.out.encode()
        assert "<script>alert" not in ran.out or form in ("json", "text", "github")
        assert "\n::error::x" not in ran.out
    spec = tmp_path / "spec.yaml"
    assert run("spec", export, "-o", spec).code == 0
    assert run("check", "--evidence", kept, "--spec", spec).code == 3


def test_the_installed_command_runs_and_reports_bad_input_in_one_line(place, tmp_path):
    command = [sys.executable, "-m", "vision_readiness_adapters.cli"]
    absent = subprocess.run([*command, "check", str(tmp_path / "no")], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert (absent.returncode, absent.stdout, absent.stderr.count("\n")) == (2, "", 1)
    given = ["check", "--evidence", str(place.evidence), "--spec", str(place.spec)]
    ready = subprocess.run([*command, *given], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert (ready.returncode, ready.stderr) == (0, "")
    assert ready.stdout.startswith("[READY]")
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ascii_only = subprocess.run([*command, *given], capture_output=True, env=plain, check=False)  # noqa: S603 - our own command
    assert (ascii_only.returncode, ascii_only.stderr) == (0, b"")


def test_a_fault_of_our_own_is_one_line_and_no_verdict(monkeypatch):
    def broken() -> None:
        raise ValueError("zip() argument 2\nis longer")

    monkeypatch.setattr("vision_readiness_adapters.cli.app", broken)
    ran = run("check")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.count("\n") == 1
    assert "no verdict (ValueError: zip() argument 2 is longer)" in ran.err
    with pytest.raises(ValueError, match="longer"):
        run("check", "--debug")


@pytest.mark.parametrize("name", ["nowhere.zip", "nowhere/at/all", "./nowhere", "nowhere.onnx"])
def test_what_is_not_there_never_asks_for_a_key(name, monkeypatch, tmp_path):
    monkeypatch.delenv("ROBOFLOW_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    complaint = run("scan", name).complaint
    assert "key" not in complaint.lower()
    assert name in complaint
