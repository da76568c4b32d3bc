"""The release checklist as values: each line with its outcome and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LineOutcome(StrEnum):
    """The outcome of a line; *not looked at* is for what no evidence and no person speaks for."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line of the release checklist, its outcome, the sentence behind it, and the reason codes it rests on."""

    line: str
    outcome: LineOutcome
    because: str
    codes: tuple[str, ...] = ()
