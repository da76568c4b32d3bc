import pytest

from tests.sdk.decide.cases import a_spec, decided, gathered
from tests.sdk.guide.cases import decisions, fixes_of
from vision_readiness.guide import capture_plan, next_action, sample_estimate
from vision_readiness.project import Split
from vision_readiness.requirement import Outcome
from vision_readiness.words.headlines import next_sentence


def to_prove(decision):
    """The part of the plan that is about evidence."""
    return [item for item in capture_plan(decision) if item.split is Split.TEST]


@pytest.mark.parametrize("name", decisions())
def test_numbers_are_those_of_the_requirements_that_are_not_proven(name):
    decision = decisions()[name]
    by_name = {one.requirement.name: one for one in decision.requirements}
    for item in to_prove(decision):
        result = by_name[item.requirement]
        assert result.outcome is Outcome.INCONCLUSIVE
        assert (item.more, item.more_images, item.have) == (result.more, result.more_images, result.trials)
        assert item.more > 0
        few = result.groups < 20 and f"Only {result.groups} source image" in result.because
        assert f"{item.more:,} more" in result.because or few or not result.trials


@pytest.mark.parametrize("name", decisions())
def test_a_class_and_situation_is_listed_once_with_its_dearest_need(name):
    decision = decisions()[name]
    plan = to_prove(decision)
    assert len({(item.label, item.situation) for item in plan}) == len(plan)
    assert [item.more_images for item in plan] == sorted((item.more_images for item in plan), reverse=True)
    for item in plan:
        needs = [
            one.more_images or one.more
            for one in decision.requirements
            if one.requirement.label == item.label
            and ", ".join(map(" ".join, one.requirement.where)) == (item.situation or "")
            and one.outcome is Outcome.INCONCLUSIVE
            and one.more
        ]
        assert (item.more_images or item.more) == max(needs)


@pytest.mark.parametrize("name", ["ready", "too slow", "few calls", "never timed", "misses", "no model"])
def test_nothing_is_captured_where_images_would_not_help(name):
    assert capture_plan(decisions()[name]) == ()


def test_an_uncovered_class_is_in_the_plan():
    plan = capture_plan(decisions()["few images"])
    assert {item.label for item in plan} == {"person", "forklift"}
    assert {item.situation for item in plan} >= {None, "lighting day", "lighting night"}


def test_a_weak_slice_asks_for_training_images_once_a_class_and_situation():
    plan = capture_plan(decisions()["misses at night"])
    (weak,) = [item for item in plan if item.split is Split.TRAIN]
    assert (weak.label, weak.situation, weak.have) == ("forklift", "lighting night", None)
    assert (weak.more, weak.more_images, weak.unit) == (100, None, "objects")
    assert weak.requirement == "recall of forklift, lighting night, as elsewhere"


def test_all_that_is_not_proven_is_priced_together_and_takes_no_less_than_the_dearest_alone():
    decision = decisions()["not proven"]
    plan = sample_estimate(decision)
    open_ones = [one for one in decision.requirements if one.outcome is Outcome.INCONCLUSIVE]
    assert {*plan.proves, *plan.unreachable} == {one.requirement.name for one in open_ones}
    assert plan.have == int(decision.assessment.scope.images.sum())
    assert 0.5 < plan.chance <= 1
    alone = [one.more_images for one in open_ones if one.requirement.name == plan.dearest and not one.requirement.where]
    assert all(plan.more_images >= images for images in alone)


def test_the_next_action_says_what_all_of_it_takes():
    decision = decisions()["few images"]
    plan = sample_estimate(decision)
    sentence = next_sentence(next_action(decision, ()), decision, fixes_of(decision))
    images = f"{plan.more_images:,} more test images"
    assert sentence.endswith(
        f" All {len(plan.proves)} that are not proven: about {images}, mixed as now (an estimate)."
    )


@pytest.mark.parametrize("name", ["ready", "no model", "no test images", "too slow"])
def test_nothing_is_priced_where_no_rate_is_open(name):
    assert sample_estimate(decisions()[name]) is None


@pytest.mark.parametrize(("valid", "more"), [(20, True), (60, False), (0, True)])
def test_thresholds_chosen_on_too_few_valid_images_ask_for_more_of_those(valid, more):
    rule = a_spec().classes["forklift"].model_copy(update={"threshold": None, "min_recall": 0.88})
    spec = a_spec(classes={**a_spec().classes, "forklift": rule}, conditions={})
    plan = sample_estimate(decided(gathered(valid=valid, test=40, missed={"forklift": 2}), spec))
    assert (plan.more_valid_images is not None) is more
