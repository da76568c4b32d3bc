"""What blocks a release, by key: critical requirements that are not met, and findings that block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vision_readiness.reasons.reason import Finding, Severity, Waived
from vision_readiness.requirement import Outcome, RequirementResult


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that blocks: ``key`` is the id of a requirement or the key of a finding, ``code`` its reason."""

    key: str
    code: str
    sentence: str


def blockers_of(
    results: Iterable[RequirementResult], findings: Iterable[Finding], waived: Iterable[Waived]
) -> Iterator[Blocker]:
    """The critical requirements that are not met and that nobody accepted, then the open P0 findings."""
    accepted = {(one.waiver.code, one.waiver.subject) for one in waived}
    for result in results:
        asked = result.requirement
        if result.code is None or result.outcome is Outcome.PASS or not asked.critical:
            continue
        if accepted.isdisjoint((result.code, subject) for subject in (asked.name, asked.label or asked.metric)):
            yield Blocker(asked.id, result.code, result.because)
    for finding in findings:
        if finding.severity is Severity.P0:
            yield Blocker(finding.key, finding.code, finding.sentence)
