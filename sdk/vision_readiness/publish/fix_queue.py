"""The images that a report names as wrong, each with what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.project.source_names import OWN_MARK
from vision_readiness.render.words import short

if TYPE_CHECKING:
    from vision_readiness.report import Report

LONGEST_TEXT = 500
"""How long a text is made at most: no page of Roboflow gives a limit, so ours is modest."""

_IMAGE = re.compile(r"[^\n]+\.(jpe?g|png|bmp|webp|tiff?|gif|avif)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QueuedImage:
    """An image to look at: its key in the export, its tags, and why, in words."""

    image: str
    tags: tuple[str, ...]
    why: str


def fix_queue(report: Report) -> tuple[QueuedImage, ...]:
    """The images of a report's findings, failure examples and costliest images, each once, in that order.

    A report that names no image gives an empty queue.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for image, mark, why in _named(report):
        found.setdefault(image, []).append((mark, why))
    return tuple(
        QueuedImage(
            image,
            (OWN_MARK, *sorted({f"{OWN_MARK}-{mark}" for mark, _ in rows})),
            short("; ".join(dict.fromkeys(why for _, why in rows)), LONGEST_TEXT),
        )
        for image, rows in found.items()
    )


def _named(report: Report) -> Iterator[tuple[str, str, str]]:
    """An image, the end of its tag, and why; once for each thing that is wrong with it."""
    for finding in report.findings:
        for example in finding.examples:
            for image in example.split(" ~ "):  # two that look alike are one example
                if _IMAGE.fullmatch(image):
                    yield image, finding.code, f"{finding.code} {finding.name}"
    shown = Counter((failure.image, failure.kind) for failure in report.errors.examples)
    for failure in report.errors.examples:
        yield failure.image, _mark(failure.kind), _failure_words(failure)
    for costly in report.errors.costly_images:
        kinds = (
            (FailureKind.MISSED, costly.missed, f"{costly.missed:,} missed"),
            (FailureKind.FALSE_ALARM, costly.false_alarms, f"{costly.false_alarms:,} answered where nothing is"),
            (FailureKind.CONFUSED, costly.confused, f"{costly.confused:,} confused"),
        )
        for kind, errors, words in kinds:
            if errors > shown[costly.image, kind]:
                yield costly.image, _mark(kind), words


def _mark(kind: FailureKind) -> str:
    return kind.value.replace(" ", "-")


def _failure_words(failure: FailureExample) -> str:
    if failure.kind is FailureKind.CONFUSED and failure.answered:
        return f"`{failure.label}` taken for `{failure.answered}`"
    return f"{failure.kind.value} `{failure.label}`"
