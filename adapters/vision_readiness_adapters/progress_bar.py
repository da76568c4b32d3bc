"""The ``Progress`` port on a terminal, and its silent twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Quiet:
    """Says nothing."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items``, one by one."""
        return items


class ProgressBar:
    """A bar on standard error for each long piece of work; gone when it is done."""

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        """``items`` one by one, with a bar that says ``what``, how many, and how long still."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield from progress.track(items, description=what)
