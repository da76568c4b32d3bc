"""How far along something is, where only a share is known: the ``Progress`` port, in hundredths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness.ports import Progress

STEPS = 100


class Gauge:
    """A bar that says ``what`` and only grows; it is gone once it is closed."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._steps = iter(progress.track(range(STEPS), what))
        self._shown = 0
        next(self._steps, None)

    def show(self, share: float | None) -> None:
        """Show ``share``, held to 0 to 1; less than before, or ``None``, changes nothing."""
        due = int(STEPS * min(1.0, max(0.0, share or 0.0)))
        while self._shown < due:
            self._shown += 1
            next(self._steps, None)

    def close(self) -> None:
        """Take the bar away."""
        close = getattr(self._steps, "close", None)  # a generator has one, a plain iterator has not
        if close is not None:
            close()
