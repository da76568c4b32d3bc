"""What the commands say and write: words to standard error, results to standard output or a file."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vision_readiness.errors import InputError, SourceError
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.render import (
    FORMATS,
    card_text,
    failure_picture,
    outputs,
    page_html,
    picture_id,
    picture_requests,
    summary,
)
from vision_readiness.render.words import harmless
from vision_readiness_adapters.cli.options import FailOn, Format
from vision_readiness_adapters.progress_bar import ProgressBar, Quiet

if TYPE_CHECKING:
    from vision_readiness.ports import Images, Progress
    from vision_readiness.report import Report

DEPLOYABLE, NOT_DEPLOYABLE, EVIDENCE_MISSING = 0, 1, 3


def say(words: str) -> None:
    """One line to the person, on standard error."""
    sys.stderr.write(harmless(words) + "\n")


def progress() -> Progress:
    """A bar where a person is watching, silence elsewhere."""
    return ProgressBar() if sys.stderr.isatty() else Quiet()


def write(text: str, output: Path | None) -> None:
    """``text`` to a file, saying where, or to standard output; raises ``InputError`` where it cannot be written."""
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written ({error.strerror or error}): give another place") from None
    say(f"Wrote {output}.")


def json_text(plain: Any) -> str:
    """Plain values as JSON: sorted keys, no NaN."""
    return json.dumps(plain, sort_keys=True, indent=1, allow_nan=False)


def write_report(report: Report, form: Format, output: Path | None, images: Images | None) -> None:
    """``report`` in one format; ``images`` is where its pictures come from, ``None`` for a page without."""
    if form is Format.HTML:
        text = page_html(report, pictures(report, images) if images else None)
    elif form is Format.TEXT:
        text = card_text(report, colour=output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    else:
        text = FORMATS[form](report)
    write(text, output)
    if output is not None and form is not Format.TEXT:
        say(f"{report.readiness_state}: {report.headline}")
    if form is Format.GITHUB:
        _append("GITHUB_STEP_SUMMARY", summary(report))
        _append("GITHUB_OUTPUT", outputs(report))


def pictures(report: Report, images: Images) -> dict[str, bytes]:
    """The pictures that the page of ``report`` shows; one that cannot be read or drawn is left out."""
    drawn = {}
    for example in picture_requests(report):
        try:
            drawn[picture_id(example)] = failure_picture(images.read(example.image), example)
        except (SourceError, ValueError, OSError) as error:
            say(f"No picture of {example.image}: {error}")
    return drawn


def _append(variable: str, text: str) -> None:
    """``text`` at the end of the file that a GitHub runner names in ``variable``, where there is one."""
    if path := os.environ.get(variable):
        try:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text if text.endswith("\n") else text + "\n")
        except OSError as error:
            raise InputError(f"{path} cannot be written ({error.strerror or error}): correct {variable}") from None


def exit_code(report: Report, fail_on: FailOn) -> int:
    """0 where the report is better than ``fail_on``; else 3 where only evidence is missing, and 1."""
    if fail_on is FailOn.NEVER or report.readiness_state.rank < ReadinessState(fail_on).rank:
        return DEPLOYABLE
    return EVIDENCE_MISSING if report.blocked_by is BlockedBy.EVIDENCE else NOT_DEPLOYABLE
