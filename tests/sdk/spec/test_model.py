from datetime import date

import pytest
from pydantic import ValidationError

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Metric
from vision_readiness.spec import (
    Agreement,
    CameraProfile,
    ClassRule,
    ConditionRule,
    DeploymentSpec,
    DeploymentTarget,
    Monitoring,
    RequirementRule,
    ThresholdRule,
)


def phrases(spec, *classes):
    return [requirement.name for requirement in spec.requirements_for(classes)]


def test_a_critical_class_is_asked_for_recall_and_precision_though_nobody_wrote_floors():
    assert phrases(DeploymentSpec(), "person") == [
        "recall of person, at least 0.8",
        "precision of person, at least 0.8",
    ]


def test_a_class_that_is_not_critical_is_asked_for_what_is_written_only():
    spec = DeploymentSpec(classes={"pallet": ClassRule(critical=False, min_recall=0.7), "person": ClassRule()})
    found = [one for one in spec.requirements_for(("pallet", "person")) if one.label == "pallet"]
    assert [(one.metric, one.limit, one.critical) for one in found] == [(Metric.RECALL, 0.7, False)]


def test_a_class_the_data_set_lacks_is_asked_for_all_the_same():
    spec = DeploymentSpec(classes={"forklift": ClassRule(min_recall=0.9)})
    assert "recall of forklift, at least 0.9" in phrases(spec, "person")


def test_a_critical_condition_asks_every_critical_class_for_its_floors_in_each_level():
    spec = DeploymentSpec(
        classes={"person": ClassRule(min_recall=0.9), "pallet": ClassRule(critical=False, min_recall=0.7)},
        conditions={
            "lighting": ConditionRule(levels={"day": 0.6, "night": 0.4}),
            "camera": ConditionRule(levels={"dock-1": None}, critical=False),
        },
    )
    asked = phrases(spec, "person", "pallet")
    assert "recall of person, lighting night, at least 0.9" in asked
    assert "precision of person, lighting day, at least 0.8" in asked
    assert not [one for one in asked if "camera" in one or ("pallet" in one and "lighting" in one)]


def test_budgets_come_from_the_target():
    target = DeploymentTarget(
        device="dock-pc", p50_ms=10, p95_ms=20, p99_ms=30, memory_mb=512, cameras=2, fps_per_camera=5
    )
    spec = DeploymentSpec(classes={"person": ClassRule()}, deployment_target=target)
    budgets = {
        one.metric: (one.limit, one.at_most) for one in spec.requirements_for(("person",)) if one.metric.is_budget
    }
    assert budgets == {
        Metric.P50_MS: (10, True),
        Metric.P95_MS: (20, True),
        Metric.P99_MS: (30, True),
        Metric.MEMORY_MB: (512, True),
        Metric.FRAMES_PER_SECOND: (10, False),
    }


def test_requirements_in_so_many_words_keep_their_place_and_origin():
    rules = (
        RequirementRule(metric=Metric.FALSE_ALARMS, at_most=5),
        RequirementRule.model_validate(
            {"metric": "recall", "at_least": 0.9, "class": "person", "where": {"size": "small"}}
        ),
    )
    found = DeploymentSpec(requirements=rules).requirements_for(("person",))[2:]
    assert [(one.metric, one.at_most, one.where, one.origin) for one in found] == [
        (Metric.FALSE_ALARMS, True, (), "requirements.0"),
        (Metric.RECALL, False, (("size", "small"),), "requirements.1"),
    ]


def test_no_critical_class_is_an_error():
    with pytest.raises(SpecError, match="no class is critical"):
        DeploymentSpec(classes={"person": ClassRule(critical=False)}).requirements_for(("person",))
    with pytest.raises(SpecError, match="no class is critical"):
        DeploymentSpec().requirements_for(())


@pytest.mark.parametrize(
    "rule",
    [
        {"metric": "recall", "class": "person"},
        {"metric": "recall", "class": "person", "at_least": 0.5, "at_most": 0.9},
        {"metric": "recall", "at_least": 0.5},
        {"metric": "accuracy", "class": "person", "at_least": 0.5},
        {"metric": "recall", "class": "person", "at_least": 0.5, "no_worse_than": "parent", "margin": 0.1},
        {"metric": "recall", "class": "person", "no_worse_than": "yesterday", "margin": 0.1},
        {"metric": "recall", "class": "person", "no_worse_than": "parent", "margin": 0},
        {"metric": "recall", "no_worse_than": "parent", "margin": 0.1},
    ],
)
def test_a_requirement_names_one_limit_and_the_class_it_is_about(rule):
    with pytest.raises(ValidationError):
        RequirementRule.model_validate(rule)


@pytest.mark.parametrize(
    "levels", [{"day": 0.6, "night": 0.6}, {"day": 0.6, "night": None}, {"day": 1.6, "night": -0.6}, {"day": "much"}]
)
def test_the_shares_of_a_condition_are_one_together(levels):
    with pytest.raises(ValidationError):
        DeploymentSpec.model_validate({"conditions": {"lighting": levels}})


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        (["dock-1", "dock-2"], {"dock-1": None, "dock-2": None}),
        ({"day": 0.6, "night": 0.4}, {"day": 0.6, "night": 0.4}),
        ({"levels": {"day": 1.0}, "critical": False}, {"day": 1.0}),
        ({"levels": [1, 2]}, {"1": None, "2": None}),
    ],
)
def test_a_condition_is_a_list_or_shares(written, levels):
    assert dict(DeploymentSpec.model_validate({"conditions": {"c": written}}).conditions["c"].levels) == levels


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("required", Monitoring(required=True)),
        ("none", Monitoring()),
        (None, Monitoring()),
        ({"required": True, "in_place": "dashboard"}, Monitoring(required=True, in_place="dashboard")),
    ],
)
def test_monitoring_is_a_word_or_a_mapping(word, meant):
    assert DeploymentSpec.model_validate({"monitoring": word}).monitoring == meant


@pytest.mark.parametrize("change", [{"p95_ms": 0}, {"p95_ms": -1}, {"cameras": 0}, {"device": ""}, {"kind": "toaster"}])
def test_a_target_makes_sense(change):
    with pytest.raises(ValidationError):
        DeploymentTarget.model_validate({"device": "dock-pc", **change})


def test_no_worse_than_asks_for_the_change_on_a_set():
    rule = RequirementRule(
        metric=Metric.RECALL, label="person", no_worse_than="previous", margin=0.05, where={"set": "golden"}
    )
    found = DeploymentSpec(requirements=(rule,)).requirements_for(("person",))[-1]
    assert (found.metric, found.limit, found.against) == (Metric.RECALL_CHANGE, -0.05, "previous")
    assert found.where == (("set", "golden"),)


@pytest.mark.parametrize(
    ("written", "asked", "origin"),
    [
        ({"fps_per_camera": 5, "cameras": 2}, 10, "fps_per_camera"),
        ({"throughput": 12}, 12, "throughput"),
        ({"throughput": 12, "fps_per_camera": 20}, 20, "fps_per_camera"),
    ],
)
def test_the_larger_throughput_is_asked_for(written, asked, origin):
    target = DeploymentTarget(device="dock-pc", **written)
    (budget,) = (
        one for one in DeploymentSpec(deployment_target=target).requirements_for(("a",)) if one.metric.is_budget
    )
    assert (budget.limit, budget.origin) == (asked, f"deployment_target.{origin}")


def test_a_cost_is_a_budget():
    target = DeploymentTarget(device="dock-pc", cost_per_1000_images=0.5)
    (budget,) = (
        one for one in DeploymentSpec(deployment_target=target).requirements_for(("a",)) if one.metric.is_budget
    )
    assert (budget.metric, budget.limit, budget.at_most) == (Metric.COST, 0.5, True)


@pytest.mark.parametrize("written", ["1920x1080", "1920 × 1080", [1920, 1080]])
def test_a_resolution_is_two_numbers(written):
    assert CameraProfile.model_validate({"resolution": written}).resolution == (1920, 1080)


@pytest.mark.parametrize("written", ["1920", [1920], [0, 5], "axb", {"width": 3}])
def test_anything_else_is_no_resolution(written):
    with pytest.raises(ValidationError):
        CameraProfile.model_validate({"resolution": written})


def test_one_text_is_a_list_of_one():
    assert ClassRule.model_validate({"includes": "everybody"}).includes == ("everybody",)


def test_the_agreement_on_a_class_goes_before_that_on_everything():
    agreement = Agreement(measured=0.9, of_class={"person": 0.95})
    assert [agreement.on(label) for label in ("person", "pallet", None)] == [0.95, 0.9, 0.9]
    assert Agreement().on("person") is None


def test_a_season_is_overdue_from_the_day_after():
    spec = DeploymentSpec(seasons={"winter": date(2026, 11, 1), "summer": date(2027, 5, 1)})
    assert spec.overdue(date(2026, 11, 1)) == ()
    assert spec.overdue(date(2026, 11, 2)) == ("winter",)


def test_a_threshold_is_a_score_or_a_rule_on_one_rate():
    assert ClassRule(threshold=0.4).fixed_threshold == 0.4
    rule = ClassRule.model_validate({"threshold": {"precision_at_least": 0.95, "most": "recall", "per": "lighting"}})
    assert rule.fixed_threshold is None
    assert rule.threshold == ThresholdRule(precision_at_least=0.95, most="recall", per="lighting")
    assert (rule.threshold.metric, rule.threshold.at_least) == (Metric.PRECISION, 0.95)
    kept = ThresholdRule(recall_at_least=0.8)
    assert (kept.metric, kept.at_least) == (Metric.RECALL, 0.8)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"most": "recall"},
        {"precision_at_least": 0.9, "recall_at_least": 0.9},
        {"precision_at_least": 0.9, "most": "precision"},
        {"precision_at_least": 1.2},
        {"precision_at_least": 0.9, "where": "night"},
    ],
)
def test_a_rule_that_says_two_things_or_nothing_is_an_error(rule):
    with pytest.raises(ValidationError):
        ClassRule.model_validate({"threshold": rule})
