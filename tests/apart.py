"""A thread of one's own for what starts an event loop: Playwright leaves one running in the main thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What ``work`` gives, or raises, in a new thread."""
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(work).result()
