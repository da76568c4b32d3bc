"""A part of the table of faults, which ``python -m tests.bench.faults`` has whole: each kind, and each place."""

from __future__ import annotations

import pytest

from tests.adapters.testing.hasty import KEY
from tests.bench.faults import ENDPOINTS, FAULTS, KINDS, RIGHT, SAID, trial

DECIDES = frozenset({"versions", "version", "export, building", "export, built", "link", "archive"})
"""Where nothing can be done without an answer; the others bring figures that are only shown."""

SAMPLE = [
    (place, kind, row % 2 == 1)
    for row, place in enumerate(ENDPOINTS)
    for column, kind in enumerate(KINDS)
    if (3 * row + column) % len(KINDS) == 0
]


@pytest.fixture(scope="module")
def tried():
    with trial() as made:
        yield made


def test_two_hundred_faults_are_in_the_table():
    assert len(FAULTS) >= 200
    assert {place for place, _, _ in SAMPLE} == set(ENDPOINTS)
    assert {kind for _, kind, _ in SAMPLE} == set(KINDS)


@pytest.mark.parametrize(("place", "kind", "lasting"), SAMPLE)
def test_a_check_ends_in_the_right_report_or_one_clear_error(tried, place, kind, lasting):
    outcome = tried.run(FAULTS[place, kind, lasting])
    allowed = {RIGHT} if place in DECIDES else {RIGHT, SAID}
    assert outcome.ended in allowed or (place in DECIDES and outcome.ended.endswith("Error"))
    assert outcome.recovered
    if outcome.message:
        assert "\n" not in outcome.message
        assert KEY not in outcome.message
