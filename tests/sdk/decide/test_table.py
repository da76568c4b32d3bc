from datetime import UTC, datetime

import pytest

from vision_readiness.advisor import decide
from vision_readiness.decide.table import REFUSALS, ROWS
from vision_readiness.decide.table.project import DAY
from vision_readiness.readiness import Action, BlockedBy, ReadinessState
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity

NOON = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)


def report(row):
    case = row.example()
    return decide(case.evidence, case.spec, as_of=NOON, waivers=case.waivers)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_a_row_is_what_is_decided(row):
    decided = report(row)
    found = {one.code for one in (*decided.findings, *decided.requirements)}
    assert (decided.readiness_state, decided.blocked_by, decided.next_action.action) == (
        row.state,
        row.blocked_by,
        row.next_action,
    ), (decided.headline, decided.proof, decided.next_action.sentence)
    assert set(row.codes) <= found


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.situation)
def test_where_there_is_nothing_to_decide_an_error_says_so(refusal):
    with pytest.raises(refusal.error):
        report(refusal)


def test_the_table_has_every_state_and_cause_and_next_action():
    assert {row.state for row in ROWS} == set(ReadinessState)
    assert {row.blocked_by for row in ROWS} == {*BlockedBy, None}
    assert {row.next_action for row in ROWS} == set(Action)


def test_every_code_that_can_block_has_a_row_in_which_it_does():
    blocking = {reason.code for reason in REASONS.values() if reason.severity is Severity.P0}
    named = {code for row in ROWS if not row.state.deployable for code in row.codes}
    assert blocking - named == set()


def test_no_situation_stands_in_the_table_twice():
    assert len({row.situation for row in ROWS}) == len(ROWS)
