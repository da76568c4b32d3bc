"""The report as JUnit XML, for whatever shows test results."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from vision_readiness.reasons.reason import Severity
from vision_readiness.render.card import card_text
from vision_readiness.render.phrases import badge
from vision_readiness.render.words import harmless, measured_words, requirement_words
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Finding, Skipped
    from vision_readiness.report import Report
    from vision_readiness.requirement import RequirementResult


def junit_xml(report: Report) -> str:
    """One test case for the decision, one a requirement, one a blocking finding, one a check that was skipped.

    What is not proven is a failure of type ``inconclusive``: it can never read as passed.
    """
    blocking = [finding for finding in report.findings if finding.severity is Severity.P0]
    cases = [
        _decision(report),
        *map(_requirement, report.requirements),
        *map(_finding, blocking),
        *map(_skipped, report.skipped),
    ]
    failures = sum("<failure" in case for case in cases)
    totals = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{len(report.skipped)}"'
    seconds = sum(report.provenance.seconds.values())
    suite = f'name="{_text(str(report.subject))}" {totals} time="{seconds:.3f}"'
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="vision-readiness" {totals}>',
            f'<testsuite {suite} timestamp="{_text(report.provenance.created_at)}">',
            *cases,
            "</testsuite>",
            "</testsuites>",
            "",
        )
    )


def _decision(report: Report) -> str:
    failure = None
    if not report.deployable:
        kind = "inconclusive" if report.blocked_by == "evidence" else str(report.readiness_state)
        failure = (kind, f"[{badge(report)}] {report.headline}", report.next_action.sentence)
    return _case("decision", "deployable", failure, out=card_text(report))


def _requirement(result: RequirementResult) -> str:
    note = "" if result.requirement.critical else " (not critical)"
    name = f"{requirement_words(result.requirement)}{note}"
    if result.outcome is Outcome.PASS:
        return _case("requirement", name)
    detail = f"Measured {measured_words(result)}; required by {result.requirement.origin or 'the specification'}."
    return _case("requirement", name, (str(result.outcome), result.because, detail))


def _finding(finding: Finding) -> str:
    failure = (finding.code, finding.sentence, f"{finding.fix} Owner: {finding.owner}.")
    return _case("finding", f"{finding.code} {finding.name}: {finding.subject}", failure)


def _skipped(skipped: Skipped) -> str:
    return _case("check", f"{skipped.code} {skipped.name}", skipped=skipped.because)


def _case(
    kind: str,
    name: str,
    failure: tuple[str, str, str] | None = None,
    *,
    skipped: str | None = None,
    out: str | None = None,
) -> str:
    inside = "".join(_inside(failure, skipped, out))
    return f'<testcase classname="vision_readiness.{kind}" name="{_text(name)}">{inside}</testcase>'


def _inside(failure: tuple[str, str, str] | None, skipped: str | None, out: str | None) -> Iterator[str]:
    if failure is not None:
        kind, message, detail = map(_text, failure)
        yield f'<failure type="{kind}" message="{message}">{detail}</failure>'
    if skipped is not None:
        yield f'<skipped message="{_text(skipped)}"/>'
    if out is not None:
        yield f"<system-out>{chr(10).join(_text(line) for line in out.splitlines())}</system-out>"


def _text(text: str) -> str:
    return escape(harmless(text))
