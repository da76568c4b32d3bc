"""What the outside provides. Each port names a capability; adapters name the outside thing.

A ``Source`` or ``Images`` raises ``SourceError``. Ports that speak the values of a room stand in its ``interface.py``:
models and runtimes in ``predict``, publishers in ``publish``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from vision_readiness.project import ProjectVersion

T = TypeVar("T")


class Images(Protocol):
    """Where encoded images are read from. Picklable: it is opened inside workers."""

    def read(self, key: str) -> bytes:
        """The bytes of one image file; raises ``SourceError`` when it is not there."""
        ...


class Source(Protocol):
    """Where versions of projects come from."""

    @property
    def images(self) -> Images:
        """Where the images of its versions are read from."""
        ...

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version asked for; without a number the newest. Raises ``SourceError`` or ``InputError``."""
        ...


class Cache(Protocol):
    """Remembers results by key; forgetting is always allowed."""

    def get(self, key: str) -> bytes | None:
        """What was put under ``key``, or ``None``."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Remember ``value`` under ``key``."""
        ...


class Clock(Protocol):
    """The time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...

    def perf(self) -> float:
        """Seconds on a monotonic clock."""
        ...

    def cpu(self) -> float:
        """CPU seconds spent by this process."""
        ...


class Progress(Protocol):
    """Follows long work."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items`` one by one, showing how far along ``what`` is."""
        ...
