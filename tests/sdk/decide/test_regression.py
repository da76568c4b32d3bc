from dataclasses import replace

import pytest

from tests.sdk.decide.cases import a_spec, decided, gathered
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.spec import ClassRule, ImageSet, RequirementRule


def rule(metric=Metric.RECALL, margin=0.05, **more):
    return RequirementRule(metric=metric, label="person", no_worse_than="previous", margin=margin, **more)


def against(now, before, *rules, **changes):
    """The decision on a model beside an earlier one, under loose floors and the given comparisons."""
    loose = {label: ClassRule(min_recall=0.1, min_precision=0.1, threshold=0.5) for label in a_spec().classes}
    evidence = replace(gathered(train=300, **now), parent=gathered(train=300, **before).model)
    return decided(evidence, a_spec(classes=loose, requirements=rules, **changes))


def change(decision, metric=Metric.RECALL_CHANGE):
    return next(one for one in decision.requirements if one.requirement.metric is metric)


def test_an_equal_model_on_enough_images_is_no_worse():
    result = change(against({}, {}, rule()))
    assert (result.outcome, result.measured, result.code) == (Outcome.PASS, 0.0, None)
    assert result.lower > -0.05
    assert result.because == (
        "Recall of `person` changed by 0 points (-1.2 to +1.2 points) against `model.onnx`; "
        "it may fall by less than 5 points."
    )


def test_a_worse_model_fails_and_blocks():
    decision = against({"missed": {"person": 40}}, {}, rule())
    result = change(decision)
    assert (result.outcome, result.code) == (Outcome.FAIL, "MODEL420")
    assert result.measured == pytest.approx(-0.2)
    assert decision.blocked_by is BlockedBy.FAILURE


def test_a_fall_around_the_margin_is_not_proven():
    decision = against({"missed": {"person": 8}}, {}, rule())
    result = change(decision)
    assert (result.outcome, result.code) == (Outcome.INCONCLUSIVE, "MODEL402")
    assert result.more > 0
    assert result.more_images > 0
    assert decision.blocked_by is BlockedBy.EVIDENCE


def test_errors_that_both_models_make_cancel_out():
    both = {"missed": {"person": 60}}
    assert change(against(both, both, rule())).outcome is Outcome.PASS


def test_models_that_agree_on_a_handful_of_images_prove_nothing():
    few = {"test": 24, "valid": 30}
    result = change(against(few, few, rule(margin=0.02)))
    assert result.outcome is Outcome.INCONCLUSIVE
    assert result.more >= 80


def test_fewer_than_twenty_groups_prove_nothing_however_wide_the_margin():
    few = {"test": 19, "valid": 30}
    assert change(against(few, few, rule(margin=0.9))).outcome is Outcome.INCONCLUSIVE


def test_precision_is_compared_too():
    decision = against({"false_alarms": {"person": 80}}, {}, rule(Metric.PRECISION))
    assert change(decision, Metric.PRECISION_CHANGE).outcome is Outcome.FAIL


def test_without_the_earlier_model_nothing_is_proven():
    decision = decided(gathered(), a_spec(requirements=(rule(),)))
    result = change(decision)
    assert (result.outcome, result.code) == (Outcome.INCONCLUSIVE, "MODEL421")
    assert decision.state is ReadinessState.BLOCKED
    assert result.because == "The previous model was not given, so nothing can be compared with it."


def test_a_comparison_on_a_set_looks_at_that_set_alone():
    night = ImageSet(tags=("lighting:night",))
    worse_by_day = {"missed": {"person": 40}, "missed_at": "day"}
    rules = (rule(where={"set": "golden"}), rule(where={"lighting": "day"}))
    decision = against(worse_by_day, {}, *rules, golden_set=night)
    outcomes = [one.outcome for one in decision.requirements if one.requirement.metric.is_change]
    assert outcomes == [Outcome.PASS, Outcome.FAIL]


def test_an_empty_set_is_not_proven():
    decision = against({}, {}, rule(where={"set": "golden"}), golden_set=ImageSet(folders=("nowhere",)))
    assert change(decision).code == "DATA109"
