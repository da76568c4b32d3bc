"""The commands that decide again from kept evidence: they open no image and run no model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from vision_readiness.advisor import decide
from vision_readiness.compare.comparison import comparison_of
from vision_readiness.compare.markdown import comparison_markdown
from vision_readiness.compare.what_if import moves
from vision_readiness.compare.what_if import what_if as decide_twice
from vision_readiness.errors import InputError
from vision_readiness.render.model_card import model_card as card_of
from vision_readiness.report import Report
from vision_readiness_adapters.cli import options
from vision_readiness_adapters.cli.change_tables import CAUTION, comparison_text, price_words, what_if_text
from vision_readiness_adapters.cli.console import json_text, say, write
from vision_readiness_adapters.cli.given import kept, spec_for
from vision_readiness_adapters.cli.options import ChangeFormat, TableFormat
from vision_readiness_adapters.this_machine import SystemClock

SERVER_FLOOR = 0.01
"""Roboflow's inference server raises any lower ``confidence`` to this, and takes one from 1 on for percent."""


def compare(
    now: Annotated[Path, typer.Argument(metavar="A", help="Evidence kept by `check --save-evidence`.")],
    before: Annotated[
        Path, typer.Argument(metavar="B", help="That of the earlier version or model, on the same images.")
    ],
    spec: options.Spec = None,
    form: Annotated[ChangeFormat, typer.Option("--format", help="How to write the comparison.")] = ChangeFormat.TEXT,
    output: options.Output = None,
) -> None:
    """Compare A with the earlier B on the same images: what got worse first, both states, and what to do about it."""
    known = kept(now), kept(before)
    found = comparison_of(*known, spec_for(known[0], spec), as_of=SystemClock().now())
    if form is ChangeFormat.JSON:
        write(json_text(found.to_dict()), output)
    else:
        write(comparison_text(found) if form is ChangeFormat.TEXT else comparison_markdown(found), output)


def what_if(
    evidence: options.KeptEvidence,
    threshold: Annotated[
        list[str] | None,
        typer.Option(help="Another score for a class; may be given again.", metavar="CLASS=SCORE", show_default=False),
    ] = None,
    target: Annotated[str | None, typer.Option(help="Another device.", metavar="NAME", show_default=False)] = None,
    p95_ms: Annotated[
        float | None, typer.Option("--p95-ms", help="Another budget for 95 % of frames.", show_default=False)
    ] = None,
    spec: options.Spec = None,
    form: Annotated[TableFormat, typer.Option("--format", help="How to write the change.")] = TableFormat.TEXT,
    output: options.Output = None,
) -> None:
    """Decide again with another threshold or target, and show what would change. Opens no image; exits 0."""
    wanted = dict(map(_score, threshold or ()))
    if not wanted and target is None and p95_ms is None:
        raise InputError("nothing is changed: give --threshold CLASS=SCORE, --target or --p95-ms")
    known, now = kept(evidence), SystemClock().now()
    asked = spec_for(known, spec)
    before, after = decide_twice(known, asked, as_of=now, thresholds=wanted, target=target, p95_ms=p95_ms)
    moved = moves(known, asked, wanted)
    if form is TableFormat.TEXT:
        write(what_if_text(before, after, moved), output)
        return
    warnings = [price_words(one) for one in moved if one.price]
    plain = {
        "before": _short(before),
        "after": _short(after),
        "change": after.compare(before).to_dict(),
        "classes": [one.to_dict() for one in moved],
        "warnings": [*warnings, CAUTION] if moved else [],
    }
    write(json_text(plain), output)


def thresholds(evidence: options.KeptEvidence, spec: options.Spec = None, output: options.Output = None) -> None:
    """Write the score of each class to deploy with, as JSON, and the one number a server takes: the smallest.

    A server that takes one confidence is given the smallest; whoever calls it then drops the answers below the score
    of their class. `constraints` says what came of each `threshold` rule of the spec, level by level where it asks so.
    """
    known = kept(evidence)
    report = decide(known, spec_for(known, spec), as_of=SystemClock().now())
    if not report.scores.thresholds:
        raise InputError("there is no model in this evidence, so there is no score to deploy: check it with --model")
    apart = [one.threshold for one in report.scores.kept_thresholds if one.situation and one.threshold is not None]
    smallest = min((*report.scores.thresholds.values(), *apart))
    if smallest < SERVER_FLOOR:
        say(f"Roboflow's server answers from {SERVER_FLOOR} on: what a class needs below that has to be run elsewhere.")
    if not report.deployable:
        say(f"{report.readiness_state}: {report.headline}")
    plain = {
        "class_confidence": dict(report.scores.thresholds),
        "confidence": min(smallest, 1 - SERVER_FLOOR),
        "origin": {one.label: one.threshold_origin for one in report.figures.classes},
        "constraints": [asdict(one) for one in report.scores.kept_thresholds],
        "model": report.subject.model,
        "version": str(report.subject),
        "report": report.id,
        "readiness_state": report.readiness_state,
    }
    write(json_text(plain), output)


def _score(text: str) -> tuple[str, float]:
    """A class and its score; the name may hold an equals sign itself."""
    label, sign, score = text.rpartition("=")
    try:
        return label, float(score if sign else "")
    except ValueError:
        raise InputError(f"--threshold {text} is not CLASS=SCORE, such as person=0.4") from None


def model_card(evidence: options.KeptEvidence, spec: options.Spec = None, output: options.Output = None) -> None:
    """Write the model card of a deployable version in Markdown, from its report alone; exits 1 when it is not."""
    known = kept(evidence)
    asked = spec_for(known, spec)
    report = decide(known, asked, as_of=SystemClock().now())
    if not report.deployable:
        say(f"No model card: {report.headline} Next: {report.next_action.sentence}")
        raise typer.Exit(1)
    write(card_of(report, asked), output)


def _short(report: Report) -> dict[str, Any]:
    return {
        "report": report.id,
        "readiness_state": report.readiness_state,
        "blocked_by": report.blocked_by,
        "deployable": report.deployable,
        "score": report.score,
        "headline": report.headline,
    }
