"""The report for a GitHub Actions job: annotations, a step summary, step outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.reasons.reason import Severity
from vision_readiness.render.concerns import Concern, concerns
from vision_readiness.render.markdown import markdown_text
from vision_readiness.render.phrases import badge
from vision_readiness.render.words import harmless, short

if TYPE_CHECKING:
    from vision_readiness.report import Report

MOST_ANNOTATIONS = 10
"""GitHub shows ten of each level for a step and drops the rest without a word."""

_LEVELS = {Severity.P0: "error", Severity.P1: "warning", Severity.P2: "notice"}


def workflow_commands(report: Report) -> str:
    """Workflow commands, one a line, at most ten: the decision, then what blocks, then the rest.

    Escaped as https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts does, so that no name can
    open a command of its own.
    """
    level = "notice" if report.readiness_state == "ready" else "warning" if report.deployable else "error"
    decision = _command(
        level,
        f"[{badge(report)}] {report.subject}",
        f"{_sentence(report.headline)} Next: {report.next_action.sentence}",
    )
    lines = [decision, *map(_annotation, concerns(report))]
    if len(lines) > MOST_ANNOTATIONS:
        left = len(lines) - MOST_ANNOTATIONS + 1
        more = _command("notice", "Vision Readiness", f"{left} more in the report and in the summary of this job.")
        lines = [*lines[: MOST_ANNOTATIONS - 1], more]
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """The card in markdown, for ``$GITHUB_STEP_SUMMARY``."""
    return markdown_text(report)


def outputs(report: Report) -> str:
    """``key=value`` lines for ``$GITHUB_OUTPUT``; every value is one line, so none can add an output."""
    values = {
        "state": str(report.readiness_state),
        "deployable": str(report.deployable).lower(),
        "blocked_by": report.blocked_by or "",
        "score": str(report.score),
        "next_action": str(report.next_action.action),
        "headline": report.headline,
        "report_id": report.id,
    }
    return "".join(f"{key}={harmless(value)}\n" for key, value in values.items())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _annotation(concern: Concern) -> str:
    title = f"{concern.code} {concern.name}".strip()
    return _command(_LEVELS[concern.severity], title, f"{_sentence(concern.sentence)} {concern.fix}".strip())


def _command(level: str, title: str, message: str) -> str:
    return f"::{level} title={_property(short(title, 200))}::{_data(short(message, 2000))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
