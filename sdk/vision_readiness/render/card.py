"""The card in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vision_readiness.reasons.reason import Severity
from vision_readiness.render.concerns import concerns
from vision_readiness.render.fit_panels import fit_words
from vision_readiness.render.phrases import assumed_words, badge, state_words, subject_words, tally_words
from vision_readiness.render.words import harmless, short

if TYPE_CHECKING:
    from vision_readiness.report import Report

MOST_CONCERNS = 8
MOST_LETTERS = 180
_RESET = "\x1b[0m"
_BOLD, _DIM = "\x1b[1m", "\x1b[2m"
_BADGES = {
    "READY": "\x1b[1;97;42m",
    "WARNING": "\x1b[1;30;43m",
    "MONITOR REQUIRED": "\x1b[1;97;44m",
    "RETRAIN REQUIRED": "\x1b[1;97;41m",
    "BLOCKED": "\x1b[1;97;41m",
    "NOT PROVEN": "\x1b[1;97;45m",
}
_SEVERITIES = {Severity.P0: "\x1b[31m", Severity.P1: "\x1b[33m", Severity.P2: "\x1b[36m"}


def card_text(report: Report, *, colour: bool = False, width: int = 100) -> str:
    """The card: state and headline, proof, what is next; below it where it stands and what speaks against a release.

    Plain text, or with ANSI colours; no line is longer than ``width`` columns of ordinary letters.
    """
    paint = _paint if colour else _plain
    state = badge(report)
    lines = [
        *_filled(f"[{state}] {harmless(report.headline)}", width),
        *(line for sentence in report.proof for line in _filled(harmless(sentence), width)),
        *_filled(f"NEXT {harmless(report.next_action.sentence)}", width, hang=5),
        "",
        *_context(report, width),
        *_concerns(report, width, colour=colour),
    ]
    lines[0] = lines[0].replace(f"[{state}]", paint(f"[{state}]", _BADGES[state]), 1)
    return "\n".join(paint(line[:4], _BOLD) + line[4:] if line.startswith("NEXT ") else line for line in lines) + "\n"


def _context(report: Report, width: int) -> Iterator[str]:
    yield from _filled(subject_words(report), width)
    stages = (f"{stage.stage} {state_words(stage.state)}" for stage in report.stages)
    yield from _filled(harmless(" · ".join(stages)), width)
    assumed = assumed_words(report)
    yield from _filled(f"{tally_words(report)}{f'; {assumed}' if assumed else ''}.", width)
    fits = fit_words(report)
    if fits is not None:
        yield from _filled(harmless(fits), width)
    if report.waived:
        yield f"Accepted risks in force: {len(report.waived)}."


def _concerns(report: Report, width: int, *, colour: bool) -> Iterator[str]:
    ranked = concerns(report)
    if not ranked:
        return
    paint = _paint if colour else _plain
    shown = ranked[:MOST_CONCERNS]
    codes = max(len(harmless(concern.code)) for concern in shown)
    yield ""
    for concern in shown:
        head = f"  {concern.severity} {harmless(concern.code):<{codes}}  "
        first, *rest = _filled(head + short(concern.sentence, MOST_LETTERS), width, hang=len(head))
        yield first.replace(head, paint(head, _SEVERITIES[concern.severity]), 1)
        yield from rest
    more = len(ranked) - len(shown)
    code = next((harmless(concern.code) for concern in shown if concern.code), "CODE")
    hint = f"  {f'and {more} more; ' if more else ''}what a code means: vision-readiness explain {code}"
    yield from (paint(line, _DIM) for line in _filled(hint, width, hang=2))


def _filled(text: str, width: int, *, hang: int = 0) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=" " * hang, drop_whitespace=True, break_on_hyphens=False) or [
        ""
    ]


def _paint(text: str, code: str) -> str:
    return f"{code}{text}{_RESET}"


def _plain(text: str, code: str) -> str:  # stands in for _paint
    return text
