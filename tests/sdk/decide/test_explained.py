from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, gathered
from vision_readiness.advisor import decide
from vision_readiness.decide.explained import explained
from vision_readiness.reasons import CHECKS, REASONS
from vision_readiness.reasons.reason import Severity, Shortfall
from vision_readiness.render.card import card_text
from vision_readiness.render.concerns import concerns
from vision_readiness.render.html import page_html
from vision_readiness.render.markdown import markdown_text

NOTHING = "MODEL405:model.onnx"


def report(evidence):
    return decide(evidence, a_spec(), as_of=datetime.combine(TODAY, time(12), UTC))


@pytest.fixture(scope="module")
def blind():
    return report(gathered(missed=dict.fromkeys(a_spec().classes, 1000)))


def test_a_model_that_finds_nothing_leads_and_explains_every_class(blind):
    assert blind.findings[0].key == NOTHING
    about_classes = [one for one in blind.requirements if not one.requirement.metric.is_budget]
    assert {one.explained_by for one in about_classes} == {NOTHING}
    assert {one.explained_by for one in blind.requirements if one not in about_classes} == {None}
    assert (blind.readiness_state, blind.blocked_by, blind.score) == ("blocked", "failure", 0)
    assert blind.headline == "The model finds nothing at all."
    assert blind.proof == ("The model found nothing in 200 images at any score.",)
    assert blind.fixes[0].code == "MODEL405"


def test_what_is_explained_is_counted_and_not_listed(blind):
    first, *others = concerns(blind)
    many = sum(one.explained_by == NOTHING for one in (*blind.requirements, *blind.findings))
    assert first.code == "MODEL405"
    assert first.sentence.endswith(f" {many} results mean nothing until this is mended.")
    assert not {one.code for one in others} & {"MODEL401", "MODEL402"}
    for text in (card_text(blind, width=400), markdown_text(blind), page_html(blind)):
        assert f"{many} results mean nothing until this is mended." in text


def test_nothing_is_lost_in_the_json_and_the_page(blind):
    plain = blind.to_dict()
    said = [one["because"] for one in plain["requirements"] if one["explained_by"] == NOTHING]
    assert len(said) == sum(one.explained_by == NOTHING for one in blind.requirements) > 0
    page = page_html(blind).split('id="findings"')[1]
    assert page.count("<code>MODEL401</code>") == sum(one.code == "MODEL401" for one in blind.requirements)


def test_a_leak_explains_what_is_not_proven_and_not_what_fails():
    leaked = report(gathered(missed={"forklift": 120, "person": 52}, leaked=40))
    assert leaked.findings[0].key == "SPLIT302:test and train"
    by_code = {}
    for one in leaked.requirements:
        by_code.setdefault(one.code, set()).add(one.explained_by)
    assert by_code["MODEL401"] == {None}
    assert by_code["MODEL402"] == {"SPLIT302:test and train"}


def test_only_what_blocks_explains():
    leak = REASONS["SPLIT302"].found(Shortfall(subject="test and train"))
    alike = REASONS["SPLIT303"].found(Shortfall(subject="test"))
    crashed = REASONS["INPUT909"].found(Shortfall(subject="MODEL405", severity=Severity.P0))
    findings, _ = explained((crashed, leak, alike), ())
    assert [(one.code, one.explained_by) for one in findings] == [
        ("SPLIT302", None),
        ("INPUT909", None),
        ("SPLIT303", leak.key),
    ]
    mild = replace(leak, severity=Severity.P1)
    assert explained((crashed, mild, alike), ())[0] == (crashed, mild, alike)


def test_what_explains_is_known_and_explains_neither_itself_nor_another_that_does():
    leading = {check.code: set(check.reason.explains) for check in CHECKS if check.reason.explains}
    assert leading.keys() == {"MODEL405", "MODEL407", "MODEL417", "MODEL418", "SPLIT302"}
    for codes in leading.values():
        assert codes <= REASONS.keys()
        assert not codes & leading.keys()
