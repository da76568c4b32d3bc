from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, decided, fast, gathered
from tests.sdk.guide.cases import fixes_of
from vision_readiness.readiness import Action
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.spec import DeploymentTarget
from vision_readiness.words.headlines import headline


def cost(latency, limit, price=3.6):
    target = DeploymentTarget(device="dock-pc", p95_ms=1000, cost_per_1000_images=limit, price_per_hour=price)
    decision = decided(gathered(latency=latency), a_spec(deployment_target=target))
    return decision, next(one for one in decision.requirements if one.requirement.metric is Metric.COST)


@pytest.mark.parametrize(("limit", "outcome"), [(0.011, Outcome.PASS), (0.009, Outcome.FAIL)])
def test_a_thousand_images_cost_a_thousand_mean_calls(limit, outcome):
    _, result = cost(fast(0.01), limit)
    assert result.measured == pytest.approx(0.01)
    assert result.outcome is outcome


def test_a_mean_that_straddles_the_limit_is_not_proven():
    spread = np.tile([0.001, 0.019], 150)
    _, result = cost(replace(fast(), seconds=spread), 0.0101)
    assert result.outcome is Outcome.INCONCLUSIVE
    assert result.lower < 0.0101 < result.upper


def test_few_calls_prove_no_cost():
    assert cost(fast(calls=20), 1.0)[1].outcome is Outcome.INCONCLUSIVE


def test_without_a_price_nobody_knows_the_cost():
    decision, result = cost(fast(), 1.0, None)
    assert (result.outcome, result.code) == (Outcome.INCONCLUSIVE, "TARGET502")
    assert headline(decision) == "Nobody knows yet what it costs to run."
    fix = fixes_of(decision)[0]
    assert (fix.action, fix.title) == (
        Action.ESCALATE,
        "Write what an hour of dock-pc costs as `price_per_hour` into the spec",
    )


def test_a_model_that_costs_too_much_says_so():
    decision, _ = cost(fast(), 0.001)
    assert headline(decision) == "It costs too much to run."
