"""Conditions of capture, from the tags and metadata that an export carries image by image."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vision_readiness.project import Condition
from vision_readiness.project.months import MONTH, month_named, month_of
from vision_readiness.project.source_names import OWN_MARK
from vision_readiness_adapters.export_folder.inventory import is_text

MOST_LEVELS = 50
"""Metadata with more values than this names images (an id, a time), not circumstances."""

MOST_CONDITIONS = 64
"""No more conditions than this are kept, those known for most images first."""

DECLARED, TAG = "declared", "tag"

DATES = frozenset(
    {"date", "captured", "captured_at", "capture_date", "date_captured", "date_taken", "taken_at", "timestamp"}
)
"""Names of metadata that hold when an image was taken; of that the month is a circumstance."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One circumstance of one image: ``image`` is its row."""

    image: int
    origin: str
    name: str
    level: str


def marks_of(image: int, extra: object) -> list[Mark]:
    """What the ``extra`` of one COCO image says about how it was taken; nothing for anything but a mapping.

    ``user_metadata`` maps names to levels. ``user_tags`` are ``"name:value"``; one without a colon is a level of
    the condition ``tag``. What was written back from a report is not a circumstance: it would change the next report.
    """
    if not isinstance(extra, dict):
        return []
    metadata, tags = extra.get("user_metadata"), extra.get("user_tags")
    pairs = [(DECLARED, name, level) for name, level in metadata.items()] if isinstance(metadata, dict) else []
    if isinstance(tags, list):
        for tag in tags:
            name, colon, level = _text(tag).partition(":")
            pairs.append((TAG, name, level) if colon else (TAG, "tag", name))
    read = [Mark(image, origin, _text(name).strip(), _text(level).strip()) for origin, name, level in pairs]
    return [known for mark in read if mark.name and mark.level and not _is_ours(mark) for known in _with_month(mark)]


def _with_month(mark: Mark) -> list[Mark]:
    """A mark, and the month of one that holds a date; a month is called by its name."""
    name = mark.name.lower()
    if name == MONTH:
        return [replace(mark, name=MONTH, level=month_named(mark.level) or mark.level)]
    month = month_of(mark.level) if name in DATES else None
    return [mark] if month is None else [mark, replace(mark, name=MONTH, level=month)]


def months_of(stamps: Sequence[object]) -> list[Mark]:
    """The months in which images were captured, by the stamp of each; nothing where all were stamped on one day.

    Roboflow stamps every image of an export with the moment of the export, which says nothing of any of them.
    """
    texts = [_text(stamp) for stamp in stamps]
    if len({text[:10] for text in texts if text}) < 2:
        return []
    return [Mark(image, DECLARED, MONTH, month) for image, text in enumerate(texts) if (month := month_of(text))]


def conditions_from(marks: Sequence[Mark], images: int) -> tuple[dict[str, Condition], list[str]]:
    """The conditions behind ``marks``, by name, and a sentence for each thing that is left out.

    Declared metadata wins over a tag of the same name. No marks give no conditions.
    """
    origins = {mark.name: mark.origin for mark in sorted(marks, key=lambda mark: mark.origin, reverse=True)}
    rows: dict[str, dict[str, list[int]]] = {}
    for mark in marks:
        if mark.origin == origins[mark.name]:
            rows.setdefault(mark.name, {}).setdefault(mark.level, []).append(mark.image)
    announcements = [
        f"Metadata {name!r} has {len(levels)} different values, so it is not used as a condition."
        for name, levels in sorted(rows.items())
        if len(levels) > MOST_LEVELS
    ]
    usable = {name: levels for name, levels in rows.items() if len(levels) <= MOST_LEVELS}
    known = Counter({name: sum(map(len, usable[name].values())) for name in sorted(usable)})
    kept = sorted(name for name, _ in known.most_common(MOST_CONDITIONS))
    if len(kept) < len(usable):
        announcements.append(f"{len(usable)} kinds of metadata were found; the {len(kept)} most common are used.")
    return {name: Condition(origins[name], _members(usable[name], images)) for name in kept}, announcements


def _members(levels: Mapping[str, Iterable[int]], images: int) -> dict[str, np.ndarray[Any, np.dtype[np.bool_]]]:
    members = {}
    for level in sorted(levels):
        mask = np.zeros(images, dtype=np.bool_)
        mask[list(levels[level])] = True
        members[level] = mask
    return members


def _is_ours(mark: Mark) -> bool:
    written = mark.level if (mark.origin, mark.name) == (TAG, "tag") else mark.name
    return written.replace("_", "-").startswith(OWN_MARK)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, (str, int, float)) else ""
    return text if is_text(text) else ""
