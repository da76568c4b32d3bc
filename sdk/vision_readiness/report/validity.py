"""How long a report speaks: until the day on which something it rests on comes to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Waived
    from vision_readiness.report import Report
    from vision_readiness.spec import DeploymentSpec


def valid_until(waived: Iterable[Waived], spec: DeploymentSpec, day: date) -> date | None:
    """The last day on which the same evidence gives the same decision; ``None`` where no day changes it.

    That is the first end of a waiver that was used, or of a season by which the data set has to be refreshed. A
    latency has no such end: a change of device or artefact voids it, time alone does not.
    """
    refreshed = (season.refresh_by for season in spec.seasons.values())
    ends = (*(one.waiver.expires for one in waived), *(last for last in refreshed if last is not None and last >= day))
    return min(ends, default=None)


def deployable_on(report: Report, day: date) -> bool:
    """Whether the report lets its version be deployed on ``day``; what has run out has to be decided again first."""
    return report.deployable and holds_on(report.valid_until, day)


def holds_on(valid_until: date | None, day: date) -> bool:
    """Whether a decision that holds until then holds on ``day``, the last one included."""
    return valid_until is None or day <= valid_until
