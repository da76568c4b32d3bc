"""Everything that speaks against a release in one ranked list: unmet requirements and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.numbers import count
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.words import short
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Finding
    from vision_readiness.report import Report
    from vision_readiness.requirement import RequirementResult


MOST_BEFORE = 110
"""Letters of a sentence, where another has to follow it on a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing to say, with its code and what mends it; ``code`` is empty where no reason is known.

    It ``explains`` so many others, which are not said.
    """

    severity: Severity
    code: str
    name: str
    sentence: str
    fix: str
    owner: str
    explains: int = 0


def concerns(report: Report) -> tuple[Concern, ...]:
    """The concerns of a report, blocking ones first; of one severity the requirements first, the weakest leading.

    A finding that explains others comes before them all and says how many: they are left out. What several
    requirements rest on is said once.
    """
    unmet = [one for one in report.requirements if one.outcome is not Outcome.PASS and one.explained_by is None]
    unmet.sort(key=lambda result: (result.requirement.id != report.weakest, result.outcome is not Outcome.FAIL))
    found = [_found(finding, report) for finding in report.findings if finding.explained_by is None]
    asked = {(one.code, one.grounds): one for one in reversed(unmet)}
    once = [_unmet(result) for result in reversed(asked.values())]
    leading = [concern for concern in found if concern.explains]
    others = (concern for concern in (*once, *found) if not concern.explains)
    return (*leading, *sorted(others, key=lambda concern: concern.severity))


def voided_by(finding: Finding, report: Report) -> tuple[Finding | RequirementResult, ...]:
    """The results and findings of a report that mean nothing until ``finding`` is mended."""
    everything: tuple[Finding | RequirementResult, ...] = (*report.requirements, *report.findings)
    return tuple(one for one in everything if one.explained_by == finding.key)


def _found(finding: Finding, report: Report) -> Concern:
    explains = len(voided_by(finding, report))
    said = f"{short(finding.sentence, MOST_BEFORE)} {explains_words(explains)}" if explains else finding.sentence
    return Concern(
        severity=finding.severity,
        code=finding.code,
        name=finding.name,
        sentence=said,
        fix=finding.fix,
        owner=str(finding.owner),
        explains=explains,
    )


def explains_words(others: int) -> str:
    """How many results a finding voids."""
    return f"{count(others, 'result means', 'results mean')} nothing until this is mended."


def _unmet(result: RequirementResult) -> Concern:
    severity = Severity.P0 if result.requirement.critical else Severity.P1
    reason = REASONS.get(result.code or "")
    return Concern(
        severity=severity,
        code=result.code or "",
        name=reason.name if reason else "requirement-unmet",
        sentence=result.because,
        fix=reason.fix if reason else "",
        owner=str(reason.owner) if reason else "",
    )
