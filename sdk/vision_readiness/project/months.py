"""The month in which an image was taken: what a date, a name or a number says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from vision_readiness.project import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTH, SEASON = "month", "season"
"""The condition that a date gives, and the one that a specification makes of months."""

Month = Literal[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTHS: tuple[str, ...] = get_args(Month)
_DATE = re.compile(r"\s*(?:19|20)\d\d([-:./_]?)(0[1-9]|1[0-2])(?:\1(?:0[1-9]|[12]\d|3[01])|$)")


def month_of(date: str) -> str | None:
    """The month of a date that begins with its year, as in ISO 8601 and in EXIF; ``None`` for anything else.

    >>> month_of("2026-01-15T10:00:00"), month_of("2026:07:15 10:00:00"), month_of("20261215"), month_of("15.1.2026")
    ('January', 'July', 'December', None)
    """
    found = _DATE.match(date)
    return MONTHS[int(found[2]) - 1] if found else None


def month_named(text: str) -> str | None:
    """The month that a name, its first three letters, or a number from 1 to 12 means; ``None`` for anything else.

    >>> month_named("jan"), month_named("07"), month_named("December"), month_named("13")
    ('January', 'July', 'December', None)
    """
    text = text.strip().lower()
    if text.isdecimal():
        return MONTHS[int(text) - 1] if 1 <= int(text) <= len(MONTHS) else None
    named = [month for month in MONTHS if len(text) >= 3 and month.lower().startswith(text)]
    return named[0] if len(named) == 1 else None


def months_condition(months: Sequence[str | None], origin: str) -> Condition | None:
    """The condition ``month`` by the month of each image, in the order of the year; ``None`` where none is known."""
    column = np.array([month or "" for month in months], dtype=object)
    members = {month: column == month for month in MONTHS if (column == month).any()}
    return Condition(origin, members) if members else None
