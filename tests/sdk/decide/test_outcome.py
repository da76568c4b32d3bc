from dataclasses import replace
from math import nextafter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.decide.cases import TODAY, a_spec, decided, gathered
from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.decide import decision_on
from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.outcome import Seen, Verdict, by_bounds, judged, score_needed, score_of
from vision_readiness.policy import Policy
from vision_readiness.readiness import BlockedBy
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Metric, Outcome, Requirement, Waiver
from vision_readiness.spec import ConditionRule, DeploymentTarget

ALPHAS = (0.2, 0.1, 0.05, 0.0304, 0.01, 0.0076, 0.001, 1e-6)
RECALL = Requirement(metric=Metric.RECALL, limit=0.9, fails_below=0.8, label="person")
SURE = Verdict(passes=True, fails=False, probability=1.0)


def made(verdict, alpha, **options):
    return judged(RECALL, Seen(), verdict, alpha=alpha, failure=outcomes.WEAK_CLASS, **options)


@pytest.mark.parametrize("alpha", ALPHAS)
@given(probability=st.floats(0, 1))
def test_only_what_is_proven_has_the_score_that_is_needed(alpha, probability):
    proven = made(replace(SURE, probability=probability), alpha)
    open_ = made(Verdict(passes=False, fails=False, probability=probability), alpha)
    not_admitted = made(replace(SURE, probability=probability), alpha, admitted=False)
    failed = made(Verdict(passes=False, fails=True, probability=probability), alpha)
    assert score_of(proven.probability, alpha) >= score_needed(alpha)
    for one in (open_, not_admitted, failed):
        assert one.outcome is not Outcome.PASS
        assert one.probability < 1 - alpha
        assert score_of(one.probability, alpha) < score_needed(alpha)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_score_of_a_decision_reaches_what_it_needs_where_all_is_proven_and_nowhere_else(alpha):
    for evidence in (gathered(), gathered(missed={"forklift": 14}), gathered(test=19)):
        decision = decision_on(evidence, a_spec(), Policy(alpha=alpha), as_of=TODAY)
        proven = all(one.outcome is Outcome.PASS for one in decision.requirements if one.requirement.critical)
        assert (decision.score >= decision.score_needs) == proven
        assert decision.score_needs == score_needed(alpha)


def test_a_score_is_needed_in_whole_points():
    assert [score_needed(alpha) for alpha in ALPHAS] == [80, 90, 95, 97, 99, 100, 100, 100]
    assert score_of(nextafter(0.95, 0), 0.05) == 94


@pytest.mark.parametrize(
    ("lower", "upper", "outcome"),
    [
        (0.91, 0.97, Outcome.PASS),
        (0.9, 0.97, Outcome.PASS),
        (0.7, 0.95, Outcome.INCONCLUSIVE),
        (0.7, 0.85, Outcome.INCONCLUSIVE),
        (0.7, 0.8, Outcome.INCONCLUSIVE),
        (0.7, 0.79, Outcome.FAIL),
    ],
)
def test_it_fails_below_another_value_than_it_is_proven_at(lower, upper, outcome):
    assert made(by_bounds(RECALL, lower, upper, 0.5), 0.05).outcome is outcome
    at_most = Requirement(metric=Metric.FALSE_ALARMS, limit=0.1, fails_below=0.2, at_most=True)
    verdict = by_bounds(at_most, 1 - upper, 1 - lower, 0.5)
    seen = judged(at_most, Seen(), verdict, alpha=0.05, failure=outcomes.WEAK_OVERALL).outcome
    assert seen is outcome or (lower, upper) in {(0.9, 0.97), (0.7, 0.8)}  # 1 - 0.9 is no 0.1 in binary


@pytest.mark.parametrize(
    ("metric", "limit", "fails"),
    [(Metric.P95_MS, 100, 250), (Metric.FRAMES_PER_SECOND, 10, 4), (Metric.COST, 1, 3), (Metric.MEMORY_MB, 100, 300)],
)
def test_a_budget_between_its_two_limits_is_not_proven_and_does_not_fail(metric, limit, fails):
    target = DeploymentTarget(device="dock-pc", price_per_hour=36)
    latency = LatencyFacts("dock-pc", "0" * 64, np.full(300, 0.2), {}, 10, 0, peak_memory_bytes=200 * 2**20)
    at_most = metric is not Metric.FRAMES_PER_SECOND
    strict = Requirement(metric=metric, limit=limit, at_most=at_most)
    assert judge_budget(latency, strict, target, Policy()).outcome is Outcome.FAIL
    lenient = replace(strict, fails_below=fails)
    assert judge_budget(latency, lenient, target, Policy()).outcome is Outcome.INCONCLUSIVE


def test_a_risk_that_is_accepted_for_one_class_leaves_the_fixes_and_blockers_of_another():
    dusk = {"lighting": ConditionRule(levels=dict.fromkeys(("day", "night", "dusk")))}
    waiver = Waiver("DATA109", "person", "Neha", "no dusk this month", TODAY)
    decision = decided(gathered(), a_spec(conditions=dusk), waiver)
    without_images = [one for one in decision.requirements if one.code == "DATA109"]
    assert {one.requirement.label for one in without_images if one.waiver == waiver} == {"person"}
    assert {one.requirement.label for one in without_images if one.waiver is None} == {"forklift"}
    covered = {key for one in decision.waived for key in one.covers}
    assert covered == {one.requirement.id for one in without_images if one.waiver}
    assert decision.blocked_by is BlockedBy.EVIDENCE
    assert "lighting dusk" in decision.stages[1].because
