from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sdk.decide.cases import TODAY, VERSION, a_spec, codes, decided, fast, gathered
from vision_readiness.errors import InputError, SpecError
from vision_readiness.project import Task, VersionId
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.requirement import Metric, Outcome, Waiver
from vision_readiness.spec import ClassRule, ConditionRule, DeploymentTarget, Monitoring, RequirementRule

READY, WARNING, BLOCKED = ReadinessState.READY, ReadinessState.WARNING, ReadinessState.BLOCKED
RETRAIN, MONITOR = ReadinessState.RETRAIN_REQUIRED, ReadinessState.MONITOR_REQUIRED


def outcomes(decision, metric, label=None, where=()):
    return [
        one.outcome
        for one in decision.requirements
        if one.requirement.metric == metric and one.requirement.label == label and one.requirement.where == where
    ]


def waiver(code, subject, days=10):
    return Waiver(code, subject, "Neha Kapoor", "known and watched", TODAY + timedelta(days=days))


def test_sound_evidence_is_ready():
    decision = decided(gathered())
    assert (decision.state, decision.blocked_by) == (READY, None)
    assert codes(decision) == set()
    assert decision.score >= 95
    assert decision.confidence >= 0.95


def test_stages_are_always_three_and_the_whole_is_the_worst():
    decision = decided(gathered(missed={"forklift": 60}, train=300))
    assert [stage.stage for stage in decision.stages] == ["dataset", "model", "deployment"]
    assert decision.state is max((stage.state for stage in decision.stages), key=lambda state: state.rank)
    assert [stage.state for stage in decision.stages] == [READY, BLOCKED, READY]


def test_a_critical_class_that_fails_blocks_however_good_the_other_is():
    decision = decided(gathered(missed={"forklift": 60}, train=300))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.FAILURE)
    assert outcomes(decision, Metric.RECALL, "forklift") == [Outcome.FAIL]
    assert outcomes(decision, Metric.RECALL, "person") == [Outcome.PASS]
    assert "MODEL401" in codes(decision)


def test_wrong_answers_fail_precision():
    decision = decided(gathered(false_alarms={"person": 120}, train=300))
    assert outcomes(decision, Metric.PRECISION, "person") == [Outcome.FAIL]
    assert decision.blocked_by is BlockedBy.FAILURE


def test_a_class_that_is_not_critical_warns_when_it_fails():
    rules = {**a_spec().classes, "forklift": ClassRule(critical=False, min_recall=0.9, threshold=0.5)}
    decision = decided(gathered(missed={"forklift": 60}), a_spec(classes=rules))
    assert decision.state is WARNING
    assert outcomes(decision, Metric.RECALL, "forklift") == [Outcome.FAIL]


def test_a_class_the_spec_does_not_mention_is_critical():
    decision = decided(
        gathered(missed={"forklift": 100}, train=300), a_spec(classes={"person": ClassRule(threshold=0.5)})
    )
    assert decision.state is BLOCKED
    assert "SPEC705" in codes(decision)


def test_straddling_bounds_are_inconclusive_and_block_by_evidence():
    decision = decided(gathered(missed={"forklift": 14}))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.EVIDENCE)
    result = next(one for one in decision.requirements if one.outcome is Outcome.INCONCLUSIVE)
    assert result.code == "MODEL402"
    assert result.more is not None
    assert result.more > 0


def test_lack_of_evidence_never_asks_for_a_retrain():
    decision = decided(gathered(missed={"forklift": 14}, trained_on=VersionId("acme", "dock", 2)))
    assert decision.state is BLOCKED


def test_fewer_than_twenty_groups_prove_nothing():
    decision = decided(gathered(test=19, train=300))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.EVIDENCE)
    assert all(one.outcome is Outcome.INCONCLUSIVE for one in decision.requirements if one.requirement.label)


def test_copies_of_one_source_count_once():
    twenty = gathered(test=20, train=300)
    copies = replace(twenty, group=twenty.group // 2)
    result = next(one for one in decided(copies).requirements if one.requirement.label and not one.requirement.where)
    assert result.groups <= 11
    assert result.outcome is Outcome.INCONCLUSIVE


def test_no_test_images_block_by_evidence():
    decision = decided(gathered(test=0))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.EVIDENCE)
    assert "SPLIT301" in codes(decision)


def test_a_class_without_a_test_object_is_inconclusive():
    spec = a_spec(classes={**a_spec().classes, "pallet": ClassRule()})
    evidence = gathered(known=("person", "forklift", "pallet"))
    decision = decided(evidence, spec)
    assert outcomes(decision, Metric.RECALL, "pallet") == [Outcome.INCONCLUSIVE]
    assert decision.blocked_by is BlockedBy.EVIDENCE


def test_a_class_the_model_does_not_know_fails():
    decision = decided(gathered(known=("person",), train=300))
    assert outcomes(decision, Metric.RECALL, "forklift") == [Outcome.FAIL]
    assert "MODEL403" in codes(decision)
    assert decision.blocked_by is BlockedBy.FAILURE


def test_a_declared_condition_without_images_is_inconclusive_for_every_critical_class():
    levels = {"day": None, "night": None, "dusk": None}
    decision = decided(gathered(), a_spec(conditions={"lighting": ConditionRule(levels=levels)}))
    dusk = (("lighting", "dusk"),)
    for label in ("person", "forklift"):
        assert outcomes(decision, Metric.RECALL, label, dusk) == [Outcome.INCONCLUSIVE]
    assert decision.blocked_by is BlockedBy.EVIDENCE
    assert "DATA109" in codes(decision)


def test_a_weak_situation_blocks_though_the_class_passes_overall():
    spec = a_spec(
        classes={label: ClassRule(min_recall=0.7, min_precision=0.7, threshold=0.5) for label in a_spec().classes}
    )
    decision = decided(gathered(missed={"forklift": 45}, missed_at="night", train=300), spec)
    assert outcomes(decision, Metric.RECALL, "forklift") != [Outcome.FAIL]
    assert outcomes(decision, Metric.RECALL, "forklift", (("lighting", "night"),)) == [Outcome.FAIL]
    assert decision.blocked_by is BlockedBy.FAILURE


def test_a_p0_finding_blocks_and_takes_the_score():
    decision = decided(gathered(leaked=40))
    assert (decision.state, decision.blocked_by, decision.score) == (BLOCKED, BlockedBy.FAILURE, 0)
    assert "SPLIT302" in codes(decision)


def test_leaked_images_are_no_evidence():
    decision = decided(gathered(leaked=40))
    assert next(one.trials for one in decision.requirements if one.requirement.metric is Metric.RECALL) == 160


def test_an_older_model_is_to_be_retrained():
    older = VersionId("acme", "dock", 2)
    decision = decided(gathered(missed={"forklift": 60}, train=300, trained_on=older))
    assert (decision.state, decision.blocked_by) == (RETRAIN, BlockedBy.FAILURE)
    assert not decision.state.deployable


def test_a_weak_class_that_has_its_data_is_to_be_retrained():
    assert decided(gathered(missed={"forklift": 60})).state is RETRAIN
    assert decided(gathered(missed={"forklift": 60}, train=300)).state is BLOCKED


def test_a_model_of_another_project_is_not_simply_older():
    other = VersionId("acme", "yard", 2)
    assert decided(gathered(missed={"forklift": 60}, train=300, trained_on=other)).state is BLOCKED


def test_unmet_monitoring_comes_before_warnings():
    spec = a_spec(monitoring=Monitoring(required=True), approved_by=None)
    decision = decided(gathered(), spec)
    assert (decision.state, decision.state.deployable) == (MONITOR, True)


def test_a_failure_comes_before_unmet_monitoring():
    assert decided(gathered(leaked=40), a_spec(monitoring=Monitoring(required=True))).state is BLOCKED


@pytest.mark.parametrize(
    ("evidence", "spec", "code"),
    [
        ({"trained_on": None}, {}, "MODEL408"),
        ({}, {"deployment_target": None}, "TARGET507"),
        ({}, {"deployment_target": DeploymentTarget(device="dock-pc")}, "TARGET508"),
        ({}, {"approved_by": None}, "SPEC701"),
    ],
)
def test_what_is_unknown_caps_the_state_at_warning(evidence, spec, code):
    decision = decided(gathered(**evidence), a_spec(**spec))
    assert decision.state is WARNING
    assert code in codes(decision)


def test_images_a_second_are_a_time_budget_too():
    target = DeploymentTarget(device="dock-pc", throughput=20)
    assert decided(gathered(), a_spec(deployment_target=target)).state is READY


def test_a_missed_budget_fails():
    decision = decided(gathered(latency=fast(0.2)))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.FAILURE)
    assert "TARGET501" in codes(decision)


def test_a_budget_is_not_mended_by_a_retrain():
    decision = decided(gathered(latency=fast(0.2), trained_on=VersionId("acme", "dock", 2)))
    assert decision.state is BLOCKED


@pytest.mark.parametrize("change", [{"device": "laptop"}, {"estimated_error": 0.3}])
def test_an_estimate_or_another_device_proves_nothing(change):
    decision = decided(gathered(latency=fast(**change)))
    assert outcomes(decision, Metric.P95_MS) == [Outcome.INCONCLUSIVE]
    assert decision.blocked_by is BlockedBy.EVIDENCE
    assert "TARGET503" in codes(decision)


def test_times_of_another_artefact_prove_nothing():
    decision = decided(gathered(latency=fast(artefact="1" * 64)))
    assert outcomes(decision, Metric.P95_MS) == [Outcome.INCONCLUSIVE]
    assert decision.blocked_by is BlockedBy.EVIDENCE


def test_too_few_calls_prove_no_budget():
    decision = decided(gathered(latency=fast(calls=58)))
    assert outcomes(decision, Metric.P95_MS) == [Outcome.INCONCLUSIVE]
    assert "TARGET502" in codes(decision)
    assert outcomes(decided(gathered(latency=fast(calls=59))), Metric.P95_MS) == [Outcome.PASS]


def test_without_a_model_everything_about_it_is_missing_evidence():
    decision = decided(gathered(with_model=False))
    assert (decision.state, decision.blocked_by) == (BLOCKED, BlockedBy.EVIDENCE)
    assert "MODEL411" in codes(decision)
    assert {one.code for one in decision.skipped} >= {"MODEL405", "TARGET504"}


def test_a_waived_warning_still_warns():
    evidence = gathered(trained_on=None)
    assert decided(evidence, a_spec(), waiver("MODEL408", "model.onnx")).state is WARNING


def test_a_waived_p0_is_a_warning_at_best():
    evidence = gathered(missed={"forklift": 60}, train=300)
    decision = decided(evidence, a_spec(), waiver("MODEL401", "forklift"))
    assert decision.state is WARNING
    assert {one.waiver.person for one in decision.waived} == {"Neha Kapoor"}
    assert outcomes(decision, Metric.RECALL, "forklift") == [Outcome.FAIL]


def test_a_waiver_ends_with_its_last_day():
    evidence = gathered(missed={"forklift": 60}, train=300)
    accepted = waiver("MODEL401", "forklift", days=0)
    assert decided(evidence, a_spec(), accepted).state is WARNING
    assert decided(evidence, a_spec(), accepted, as_of=TODAY + timedelta(days=1)).state is BLOCKED


def test_a_waiver_is_for_one_subject():
    evidence = gathered(missed={"forklift": 60}, train=300)
    assert decided(evidence, a_spec(), waiver("MODEL401", "person")).state is BLOCKED


def test_leakage_cannot_be_waived():
    assert decided(gathered(leaked=40), a_spec(), waiver("SPLIT302", "test and train")).state is BLOCKED


def test_a_waiver_of_an_unknown_code_is_an_error():
    with pytest.raises(InputError, match="did you mean"):
        decided(gathered(), a_spec(), waiver("SPLIT30", "test and train"))


def test_a_spec_without_a_critical_class_is_an_error():
    rules = {label: ClassRule(critical=False) for label in a_spec().classes}
    with pytest.raises(SpecError, match="no class is critical"):
        decided(gathered(), a_spec(classes=rules))


def test_a_classifier_with_one_class_is_an_error():
    evidence = gathered(with_model=False)
    facts = replace(evidence.dataset, task=Task.CLASSIFICATION, classes=("person",))
    with pytest.raises(InputError, match="one class"):
        decided(replace(evidence, dataset=facts), a_spec(classes={"person": ClassRule()}))


def test_average_precision_decides_from_eight_hundred_images_on():
    rule = RequirementRule(metric=Metric.AP50, at_least=0.5, label="person")
    decision = decided(gathered(), a_spec(requirements=(rule,)))
    assert outcomes(decision, Metric.AP50, "person") == [Outcome.INCONCLUSIVE]


def test_false_alarms_on_empty_images_need_empty_images():
    rule = RequirementRule(metric=Metric.FALSE_ALARMS, at_most=5)
    decision = decided(gathered(), a_spec(requirements=(rule,)))
    assert outcomes(decision, Metric.FALSE_ALARMS) == [Outcome.INCONCLUSIVE]


def test_the_score_is_that_of_the_weakest_critical_requirement():
    decision = decided(gathered(missed={"forklift": 12}))
    critical = [one for one in decision.requirements if one.requirement.critical]
    assert decision.weakest is not None
    assert decision.weakest.probability == min(one.probability for one in critical)
    assert decision.score == int(100 * decision.weakest.probability)
    assert decision.confidence == decision.weakest.probability


def test_a_check_that_crashes_is_a_finding_and_not_a_pass():
    evidence = gathered()
    broken = replace(evidence.dataset, leaks=(None,))
    decision = decided(replace(evidence, dataset=broken))
    assert "INPUT909" in codes(decision)
    assert decision.state is BLOCKED


def test_the_same_arguments_give_the_same_decision():
    evidence = gathered(missed={"forklift": 14})
    first, second = decided(evidence), decided(evidence)
    assert first.requirements == second.requirements
    assert first.findings == second.findings


def test_version_is_that_of_the_evidence():
    assert gathered().version == VERSION
