from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.sdk.render import parts, reports
from tests.sdk.render.reports import but
from vision_readiness.render.github import outputs, summary, workflow_commands

COMMAND = re.compile(r"::(error|warning|notice) title=[^:,\n]*::[^\n]*")


@pytest.mark.parametrize("name", reports.ALL)
def test_at_most_ten_lines_and_each_is_one_well_formed_command(name: str):
    lines = workflow_commands(reports.ALL[name]()).splitlines()
    assert 1 <= len(lines) <= 10
    assert all(COMMAND.fullmatch(line) for line in lines)


def test_the_decision_comes_first_and_blocks_come_before_warnings():
    lines = workflow_commands(reports.blocked()).splitlines()
    assert lines[0] == (
        "::error title=[BLOCKED] acme/warehouse-packages/3::"
        "It misses forklifts. Next: Label ~150 hidden forklifts, retrain"
    )
    levels = [line.split()[0] for line in lines]
    assert levels == ["::error", "::error", "::error", "::warning", "::warning", "::notice"]


@pytest.mark.parametrize(
    ("name", "level"), [("ready", "notice"), ("warning", "warning"), ("not_proven", "error"), ("retrain", "error")]
)
def test_the_level_of_the_decision_follows_whether_it_may_be_deployed(name: str, level: str):
    assert workflow_commands(reports.ALL[name]()).startswith(f"::{level} ")


def test_what_does_not_fit_is_counted():
    assert "more in the report" in workflow_commands(reports.hostile()).splitlines()[-1]


def test_percent_signs_and_separators_are_escaped():
    finding = replace(parts.FINDINGS[0], name="a:b,c", sentence="100%0A::error::owned\nnext")
    line = workflow_commands(but(reports.ready(), findings=(finding,))).splitlines()[1]
    assert "title=LABEL204 a%3Ab%2Cc::100%250A::error::owned next. " in line


def test_outputs_are_seven_lines_whatever_the_names_hold():
    report = but(reports.hostile(), headline="x\nstate=ready\r\ndeployable=true\u2028score<<EOF")
    lines = outputs(report).split("\n")
    keys = [line.partition("=")[0] for line in lines[:-1]]
    assert keys == ["state", "deployable", "blocked_by", "score", "next_action", "headline", "report_id"]
    assert lines[:2] == ["state=blocked", "deployable=false"]


def test_the_summary_is_the_markdown_card():
    assert summary(reports.ready()).startswith("## \\[READY\\]")
