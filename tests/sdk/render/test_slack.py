from __future__ import annotations

import json

import pytest

from tests.sdk.render import reports
from vision_readiness.render.slack import MOST_IN_HEADER, MOST_IN_SECTION, slack_message


@pytest.mark.parametrize("name", reports.ALL)
def test_a_message_stays_within_slacks_limits_and_shows_no_image(name: str):
    message = slack_message(reports.ALL[name](), url="https://readiness.example/r/1", previous_state="ready")
    kinds = {block["type"] for block in message["blocks"]}
    assert kinds == {"header", "section"}
    for block in message["blocks"]:
        most = MOST_IN_HEADER if block["type"] == "header" else MOST_IN_SECTION
        assert 0 < len(block["text"]["text"]) <= most
    assert message["text"]


def test_it_says_the_state_why_and_what_next():
    message = slack_message(reports.blocked(), url="https://readiness.example/r/1", previous_state="ready")
    text = json.dumps(message)
    for said in (
        "[BLOCKED] acme/warehouse-packages/3",
        "It misses forklifts.",
        "Next:",
        "It was ready before.",
        "1|Open",
    ):
        assert said in text


def test_a_hostile_name_can_call_nobody_and_link_nowhere():
    sections = [block["text"]["text"] for block in slack_message(reports.hostile())["blocks"][1:]]
    assert all("<" not in text for text in sections)
