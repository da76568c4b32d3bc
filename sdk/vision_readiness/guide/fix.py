"""What can be done about a decision: a ranked fix, a label to look at, and one try of several fixes."""

from __future__ import annotations

from dataclasses import dataclass

from vision_readiness.readiness import Action


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do, ranked. ``amount`` counts ``unit`` ("images", "boxes"); ``effort`` is assumed until measured.

    ``gain`` is by how much the probability that its requirement holds could rise, 0 to 1; ``lift_ap50`` is the AP50
    that its class loses to the kind of error that ``lift_because`` names; ``rank_because`` says why it stands where it
    stands; ``code`` is the reason it answers, if one. It ``blocks`` when nothing is deployable before it is done.
    """

    action: Action
    title: str
    detail: str
    subject: str
    rank_because: str
    gain: float | None = None
    effort: str = "assumed"
    amount: int | None = None
    unit: str | None = None
    code: str | None = None
    lift_ap50: float | None = None
    lift_because: str | None = None
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class LabelFix:
    """A label to look at: ``where`` names an image, ``code`` the check that found it, ``None`` for a suspicion."""

    where: str
    what: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """One try: the version it is made in, the titles of the fixes in it, and what it has to show."""

    version: str
    fixes: tuple[str, ...]
    proof: str
