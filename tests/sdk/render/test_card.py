from __future__ import annotations

import pytest

from tests.sdk.render import reports
from tests.sdk.render.reports import but
from vision_readiness.render.card import MOST_CONCERNS, card_text

CARDS = {
    "blocked": """\
[BLOCKED] It misses forklifts
Found 61 of 100 (53–69 %); needs 90 %.
31 of 39 misses are partly hidden.
NEXT Label ~150 hidden forklifts, retrain
""",
    "not_proven": """\
[NOT PROVEN] Too few night images
People at night: found 40 of 41 (90–99 %); needs 95 %.
May be fine.
NEXT ~160 more labelled night people
""",
    "ready": """\
[READY] Docks 1–2, Jetson Orin Nano
Meets all 6 requirements.
People at night: 291 of 298 (at least 95.7 %)
95 % of frames within 82 ms (limit 100)
NEXT Deploy with monitoring
""",
}


@pytest.mark.parametrize("name", CARDS)
def test_the_card_opens_with_the_answer_the_proof_and_what_is_next(name: str):
    assert card_text(reports.ALL[name]()).startswith(CARDS[name])


def test_below_the_card_stand_the_codes_with_blocking_ones_first():
    text = card_text(reports.blocked())
    codes = [line.split()[1] for line in text.splitlines() if line.startswith(("  P0", "  P1", "  P2"))]
    assert codes == ["MODEL401", "MODEL402", "LABEL204", "SPLIT302", "SPEC704"]
    assert text.endswith("what a code means: vision-readiness explain MODEL401\n")


def test_the_card_says_how_much_was_assumed_and_accepted():
    text = card_text(reports.warning())
    assert "6 of 6 requirements are assumed." in text
    assert "Accepted risks in force: 1." in text


def test_at_most_eight_concerns_are_listed_and_the_rest_are_counted():
    report = reports.hostile()
    lines = card_text(report).splitlines()
    assert sum(line.startswith(("  P0", "  P1", "  P2")) for line in lines) == MOST_CONCERNS
    assert f"and {80 + len(report.findings) - MOST_CONCERNS} more" in lines[-1]


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_wider_than_asked(width: int):
    for make in reports.ALL.values():
        assert max(map(len, card_text(make(), width=width).splitlines())) <= width


def test_colour_adds_escapes_and_nothing_else():
    report = reports.blocked()
    coloured = card_text(report, colour=True)
    assert "\x1b[1;97;41m[BLOCKED]\x1b[0m It misses forklifts" in coloured
    stripped = coloured
    for code in {part.partition("m")[0] for part in coloured.split("\x1b[")[1:]}:
        stripped = stripped.replace(f"\x1b[{code}m", "")
    assert stripped == card_text(report)


def test_a_name_cannot_send_escapes_to_the_terminal():
    text = card_text(but(reports.hostile(), headline="\x1b]0;owned\x07\x9b31m"))
    assert not any((ord(letter) < 32 and letter != "\n") or 0x7F <= ord(letter) < 0xA0 for letter in text)
