from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.render import reports
from vision_readiness.render.escaping import escaped
from vision_readiness.render.markdown import MOST_ROWS, markdown_text


def test_the_summary_opens_with_the_card():
    text = markdown_text(reports.blocked())
    assert text.startswith("## \\[BLOCKED\\] It misses forklifts\n\nFound 61 of 100 (53–69 %); needs 90 %.\n\n")
    assert "**Next:** Label \\~150 hidden forklifts, retrain" in text
    assert "| Fail | Finds at least 90 % of forklift | 61 of 100 (53–69 %) |" in text
    assert "| Not proven | Finds at least 95 % of person (lighting night) | 40 of 41 (93–100 %) |" in text


def test_unmet_requirements_stand_above_the_others():
    text = markdown_text(reports.blocked())
    assert text.index("| Fail |") < text.index("| Not proven |") < text.index("| Pass |")


def test_every_row_of_every_table_has_as_many_cells_as_its_head():
    for make in reports.ALL.values():
        for table in re.findall(r"(?:^\|.*\|$\n?)+", markdown_text(make()), re.MULTILINE):
            cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
            assert len(cells) == 1


def test_names_cannot_format_link_mention_or_open_html():
    text = markdown_text(reports.hostile())
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "@neha" not in text
    assert "\n::error" not in text


def test_long_tables_end_with_how_much_is_left_out():
    assert f"and {120 - MOST_ROWS} more in the whole report." in markdown_text(reports.hostile())


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_escaped_text_holds_no_markup_of_its_own(text: str):
    shown = escaped(text).replace("<!-- -->", "")
    assert "\n" not in shown
    assert not re.search(r"[<>]", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|~]", shown)
