from dataclasses import replace

import pytest

from tests.sdk.decide.cases import a_spec, gathered
from tests.sdk.render import reports
from tests.sdk.render.parts import budget, interval, rate
from vision_readiness import ReadinessState
from vision_readiness.advisor import decide
from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import Action
from vision_readiness.report.change import data_action
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.testing import StillClock


def codes(occurrences):
    return {(one.code, one.subject) for one in occurrences}


@pytest.mark.parametrize("name", reports.ALL)
def test_a_report_against_itself_has_nothing_new_and_nothing_fixed(name):
    report = reports.ALL[name]()
    change = report.compare(report)
    assert (change.new, change.fixed, change.outcomes) == ((), (), ())
    assert not change.is_worse


def test_what_is_new_and_what_is_fixed_trade_places_when_the_reports_do():
    later, earlier = reports.blocked(), reports.ready()
    forth, back = later.compare(earlier), earlier.compare(later)
    assert codes(forth.new) == codes(back.fixed)
    assert codes(forth.fixed) == codes(back.new)
    assert (forth.state_before, forth.state_after) == (ReadinessState.READY, ReadinessState.BLOCKED)
    assert forth.is_worse
    assert not back.is_worse


def test_a_finding_is_the_same_while_code_and_subject_are():
    report = reports.blocked()
    clip, split, owner = report.findings
    later = replace(report, findings=(replace(clip, sentence="15 pallet boxes leave."), replace(split, subject="test")))
    change = later.compare(report)
    assert codes(change.new) == {("SPLIT302", "test")}
    assert codes(change.fixed) == {("SPLIT302", "valid"), (owner.code, owner.subject)}
    assert "15 pallet boxes leave." in {one.sentence for one in change.unchanged}


def test_an_artefact_by_another_name_is_the_same_subject():
    report = reports.blocked()
    unknown = replace(report.findings[0], code="MODEL408")

    def of(name):
        return replace(
            report,
            subject=replace(report.subject, model=f"{name}@0123456789ab"),
            findings=(replace(unknown, subject=name),),
        )

    assert of("int8.onnx").compare(of("float32.onnx")).new == ()


def test_a_requirement_that_comes_out_differently_is_told_with_why():
    report = reports.ready()
    slow = budget(Metric.P95_MS, 50.0, 82.0, 3.5)
    later = replace(report, requirements=(*report.requirements[:-1], slow))
    (only,) = later.compare(report).outcomes
    assert (only.before, only.after) == (Outcome.PASS, Outcome.FAIL)
    assert only.requirement == "p95_ms, at most 50"
    assert only.because == slow.because


def test_a_requirement_that_was_not_asked_before_has_no_outcome_there():
    report = reports.ready()
    pallet = rate(Metric.RECALL, "pallet", 0.9, interval(97, 100, 0.03))
    later = replace(report, requirements=(*report.requirements, pallet))
    assert [(one.before, one.after) for one in later.compare(report).outcomes] == [(None, Outcome.PASS)]
    assert [(one.before, one.after) for one in report.compare(later).outcomes] == [(Outcome.PASS, None)]


def test_two_limits_on_one_figure_are_compared_strict_with_strict():
    report = reports.ready()
    seen = interval(90, 100, 0.05)
    loose, strict = (rate(Metric.RECALL, "pallet", limit, seen) for limit in (0.8, 0.97))
    first = replace(report, requirements=(loose, strict))
    assert replace(report, requirements=(strict, loose)).compare(first).outcomes == ()


def test_a_change_of_real_reports_is_plain_and_speaks_of_what_changed():
    spec, now = a_spec(), StillClock().now()
    good, bad = (decide(gathered(missed=missed), spec, as_of=now) for missed in ({}, {"forklift": 60}))
    change = bad.compare(good)
    assert change.is_worse
    assert ("MODEL401", "recall of forklift") in codes(change.new)
    assert change.to_dict()["state_after"] == bad.readiness_state
    assert {one.requirement for one in change.outcomes} >= {"recall of forklift, at least 0.9"}


def fix(action, *subjects):
    return Fix(action=action, title=f"{action} for {subjects}", subjects=subjects, hours=1.0, answers=())


def test_the_data_action_is_the_best_ranked_one_of_the_classes_that_are_meant():
    report = reports.blocked()
    ranked = replace(
        report,
        fixes=(
            fix(Action.CHANGE_TARGET, "forklift"),
            fix(Action.LABEL_MORE, "person"),
            fix(Action.COLLECT_DATA, "classes", "recall of forklift, at least 0.9"),
            fix(Action.LABEL_MORE, "forklift", "pallet"),
        ),
    )
    assert data_action(ranked, {"forklift"}) == ranked.fixes[2]
    assert data_action(ranked, {"pallet"}) == ranked.fixes[3]
    assert data_action(ranked, {"person", "pallet"}) == ranked.fixes[1]
    assert data_action(ranked, {"fork"}) is None
    assert data_action(ranked, ()) is None
