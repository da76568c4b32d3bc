from __future__ import annotations

from tests.sdk.render import reports
from tests.sdk.render.reports import but
from vision_readiness.render.html import page_html
from vision_readiness.render.panels import (
    MOST_IN_ONE_TABLE,
    confusion_table,
    coverage_map,
    failure_modes,
    heat,
    requirement_tables,
    weakest,
)
from vision_readiness.report.tables import Confusion
from vision_readiness.requirement import Outcome


def test_the_weakest_requirement_is_the_named_one_else_the_first_that_blocks():
    report = reports.blocked()
    named = weakest(report)
    assert named is not None
    assert named.requirement.id == report.weakest
    first_open = weakest(but(report, weakest=None))
    assert first_open is not None
    assert first_open.outcome is Outcome.INCONCLUSIVE
    assert weakest(but(reports.ready(), weakest=None)) is None


def test_failure_modes_lead_with_the_class_the_answer_is_about():
    modes = failure_modes(reports.blocked())
    assert [mode.label for mode in modes] == ["forklift", "person", "pallet"]
    assert (modes[0].missed, modes[0].objects, modes[0].false_alarms, modes[0].confused) == (
        36,
        100,
        3,
        (("pallet", 3),),
    )


def test_a_class_without_errors_is_no_failure_mode():
    report = but(reports.ready(), confusion=Confusion(("person", "background"), ((9, 0), (0, 0))), examples=())
    assert [mode.label for mode in failure_modes(but(report, requirements=()))] == []


def test_without_a_confusion_matrix_the_counts_are_absent_not_zero():
    mode = failure_modes(but(reports.blocked(), confusion=None))[0]
    assert (mode.missed, mode.false_alarms) == (None, None)
    assert mode.errors == len(mode.examples)


def test_the_coverage_map_has_a_cell_or_none_for_every_level():
    report = reports.blocked()
    found = coverage_map(but(report, coverage=report.figures.coverage[1:]))
    assert found is not None
    assert found.columns["lighting"] == ("night", "day")
    assert found.rows["person"][1] is None
    assert {len(row) for row in found.rows.values()} == {6}
    assert coverage_map(but(report, coverage=())) is None


def test_background_is_the_last_row_and_left_out_when_nothing_is_in_it():
    table = confusion_table(reports.blocked())
    assert table is not None
    assert table.names[-1] == table.rows[-1].name == "background"
    assert not table.rows[-1].cells[-1][2]
    bare = Confusion(("a", "b"), ((3, 1, 0), (0, 2, 0), (0, 0, 0)))
    table = confusion_table(but(reports.blocked(), confusion=bare))
    assert table is not None
    assert table.names == ("a", "b")
    assert table.rows[0].cells == ((3, 0.75, True), (1, 0.25, False))
    assert not table.has_beside


def test_repeated_and_misplaced_answers_have_columns_of_their_own_and_leave_the_background():
    confusion = Confusion(("a", "b", "background"), ((3, 1, 0), (0, 2, 0), (9, 4, 0)), (5, 0), (1, 3))
    report = but(reports.blocked(), confusion=confusion)
    table = confusion_table(report)
    assert table is not None
    assert [row.beside for row in table.rows] == [(5, 1), (0, 3), None]
    assert [times for times, _, _ in table.rows[-1].cells] == [3, 1, 0]
    page = page_html(report)
    assert '<td class="beside">5</td><td class="beside">1</td>' in page
    assert page.count('<span class="name">again</span>') == 1
    assert '<span class="name">again</span>' not in page_html(reports.blocked())


def test_many_requirements_are_folded_by_outcome_and_none_is_lost():
    (table,) = requirement_tables(reports.blocked())
    assert table.results[0].outcome is Outcome.FAIL
    many = reports.hostile()
    assert len(many.requirements) > MOST_IN_ONE_TABLE
    tables = requirement_tables(many)
    assert [table.title for table in tables] == [
        "Fail: 40 requirements",
        "Not proven: 40 requirements",
        "Pass: 40 requirements",
    ]
    assert sum(len(table.results) for table in tables) == len(many.requirements)


def test_heat_has_five_shades():
    assert [heat(share) for share in (0.0, 0.2, 0.5, 0.99, 1.0)] == [1, 2, 3, 5, 5]
