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
MOST_PROOF = 3


def slack_message(report: Report, *, url: str | None = None, previous_state: str | None = None) -> dict[str, Any]:
    """What Slack's ``chat.postMessage`` and incoming webhooks take, for a report at ``url``.

    ``previous_state`` is the state before, which the message then says it comes from.
    """
    title = short(harmless(f"[{badge(report)}] {report.subject}"), MOST_IN_HEADER)
    was = "" if previous_state is None else f" It was {_escaped(state_words(previous_state))} before."
    lines = [f"*{_escaped(report.headline)}*{was}", *(f"• {_escaped(line)}" for line in report.proof[:MOST_PROOF])]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
        _section("\n".join(lines)),
        _section(f"*Next:* {_escaped(report.next_action.sentence)}"),
    ]
    if url is not None:
        blocks.append(_section(f"<{_escaped(url)}|Open the report>"))
    text = f"{title} {harmless(report.headline)} Next: {harmless(report.next_action.sentence)}"
    return {"text": short(_escaped(text), MOST_IN_SECTION), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": short(text, MOST_IN_SECTION), "verbatim": True}}


def _escaped(text: str) -> str:
    """Text that can name nobody, link nowhere and style nothing: Slack's three characters, and its marks defused."""
    plain = harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{mark}" if mark in "*_~`" else mark for mark in plain)
