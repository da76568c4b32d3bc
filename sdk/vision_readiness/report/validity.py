"""How long a report speaks: until the day on which something it rests on comes to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Protocol

from vision_readiness.readiness import ReadinessState

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Waived
    from vision_readiness.spec import DeploymentSpec


class Decided(Protocol):
    """A decision, whole or as a list shows it; a ``Report`` is one."""

    @property
    def readiness_state(self) -> ReadinessState:
        """The state it came to on its day."""
        ...

    @property
    def valid_until(self) -> date | None:
        """The last day on which it holds; ``None`` where no day ends it."""
        ...


def valid_until(waived: Iterable[Waived], spec: DeploymentSpec, day: date) -> date | None:
    """The last day on which the same evidence gives the same decision; ``None`` where no day changes it.

    That is the first end of a waiver that was used, or of a season by which the data set has to be refreshed. A
    latency has no such end: a change of device or artefact voids it, time alone does not.
    """
    refreshed = (season.refresh_by for season in spec.seasons.values())
    ends = (*(one.waiver.expires for one in waived), *(last for last in refreshed if last is not None and last >= day))
    return min(ends, default=None)


def deployable_on(decided: Decided, day: date) -> bool:
    """Whether a decision lets its version be deployed on ``day``; one that has run out has to be taken again first."""
    return decided.readiness_state.deployable and not has_run_out(decided, day)


def has_run_out(decided: Decided, day: date) -> bool:
    """Whether the last day of a decision lies before ``day``."""
    return decided.valid_until is not None and decided.valid_until < day
