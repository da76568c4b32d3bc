"""Every sentence is replaced by a running number: what is decided, its order and the structure of pages stay."""

import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import count

import pytest

from vision_readiness.advisor import decide
from vision_readiness.decide.table import ROWS
from vision_readiness.decide.table.project import DAY
from vision_readiness.render.html import page_html
from vision_readiness.words import decision as words

NOON = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
TEXTS = {"because", "detail", "headline", "proof", "sentence", "title", "rank_because", "lift_because", "what"}
EVERYTHING = next(row for row in ROWS if not row.codes and row.state.deployable)


@pytest.fixture
def numbered(monkeypatch):
    running = count(1)
    monkeypatch.setattr(words, "result_sentence", lambda *_: f"No. {next(running)}.")
    monkeypatch.setattr(words, "worded", lambda finding: replace(finding, sentence=f"No. {next(running)}."))


def report(row):
    case = row.example()
    return decide(case.evidence, case.spec, as_of=NOON, waivers=case.waivers)


def decided(value):
    """All of a plain value but its texts."""
    if isinstance(value, dict):
        return {key: decided(one) for key, one in value.items() if key not in TEXTS}
    return [decided(one) for one in value] if isinstance(value, list | tuple) else value


def structure(html):
    """The tags of a page, but for those inside sentences and for paragraphs, of which equal ones are said once."""
    return [tag for tag in re.findall(r"</?([a-z][a-z0-9]*)", html) if tag not in ("code", "p")]


@pytest.fixture(scope="module")
def told():
    return {row.situation: report(row) for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_what_is_decided_rests_on_no_sentence(row, told, numbered):
    before, after = told[row.situation], report(row)
    assert all(one.because.startswith("No. ") for one in after.requirements)
    assert all(one.sentence.startswith("No. ") for one in after.findings)
    assert decided(after.to_dict()) == decided(before.to_dict())
    assert structure(page_html(after)) == structure(page_html(before))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_what_has_changed_rests_on_no_sentence(row, told, numbered):
    before = told[row.situation].compare(told[EVERYTHING.situation])
    after = report(row).compare(told[EVERYTHING.situation])
    assert decided(asdict(after)) == decided(asdict(before))
