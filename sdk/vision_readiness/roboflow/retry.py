"""Whether a call that failed is made again, and after what pause: a decision, without waiting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, *range(500, 600)}) - {501, 505, 507}
"""Statuses that may pass. 501 and 507 say that a deployment or its memory cannot do it; waiting changes neither."""

CERTAINLY_NOT_DONE = frozenset({429})
"""Statuses of requests that were turned away before anything was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """``retries`` more attempts, after pauses that double from ``first`` to ``longest`` seconds, less some jitter.

    What a server asks for goes before that, up to ``longest_asked`` seconds; if it asks for more, the call fails.
    """

    retries: int = 2
    first: float = 0.5
    longest: float = 8.0
    jitter: float = 0.25
    longest_asked: float = 120.0

    def pause(self, failure: Failure, attempt: int, remaining: float, chance: float) -> float | None:
        """Seconds to wait before attempt ``attempt + 1``; ``None`` when the call has failed for good.

        ``attempt`` counts from 1, ``remaining`` are the seconds left until the deadline, ``chance`` in [0, 1) takes
        up to ``jitter`` off the pause.

        >>> RetryPolicy().pause(Failure(status=503), attempt=2, remaining=60, chance=0.0)
        1.0
        >>> RetryPolicy().pause(Failure(status=402), attempt=1, remaining=60, chance=0.0) is None
        True
        """
        if attempt > self.retries or not failure.may_pass:
            return None
        seconds = failure.retry_after
        if seconds is None:
            seconds = min(self.longest, self.first * 2 ** (attempt - 1)) * (1 - self.jitter * chance)
        elif seconds > self.longest_asked:
            return None
        return seconds if seconds < remaining else None


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call failed: by ``status``, or by no answer when that is ``None``.

    ``conflict`` says that the status means a conflict whatever its number; ``sent`` that the request may have
    arrived; ``repeatable`` that it may be carried out twice.
    """

    status: int | None = None
    retry_after: float | None = None
    conflict: bool = False
    sent: bool = True
    repeatable: bool = True

    @property
    def may_pass(self) -> bool:
        """Whether the same request could succeed later without harm."""
        if self.conflict:
            return False
        if self.status is None:
            return self.repeatable or not self.sent
        return self.status in (RETRIED if self.repeatable else CERTAINLY_NOT_DONE)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a response asks to wait, 0 for a moment that has passed; ``None`` when it does not ask.

    ``Retry-After-Ms`` goes before ``Retry-After`` (RFC 9110, 10.2.3), which is seconds or a date; a date counts from
    the response's own ``Date``, so that no clock here has to agree with the server's.

    >>> retry_after({"retry-after-ms": "1500"}), retry_after({"retry-after": "2"}), retry_after({})
    (1.5, 2.0, None)
    """
    milliseconds = _decimal(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    asked = headers.get("retry-after")
    seconds = _decimal(asked)
    if seconds is not None:
        return seconds
    until, now = _moment(asked), _moment(headers.get("date"))
    return None if until is None or now is None else max(0.0, (until - now).total_seconds())


def _decimal(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\s*\d{1,9}(\.\d{0,9})?\s*", text, re.ASCII) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):  # the last two for dates no calendar has
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
