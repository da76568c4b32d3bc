from datetime import UTC, datetime, time, timedelta

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, gathered
from vision_readiness import Waiver
from vision_readiness.advisor import decide
from vision_readiness.report import deployable_on
from vision_readiness.spec.capture import Season

TOMORROW = TODAY + timedelta(days=1)
NOON = datetime.combine(TODAY, time(12), UTC)


def accepted(expires, code="MODEL402"):
    return Waiver(code, "forklift", "Neha Kapoor", "a pilot", expires)


def decided(*waivers, spec=None, on=NOON, missed=14):
    missing = {"forklift": missed} if missed else {}
    return decide(gathered(missed=missing), spec or a_spec(seasons={}), as_of=on, waivers=waivers)


def not_proven():
    return {one.key: one.code for one in decided().blockers}


def test_a_report_that_nothing_ends_is_deployable_on_any_day():
    report = decided(missed=0)
    assert report.valid_until is None
    assert deployable_on(report, TODAY)
    assert deployable_on(report, TODAY + timedelta(days=4000))


def test_a_waived_blocker_is_deployable_until_the_end_of_its_last_day():
    (code,) = set(not_proven().values())
    report = decided(accepted(TOMORROW, code))
    assert report.deployable
    assert report.valid_until == TOMORROW
    assert [deployable_on(report, TODAY + timedelta(days=days)) for days in (0, 1, 2)] == [True, True, False]
    later = decided(accepted(TOMORROW, code), on=NOON + timedelta(days=2))
    assert not later.deployable
    assert later.valid_until is None


def test_a_waiver_that_takes_nothing_away_ends_nothing():
    assert decided(accepted(TOMORROW, "MODEL401"), missed=0).valid_until is None


@pytest.mark.parametrize(("days", "until"), [(0, TODAY), (1, TOMORROW), (-1, None)])
def test_a_report_holds_until_the_data_set_is_to_be_refreshed(days, until):
    spec = a_spec(seasons={"winter": Season(refresh_by=TODAY + timedelta(days=days))})
    assert decided(spec=spec, missed=0).valid_until == until


@pytest.mark.parametrize(("waiver", "season"), [(1, 5), (5, 1)])
def test_the_first_end_ends_it(waiver, season):
    (code,) = set(not_proven().values())
    spec = a_spec(seasons={"winter": Season(refresh_by=TODAY + timedelta(days=season))})
    report = decided(accepted(TODAY + timedelta(days=waiver), code), spec=spec)
    assert report.valid_until == TOMORROW


def test_blockers_are_the_critical_requirements_that_are_open_and_the_p0_findings():
    report = decided()
    unmet = {one.requirement.id for one in report.requirements if one.requirement.critical and one.outcome != "pass"}
    assert {one.key for one in report.blockers} == unmet != set()
    assert {one.sentence for one in report.blockers} <= {one.because for one in report.requirements}
    leaking = decide(gathered(leaked=40), a_spec(), as_of=NOON)
    assert "SPLIT302:test and train" in {one.key for one in leaking.blockers}
    assert {one.key for one in leaking.blockers} >= {one.key for one in leaking.findings if one.severity == "P0"}
    (code,) = set(not_proven().values())
    assert decided(accepted(TOMORROW, code)).blockers == ()
    assert decided(missed=0).blockers == ()


def test_a_waiver_of_one_class_leaves_the_blockers_of_another():
    both = gathered(missed={"forklift": 14, "person": 14})
    report = decide(both, a_spec(), as_of=NOON)
    codes = {one.code for one in report.blockers}
    waivers = tuple(accepted(TOMORROW, code) for code in codes)
    left = decide(both, a_spec(), as_of=NOON, waivers=waivers).blockers
    assert {one.key for one in left} == {one.key for one in report.blockers if "/person/" in one.key} != set()


def test_earlier_looks_stand_in_the_report():
    assert decided(missed=0).history == ()
    known = decide(gathered(), a_spec(), as_of=NOON, history=("look-1", "look-2"))
    assert known.to_dict()["history"] == ["look-1", "look-2"]
