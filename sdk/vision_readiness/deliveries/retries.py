"""When a delivery that was not taken is sent again: the schedule that Standard Webhooks gives as its example."""

from __future__ import annotations

import hashlib

SCHEDULE_SECONDS = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""The pause before each attempt: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""

JITTER = 0.1


def pause_before(attempt: int, seed: str, asked: float | None = None) -> float | None:
    """Seconds to wait before attempt number ``attempt``, which counts from 1; ``None`` when all have been made.

    Up to a tenth is added, by ``seed`` (the delivery's id, say), so that deliveries that failed together do not come
    back together, and a restart plans the same moment. ``asked`` is what the receiver wants to be waited for; it makes
    a pause longer, never shorter, and never longer than a day.

    >>> pause_before(1, "evt_1"), 5 <= pause_before(2, "evt_1") <= 5.5, pause_before(11, "evt_1")
    (0.0, True, None)
    """
    if attempt > len(SCHEDULE_SECONDS):
        return None
    planned = SCHEDULE_SECONDS[attempt - 1]
    share = int.from_bytes(hashlib.sha256(f"{seed}.{attempt}".encode()).digest()[:4]) / 2**32
    return max(planned * (1 + JITTER * share), min(asked or 0.0, SCHEDULE_SECONDS[-1]))
