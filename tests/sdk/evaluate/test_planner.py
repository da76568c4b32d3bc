import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.decide.cases import decided, gathered
from vision_readiness.evaluate.planner import Expectation, chance_of_proof, expected, plan_sample
from vision_readiness.evaluate.rates import clustered_wilson

PERSON = Expectation("recall of person", 0.95, 0.90, per_image=1.5, together=2.0)
EXPECTATIONS = st.builds(
    Expectation, st.just("x"), st.floats(0.6, 1), st.floats(0.1, 0.59), st.floats(0.05, 5), st.floats(1, 4)
)


@given(EXPECTATIONS, st.integers(1, 5000))
def test_more_images_never_lessen_the_chance(one, images):
    assert chance_of_proof(one, images) <= chance_of_proof(one, images + 1) + 1e-12


@given(st.lists(EXPECTATIONS, min_size=1, max_size=5))
def test_the_plan_is_the_fewest_images_that_suffice_for_all_together(expectations):
    plan = plan_sample(expectations)
    missed = [
        sum(1 - chance_of_proof(one, images) for one in expectations) for images in (plan.images, plan.images - 1)
    ]
    assert missed[0] <= 0.1 < missed[1]
    assert plan.chance == pytest.approx(1 - missed[0])
    assert plan.alone <= plan.images


def test_everything_together_takes_more_than_the_dearest_alone():
    plan = plan_sample([PERSON, replace(PERSON, name="precision of person", limit=0.91)])
    assert plan.dearest == "precision of person"
    assert plan.alone < plan.images
    assert plan.images > plan_sample([PERSON]).images


def test_errors_that_come_together_and_rare_objects_take_more():
    few = plan_sample([PERSON]).images
    assert plan_sample([replace(PERSON, design_effect=2.0)]).images == pytest.approx(2 * few, rel=0.1)
    assert plan_sample([replace(PERSON, per_image=0.15)]).images == pytest.approx(10 * few, rel=0.01)


def test_what_no_images_would_prove_has_no_plan():
    assert plan_sample([]) is None
    assert plan_sample([PERSON, replace(PERSON, rate=0.9)]) is None
    assert plan_sample([replace(PERSON, per_image=0.0)]) is None
    assert plan_sample([replace(PERSON, rate=0.9000001)]) is None


def test_too_few_groups_prove_nothing_however_good():
    sure = Expectation("x", 1.0, 0.5, per_image=1.0)
    assert chance_of_proof(sure, 19) == 0.0
    assert chance_of_proof(sure, 20) == 1.0
    assert plan_sample([sure]).images == 20


def test_a_limit_from_above_is_the_mirror_image():
    upside_down = replace(PERSON, rate=0.05, limit=0.10, at_most=True)
    assert chance_of_proof(upside_down, 300) == pytest.approx(chance_of_proof(PERSON, 300))
    assert replace(upside_down, rate=0.2).provable is False


def test_a_limit_of_zero_is_proven_by_any_sample():
    assert chance_of_proof(replace(PERSON, limit=0.0), 100) == 1.0


@pytest.mark.parametrize(("rate", "limit", "icc"), [(0.95, 0.90, 0.0), (0.93, 0.85, 0.2), (0.98, 0.93, 0.1)])
def test_the_chance_is_that_of_a_simulation(rate, limit, icc):
    rng = np.random.default_rng(5)
    size, effect = 3, 1 + 2 * icc
    one = Expectation("x", rate, limit, size, effect, size)
    images = plan_sample([one]).images
    shape = (600, images)
    chances = rng.beta(rate * (1 - icc) / icc, (1 - rate) * (1 - icc) / icc, shape) if icc else np.full(shape, rate)
    hits = rng.binomial(size, chances)
    proven = [clustered_wilson(row, np.full(images, size)).lower >= limit for row in hits]
    assert np.mean(proven) == pytest.approx(0.9, abs=0.05)


def test_a_result_says_what_is_expected_of_its_requirement():
    decision = decided(gathered(missed={"forklift": 14}))
    images = int(decision.assessment.scope.images.sum())
    known = [one for result in decision.requirements if (one := expected(result, images))]
    assert {one.name for one in known} == {
        r.requirement.name
        for r in decision.requirements
        if r.measured is not None and not r.requirement.metric.is_budget
    }
    forklift = next(one for one in known if one.name == "recall of forklift, at least 0.9")
    assert (forklift.rate, forklift.limit, forklift.per_image) == (0.93, 0.9, 1.0)
    assert plan_sample([forklift]).images > images


def test_budgets_and_what_was_never_seen_expect_nothing():
    decision = decided(gathered(test=0))
    assert [expected(result, 100) for result in decision.requirements] == [None] * len(decision.requirements)


def test_a_threshold_chosen_on_few_images_takes_more_and_on_many_no_more_than_a_fixed_one():
    few, many = (plan_sample([replace(PERSON, chosen_on=images)]).images for images in (200, 1_000_000))
    assert few > 1.05 * many
    assert many == pytest.approx(plan_sample([PERSON]).images, abs=1)


@given(EXPECTATIONS, st.integers(1, 2000), st.integers(10, 500))
def test_more_test_images_help_a_chosen_threshold_too(one, images, chosen_on):
    chosen = replace(one, chosen_on=chosen_on)
    assert chance_of_proof(chosen, images) <= chance_of_proof(chosen, images + 1) + 1e-12


def test_where_thresholds_rest_on_too_few_objects_the_plan_says_how_many_more_it_takes():
    few = replace(PERSON, chosen_on=5)
    plan, fixed = plan_sample([few]), plan_sample([PERSON])
    assert fixed.images < plan.images <= 1.5 * fixed.images + 1
    assert plan.chance >= 0.9
    assert plan.behind > 2
    assert chance_of_proof(few, plan.images) < 0.9
    enough = replace(few, chosen_on=math.ceil(5 * plan.behind))
    assert chance_of_proof(enough, plan.images) >= 0.9
    assert plan_sample([enough]).images <= plan.images
    assert plan_sample([enough]).behind == fixed.behind == 1
