"""What is not proven is never said to hold with what a proof would take, whatever the policy asks for."""

from dataclasses import replace

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, fast, gathered
from vision_readiness.decide import decision_on
from vision_readiness.decide.outcome import Price, Seen, by_bounds, judged, score_needed, score_of, unproven
from vision_readiness.policy import Policy
from vision_readiness.readiness import BlockedBy
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Metric, Outcome, Requirement
from vision_readiness.spec import ClassRule, RequirementRule

FEW = {"test": 19, "train": 60, "valid": 30}
LOOSE = {label: ClassRule(min_recall=0.1, min_precision=0.1, threshold=0.5) for label in a_spec().classes}


def against_itself():
    evidence = gathered(**FEW)
    return replace(evidence, parent=evidence.model)


def rule(metric, **limit):
    return RequirementRule(metric=metric, **{"label": "person", **limit})


CASES = {
    "too few groups": (lambda: gathered(**FEW), Metric.RECALL, ()),
    "too few groups for precision": (lambda: gathered(**FEW), Metric.PRECISION, ()),
    "a change on too few groups": (
        against_itself,
        Metric.RECALL_CHANGE,
        (rule(Metric.RECALL, no_worse_than="previous", margin=0.9),),
    ),
    "average precision on too few images": (gathered, Metric.AP50, (rule(Metric.AP50, at_least=0.1),)),
    "no empty images": (
        lambda: gathered(**FEW),
        Metric.FALSE_ALARMS,
        (rule(Metric.FALSE_ALARMS, at_most=900, label=None),),
    ),
    "another device": (lambda: gathered(latency=fast(device="laptop")), Metric.P95_MS, ()),
    "too few calls": (lambda: gathered(latency=fast(calls=9)), Metric.P95_MS, ()),
}


@pytest.mark.parametrize("alpha", [0.2, 0.1, 0.05, 0.03, 0.01, 0.001])
@pytest.mark.parametrize("case", CASES)
def test_what_is_not_proven_stays_under_what_a_proof_takes(case, alpha):
    evidence, metric, rules = CASES[case]
    decision = decision_on(evidence(), a_spec(classes=LOOSE, requirements=rules), Policy(alpha=alpha), as_of=TODAY)
    results = [one for one in decision.requirements if one.requirement.metric is metric]
    assert results
    for one in results:
        assert one.outcome is Outcome.INCONCLUSIVE
        assert 0 <= one.probability < 1 - alpha
    assert decision.score < score_needed(alpha)
    assert decision.confidence < 1 - alpha
    assert decision.blocked_by is BlockedBy.EVIDENCE


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.01])
def test_a_figure_far_from_its_limit_on_too_few_groups_is_said_to_be_all_but_proven(alpha):
    decision = decision_on(gathered(**FEW), a_spec(classes=LOOSE), Policy(alpha=alpha), as_of=TODAY)
    everywhere = [one for one in decision.requirements if one.requirement.label and not one.requirement.where]
    assert {one.groups for one in everywhere} == {19}
    assert min(one.probability for one in everywhere) > 1 - alpha - 0.02


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.01])
def test_what_is_proven_holds_with_what_a_proof_takes_at_least(alpha):
    decision = decision_on(gathered(), a_spec(classes=LOOSE), Policy(alpha=alpha), as_of=TODAY)
    rates = [one for one in decision.requirements if one.requirement.label]
    assert {one.outcome for one in rates} == {Outcome.PASS}
    assert min(one.probability for one in rates) >= 1 - alpha
    assert decision.score >= score_needed(alpha)


@pytest.mark.parametrize(
    ("alpha", "needed"), [(0.5, 50), (0.2, 80), (0.05, 95), (0.0304, 97), (0.03, 97), (0.01, 99), (0.001, 100)]
)
def test_the_score_needed_is_reached_by_what_is_proven_and_by_nothing_else(alpha, needed):
    assert score_needed(alpha) == needed
    just, under = 1 - alpha, 1 - alpha - 1e-9
    assert score_of(just, alpha) == max(needed, int(100 * just))
    assert score_of(under, alpha) <= needed - 1
    assert (score_of(0.0, alpha), score_of(1.0, alpha)) == (0, 100)
    assert score_of(0.37, alpha) == 37
    scores = [score_of(step / 1000, alpha) for step in range(1001)]
    assert scores == sorted(scores)


def result(outcome_at, probability, alpha=0.05, **more):
    """The result of a recall that should reach 0.9, with bounds at ``outcome_at``."""
    requirement = Requirement(metric=Metric.RECALL, limit=0.9, label="person", fails_below=0.8)
    verdict = by_bounds(requirement, *outcome_at, probability)
    seen = Seen(value=0.9, lower=outcome_at[0], upper=outcome_at[1], hits=9, trials=10, groups=7)
    return judged(requirement, seen, verdict, alpha=alpha, failure=outcomes.WEAK_CLASS, **more)


@pytest.mark.parametrize(
    ("bounds", "outcome", "code"),
    [
        ((0.9, 1.0), Outcome.PASS, None),
        ((0.8999, 1.0), Outcome.INCONCLUSIVE, "MODEL402"),
        ((0.1, 0.8), Outcome.INCONCLUSIVE, "MODEL402"),
        ((0.1, 0.7999), Outcome.FAIL, "MODEL401"),
    ],
)
def test_a_requirement_is_proven_at_its_limit_and_fails_below_what_it_fails_at(bounds, outcome, code):
    one = result(bounds, 0.5)
    assert (one.outcome, one.code) == (outcome, code)
    assert (one.measured, one.lower, one.upper, one.hits, one.trials, one.groups) == (0.9, *bounds, 9, 10, 7)


def test_evidence_that_is_not_admitted_neither_proves_nor_fails():
    for bounds in ((0.95, 1.0), (0.1, 0.2)):
        assert result(bounds, 0.99, admitted=False).outcome is Outcome.INCONCLUSIVE
    assert result((0.95, 1.0), 0.999, admitted=False).probability == 0.94


def test_a_pass_holds_with_what_a_proof_takes_and_everything_else_a_point_below():
    assert result((0.9, 1.0), 0.94999).probability == 0.95
    assert result((0.9, 1.0), 0.97).probability == 0.97
    assert result((0.85, 1.0), 0.97).probability == 0.94
    assert result((0.85, 1.0), 0.6).probability == 0.6
    assert result((0.1, 0.2), 0.99).probability == 0.94
    assert result((0.85, 1.0), -0.1).probability == 0.0


def test_a_price_is_asked_for_what_is_not_proven_alone():
    price = Price(more=40, images=30)
    asked = [result(bounds, 0.5, price=lambda: price) for bounds in ((0.95, 1.0), (0.85, 1.0), (0.1, 0.2))]
    assert [(one.more, one.more_images) for one in asked] == [(None, None), (40, 30), (None, None)]


@pytest.mark.parametrize(
    ("at_most", "metric", "lower", "upper", "passes", "fails"),
    [
        (False, Metric.RECALL, 0.9, 1.0, True, False),
        (False, Metric.RECALL, 0.5, 0.9, False, False),
        (False, Metric.RECALL, 0.5, 0.8999, False, True),
        (True, Metric.FALSE_ALARMS, 0.1, 0.9, True, False),
        (True, Metric.FALSE_ALARMS, 0.9, 0.95, False, False),
        (True, Metric.FALSE_ALARMS, 0.9001, 0.95, False, True),
        (False, Metric.RECALL_CHANGE, 0.9, 1.0, False, False),
        (False, Metric.RECALL_CHANGE, 0.9001, 1.0, True, False),
    ],
)
def test_bounds_on_the_limit_prove_a_rate_and_no_change(at_most, metric, lower, upper, passes, fails):
    requirement = Requirement(metric=metric, limit=0.9, at_most=at_most, label="person")
    verdict = by_bounds(requirement, lower, upper, 0.7)
    assert (verdict.passes, verdict.fails, verdict.probability) == (passes, fails, 0.7)


def test_what_there_is_no_evidence_of_has_no_figure_and_no_probability():
    requirement = Requirement(metric=Metric.RECALL, limit=0.9, label="person")
    one = unproven(requirement, outcomes.NO_MODEL, Cause.MEASURED, trials=3, groups=2, unit="calls")
    assert (one.outcome, one.code, one.probability) == (Outcome.INCONCLUSIVE, "MODEL411", 0.0)
    assert (one.measured, one.lower, one.upper, one.hits, one.more, one.more_images) == (None,) * 6
    assert (one.trials, one.groups, one.unit) == (3, 2, "calls")
