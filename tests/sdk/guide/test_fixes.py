from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, decided, gathered
from tests.sdk.guide.cases import decisions, fixes_of
from vision_readiness.project import Preprocessing
from vision_readiness.readiness import Action
from vision_readiness.reasons.reason import Severity
from vision_readiness.requirement import Outcome, Waiver
from vision_readiness.spec import ClassRule, DeploymentTarget

every_decision = pytest.mark.parametrize("name", decisions())


def fixes(name):
    return fixes_of(decisions()[name])


def blocks(fix):
    return fix.rank_because.startswith("It blocks")


@every_decision
def test_every_blocker_has_a_fix_or_an_escalation(name):
    decision, found = decisions()[name], fixes(name)
    for result in decision.requirements:
        if result.requirement.critical and result.outcome is not Outcome.PASS:
            assert any(result.requirement.id in fix.answers for fix in found), result.because
    for finding in decision.findings:
        mends = [fix for fix in found if finding.fix == fix.title or finding.fix in fix.detail]
        assert any(finding.sentence in fix.detail for fix in mends), finding.code
        assert any(finding.key in fix.answers for fix in mends), finding.code


@every_decision
def test_what_blocks_is_mended_before_what_warns_and_that_before_what_informs(name):
    kinds = [0 if blocks(fix) else 1 if fix.rank_because.startswith("It warns") else 2 for fix in fixes(name)]
    assert kinds == sorted(kinds)


@every_decision
def test_each_thing_to_do_is_said_once_with_its_reason_and_its_effort(name):
    found = fixes(name)
    assert len({(fix.action, fix.title) for fix in found}) == len(found)
    for fix in found:
        assert fix.title[0].isupper()
        assert fix.detail
        assert all(fix.subjects)
        assert fix.answers
        assert fix.rank_because.endswith(".")
        assert fix.effort.endswith("h assumed")


def test_a_sound_version_needs_no_fix():
    assert fixes("ready") == ()


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("misses", Action.LABEL_MORE),
        ("false alarms", Action.LABEL_MORE),
        ("an older model", Action.RETRAIN),
        ("a weak class with its data", Action.RETRAIN),
        ("not proven", Action.COLLECT_DATA),
        ("few images", Action.COLLECT_DATA),
        ("no model", Action.TRAIN),
        ("a class without objects", Action.COLLECT_DATA),
        ("a situation without images", Action.COLLECT_DATA),
        ("too slow", Action.CHANGE_TARGET),
        ("too large", Action.CHANGE_TARGET),
        ("too few frames", Action.CHANGE_TARGET),
        ("few calls", Action.MEASURE_ON_TARGET),
        ("another device", Action.MEASURE_ON_TARGET),
        ("never timed", Action.MEASURE_ON_TARGET),
        ("leaked", Action.FIX_DATASET),
        ("a threshold that fails", Action.ADJUST_THRESHOLD),
    ],
)
def test_the_first_fix_mends_the_blocker(name, action):
    assert fixes(name)[0].action is action
    assert blocks(fixes(name)[0])


def test_the_number_to_collect_is_that_of_the_requirement():
    decision = decisions()["not proven"]
    (result,) = (
        one for one in decision.requirements if one.outcome is Outcome.INCONCLUSIVE and not one.requirement.where
    )
    (fix,) = (fix for fix in fixes("not proven") if result.requirement.name in fix.subjects)
    assert fix.amount == result.more_images
    assert f"{result.more_images:,} more test image" in fix.title


def test_a_threshold_of_the_spec_that_fails_is_set_to_one_that_passes():
    decision = decisions()["a threshold that fails"]
    fix = next(fix for fix in fixes("a threshold that fails") if "person" in fix.subjects)
    threshold = float(fix.title.rpartition(" ")[2])
    rules = {
        label: rule.model_copy(update={"threshold": threshold if label == "person" else 0.5})
        for label, rule in decision.assessment.spec.classes.items()
    }
    assert decided(decision.assessment.evidence, a_spec(classes=rules)).state.deployable


def test_no_threshold_is_proposed_where_none_passes():
    rules = {label: ClassRule(min_recall=0.9, min_precision=0.8, threshold=0.85) for label in a_spec().classes}
    decision = decided(gathered(missed={"person": 80, "forklift": 80}, train=300), a_spec(classes=rules))
    assert Action.ADJUST_THRESHOLD not in {fix.action for fix in fixes_of(decision)}


def test_no_threshold_is_proposed_that_would_break_what_passes():
    rules = {**a_spec().classes, "person": ClassRule(min_recall=0.9, min_precision=0.97, threshold=0.85)}
    decision = decided(gathered(false_alarms={"person": 60}, train=300, missed={"person": 5}), a_spec(classes=rules))
    passing = {one.requirement for one in decision.requirements if one.outcome is Outcome.PASS}
    for fix in fixes_of(decision):
        if fix.action is Action.ADJUST_THRESHOLD:
            rule = rules["person"].model_copy(update={"threshold": float(fix.title.rpartition(" ")[2])})
            after = decided(decision.assessment.evidence, a_spec(classes={**rules, "person": rule}))
            assert passing <= {one.requirement for one in after.requirements if one.outcome is Outcome.PASS}


def test_a_slow_model_is_told_a_smaller_input_where_that_could_do():
    decision = decisions()["too slow"]
    model = decision.assessment.evidence.model
    card = replace(model.card, preprocessing=Preprocessing(640, 640))
    evidence = replace(decision.assessment.evidence, model=replace(model, card=card))
    (fix,) = (fix for fix in fixes_of(decided(evidence)) if fix.code == "TARGET501")
    assert fix.title == "Try an input of 448 px (now 640), INT8, or a faster dock-pc"


def test_a_model_far_too_slow_is_told_how_much_faster_a_device_would_have_to_be():
    target = DeploymentTarget(device="dock-pc", p95_ms=1)
    decision = decided(gathered(), a_spec(deployment_target=target))
    assert fixes_of(decision)[0].title == "Try a smaller model or INT8, or a device 10.0 times as fast as dock-pc"


def test_where_most_misses_lie_is_told():
    titles = [fix.title for fix in fixes("misses at night")]
    assert any("lighting night" in title for title in titles)


def test_a_waived_failure_is_nothing_to_do():
    waiver = Waiver("MODEL401", "forklift", "Neha", "a pilot", TODAY + timedelta(days=3))
    decision = decided(gathered(missed={"forklift": 60}, train=300), a_spec(), waiver)
    assert not [fix for fix in fixes_of(decision) if fix.code == "MODEL401"]


def test_findings_that_block_come_first_of_all():
    decision = decided(gathered(leaked=40, missed={"forklift": 120}, train=300))
    severe = [one for one in decision.findings if one.severity is Severity.P0]
    assert severe
    assert fixes_of(decision)[0].title == severe[0].fix
