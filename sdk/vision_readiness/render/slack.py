"""The report as a Slack message: Block Kit, and the same in plain text for notifications. No pictures, ever.

https://docs.slack.dev/reference/block-kit/blocks (read 2026-08): a header has 150 characters, a section 3,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vision_readiness.render.phrases import badge, state_words
from vision_readiness.render.words import harmless, short

if TYPE_CHECKING:
    from vision_readiness.report import Report

MOST_IN_HEADER = 150
MOST_IN_SECTION = 3000
MOST_IN_LINE = 400
MOST_PROOF = 3


def slack_message(report: Report, *, url: str | None = None, previous_state: str | None = None) -> dict[str, Any]:
    """What Slack's ``chat.postMessage`` and incoming webhooks take, for a report at ``url``.

    ``previous_state`` is the state before, which the message then says it comes from.
    """
    title = short(harmless(f"[{badge(report)}] {report.subject}"), MOST_IN_HEADER)
    headline = harmless(report.headline).removesuffix(".") + "."
    lines = [f"*{_line(headline)}*", *(f"• {_line(line)}" for line in report.proof[:MOST_PROOF])]
    if previous_state is not None:
        lines.append(f"It was {_line(state_words(previous_state))} before.")
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
        _section("\n".join(lines)),
        _section(f"*Next:* {_line(report.next_action.sentence)}"),
    ]
    if url is not None:
        blocks.append(_section(f"<{_escaped(url)}|Open the report>"))
    text = f"{title}: {headline} Next: {report.next_action.sentence}"
    return {"text": _line(text), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _line(text: str) -> str:
    """One line that can name nobody, link nowhere and style nothing; at most a fifth of a section."""
    return _escaped(short(harmless(text), MOST_IN_LINE))


def _escaped(text: str) -> str:
    """Slack's three characters, and its marks defused."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{mark}" if mark in "*_~`" else mark for mark in plain)
