"""What can be done about a decision: a ranked fix, a label to look at, and one try of several fixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vision_readiness.readiness import Action


class FixKind(StrEnum):
    """What there is to do, more closely than its action."""

    MEASURE_HOSTED = "measure_hosted"
    GIVE_MODEL = "give_model"
    GIVE_PARENT = "give_parent"
    SET_THRESHOLD = "set_threshold"
    COLLECT = "collect"
    SHOW = "show"
    LOOK_AT_ALARMS = "look_at_alarms"
    RETRAIN = "retrain"
    LABEL_MORE = "label_more"
    MEASURE = "measure"
    WRITE_PRICE = "write_price"
    TIME_MORE = "time_more"
    SMALLER_INPUT = "smaller_input"
    SMALLER_MODEL = "smaller_model"
    MORE_MEMORY = "more_memory"
    FILL_IN = "fill_in"
    MEND = "mend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing to do, ranked. ``amount`` counts ``unit`` ("images", "boxes"); ``hours`` of work are assumed.

    ``answers`` holds the ids of the requirements and the keys of the findings that it mends, ``subjects`` what those
    are about. ``gain`` is by how much the probability that its requirement holds could rise, 0 to 1; ``lift_ap50`` is
    the AP50 that its class loses to one kind of error; ``code`` is the reason it answers, if one. It ``blocks`` when
    nothing is deployable before it is done. The texts say in words what ``kind`` and ``numbers`` hold.
    """

    action: Action
    kind: FixKind = FixKind.MEND
    hours: float
    subjects: tuple[str, ...]
    answers: tuple[str, ...]
    numbers: Mapping[str, str | int | float] = field(default_factory=dict)
    title: str = ""
    detail: str = ""
    rank_because: str = ""
    effort: str = ""
    gain: float | None = None
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
