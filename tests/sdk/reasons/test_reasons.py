import re
from dataclasses import fields, replace

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, gathered
from vision_readiness.decide import decision_on
from vision_readiness.errors import InputError
from vision_readiness.policy import Policy
from vision_readiness.project import VersionId
from vision_readiness.reasons import CHECKS, REASONS, explain
from vision_readiness.reasons.outcomes import OUTCOMES
from vision_readiness.reasons.reason import CRASHED, Check, Severity
from vision_readiness.requirement import Metric
from vision_readiness.spec import RequirementRule
from vision_readiness.words.findings import sentence_of

HUNDREDS = {"DATA": 1, "LABEL": 2, "SPLIT": 3, "MODEL": 4, "TARGET": 5, "PROD": 6, "SPEC": 7, "INPUT": 9}
NO_VERBS = {"The", "A", "An", "This", "There", "It", "No", "Not", "Nothing", "Your", "Some", "Many", "Please"}
POLICY = Policy()
every_reason = pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.reason.code)


def test_codes_and_names_are_used_once():
    reasons = [*(check.reason for check in CHECKS), *OUTCOMES, CRASHED]
    assert len({reason.code for reason in reasons}) == len(reasons) == len(REASONS)
    assert len({reason.name for reason in reasons}) == len(reasons)
    assert len({reason.meaning for reason in reasons}) == len(reasons)
    assert list(REASONS) == sorted(REASONS)


@every_reason
def test_a_code_stands_in_the_hundred_of_its_family(reason):
    family, number = re.fullmatch(r"([A-Z]+)(\d{3})", reason.code).groups()
    assert int(number) // 100 == HUNDREDS[family]


@every_reason
def test_a_name_is_kebab_case(reason):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", reason.name)


@every_reason
def test_the_meaning_is_one_sentence(reason):
    assert reason.meaning[0].isupper()
    assert reason.meaning.endswith(".")
    assert not re.search(r"[.!?]\s", reason.meaning)
    assert len(reason.meaning) <= 160


@every_reason
def test_the_fix_says_what_to_do(reason):
    first = reason.fix.split()[0]
    assert first[0].isupper()
    assert first not in NO_VERBS
    assert reason.fix.endswith(".")
    assert len(reason.fix) <= 200


@every_reason
def test_unusable_input_and_leaks_cannot_be_waived(reason):
    if reason.code.startswith("INPUT") or reason.code in ("SPLIT302", "SPLIT303"):
        assert not reason.waivable


@every_check
def test_its_example_trips_it(check):
    found = list(check.run(check.trips(), POLICY))
    assert found
    assert {(one.code, one.name, one.fix, one.owner) for one in found} == {
        (check.reason.code, check.reason.name, check.reason.fix, check.reason.owner)
    }
    for one in found:
        said = sentence_of(one)
        assert said.endswith(".")
        assert said.startswith(one.subject) or not said[0].islower()
        assert "\n" not in said
        assert one.subject


@every_check
def test_its_sound_example_does_not(check):
    assert list(check.run(check.clean(), POLICY)) == []


@every_check
def test_the_sound_example_of_a_check_trips_no_other_check_of_its_kind(check):
    kind = type(check.clean())
    alike = [other for other in CHECKS if type(other.clean()) is kind]
    assert [other.reason.code for other in alike if list(other.run(check.clean(), POLICY))] == []


def test_a_check_that_crashes_is_a_finding_as_severe_as_itself():
    def broken(facts, policy):
        raise ZeroDivisionError("no test images")
        yield

    for check in CHECKS:
        (found,) = Check(check.reason, broken, check.trips, check.clean).run(check.clean(), POLICY)
        assert (found.code, found.subject, found.severity) == ("INPUT909", check.reason.code, check.reason.severity)
        assert check.reason.code in sentence_of(found)


EVIDENCE = (
    {"missed": {"forklift": 14}},
    {"missed": {"forklift": 60}},
    {"test": 25, "train": 100},
    {"trained_on": VersionId("acme", "dock", 3), "false_alarms": {"person": 40}},
)


def said_by_checks(policy):
    return [list(check.run(example(), policy)) for check in CHECKS for example in (check.trips, check.clean)]


def said_by_decisions(policy):
    rule = RequirementRule(metric=Metric.AP50, at_least=0.5, label="person")
    for given, more in [*((given, ()) for given in EVIDENCE), ({}, (rule,))]:
        decision = decision_on(gathered(**given), a_spec(requirements=more), policy, as_of=TODAY)
        yield decision.state, [(one.outcome, one.code, one.lower) for one in decision.requirements]


@pytest.fixture(scope="module")
def usual():
    return said_by_checks(POLICY), list(said_by_decisions(POLICY))


@pytest.mark.parametrize("name", [field.name for field in fields(Policy)])
def test_every_limit_of_the_policy_decides_something(name, usual):
    value = getattr(POLICY, name)
    far = [value * 4, value // 4] if isinstance(value, int) else [min(value * 4, 0.9), value / 4, 0.5]
    others = [replace(POLICY, **{name: limit}) for limit in far]
    assert any(said_by_checks(other) != usual[0] for other in others) or any(
        list(said_by_decisions(other)) != usual[1] for other in others
    )


def test_a_loss_against_the_parent_blocks_for_a_critical_class_beyond_its_own_limit():
    (check,) = (one for one in CHECKS if one.reason.code == "MODEL406")
    case = check.trips()
    assert [one.severity for one in check.run(case, POLICY)] == [Severity.P0]
    assert [one.severity for one in check.run(replace(case, critical=frozenset()), POLICY)] == [Severity.P1]
    slight = replace(POLICY, max_parent_loss_critical=0.5)
    assert [one.severity for one in check.run(case, slight)] == [Severity.P1]


def test_a_few_failures_warn_and_many_block():
    (check,) = (one for one in CHECKS if one.reason.code == "INPUT903")
    case = check.trips()
    assert [one.severity for one in check.run(case, POLICY)] == [Severity.P1]
    many = replace(case, failed=dict.fromkeys(map(str, range(30)), "out of memory"))
    assert [one.severity for one in check.run(many, POLICY)] == [Severity.P0]


@pytest.mark.parametrize("word", ["SPLIT302", "split302", "source-in-two-splits", "Source-In-Two-Splits"])
def test_explain_takes_a_code_or_a_name_in_any_case(word):
    assert explain(word) is REASONS["SPLIT302"]


@pytest.mark.parametrize(
    ("word", "near"),
    [("SPLIT3O2", "SPLIT302"), ("DATA 109", "DATA109"), ("class-inbalance", "class-imbalance")],
)
def test_explain_names_the_nearest(word, near):
    with pytest.raises(InputError, match=f"did you mean {near}"):
        explain(word)


def test_explain_lists_the_codes_when_nothing_is_near():
    with pytest.raises(InputError, match="the codes are DATA101, DATA102"):
        explain("???")
