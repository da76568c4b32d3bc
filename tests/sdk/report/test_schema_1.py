import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from vision_readiness import InputError
from vision_readiness.render.html import page_html
from vision_readiness.render.markdown import markdown_text
from vision_readiness.report import report_from_dict, report_schema, schema_1

GOLDEN = sorted((Path(__file__).parent / "golden").glob("report-1-*.json"))


def read(path):
    return json.loads(path.read_text("utf-8"))


def holds(now, then):
    """Whether a plain value says all that an earlier one said; values that came later may stand beside."""
    if isinstance(then, dict):
        return then.keys() <= now.keys() and all(holds(now[key], inner) for key, inner in then.items())
    if isinstance(then, list):
        return len(now) == len(then) and all(map(holds, now, then))
    return now == then


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_value_of_a_report_of_schema_1_stands_where_it_stands_today(path):
    then, now = read(path), report_from_dict(read(path)).to_dict()
    for section, names in schema_1._SECTIONS.items():
        for name in names:
            assert holds(now[section][name], then.pop(schema_1._OLD_NAMES.get(name, name))), name
    assert (then.pop("schema"), now["schema"]) == ("vision-readiness/report/1", "vision-readiness/report/2")
    asked = {one.requirement.name: one.requirement.id for one in report_from_dict(read(path)).requirements}
    assert asked[then.pop("weakest")] == now["weakest"]
    for old, new in zip(then["fixes"], now["fixes"], strict=True):
        assert ", ".join(new["subjects"]) == old.pop("subject")
    assert holds(now, then)


def test_a_report_of_schema_1_has_the_keys_that_it_did_not_hold():
    report = report_from_dict(read(GOLDEN[0]))
    assert [one.covers for one in report.waived] == [("DATA107:pallet",)]
    assert [one.key for one in report.blockers] == [
        "recall/person/lighting=night/min=0.95",
        "recall/forklift/min=0.9",
    ]
    assert report.valid_until == date(2026, 6, 30)
    assert report.weakest == "recall/forklift/min=0.9"


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
