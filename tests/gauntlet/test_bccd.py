"""Blood cells: one export, five models whose worth was measured independently."""

import json
import shutil
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from tests.command_line import run
from tests.gauntlet.conftest import CALLS, SPEC
from tests.sdk.evaluate.coco_sets import judged_by_pycocotools
from vision_readiness.advisor import Advisor, decide
from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.match import match
from vision_readiness.evidence import Evidence
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import Split
from vision_readiness.report import report_schema
from vision_readiness.testing import StillClock
from vision_readiness_adapters.onnx_model import open_onnx
from vision_readiness_adapters.spec_file import open_spec

pytestmark = pytest.mark.real_data

PUBLISHED = {
    "train": {"RBC": 2382, "WBC": 214, "Platelets": 209},
    "valid": {"RBC": 968, "WBC": 87, "Platelets": 83},
    "test": {"RBC": 805, "WBC": 71, "Platelets": 69},
}
IMAGES = {"train": 205, "valid": 87, "test": 72}
QUANTISED = ("final_int8_dynamic", "final_int8_static", "final_int8_static_naive")


def test_the_report_validates_against_the_published_schema(bccd):
    jsonschema.Draft202012Validator.check_schema(report_schema())
    for name in ("final", "undertrained", "final_int8_static_naive"):
        jsonschema.validate(bccd(name).report, report_schema())


def test_the_same_evidence_gives_the_same_id_and_bytes_but_for_the_time(bccd, tmp_path):
    first = bccd("final")
    again = run("check", "--evidence", first.evidence, "--spec", SPEC, "--format=json", "-o", tmp_path / "again.json")
    assert again.code == first.code
    report = json.loads((tmp_path / "again.json").read_text())
    assert report["id"] == first.report["id"]
    assert report["provenance"].pop("created_at") >= first.report["provenance"]["created_at"]
    del first.report["provenance"]["created_at"]
    assert json.dumps(report) == json.dumps(first.report)


def test_kept_evidence_is_read_back_byte_for_byte(bccd):
    kept = bccd("final_int8_static").evidence.read_bytes()
    assert Evidence.from_bytes(kept).to_bytes() == kept


def test_objects_and_images_are_counted_as_published(bccd):
    splits = {row["split"]: row for row in bccd("final").report["data"]["splits"]}
    assert {name: row["objects"] for name, row in splits.items()} == PUBLISHED
    assert {name: row["images"] for name, row in splits.items()} == IMAGES
    assert [one["label"] for one in bccd("final").report["figures"]["classes"]] == ["Platelets", "RBC", "WBC"]


def test_the_boxes_without_area_are_named_by_image(bccd):
    (finding,) = (one for one in bccd("final").report["findings"] if one["code"] == "LABEL201")
    assert finding["measured"] == 2
    for image in ("train/BloodImage_00343_jpg", "valid/BloodImage_00338_jpg"):
        assert any(example.startswith(image) for example in finding["examples"])
        assert image in finding["sentence"]


def test_what_the_model_knows_by_heart_is_told_and_changes_no_requirement(bccd, real_data):
    model = real_data / "bccd-models" / "final.onnx"
    given = ("check", real_data / "bccd", "--model", model, "--trained-on=bccd/1", "--spec", SPEC, "--calls=0")
    report = run(*given, "--train-images=200", "--format=json").report
    wide = {one["subject"]: one for one in report["findings"] if one["code"] == "MODEL430"}
    assert set(wide) == {"RBC"}
    assert wide["RBC"]["measured"] > 0.15
    of_classes = [
        [one for one in each["requirements"] if one["requirement"]["label"]] for each in (report, bccd("final").report)
    ]
    assert of_classes[0] == of_classes[1]


def test_the_time_of_each_stage_is_told(bccd):
    seconds = bccd("final").report["provenance"]["seconds"]
    assert set(seconds) == {"inspect", "predict", "evaluate", "benchmark"}
    assert min(seconds.values()) > 0


@pytest.fixture(scope="module")
def answered(real_data):
    """The test images of bccd with what the final model answers there."""
    advisor = Advisor.connect(str(real_data / "bccd"))
    version = advisor.source.version()
    model = open_onnx(real_data / "bccd-models" / "final.onnx", version=version)
    rows = version.dataset.images.of(Split.TEST).nonzero()[0]
    run = predict_dataset(model, version.dataset, advisor.source.images, rows, advisor.progress)
    return version.dataset, run.predictions


def test_average_precision_is_that_of_pycocotools(answered, bccd):
    dataset, predictions = answered
    table, mean = judged_by_pycocotools(dataset, predictions)
    ours = average_precision(match(dataset, predictions), dataset.images.source, replicates=0)
    np.testing.assert_allclose(ours.value, table, rtol=0, atol=1e-12)
    assert ours.mean() == pytest.approx(mean, abs=1e-12)
    report = bccd("final").report
    assert [one["ap"]["value"] for one in report["figures"]["classes"]] == pytest.approx(table.mean(axis=1), abs=1e-12)
    assert [one["ap50"]["value"] for one in report["figures"]["classes"]] == pytest.approx(table[:, 0], abs=1e-12)
    assert report["figures"]["evaluation"]["coco"]["ap"] == pytest.approx(mean, abs=1e-12)
    assert report["figures"]["evaluation"]["coco"]["ap50"] == pytest.approx(table[:, 0].mean(), abs=1e-12)


@pytest.mark.parametrize("name", ["final", "undertrained", *QUANTISED])
def test_ap50_is_the_one_measured_when_the_model_was_made(bccd, real_data, name):
    close = 0.05 if name == "final_int8_static_naive" else 0.008  # the naive one has a single score: order is chance
    published = json.loads((real_data / "bccd-models" / "RESULTS.json").read_text())[f"{name}.onnx"]["test"]
    found = {one["label"]: one["ap50"]["value"] for one in bccd(name).report["figures"]["classes"]}
    assert found == pytest.approx(published["AP50_per_class"], abs=close)
    assert bccd(name).report["figures"]["evaluation"]["coco"]["ap50"] == pytest.approx(published["AP50"], abs=close)


def test_the_final_model_is_deployable(bccd):
    final = bccd("final")
    assert (final.code, final.report["deployable"], final.report["readiness_state"]) == (0, True, "warning")
    assert {one["outcome"] for one in final.report["requirements"]} == {"pass"}
    assert [one["state"] for one in final.report["stages"]] == ["warning", "ready", "ready"]


def test_an_unknown_training_version_caps_it_at_a_warning(bccd):
    evidence = Evidence.from_bytes(bccd("final").evidence.read_bytes())
    unknown = replace(evidence, model=replace(evidence.model, card=replace(evidence.model.card, trained_on=None)))
    report = decide(unknown, open_spec(SPEC), as_of=StillClock().now())
    assert [str(one.state) for one in report.stages] == ["warning", "warning", "ready"]
    assert "MODEL408" in {one.code for one in report.findings}


def test_with_the_two_boxes_mended_and_everything_signed_it_is_ready(real_data, tmp_path):
    mended = shutil.copytree(real_data / "bccd", tmp_path / "bccd", copy_function=shutil.copyfile)
    for split in ("train", "valid"):
        path = mended / split / "_annotations.coco.json"
        path.parent.chmod(0o755)
        document = json.loads(path.read_text())
        document["annotations"] = [one for one in document["annotations"] if one["bbox"][2] and one["bbox"][3]]
        path.write_text(json.dumps(document))
    final = real_data / "bccd-models" / "final.onnx"
    ran = run(
        "check", mended, "--model", final, "--trained-on=bccd/1", "--spec", SPEC, "--calls", CALLS, "--format=json"
    )
    assert (ran.code, ran.report["readiness_state"]) == (0, "ready")
    assert ran.report["next_action"]["action"] == "deploy_with_monitoring"
    assert ran.report["headline"] == "Ready for this machine."


def test_the_undertrained_model_is_blocked_and_the_weak_classes_are_named(bccd):
    undertrained = bccd("undertrained")
    report = undertrained.report
    assert (undertrained.code, report["readiness_state"], report["blocked_by"]) == (1, "blocked", "failure")
    assert "`Platelets`" in report["headline"]
    assert "`WBC`" in report["headline"]
    for label in ("Platelets", "WBC"):
        assert undertrained.outcome("recall", label) == "fail"
        assert any(f"`{label}`" in sentence for sentence in report["proof"])
    assert undertrained.outcome("recall", "RBC") != "fail"
    assert report["score"] == 0


@pytest.mark.parametrize("name", QUANTISED)
def test_quantisation_is_told_class_by_class(bccd, name):
    parent = bccd(name).report["figures"]["parent"]
    assert parent["parent"] == "final.onnx"
    for delta in parent["classes"]:
        assert delta["ap50_lower"] <= delta["ap50"] <= delta["ap50_upper"]
        assert None not in (delta["recall"], delta["precision"])


@pytest.mark.parametrize("name", QUANTISED[:2])
def test_careful_quantisation_lost_no_class(bccd, name):
    assert not any(delta["lost"] for delta in bccd(name).report["figures"]["parent"]["classes"])
    assert "MODEL406" not in {code for code, _ in bccd(name).codes}
    assert bccd(name).report["deployable"]


def test_naive_quantisation_lost_two_classes_behind_the_third_and_is_blocked(bccd):
    naive = bccd("final_int8_static_naive")
    assert {delta["label"]: delta["lost"] for delta in naive.report["figures"]["parent"]["classes"]} == {
        "Platelets": True,
        "RBC": True,
        "WBC": False,
    }
    assert {("MODEL406", "Platelets"), ("MODEL406", "RBC")} <= naive.codes
    assert ("MODEL406", "WBC") not in naive.codes
    assert (naive.code, naive.report["readiness_state"], naive.report["blocked_by"]) == (1, "blocked", "failure")
    assert "lost `Platelets`" in naive.report["headline"]


def test_an_unreachable_budget_blocks_and_names_a_change_to_try(bccd, tmp_path):
    spec = tmp_path / "fast.yaml"
    spec.write_text(SPEC.read_text().replace("p95_ms: 5000", "p95_ms: 0.5"))
    ran = run("check", "--evidence", bccd("final").evidence, "--spec", spec, "--format=json")
    assert (ran.code, ran.report["readiness_state"], ran.report["blocked_by"]) == (1, "blocked", "failure")
    (budget,) = (one for one in ran.report["requirements"] if one["requirement"]["metric"] == "p95_ms")
    assert (budget["code"], budget["outcome"]) == ("TARGET501", "fail")
    assert ran.report["headline"] == "It is too slow for the device."
    assert ran.report["next_action"]["action"] == "change_target"
    first = ran.report["fixes"][0]
    assert first["code"] == "TARGET501"
    assert "smaller model or INT8" in first["title"]


@pytest.fixture(scope="module")
def twenty(real_data, tmp_path_factory):
    """The export with 20 of its 72 test images."""
    folder = tmp_path_factory.mktemp("twenty") / "bccd"
    shutil.copytree(real_data / "bccd", folder, copy_function=shutil.copyfile)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    path = folder / "test" / "_annotations.coco.json"
    document = json.loads(path.read_text())
    gone = {one["id"]: one["file_name"] for one in document["images"][20:]}
    for name in gone.values():
        (path.parent / name).unlink()
    document["images"] = document["images"][:20]
    document["annotations"] = [one for one in document["annotations"] if one["image_id"] not in gone]
    path.write_text(json.dumps(document))
    return folder


def test_twenty_test_images_prove_nothing_and_say_how_many_more(twenty, real_data):
    final = real_data / "bccd-models" / "final.onnx"
    ran = run(
        "check", twenty, "--model", final, "--trained-on=bccd/1", "--spec", SPEC, "--calls", CALLS, "--format=json"
    )
    report = ran.report
    assert (ran.code, report["readiness_state"], report["blocked_by"]) == (3, "blocked", "evidence")
    assert not report["deployable"]
    assert {row["split"]: row["images"] for row in report["data"]["splits"]}["test"] == 20
    open_ones = [one for one in report["requirements"] if one["outcome"] == "inconclusive"]
    assert open_ones
    assert "fail" not in {one["outcome"] for one in report["requirements"]}
    for one in open_ones:
        assert one["more"] > 0
        few = one["groups"] < 20  # then source images are what lacks, and are asked for
        assert (
            ("source images" in one["because"] and "20 are needed" in one["because"])
            if few
            else (f"{one['more']:,} more" in one["because"])
        )
    assert report["plan"]["capture"]
    assert report["next_action"]["action"] == "collect_data"


def test_without_a_spec_every_line_is_assumed_and_it_is_at_best_a_warning(bccd):
    ran = run("check", "--evidence", bccd("final").evidence, "--format=json")
    assert ran.report["readiness_state"] == "blocked"
    assert set(ran.report["assumptions"]) == {
        "classes.Platelets",
        "classes.RBC",
        "classes.WBC",
        "deployment_target",
    }
    assert all(one["assumed"] for one in ran.report["requirements"])
    assert "SPEC701" in {one["code"] for one in ran.report["findings"]}
    text = run("check", "--evidence", bccd("final").evidence).out
    assert "7 of 7 requirements are assumed" in " ".join(text.split())
