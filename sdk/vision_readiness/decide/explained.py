"""What a finding voids: outcomes that mean nothing until it is mended, such as those of a model that finds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Finding, Severity
from vision_readiness.requirement import RequirementResult


def explained(
    findings: Iterable[Finding], results: Iterable[RequirementResult]
) -> tuple[tuple[Finding, ...], tuple[RequirementResult, ...]]:
    """The findings and the results, each with the key of the finding that voids it, if one does.

    Only a finding that blocks voids others; it comes before all of its severity, and what it voids after them.
    Otherwise the findings keep their order.
    """
    ranked = sorted(findings, key=lambda one: (one.severity, not _voids(one)))
    voided_by: dict[str, str] = {}
    for one in ranked:
        for code in _voids(one):
            voided_by.setdefault(code, one.key)
    marked = [replace(one, explained_by=voided_by.get(one.code)) for one in ranked]
    return (
        tuple(sorted(marked, key=lambda one: (one.severity, one.explained_by is not None))),
        tuple(replace(one, explained_by=voided_by.get(one.code or "")) for one in results),
    )


def _voids(finding: Finding) -> tuple[str, ...]:
    return REASONS[finding.code].explains if finding.severity is Severity.P0 else ()
