"""Two versions or models side by side: what each is fit for, what changed, and what to do about what got worse."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vision_readiness.advisor import decide
from vision_readiness.compare import Change, compare
from vision_readiness.guide.fix import Fix
from vision_readiness.report import Report
from vision_readiness.report.change import ReportChange, data_action

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence
    from vision_readiness.policy import Policy
    from vision_readiness.requirement import Waiver
    from vision_readiness.spec import DeploymentSpec

WORSE = "worse"
"""The verdict on a figure that has surely fallen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``now`` against ``before`` on the same images: figures that changed, worse ones first, and the decisions.

    ``next_data_action`` is the best ranked fix for the data of the classes that got worse, if they need one.
    """

    now: Report
    before: Report
    figures: tuple[Change, ...]
    change: ReportChange
    next_data_action: Fix | None

    @property
    def worse_labels(self) -> tuple[str, ...]:
        """The classes of which any figure has surely fallen, the deepest fall first."""
        return tuple(dict.fromkeys(one.label for one in self.figures if one.verdict == WORSE))

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, each report by its id, its state and its headline."""
        return {
            "now": _identity(self.now),
            "before": _identity(self.before),
            "figures": [asdict(one) for one in self.figures],
            "change": self.change.to_dict(),
            "next_data_action": asdict(self.next_data_action) if self.next_data_action else None,
        }


def comparison_of(
    now: Evidence,
    before: Evidence,
    spec: DeploymentSpec,
    *,
    as_of: datetime,
    policy: Policy | None = None,
    history: tuple[str, ...] = (),
    waivers: tuple[Waiver, ...] = (),
) -> Comparison:
    """Both decided under one ``spec``, and compared image by image; raises what ``compare`` and ``decide`` raise."""
    figures = compare(now, before, spec)
    later, earlier = (
        decide(one, spec, as_of=as_of, policy=policy, history=history, waivers=waivers) for one in (now, before)
    )
    worse = {one.label for one in figures if one.verdict == WORSE}
    return Comparison(
        now=later,
        before=earlier,
        figures=figures,
        change=later.compare(earlier),
        next_data_action=data_action(later, worse),
    )


def _identity(report: Report) -> dict[str, Any]:
    return {
        "report": report.id,
        "subject": asdict(report.subject),
        "readiness_state": report.readiness_state,
        "headline": report.headline,
    }
