"""What blocks a release, by key: critical requirements that are not met, and findings that block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vision_readiness.reasons.reason import Finding, Severity
from vision_readiness.requirement import Outcome, RequirementResult


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that blocks: ``key`` is the id of a requirement or the key of a finding, ``code`` its reason."""

    key: str
    code: str
    sentence: str


def blockers_of(results: Iterable[RequirementResult], findings: Iterable[Finding]) -> Iterator[Blocker]:
    """The critical requirements that are not met and that nobody accepted, then the open P0 findings."""
    for result in results:
        unmet = result.outcome is not Outcome.PASS and result.requirement.critical
        if unmet and result.waiver is None and result.code is not None:
            yield Blocker(result.requirement.id, result.code, result.because)
    for finding in findings:
        if finding.severity is Severity.P0:
            yield Blocker(finding.key, finding.code, finding.sentence)
