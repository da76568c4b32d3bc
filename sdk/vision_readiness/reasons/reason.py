"""What a reason, a finding and a skipped check are, and how a check binds text to logic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from vision_readiness.policy import Policy


class Severity(StrEnum):
    """P0 blocks, P1 warns, P2 informs."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"


class Owner(StrEnum):
    """Who can mend it."""

    DATA = "data"
    LABELLING = "labelling"
    TRAINING = "training"
    DEPLOYMENT = "deployment"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Reason:
    """A problem that can occur: its code, its kebab-case name, and what it means for people.

    One that ``lacks_proof`` says that something is not proven, rather than that it is wrong.
    """

    code: str
    name: str
    severity: Severity
    unit: str
    meaning: str
    fix: str
    owner: Owner
    waivable: bool = True
    lacks_proof: bool = False


CRASHED = Reason(
    "INPUT909",
    "check-crashed",
    Severity.P1,
    "checks",
    "A check ended in an error of its own, so what it looks for is not known.",
    "Report the sentence; until it is mended, look by hand at what the code named stands for.",
    Owner.PRODUCT,
    waivable=False,
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a check found lacking: a fact beside its limit. ``severity`` overrides the reason's own."""

    subject: str
    sentence: str
    measured: float | None = None
    limit: float | None = None
    of: int | None = None
    examples: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason that occurred, in one sentence with its numbers."""

    code: str
    name: str
    severity: Severity
    subject: str
    sentence: str
    fix: str
    owner: Owner
    unit: str
    measured: float | None = None
    limit: float | None = None
    of: int | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A reason that could not be looked at, and because of what. Never a pass."""

    code: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A risk that a named person accepts until a day, with a reason."""

    code: str
    subject: str
    person: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding under a waiver that was in force."""

    finding: Finding
    waiver: Waiver


F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Check(Generic[F]):
    """A reason bound to the generator that looks for it, with one example that trips it and one that does not.

    A check measures and fetches nothing: it compares facts with the limits of a policy.
    """

    reason: Reason
    look: Callable[[F, Policy], Iterator[Shortfall]]
    trips: Callable[[], F]
    clean: Callable[[], F]

    def run(self, facts: F, policy: Policy) -> Iterator[Finding]:
        """The findings on ``facts``; a check that crashes is a finding of its own, never a pass."""
        try:
            for shortfall in self.look(facts, policy):
                yield _finding(self.reason, shortfall)
        except Exception as error:  # noqa: BLE001 - whatever a check raises has to be reported, not to end the run
            sentence = f"{self.reason.code} could not be looked at: {type(error).__name__}: {error}"
            yield _finding(CRASHED, Shortfall(self.reason.code, sentence, severity=self.reason.severity))


def _finding(reason: Reason, shortfall: Shortfall) -> Finding:
    return Finding(
        reason.code,
        reason.name,
        shortfall.severity or reason.severity,
        shortfall.subject,
        shortfall.sentence,
        reason.fix,
        reason.owner,
        reason.unit,
        shortfall.measured,
        shortfall.limit,
        shortfall.of,
        shortfall.examples,
    )


def check(
    code: str,
    name: str,
    *,
    severity: Severity,
    unit: str,
    meaning: str,
    fix: str,
    owner: Owner,
    trips: Callable[[], F],
    clean: Callable[[], F],
    waivable: bool = True,
    lacks_proof: bool = False,
) -> Callable[[Callable[[F, Policy], Iterator[Shortfall]]], Check[F]]:
    """A decorator that turns a generator of shortfalls into a ``Check``; it registers nothing anywhere."""
    reason = Reason(code, name, severity, unit, meaning, fix, owner, waivable, lacks_proof)
    return lambda look: Check(reason, look, trips, clean)
