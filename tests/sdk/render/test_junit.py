from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.sdk.render import parts, reports
from tests.sdk.render.reports import but
from vision_readiness.render.junit import junit_xml
from vision_readiness.requirement import Outcome


def cases(report) -> list[ET.Element]:
    return ET.fromstring(junit_xml(report)).findall("./testsuite/testcase")  # noqa: S314 - our own XML


@pytest.mark.parametrize("name", reports.ALL)
def test_it_is_xml_and_its_totals_are_right(name: str):
    root = ET.fromstring(junit_xml(reports.ALL[name]()).encode())  # noqa: S314 - our own XML
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))
    assert int(root.attrib["failures"]) == len(root.findall(".//failure"))
    assert int(root.attrib["skipped"]) == len(root.findall(".//skipped"))


def test_one_case_a_requirement_and_what_is_not_proven_never_passes():
    report = reports.blocked()
    found = [case for case in cases(report) if case.attrib["classname"].endswith(".requirement")]
    assert len(found) == len(report.requirements)
    for case, result in zip(found, report.requirements, strict=True):
        failure = case.find("failure")
        assert (failure is None) == (result.outcome is Outcome.PASS)
        assert failure is None or failure.attrib["type"] == result.outcome


def test_a_report_that_is_blocked_by_a_finding_alone_is_red():
    report = but(reports.retrain(), requirements=(), findings=(parts.LEAK,))
    failed = [case.attrib["classname"] for case in cases(report) if case.find("failure") is not None]
    assert failed == ["vision_readiness.decision", "vision_readiness.finding"]


def test_a_deployable_report_without_open_requirements_is_green():
    assert not [case for case in cases(reports.ready()) if case.find("failure") is not None]


def test_checks_that_were_skipped_say_why():
    (skipped,) = [case.find("skipped") for case in cases(reports.ready()) if case.find("skipped") is not None]
    assert skipped.attrib["message"] == "no production history was given"
