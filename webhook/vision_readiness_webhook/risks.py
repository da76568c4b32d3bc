"""What stands against a release and could be accepted as a risk, as a waiver names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.words import harmless
from vision_readiness.report import Report, digest_of
from vision_readiness.requirement import Outcome


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that stands against a release: ``key`` is the id of a requirement or the key of a finding.

    One that is about all of a class ``covers`` the requirements with these ids.
    """

    key: str
    code: str
    subject: str
    sentence: str
    covers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A name for it that can stand in an address, whatever the subject is called."""
        return digest_of(self.code, self.subject)

    @property
    def waivable(self) -> bool:
        """Whether it can be accepted; a subject that holds half a character cannot be written into a waiver."""
        return REASONS[self.code].waivable and "\ufffd" not in harmless(self.subject)


def risks_of(report: Report) -> tuple[Risk, ...]:
    """What stands against a release, what can be accepted first: requirements, also all of a class, and findings."""
    found = {(risk.code, risk.subject): risk for risk in (*_of_classes(report), *_risks(report))}
    return tuple(sorted(found.values(), key=lambda risk: not risk.waivable))


def can_name(report: Report, code: str, subject: str) -> bool:
    """Whether a waiver of ``code`` and ``subject`` is about anything in the report, also what is accepted already."""
    named = {(one.waiver.code, one.waiver.subject) for one in report.waived}
    named |= {(one.code, one.subject) for one in report.findings}
    for one in report.requirements:
        asked = one.requirement
        named |= {(one.code, asked.name), (one.code, asked.label or asked.metric)} if one.code else set()
    return (code, subject) in named


def _of_classes(report: Report) -> Iterator[Risk]:
    together: dict[tuple[str, str], list[str]] = {}
    for result in report.requirements:
        label = result.requirement.label
        if result.outcome is not Outcome.PASS and label is not None and result.code in REASONS:
            together.setdefault((result.code, label), []).append(result.requirement.id)
    for (code, label), ids in together.items():
        if len(ids) > 1:
            said = f"{len(ids)} requirements of `{label}` do not pass, in one situation or another."
            yield Risk(f"{code}:{label}", code, label, said, tuple(ids))


def _risks(report: Report) -> Iterator[Risk]:
    for result in report.requirements:
        if result.outcome is not Outcome.PASS and result.code in REASONS:
            yield Risk(result.requirement.id, result.code, result.requirement.name, result.because)
    for finding in report.findings:
        if finding.code in REASONS and finding.severity is not Severity.P2:
            yield Risk(finding.key, finding.code, finding.subject, finding.sentence)
