from dataclasses import replace

import pytest

from tests.sdk.decide.cases import a_spec, decided, fast, gathered
from tests.sdk.guide.cases import decisions
from vision_readiness.guide.risks import RiskLevel, coverage_risk, latency_risk
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.spec import ConditionRule, DeploymentTarget, RequirementRule

LOW, MEDIUM, HIGH = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH
AT_NIGHT = RequirementRule(metric=Metric.RECALL, at_least=0.9, label="person", where={"lighting": "night"})


def night(**changes):
    return a_spec(requirements=(AT_NIGHT.model_copy(update=changes),))


@pytest.mark.parametrize("name", decisions())
def test_no_risk_is_low_while_a_requirement_it_rests_on_is_open(name):
    decision = decisions()[name]
    open_ones = [one.requirement for one in decision.requirements if one.outcome is not Outcome.PASS]
    if any(one.metric.is_budget for one in open_ones):
        assert latency_risk(decision).level is not LOW
    if any(condition != "set" for one in open_ones for condition, _ in one.where):
        assert coverage_risk(decision).level is not LOW
    for risk in (coverage_risk(decision), latency_risk(decision)):
        assert risk.because.endswith(".")


def test_what_was_tested_and_holds_is_a_low_risk():
    decision = decided(gathered(), night())
    assert coverage_risk(decision).level is LOW
    assert coverage_risk(decision).because.startswith("Each of 2 declared levels of conditions was tested")
    assert latency_risk(decision).level is LOW
    assert "of frames" in latency_risk(decision).because


def test_a_failure_at_night_is_a_high_coverage_risk_told_by_its_proof():
    decision = decided(gathered(missed={"person": 40}, missed_at="night"), night())
    risk = coverage_risk(decision)
    assert risk.level is HIGH
    assert risk.because.startswith("Found 60 of 100 `person`")


def test_a_declared_situation_that_nobody_tested_is_a_high_coverage_risk():
    levels = {"day": 0.5, "night": 0.2, "dusk": 0.3}
    decision = decided(gathered(), a_spec(requirements=(), conditions={"lighting": ConditionRule(levels=levels)}))
    risk = coverage_risk(decision)
    assert risk.level is HIGH
    assert "lighting dusk" in risk.because


def test_where_nothing_is_asked_of_any_situation_the_coverage_risk_is_not_low():
    spec = a_spec(requirements=(), conditions={})
    assert coverage_risk(decided(gathered(), spec)).level is MEDIUM


def test_a_model_that_is_too_slow_or_was_never_timed_is_a_high_latency_risk():
    slow = decided(gathered(latency=fast(0.2)), night())
    untimed = decided(replace(gathered(), latency=None), night())
    assert latency_risk(slow).level is HIGH
    assert "200" in latency_risk(slow).because
    assert latency_risk(untimed).level is HIGH


def test_times_of_another_device_or_without_a_budget_leave_a_medium_latency_risk():
    elsewhere = decided(gathered(latency=fast(device="another")), night())
    unasked = decided(gathered(), night().model_copy(update={"deployment_target": DeploymentTarget(device="dock-pc")}))
    assert latency_risk(elsewhere).level is MEDIUM
    assert latency_risk(unasked).level is MEDIUM


def test_without_a_model_both_are_high():
    decision = decided(gathered(with_model=False))
    assert (coverage_risk(decision).level, latency_risk(decision).level) == (HIGH, HIGH)
