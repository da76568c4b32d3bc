"""How long the stages of a run take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness.ports import Clock


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Wall seconds by stage; a stage that is entered again goes on counting."""

    clock: Clock
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts what happens inside towards ``name``."""
        began = self.clock.perf()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.clock.perf() - began
