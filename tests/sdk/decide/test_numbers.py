"""The figures, bounds and prices that results carry, reckoned here once more."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from tests.sdk.decide.cases import CLASSES, a_spec, decided, fast, gathered
from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.decide.budget import judge_budget
from vision_readiness.decide.table import project
from vision_readiness.evaluate.planner import Expectation, plan_sample
from vision_readiness.policy import Policy
from vision_readiness.requirement import Metric, Outcome, Requirement
from vision_readiness.spec import ClassRule, DeploymentTarget, RequirementRule

Z = NormalDist().inv_cdf(0.95)
TARGET = DeploymentTarget(device="dock-pc", price_per_hour=36)
SPREAD = np.tile([0.04, 0.06], 50)
MEAN, ERROR = 0.05, float(np.std(SPREAD, ddof=1)) / 10
FASTEST, SLOWEST = MEAN - Z * ERROR, MEAN + Z * ERROR
LOOSE = {label: ClassRule(min_recall=0.1, min_precision=0.1, threshold=0.5) for label in CLASSES}


def budget(metric, limit, seconds=SPREAD, target=TARGET, artefact=None, fails_below=None, **facts):
    latency = replace(LatencyFacts("dock-pc", "0" * 64, np.asarray(seconds), {}, 10, 0), **facts)
    at_most = metric is not Metric.FRAMES_PER_SECOND
    requirement = Requirement(metric=metric, limit=limit, at_most=at_most, fails_below=fails_below)
    return judge_budget(latency, requirement, target, Policy(), artefact)


@pytest.mark.parametrize(
    ("limit", "fails", "outcome", "code"),
    [
        (200, None, Outcome.PASS, None),
        (199.9, None, Outcome.FAIL, "TARGET501"),
        (199.9, 200, Outcome.INCONCLUSIVE, "TARGET502"),
    ],
)
def test_memory_is_one_measurement_in_mebibytes(limit, fails, outcome, code):
    one = budget(Metric.MEMORY_MB, limit, fails_below=fails, peak_memory_bytes=200 * 2**20)
    assert (one.outcome, one.code, one.measured) == (outcome, code, 200.0)
    assert (one.trials, one.groups, one.unit, one.lower, one.upper) == (1, 1, "measurements", None, None)
    assert one.probability == (1.0 if outcome is Outcome.PASS else 0.0)


def test_memory_that_nobody_read_is_not_proven():
    one = budget(Metric.MEMORY_MB, 200, peak_memory_bytes=None)
    assert (one.outcome, one.code, one.trials, one.unit) == (Outcome.INCONCLUSIVE, "TARGET502", 100, "calls")


def test_frames_a_second_are_bounded_by_the_mean_call():
    one = budget(Metric.FRAMES_PER_SECOND, 10)
    assert (one.measured, one.lower, one.upper) == pytest.approx((20, 1 / SLOWEST, 1 / FASTEST), rel=1e-12)
    assert (one.trials, one.groups, one.unit) == (100, 100, "calls")
    assert budget(Metric.FRAMES_PER_SECOND, 1 / SLOWEST * 0.9999).outcome is Outcome.PASS
    assert budget(Metric.FRAMES_PER_SECOND, 1 / SLOWEST * 1.0001).outcome is Outcome.INCONCLUSIVE
    assert budget(Metric.FRAMES_PER_SECOND, 1 / FASTEST * 0.9999).outcome is Outcome.INCONCLUSIVE
    assert budget(Metric.FRAMES_PER_SECOND, 1 / FASTEST * 1.0001).outcome is Outcome.FAIL


def test_a_thousand_images_cost_what_a_thousand_mean_calls_take():
    one = budget(Metric.COST, 1)
    assert (one.measured, one.lower, one.upper) == pytest.approx((10 * MEAN, 10 * FASTEST, 10 * SLOWEST), rel=1e-12)
    assert budget(Metric.COST, 10 * SLOWEST * 1.0001).outcome is Outcome.PASS
    assert budget(Metric.COST, 10 * SLOWEST * 0.9999).outcome is Outcome.INCONCLUSIVE
    assert budget(Metric.COST, 10 * FASTEST * 1.0001).outcome is Outcome.INCONCLUSIVE
    assert budget(Metric.COST, 10 * FASTEST * 0.9999).outcome is Outcome.FAIL
    assert budget(Metric.COST, 0.1, fails_below=1).outcome is Outcome.INCONCLUSIVE


def test_the_probability_of_a_mean_is_that_of_its_normal_distribution():
    one = budget(Metric.COST, 10 * (MEAN + 0.5 * ERROR))
    assert one.probability == pytest.approx(NormalDist().cdf(0.5), rel=1e-9)
    assert budget(Metric.COST, 10 * MEAN, seconds=np.full(40, MEAN)).probability == 1.0
    assert budget(Metric.COST, 10 * MEAN * 0.99, seconds=np.full(40, MEAN)).probability == 0.0


@pytest.mark.parametrize(("calls", "more"), [(1, 29), (2, 28), (29, 1), (30, None)])
@pytest.mark.parametrize("metric", [Metric.COST, Metric.FRAMES_PER_SECOND])
def test_a_mean_takes_thirty_calls(metric, calls, more):
    one = budget(metric, 1.0, seconds=np.full(calls, 0.01))
    assert (one.outcome, one.more, one.more_images) == (Outcome.INCONCLUSIVE if more else Outcome.PASS, more, None)
    assert (one.probability > 0) is (more is None)


def test_of_a_single_call_no_bound_is_known():
    rate, cost = (budget(metric, 1.0, seconds=[0.01]) for metric in (Metric.FRAMES_PER_SECOND, Metric.COST))
    assert (rate.measured, rate.lower) == (100.0, 0.0)
    assert (cost.measured, cost.upper) == (pytest.approx(0.1), None)


def test_a_percentile_is_shown_in_milliseconds_with_its_order_statistics():
    seconds = np.arange(1, 301) / 1000
    one = budget(Metric.P95_MS, 400, seconds=seconds)
    assert one.outcome is Outcome.PASS
    assert (one.lower, one.upper) == pytest.approx((278, 292), abs=1.01)
    assert one.lower < one.measured < one.upper
    assert budget(Metric.P95_MS, 250, seconds=seconds).outcome is Outcome.FAIL
    assert budget(Metric.P95_MS, 250, seconds=seconds, fails_below=400).outcome is Outcome.INCONCLUSIVE
    assert budget(Metric.P50_MS, 170, seconds=seconds).outcome is Outcome.PASS
    few = budget(Metric.P95_MS, 400, seconds=seconds[:40])
    assert (few.outcome, few.more) == (Outcome.INCONCLUSIVE, 19)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seconds": []}, "TARGET503"),
        ({"estimated_error": 0.0}, "TARGET503"),
        ({"device": "laptop"}, "TARGET503"),
        ({"target": None}, "TARGET503"),
        ({"artefact": "1" * 64}, "TARGET503"),
        ({"target": DeploymentTarget(device="dock-pc")}, "TARGET502"),
    ],
)
def test_what_was_not_timed_there_proves_no_budget_and_has_no_figure(changes, code):
    one = budget(Metric.COST, 1.0, **changes)
    calls = 0 if "seconds" in changes else 100
    assert (one.outcome, one.code, one.measured, one.probability) == (Outcome.INCONCLUSIVE, code, None, 0.0)
    assert (one.trials, one.groups, one.unit, one.more) == (calls, calls, "calls", None)


def test_times_of_the_same_artefact_or_of_one_not_known_count():
    assert budget(Metric.COST, 1.0, artefact="0" * 64).outcome is Outcome.PASS
    assert budget(Metric.COST, 1.0, artefact=None).outcome is Outcome.PASS


def alarms(empty, events, limit, **more):
    rule = RequirementRule(metric=Metric.FALSE_ALARMS, at_most=limit, **more)
    answers = project.Answers(false_alarms={"pallet": events})
    case = project.a_case(evidence=project.gathered(answers, empty=empty), requirements=(rule,))
    decision = decided(case.evidence, case.spec)
    return next(one for one in decision.requirements if one.requirement.metric is Metric.FALSE_ALARMS)


@pytest.mark.parametrize(
    ("empty", "events", "limit", "more"),
    [
        (100, 0, 5, 600 - 100),
        (400, 1, 5, math.ceil((Z / 0.0025) ** 2 * 0.005) - 400),
        (100, 1, 5, None),
        (200, 1, 5, None),
        (0, 0, 10, 300),
    ],
)
def test_empty_images_are_priced_by_the_rate_that_was_seen(empty, events, limit, more):
    one = alarms(empty, events, limit)
    assert (one.outcome, one.more, one.more_images) == (Outcome.INCONCLUSIVE, more, more)
    assert (one.hits, one.trials, one.groups, one.unit) == (events, empty, empty, "empty images")
    assert (one.lower is None, one.upper is None) == (empty == 0, empty == 0)
    assert one.measured == (None if not empty else pytest.approx(1000 * events / empty))


def test_false_alarms_are_proven_and_fail_by_their_bounds():
    assert alarms(400, 0, 10).outcome is Outcome.PASS
    many = alarms(100, 40, 100)
    assert (many.outcome, many.code, many.more) == (Outcome.FAIL, "MODEL404", None)


def average(evidence, metric, at_least, **more):
    rule = RequirementRule(metric=metric, at_least=at_least, label="forklift", **more)
    decision = decided(evidence, a_spec(classes=LOOSE, requirements=(rule,)))
    return next(one for one in decision.requirements if one.requirement.metric is metric)


@pytest.mark.parametrize(("metric", "column"), [(Metric.AP, 0), (Metric.AP50, 1)])
def test_an_average_precision_has_the_value_and_the_interval_of_its_class(metric, column):
    evidence = gathered(missed={"forklift": 30})
    row, known = 1, evidence.model.average
    one = average(evidence, metric, 0.1, critical=False)
    value = known.value[row].mean() if column == 0 else known.value[row, 0]
    assert (one.measured, one.lower, one.upper) == (value, known.lower[row, column], known.upper[row, column])
    assert (one.outcome, one.trials, one.groups, one.unit) == (Outcome.PASS, 200, 200, "images")
    near = average(evidence, metric, float(value) - 0.001, critical=False)
    spread = max((one.upper - one.lower) / 2, 1e-9) / Z
    assert near.probability == pytest.approx(NormalDist().cdf(0.001 / spread), abs=1e-6)
    assert average(evidence, metric, 0.99, critical=False).outcome is Outcome.FAIL
    critical = average(evidence, metric, 0.1)
    assert (critical.outcome, critical.more, critical.more_images) == (Outcome.INCONCLUSIVE, 600, 600)


@pytest.mark.parametrize("metric", [Metric.RECALL, Metric.PRECISION])
def test_what_is_not_proven_is_priced_by_the_planner(metric):
    wrong = {"missed": {"forklift": 14}} if metric is Metric.RECALL else {"false_alarms": {"forklift": 40}}
    decision = decided(gathered(**wrong))
    (one,) = (
        one
        for one in decision.requirements
        if (one.requirement.metric, one.requirement.label, one.requirement.where) == (metric, "forklift", ())
    )
    assert one.outcome is Outcome.INCONCLUSIVE
    wanted = Expectation(
        one.requirement.name,
        one.measured,
        one.requirement.limit,
        one.trials / 200,
        one.design_effect,
        one.trials / one.groups,
        at_most=False,
        chosen_on=None,
    )
    plan = plan_sample([wanted], alpha=0.05, min_groups=20)
    assert one.more_images == plan.images - 200
    assert one.more == math.ceil(one.more_images * one.trials / 200)


def test_without_a_trial_the_fewest_groups_are_asked_for():
    decision = decided(gathered(missed={"forklift": 200}), a_spec(classes=LOOSE))
    (one,) = (
        one
        for one in decision.requirements
        if (one.requirement.metric, one.requirement.label, one.requirement.where) == (Metric.PRECISION, "forklift", ())
    )
    assert (one.trials, one.measured, one.lower, one.upper, one.more, one.more_images) == (0, None, None, None, 20, 20)


def test_a_change_that_is_not_proven_is_priced_by_its_spread():
    rule = RequirementRule(metric=Metric.RECALL, label="person", no_worse_than="previous", margin=0.05)
    evidence = replace(gathered(missed={"person": 8}), parent=gathered().model)
    decision = decided(evidence, a_spec(classes=LOOSE, requirements=(rule,)))
    (one,) = (one for one in decision.requirements if one.requirement.metric is Metric.RECALL_CHANGE)
    assert (one.outcome, one.measured, one.trials, one.groups) == (
        Outcome.INCONCLUSIVE,
        pytest.approx(-0.04),
        200,
        200,
    )
    spread = (one.measured - one.lower) / Z
    needed = math.ceil(200 * (Z * spread / 0.01) ** 2)
    assert one.more == pytest.approx(needed - 200, rel=0.05)
    assert one.more_images == one.more
    assert one.probability == pytest.approx(NormalDist().cdf(0.01 / spread), abs=0.01)


def test_a_change_beyond_the_margin_has_no_price():
    rule = RequirementRule(metric=Metric.RECALL, label="person", no_worse_than="previous", margin=0.05)
    evidence = replace(gathered(missed={"person": 12}), parent=gathered().model)
    decision = decided(evidence, a_spec(classes=LOOSE, requirements=(rule,)))
    (one,) = (one for one in decision.requirements if one.requirement.metric is Metric.RECALL_CHANGE)
    assert (one.outcome, one.more, one.more_images) == (Outcome.INCONCLUSIVE, None, None)


def test_a_decision_names_the_critical_requirement_to_speak_of_first():
    decision = decided(gathered(missed={"forklift": 60, "person": 14}, latency=fast(0.2), train=300))
    assert (decision.weakest.outcome, decision.weakest.requirement.where) == (Outcome.FAIL, ())
    assert (decision.weakest.requirement.metric, decision.weakest.requirement.label) == (Metric.RECALL, "forklift")
    assert decided(gathered(missed={"person": 14})).weakest.requirement.label == "person"
