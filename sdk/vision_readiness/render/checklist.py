"""The release checklist as GitHub-flavoured markdown."""

from __future__ import annotations

from collections.abc import Sequence

from vision_readiness.guide.checklist_line import ChecklistLine, LineOutcome
from vision_readiness.render.escaping import escaped

WORDS = {
    LineOutcome.PASS: "Pass",
    LineOutcome.FAIL: "Fail",
    LineOutcome.INCONCLUSIVE: "Not proven",
    LineOutcome.NOT_LOOKED_AT: "Not looked at",
}


def checklist_markdown(lines: Sequence[ChecklistLine]) -> str:
    """A task list of the release gate, ticked where a line passes; names in it cannot format. Empty without lines."""
    if not lines:
        return ""
    passed = sum(one.outcome is LineOutcome.PASS for one in lines)
    return f"### Release checklist\n\n{passed} of {len(lines)} lines pass.\n\n" + "\n".join(map(_line, lines)) + "\n"


def _line(one: ChecklistLine) -> str:
    tick = "x" if one.outcome is LineOutcome.PASS else " "
    codes = f" ({', '.join(map(escaped, one.codes))})" if one.codes else ""
    return f"- [{tick}] **{escaped(one.line)}**: {WORDS[one.outcome]}. {escaped(one.because)}{codes}"
