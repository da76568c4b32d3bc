"""Pages of a list: a cursor says where the next one begins, and means nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import Field

from vision_readiness_webhook.api.operation import Given, Shown
from vision_readiness_webhook.errors import ProblemError

T = TypeVar("T")


class PageAsked(Given):
    """Which part of a list."""

    cursor: str | None = Field(None, max_length=500, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=200, description="how many at most")


class Page(Shown, Generic[T]):
    """A part of a list; ``next`` is the cursor of the part behind it, ``null`` at the end."""

    items: tuple[T, ...]
    next: str | None


def page_of(rows: Sequence[T], limit: int, key: Any) -> tuple[Sequence[T], str | None]:
    """The first ``limit`` of rows that were read with one more, and the cursor behind them."""
    shown = rows[:limit]
    return shown, pack(*key(shown[-1])) if len(rows) > limit else None


def pack(*place: str | float) -> str:
    """A cursor for a place in an order."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def unpack(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The place that was packed, of these types; raises ``ProblemError`` for what is not a cursor of this list.

    >>> unpack(pack(2.5, "dock"), float, str)
    (2.5, 'dock')
    """
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        fits = isinstance(place, list) and [type(one) for one in place] == list(kinds)
        fits = fits and all(math.isfinite(one) and abs(one) < 2**53 for one in place if not isinstance(one, str))
        fits = fits and not any("\0" in one for one in place if isinstance(one, str))
    except (binascii.Error, ValueError, RecursionError):
        fits = False
    if not fits:
        raise ProblemError(422, "not-valid", "The cursor is none of this list: begin without one.")
    return tuple(place)
