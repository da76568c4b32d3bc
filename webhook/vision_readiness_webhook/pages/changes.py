"""What one report says differently from another, in words: between versions, thresholds and specifications."""

from __future__ import annotations

from dataclasses import dataclass

from vision_readiness.compare.markdown import occurrence_words
from vision_readiness.report import Report
from vision_readiness.report.change import OutcomeChange, ReportChange


@dataclass(frozen=True, slots=True)
class Changes:
    """``after`` against ``before``: requirements that came out differently, and what came and went besides."""

    before: Report
    after: Report
    change: ReportChange

    @property
    def outcomes(self) -> tuple[OutcomeChange, ...]:
        return self.change.outcomes

    @property
    def occurrences(self) -> tuple[str, ...]:
        return tuple(occurrence_words(self.change))

    @property
    def verdict(self) -> str:
        """What the change comes to, in one sentence."""
        before, after = self.change.state_before, self.change.state_after
        if before is after and (self.outcomes or self.occurrences):
            return "The state stays the same; some requirements come out differently."
        if before is after:
            stays = self.before.next_action == self.after.next_action
            return "Nothing changes." if stays else "Every outcome stays the same, but something else is next."
        if self.change.is_worse:
            return "It is further from a release."
        return "It can be released." if after.deployable and not before.deployable else "It is closer to a release."


def changes_between(after: Report, before: Report) -> Changes:
    """The changes from ``before`` to ``after``."""
    return Changes(before, after, after.compare(before))
