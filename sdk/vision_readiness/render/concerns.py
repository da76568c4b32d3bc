"""Everything that speaks against a release in one ranked list: unmet requirements and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.report import Report
    from vision_readiness.requirement import RequirementResult


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to say, with its code and what mends it; ``code`` is empty where no reason is known."""

    severity: Severity
    code: str
    name: str
    sentence: str
    fix: str
    owner: str


def concerns(report: Report) -> tuple[Concern, ...]:
    """The concerns of a report, blocking ones first; of one severity the requirements first, the weakest leading.

    What is said of several requirements in the same words is said once.
    """
    unmet = [result for result in report.requirements if result.outcome is not Outcome.PASS]
    unmet.sort(key=lambda result: (result.requirement.name != report.weakest, result.outcome is not Outcome.FAIL))
    found = [Concern(at.severity, at.code, at.name, at.sentence, at.fix, str(at.owner)) for at in report.findings]
    said = {(concern.code, concern.sentence) for concern in found}
    asked = {(one.code, one.sentence): one for one in reversed([_unmet(result) for result in unmet])}
    once = [concern for key, concern in reversed(asked.items()) if key not in said]
    return tuple(sorted((*once, *found), key=lambda concern: concern.severity))


def _unmet(result: RequirementResult) -> Concern:
    severity = Severity.P0 if result.requirement.critical else Severity.P1
    reason = REASONS.get(result.code or "")
    if reason is None:
        return Concern(severity, result.code or "", "requirement-unmet", result.because, "", "")
    return Concern(severity, reason.code, reason.name, result.because, reason.fix, str(reason.owner))
