"""What *ready* promises, held against many projects at once rather than one rule at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.decide.cases import CLASSES, TODAY, VERSION, a_spec, decided, fast, gathered
from vision_readiness.decide.table import ROWS
from vision_readiness.decide.table.project import DAY
from vision_readiness.project import VersionId
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.requirement import Metric, Outcome, Waiver
from vision_readiness.spec import Monitoring

OLDER, OTHER = VersionId("acme", "dock", 2), VersionId("acme", "yard", 2)
CAPS = {"SPEC701", "TARGET507", "TARGET508", "MODEL408"}
"""No name under the spec, no target, no budget, an unknown training version."""


def waiver(code, subject, days=0):
    return Waiver(code, subject, "Neha Kapoor", "known and watched", TODAY + timedelta(days=days))


def promises(decision):
    """Assert what holds of every decision, whatever it is about."""
    critical = [one for one in decision.requirements if one.requirement.critical]
    open_ = [one for one in critical if one.outcome is not Outcome.PASS and one.waiver is None]
    severe = [one for one in decision.findings if one.severity is Severity.P0]
    warned = [one for one in decision.findings if one.severity is Severity.P1]
    state = decision.state
    assert state is max((one.state for one in decision.stages), key=lambda one: one.rank)
    assert state.deployable is (not open_ and not severe)
    assert (decision.blocked_by is None) is state.deployable
    if state is ReadinessState.READY:
        assert not warned
        assert not decision.waived
        assert all(one.outcome is Outcome.PASS for one in decision.requirements)
        assert decision.score >= decision.score_needs
    if state is ReadinessState.RETRAIN_REQUIRED:
        assert decision.blocked_by is BlockedBy.FAILURE
        assert all(one.outcome is Outcome.FAIL for one in open_)
        assert not severe
    if not state.deployable:
        wrong = [one for one in severe if not REASONS[one.code].lacks_proof]
        failed = [one for one in open_ if one.outcome is Outcome.FAIL]
        assert (decision.blocked_by is BlockedBy.FAILURE) is bool(wrong or failed)
    if severe:
        assert (decision.score, decision.confidence) == (0, 0.0)
    elif critical:
        assert decision.confidence == min(one.probability for one in critical)
    if CAPS & {one.code for one in decision.findings}:
        assert state is not ReadinessState.READY
    for one in decision.requirements:
        if one.requirement.critical and one.outcome is not Outcome.PASS and not state.deployable:
            assert decision.score < decision.score_needs
            break
    for one in decision.waived:
        assert REASONS[one.finding.code].waivable
        assert one.waiver.expires >= TODAY


ANSWERS = st.fixed_dictionaries(
    {
        "test": st.sampled_from([19, 200, 200]),
        "train": st.sampled_from([300, 620]),
        "leaked": st.sampled_from([0, 0, 0, 40]),
        "missed": st.fixed_dictionaries(dict.fromkeys(CLASSES, st.sampled_from([0, 0, 4, 14, 60]))),
        "false_alarms": st.fixed_dictionaries(dict.fromkeys(CLASSES, st.sampled_from([0, 0, 10, 40]))),
        "trained_on": st.sampled_from([VERSION, VERSION, OLDER, OTHER, None]),
        "known": st.sampled_from([CLASSES, CLASSES, ("person",)]),
        "latency": st.sampled_from(
            [fast(), fast(), fast(0.2), fast(calls=9), fast(device="laptop"), fast(estimated_error=0.2)]
        ),
    }
)
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "approved_by": st.none(),
        "deployment_target": st.none(),
        "monitoring": st.just(Monitoring(required=True)),
    },
)
WAIVERS = st.lists(
    st.builds(
        waiver,
        st.sampled_from(["MODEL401", "MODEL402", "SPLIT302", "TARGET501", "TARGET503", "SPEC701", "MODEL403"]),
        st.sampled_from([*CLASSES, "test and train", "p95_ms", "spec"]),
        st.sampled_from([-1, 0, 30]),
    ),
    max_size=3,
)


@settings(max_examples=50)
@given(ANSWERS, SPECS, WAIVERS)
def test_whatever_the_evidence_nothing_is_ready_that_is_not_proven(answers, changes, waivers):
    promises(decided(gathered(**answers), a_spec(**changes), *waivers))


def test_a_decision_without_a_fault_is_ready_so_that_the_promises_are_about_something():
    decision = decided(gathered())
    promises(decision)
    assert decision.state is ReadinessState.READY


@pytest.mark.parametrize(
    "code", [code for code in REASONS if code.startswith("INPUT") or code in ("SPLIT302", "SPLIT303")]
)
def test_unusable_input_and_leaks_stay_whoever_accepts_them(code):
    evidence = gathered(leaked=40)
    if code == "INPUT909":
        evidence = replace(evidence, dataset=replace(evidence.dataset, leaks=(None,)))
    decision = decided(evidence)
    waivers = [waiver(one.code, one.subject, 30) for one in decision.findings if one.code == code]
    again = decided(evidence, a_spec(), *waivers, waiver(code, "test and train", 30))
    assert again.waived == ()
    assert (again.state, again.findings) == (decision.state, decision.findings)


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize(
    ("evidence", "code", "subject"),
    [
        ({"missed": {"forklift": 60}, "train": 300}, "MODEL401", "forklift"),
        ({"missed": {"forklift": 14}}, "MODEL402", "forklift"),
        ({"known": ("person",), "train": 300}, "MODEL403", "forklift"),
        ({"latency": fast(0.2)}, "TARGET501", "p95_ms"),
        ({"latency": fast(estimated_error=0.1)}, "TARGET503", "p95_ms"),
    ],
)
def test_an_accepted_risk_holds_to_the_end_of_its_last_day_and_is_a_warning_at_best(evidence, code, subject, days):
    decision = decided(gathered(**evidence), a_spec(), waiver(code, subject, days))
    promises(decision)
    if days < 0:
        assert (decision.state, decision.waived) == (decided(gathered(**evidence)).state, ())
    else:
        assert {one.finding.code for one in decision.waived} == {code}
        assert all(one.covers for one in decision.waived)
        assert {one.outcome for one in decision.requirements if one.waiver} <= {Outcome.FAIL, Outcome.INCONCLUSIVE}
        still = [one for one in decision.requirements if one.code and one.waiver is None]
        assert decision.state is (ReadinessState.WARNING if not still else decision.state)


def test_a_waiver_covers_the_requirements_that_it_names_and_no_other():
    evidence = gathered(missed={"forklift": 60, "person": 60}, train=300)
    decision = decided(evidence, a_spec(), waiver("MODEL401", "forklift"))
    covered = [key for one in decision.waived for key in one.covers]
    assert covered == [one.requirement.id for one in decision.requirements if one.waiver]
    assert {one.requirement.label for one in decision.requirements if one.waiver} == {"forklift"}
    assert decision.state is ReadinessState.BLOCKED
    named = next(one for one in decision.requirements if one.code == "MODEL401").requirement
    alone = decided(evidence, a_spec(), waiver("MODEL401", named.name))
    assert [one.covers for one in alone.waived] == [(named.id,)]
    assert alone.waived[0].finding.limit == named.limit
    assert alone.waived[0].finding.of == next(one.trials for one in decision.requirements if one.requirement == named)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_the_promises_hold_in_every_row_of_the_table(row):
    case = row.example()
    promises(decided(case.evidence, case.spec, *case.waivers, as_of=DAY))


@pytest.mark.parametrize(
    ("trained_on", "train", "state"),
    [
        (OLDER, 300, ReadinessState.RETRAIN_REQUIRED),
        (VERSION, 300, ReadinessState.BLOCKED),
        (VersionId("acme", "dock", 4), 300, ReadinessState.BLOCKED),
        (VersionId("globex", "dock", 2), 300, ReadinessState.BLOCKED),
        (OTHER, 300, ReadinessState.BLOCKED),
        (VersionId("acme", "dock", None), 300, ReadinessState.BLOCKED),
        (None, 300, ReadinessState.BLOCKED),
        (VERSION, 499, ReadinessState.BLOCKED),
        (VERSION, 500, ReadinessState.RETRAIN_REQUIRED),
        (None, 500, ReadinessState.RETRAIN_REQUIRED),
    ],
)
def test_a_retrain_is_asked_for_where_it_would_mend_what_fails(trained_on, train, state):
    evidence = gathered(missed={"forklift": 60}, train=train, trained_on=trained_on)
    assert decided(evidence).state is state


def test_one_requirement_that_is_not_proven_takes_the_retrain_away():
    evidence = gathered(missed={"forklift": 60, "person": 14}, trained_on=OLDER)
    decision = decided(evidence)
    assert {one.outcome for one in decision.requirements if one.requirement.metric is Metric.RECALL} > {Outcome.FAIL}
    assert (decision.state, decision.blocked_by) == (ReadinessState.BLOCKED, BlockedBy.FAILURE)
