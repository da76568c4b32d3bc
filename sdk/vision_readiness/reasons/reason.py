"""What a reason, a finding and a skipped check are, and how a check binds text to logic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.needs import Need
from vision_readiness.requirement import Waiver

Value = str | int | float | tuple[str, ...] | tuple[int | float, ...]
"""What a sentence can name."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A problem that can occur: its code, its kebab-case name, what it means for people, and what to do about it.

    ``sentences`` are the templates of what a finding says, by its form; ``headline`` is said where it blocks alone, of
    ``{subject}``; ``stage`` is the one that it counts against. It is looked for only where all of ``needs`` is there.
    ``explains`` names the codes of what means nothing until it is mended. One that ``lacks_proof`` says that something
    is not proven, rather than that it is wrong.
    """

    code: str
    name: str
    severity: Severity
    unit: str
    meaning: str
    fix: str
    owner: Owner
    action: Action
    stage: Stage
    sentences: Mapping[str, str] = field(default_factory=dict, hash=False)
    headline: str | None = None
    needs: tuple[Need, ...] = ()
    explains: tuple[str, ...] = ()
    waivable: bool = True
    lacks_proof: bool = False

    def found(self, lacking: Shortfall) -> Finding:
        """The reason as it occurred."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=lacking.severity or self.severity,
            subject=lacking.subject,
            fix=self.fix,
            owner=self.owner,
            unit=self.unit,
            measured=lacking.measured,
            limit=lacking.limit,
            of=lacking.of,
            examples=lacking.examples,
            numbers=lacking.numbers,
            form=lacking.form,
        )


CRASHED = Reason(
    code="INPUT909",
    name="check-crashed",
    severity=Severity.P1,
    unit="checks",
    meaning="A check ended in an error of its own, so what it looks for is not known.",
    fix="Report the sentence; until it is mended, look by hand at what the code named stands for.",
    owner=Owner.PRODUCT,
    action=Action.ESCALATE,
    stage=Stage.DATASET,
    sentences={"": "{subject} could not be looked at: {error}"},
    headline="A check that can block could not be made",
    waivable=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What a check found lacking: a fact beside its limit. ``severity`` overrides the reason's own.

    ``numbers`` are the other values that its sentence names, and ``form`` is which of the sentences says it.
    """

    subject: str
    measured: float | None = None
    limit: float | None = None
    of: int | None = None
    examples: tuple[str, ...] = ()
    severity: Severity | None = None
    numbers: Mapping[str, Value] = field(default_factory=dict)
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A reason that occurred. ``sentence`` is made of its values once a report is laid out, and decides nothing.

    ``explained_by`` is the key of a finding that has to be mended before this one means anything.
    """

    code: str
    name: str
    severity: Severity
    subject: str
    fix: str
    owner: Owner
    unit: str
    measured: float | None = None
    limit: float | None = None
    of: int | None = None
    examples: tuple[str, ...] = ()
    numbers: Mapping[str, Value] = field(default_factory=dict)
    form: str = ""
    sentence: str = ""
    explained_by: str | None = None

    @property
    def key(self) -> str:
        """What tells it from other findings, whatever its numbers are."""
        return f"{self.code}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A reason that could not be looked at, and because of what. Never a pass."""

    code: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding under a waiver that was in force; ``covers`` holds the key of it, or the ids of requirements."""

    finding: Finding
    waiver: Waiver
    covers: tuple[str, ...] = ()


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

    @property
    def code(self) -> str:
        return self.reason.code

    def run(self, facts: F, policy: Policy) -> Iterator[Finding]:
        """The findings on ``facts``; a check that crashes is a finding of its own, never a pass."""
        try:
            for shortfall in self.look(facts, policy):
                yield self.reason.found(shortfall)
        except Exception as error:  # noqa: BLE001 - whatever a check raises has to be reported, not to end the run
            said = {"error": f"{type(error).__name__}: {error}"}
            yield CRASHED.found(Shortfall(subject=self.code, severity=self.reason.severity, numbers=said))


Named = Reason | Check[Any]
"""What has a code."""


@dataclass(frozen=True, slots=True)
class Family:
    """What the reasons of one file share: the stage that they count against, and what their checks need."""

    stage: Stage
    needs: tuple[Need, ...] = ()

    def check(
        self,
        code: str,
        name: str,
        *,
        severity: Severity,
        unit: str,
        meaning: str,
        fix: str,
        owner: Owner,
        action: Action,
        sentence: str | Mapping[str, str],
        trips: Callable[[], F],
        clean: Callable[[], F],
        headline: str | None = None,
        stage: Stage | None = None,
        needs: tuple[Need, ...] | None = None,
        explains: tuple[str, ...] = (),
        waivable: bool = True,
        lacks_proof: bool = False,
    ) -> Callable[[Callable[[F, Policy], Iterator[Shortfall]]], Check[F]]:
        """A decorator that turns a generator of shortfalls into a ``Check``; it registers nothing anywhere."""
        reason = Reason(
            code=code,
            name=name,
            severity=severity,
            unit=unit,
            meaning=meaning,
            fix=fix,
            owner=owner,
            action=action,
            stage=stage or self.stage,
            sentences={"": sentence} if isinstance(sentence, str) else sentence,
            headline=headline,
            needs=self.needs if needs is None else needs,
            explains=explains,
            waivable=waivable,
            lacks_proof=lacks_proof,
        )
        return lambda look: Check(reason, look, trips, clean)
