import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.sdk.render.parts import WAIVED
from tests.sdk.render.reports import blocked
from vision_readiness import InputError
from vision_readiness.render.html import page_html
from vision_readiness.render.markdown import markdown_text
from vision_readiness.report import report_from_dict, report_schema

GOLDEN = sorted((Path(__file__).parent / "golden").glob("report-1-*.json"))


def read(path):
    return json.loads(path.read_text("utf-8"))


def test_every_value_of_a_report_of_schema_1_stands_where_it_stands_today():
    report = report_from_dict(read(GOLDEN[0]))
    made = blocked()
    assert replace(report, blockers=(), valid_until=None, waived=WAIVED, fixes=made.fixes) == made
    for old, new in zip(report.fixes, made.fixes, strict=True):
        assert (old.title, old.detail, old.effort, old.subjects) == (new.title, new.detail, new.effort, new.subjects)
    assert [one.covers for one in report.waived] == [("DATA107:pallet",)]
    assert [one.key for one in report.blockers] == [
        "recall/person/lighting=night/min=0.95",
        "recall/forklift/min=0.9",
    ]
    assert report.valid_until == WAIVED[0].waiver.expires


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_report_of_schema_1_is_read_and_shown(path):
    plain = read(path)
    assert plain["schema"] == "vision-readiness/report/1"
    report = report_from_dict(plain)
    assert (report.id, report.deployable, report.headline) == (plain["id"], plain["deployable"], plain["headline"])
    assert report.headline in str(report)
    assert report.id in markdown_text(report)
    assert report.id in page_html(report)
    again = json.loads(report.to_json())
    jsonschema.validate(again, report_schema())
    assert report_from_dict(again) == report


def test_fixes_of_schema_1_have_hours_and_what_they_answer():
    report = report_from_dict(read(GOLDEN[1]))
    keys = {one.requirement.id for one in report.requirements} | {one.key for one in report.findings}
    assert {fix.effort for fix in report.fixes} == {f"{fix.hours:g} h assumed" for fix in report.fixes}
    assert all(fix.answers and keys.issuperset(fix.answers) for fix in report.fixes)


def test_a_report_of_a_later_release_is_refused_by_name():
    with pytest.raises(InputError, match="vision-readiness/report/3"):
        report_from_dict({**read(GOLDEN[0]), "schema": "vision-readiness/report/3"})
