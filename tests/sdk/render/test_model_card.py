import math
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from tests.sdk.decide.cases import a_spec, gathered
from tests.sdk.render import reports
from tests.sdk.render.parts import ATTACKS
from tests.sdk.render.reports import but
from vision_readiness.advisor import decide
from vision_readiness.render.model_card import MOST_ROWS, model_card
from vision_readiness.report import NotDeployableError
from vision_readiness.report.tables import Identity
from vision_readiness.spec import ClassRule

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def report():
    return decide(gathered(missed={"person": 4}), a_spec(), as_of=NOW)


def parts(card):
    """The front matter as values, and the markdown behind it."""
    _, front, body = card.split("---\n", 2)
    return yaml.safe_load(front), body


def test_a_report_that_stops_the_release_gives_no_card():
    with pytest.raises(NotDeployableError) as caught:
        model_card(reports.blocked())
    assert caught.value.report.id == reports.blocked().id


def test_the_metadata_are_a_model_index_with_bounds_and_samples(report):
    front, _ = parts(model_card(report, a_spec()))
    assert front["pipeline_tag"] == "object-detection"
    (entry,) = front["model-index"]
    (result,) = entry["results"]
    assert result["task"]["type"] == "object-detection"
    assert result["dataset"] == {
        "type": "acme/dock/3",
        "name": "acme/dock/3",
        "split": "test",
        "revision": report.figures.evaluation["data_digest"],
    }
    recall = result["metrics"][0]
    assert (recall["type"], recall["value"]) == ("recall", 0.98)
    assert recall["args"] == {
        "class": "person",
        "lower_bound_95": math.floor(report.figures.classes[0].recall.lower * 1e4) / 1e4,
        "n": 200,
    }
    assert (
        recall["name"]
        == f"recall of person (200 objects, at least {recall['args']['lower_bound_95']:g} with 95 % confidence)"
    )


def test_an_average_on_few_images_is_given_without_a_bound(report):
    metrics = parts(model_card(report))[0]["model-index"][0]["results"][0]["metrics"]
    average = next(one for one in metrics if one["type"] == "ap50")
    assert average["args"]["lower_bound_95"] is None
    assert "at least" not in average["name"]


@pytest.mark.parametrize(
    "said",
    [
        "## Intended use",
        "Camera: 64 × 48, level",
        "approved by Neha Kapoor",
        "## Out of scope",
        "## Classes",
        "| person | whole ones | 98 % (96–99 %) of 200 |",
        "0.50 (spec)",
        "| person | lighting night | 100 |",
        "- person, size large: never shown",
        "Measured on dock-pc, 300 calls.",
        "| p95 | 10 ms | at most 10 ms |",
        "person: 4 of 200 test objects were missed",
        "lost-against-parent: not looked at",
        "| Pass | Finds at least 90 % of person |",
        "trained on: acme/dock/3",
        "Consent: signs at the gates",
    ],
)
def test_the_card_says_what_a_user_has_to_know(report, said):
    assert said in parts(model_card(report, a_spec()))[1]


def test_without_a_spec_the_card_says_what_the_report_knows(report):
    body = parts(model_card(report))[1]
    assert "Camera:" not in body
    assert "| person | — |" in body


def test_a_condition_that_is_not_proven_is_out_of_scope():
    few = a_spec(
        conditions={},
        classes={label: ClassRule(min_recall=0.96, min_precision=0.8, threshold=0.5) for label in a_spec().classes},
    )
    known = decide(gathered(missed={"person": 3}, missed_at="night"), few, as_of=NOW)
    assert known.deployable
    assert "- lighting night: not proven there" in parts(model_card(known, few))[1]


def test_an_accepted_risk_and_a_warning_are_known_failures():
    assert parts(model_card(decide(gathered(trained_on=None), a_spec(approved_by=None), as_of=NOW)))[1].count(
        "Nobody has approved the spec"
    )


def test_many_conditions_are_counted_after_some(report):
    body = parts(model_card(but(report, coverage=report.figures.coverage * 60)))[1]
    assert "more in the whole report." in body
    assert body.count("| person | lighting night |") <= MOST_ROWS


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_cannot_format_link_or_add_metadata(report, attack):
    renamed = tuple(replace(one, label=attack) for one in report.figures.classes)
    hostile = but(
        report,
        classes=renamed,
        subject=Identity("acme", attack, 3, attack, attack, None),
        coverage=tuple(replace(one, label=attack, level=attack) for one in report.figures.coverage),
    )
    written = attack.encode("utf-8", "replace").decode()
    spec = a_spec(classes={attack: ClassRule(excludes=(written,), includes=(written,))}, approved_by=written)
    front, body = parts(model_card(hostile, spec))
    assert set(front) == {"pipeline_tag", "tags", "model-index"}
    plain, _ = parts(model_card(report, a_spec()))
    assert len(front["model-index"][0]["results"][0]["metrics"]) == len(
        plain["model-index"][0]["results"][0]["metrics"]
    )
    assert "<script" not in body
    assert re.search(r"(?<!\\)\]\(http", body) is None
    assert "\n---" not in body
    assert [one for one in body.splitlines() if one.startswith("#")][1:] == [
        one for one in parts(model_card(report, a_spec()))[1].splitlines() if one.startswith("#")
    ][1:]


@pytest.mark.parametrize(
    "attack", ["---\nlicense: mit\n---", "a: b\n- c", "\u2028---\u2028", "'\"{}[]&*!|>%@`", "null", "1e9"]
)
def test_a_name_stays_one_text_in_the_metadata(report, attack):
    front, _ = parts(model_card(but(report, subject=Identity(None, "p", 1, None, attack, None))))
    assert isinstance(front["model-index"][0]["name"], str)
    assert "license" not in front


def test_the_same_report_gives_the_same_card(report):
    assert model_card(report, a_spec()) == model_card(report, a_spec())
