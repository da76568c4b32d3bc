import json

import pytest

from tests.command_line import run
from tests.sdk.decide.cases import gathered
from vision_readiness_adapters.cli.change_tables import CAUTION

SPEC = """\
project: acme/dock
approved_by: Neha Kapoor
classes:
  person: {min_recall: 0.9, min_precision: 0.8, threshold: 0.5}
  forklift: {min_recall: 0.9, min_precision: 0.8, threshold: 0.5}
deployment_target: {device: dock-pc, p95_ms: 100}
monitoring: {required: true, in_place: dashboard}
fallback: {on_low_confidence: human_review}
rollback_owner: neha@acme.example
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Kept evidence: a good model, one that misses forklifts, one with false alarms, and a data set alone."""
    place = tmp_path_factory.mktemp("kept")
    kept = {
        "good": gathered(),
        "worse": gathered(missed={"forklift": 60}),
        "noisy": gathered(false_alarms={"forklift": 60}),
        "small": gathered(test=30, valid=20, train=20),
        "data": gathered(test=30, valid=20, train=20, with_model=False),
    }
    for name, evidence in kept.items():
        (place / f"{name}.zip").write_bytes(evidence.to_bytes())
    (place / "spec.yaml").write_text(SPEC)
    (place / "broken.zip").write_bytes(b"PK not really")
    return place


def asked(folder, command, *names, **options):
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return run(command, *(folder / f"{name}.zip" for name in names), "--spec", folder / "spec.yaml", *given)


def test_what_if_shows_both_states_what_comes_out_differently_and_the_class_that_moved(folder):
    ran = asked(folder, "what-if", "noisy", threshold="forklift=0.85")
    assert ran.code == 0
    first, second = ran.out.splitlines()[:2]
    assert first.startswith("before  [")
    assert second.startswith("after   [")
    assert "precision of forklift, at least 0.8: Not proven → Pass." in ran.out
    assert "77 % (" in ran.out
    assert [line.split()[-1] for line in ran.out.splitlines() if " 0.500 " in line or " 0.850 " in line] == ["300", "0"]
    assert CAUTION in ran.out
    assert "bought" not in ran.out


def test_what_if_warns_when_one_metric_is_bought_with_the_other(folder):
    ran = asked(folder, "what-if", "good", threshold="forklift=0.95")
    assert "recall 100 %" not in ran.out
    plain = asked(folder, "what-if", "good", threshold="forklift=0.95", format="json").report
    assert plain["classes"][0]["recall"]["change"] == -1
    assert plain["classes"][0]["price"] is None  # nothing is gained
    assert plain["warnings"] == [CAUTION]


def test_what_if_in_json_has_what_a_program_needs(folder):
    plain = asked(folder, "what-if", "noisy", threshold="forklift=0.85", format="json").report
    assert (plain["before"]["deployable"], plain["after"]["deployable"]) == (False, True)
    (moved,) = plain["classes"]
    assert (moved["label"], moved["before"]["threshold"], moved["after"]["threshold"]) == ("forklift", 0.5, 0.85)
    assert moved["before"]["precision"]["n"] == 260
    changed = {one["requirement"]: (one["before"], one["after"]) for one in plain["change"]["outcomes"]}
    assert changed == {"precision of forklift, at least 0.8": ("inconclusive", "pass")}


def test_what_if_of_another_target_moves_no_class(folder):
    ran = asked(folder, "what-if", "good", target="jetson")
    assert "It was timed on dock-pc, not on jetson." in ran.out
    assert CAUTION not in ran.out
    ran = asked(folder, "what-if", "good", p95_ms=5)
    assert "p95_ms, at most 5: Pass → Fail." in ran.out


def test_a_threshold_may_be_given_for_several_classes_and_for_names_with_equals_signs(folder):
    both = ["--threshold", "forklift=0.85", "--threshold", "person=0.6", "--format=json"]
    plain = run("what-if", folder / "noisy.zip", "--spec", folder / "spec.yaml", *both).report
    assert [one["label"] for one in plain["classes"]] == ["forklift", "person"]
    assert "'a=b'" in asked(folder, "what-if", "good", threshold="a=b=0.5").complaint


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "nothing is changed: give --threshold CLASS=SCORE, --target or --p95-ms"),
        ({"threshold": "forklift"}, "is not CLASS=SCORE"),
        ({"threshold": "forklift=high"}, "is not CLASS=SCORE"),
        ({"threshold": "forklift=2"}, "give a score from 0 to 1"),
        ({"threshold": "pallet=0.5"}, "the classes are person, forklift"),
        ({"p95_ms": "-1"}, "cannot be kept"),
        ({"p95_ms": "inf"}, "cannot be kept"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(folder, options, complaint):
    assert complaint in asked(folder, "what-if", "good", **options).complaint


def test_compare_leads_with_what_got_worse_and_ends_with_what_to_do(folder):
    ran = asked(folder, "compare", "worse", "good")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Got worse: `forklift`."
    assert lines[1].startswith("before  [")
    assert lines[2].startswith("now     [")
    assert "recall of forklift, at least 0.9: Pass → Fail." in ran.out
    figures = [line for line in lines if line.endswith(("worse", "better", "proven"))]
    assert [line.split()[-1] for line in figures][:2] == ["worse", "worse"]
    assert figures[0].startswith("forklift")
    assert lines[-1].startswith("NEXT Retrain")


def test_compare_the_other_way_round_has_nothing_worse(folder):
    ran = asked(folder, "compare", "good", "worse")
    assert ran.out.startswith("No class got worse for sure.")
    assert "Gone: MODEL" not in ran.out  # the requirement says so itself


def test_compare_of_equal_models_changes_nothing(folder):
    ran = asked(folder, "compare", "good", "good")
    assert "Every requirement comes out as before, and no reason code came or went." in ran.out
    plain = asked(folder, "compare", "good", "good", format="json").report
    assert {one["change"] for one in plain["figures"]} == {0}
    assert not {one["verdict"] for one in plain["figures"]} & {"worse", "better"}
    assert plain["next_data_action"] is None


def test_compare_writes_json_and_markdown(folder, tmp_path):
    plain = asked(folder, "compare", "worse", "good", format="json").report
    assert plain["figures"][0]["verdict"] == "worse"
    assert plain["change"]["outcomes"][0]["after"] == "fail"
    assert plain["next_data_action"]["action"] == "retrain"
    ran = asked(folder, "compare", "worse", "good", format="markdown", output=tmp_path / "change.md")
    assert ran.out == ""
    assert (tmp_path / "change.md").read_text().startswith("## Got worse: \\`forklift\\`.\n")


def test_what_cannot_be_compared_is_one_line(folder):
    assert "evaluate both on one version" in asked(folder, "compare", "small", "good").complaint
    assert "has no model" in asked(folder, "compare", "data", "small").complaint
    assert "not a whole evidence file" in asked(folder, "compare", "good", "broken").complaint
    assert "check its name" in asked(folder, "compare", "good", "nowhere").complaint


def test_thresholds_are_a_vector_by_class_and_the_one_number_a_server_takes(folder):
    (folder / "uneven.yaml").write_text(SPEC.replace("threshold: 0.5", "threshold: 0.3", 1))
    plain = run("thresholds", folder / "good.zip", "--spec", folder / "uneven.yaml").report
    assert plain["class_confidence"] == {"person": 0.3, "forklift": 0.5}
    assert plain["confidence"] == 0.3
    assert plain["origin"] == {"person": "spec", "forklift": "spec"}
    assert plain["version"] == "acme/dock/3"
    assert plain["model"].startswith("model.onnx@")


def test_thresholds_that_a_server_would_take_for_something_else_are_kept_in_its_range(folder):
    (folder / "edge.yaml").write_text(SPEC.replace("threshold: 0.5", "threshold: 1.0"))
    assert run("thresholds", folder / "good.zip", "--spec", folder / "edge.yaml").report["confidence"] == 0.99
    (folder / "low.yaml").write_text(SPEC.replace("threshold: 0.5", "threshold: 0.001"))
    assert "answers from 0.01 on" in run("thresholds", folder / "good.zip", "--spec", folder / "low.yaml").err


def test_thresholds_of_a_model_that_must_not_be_deployed_say_so(folder):
    ran = asked(folder, "thresholds", "worse")
    assert ran.code == 0
    assert "It misses `forklift`" in ran.err
    assert json.loads(ran.out)["readiness_state"] in ("blocked", "retrain_required")
    assert "there is no model in this evidence" in asked(folder, "thresholds", "data").complaint


def test_without_a_spec_one_is_assumed_and_that_is_said(folder):
    ran = run("thresholds", folder / "good.zip")
    assert "No --spec was given" in ran.err
    assert set(json.loads(ran.out)["class_confidence"]) == {"person", "forklift"}


def test_thresholds_say_what_came_of_each_rule_level_by_level(folder):
    rule = "{precision_at_least: 0.8, most: recall, per: lighting}"
    (folder / "ruled.yaml").write_text(SPEC.replace("threshold: 0.5", f"threshold: {rule}", 1))
    plain = run("thresholds", folder / "good.zip", "--spec", folder / "ruled.yaml").report
    assert [(one["label"], one["situation"]) for one in plain["constraints"]] == [
        ("person", None),
        ("person", "lighting day"),
        ("person", "lighting night"),
    ]
    overall = plain["constraints"][0]
    assert overall["threshold"] == plain["class_confidence"]["person"]
    assert overall["kept"]["lower"] >= overall["at_least"] == 0.8
    assert plain["origin"]["person"] == "chosen on valid to keep precision 0.8"
    assert plain["confidence"] <= min(one["threshold"] for one in plain["constraints"])
