"""Polling: look, compare with the last look, pass on what is new, and only then remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vision_readiness.deliveries.errors import NotAcceptedError
from vision_readiness.deliveries.events import Event, EventType
from vision_readiness.deliveries.watch import Snapshot, changes, history
from vision_readiness.errors import InputError, SourceError
from vision_readiness.numbers import count

LONGEST_PAUSE_SECONDS = 3600.0


class Watched(Protocol):
    """Where projects can be looked at."""

    def snapshot(self, taken: datetime) -> Snapshot:
        """What is there at this moment; raises ``SourceError``, also an ``InputError`` where waiting does not help."""
        ...


class Watermark(Protocol):
    """Remembers one snapshot over restarts."""

    def read(self) -> Snapshot | None:
        """What was written last; ``None`` when nothing was."""
        ...

    def write(self, snapshot: Snapshot) -> None:
        """Remember ``snapshot`` as a whole or not at all."""
        ...


@dataclass(slots=True, kw_only=True)
class Watcher:
    """Passes what is new in ``watched`` to ``accept``, which raises ``NotAcceptedError`` where it cannot take it now.

    The watermark is written after the last event was accepted. Whoever is stopped in between sends again what was
    accepted already, under the same ids; nothing is left out. ``say`` is told, in sentences, what a person should know.
    """

    watched: Watched
    watermark: Watermark
    accept: Callable[[Event], None]
    now: Callable[[], datetime]
    say: Callable[[str], None] = lambda _: None
    _said: set[str] = field(default_factory=set)

    def poll(self, *, backfill: bool = False) -> tuple[Event, ...]:
        """The events of one look, each accepted; with ``backfill`` one for every version and model there is.

        Raises ``SourceError`` and ``NotAcceptedError``; nothing is remembered then.
        """
        before = self.watermark.read()
        now = self.watched.snapshot(self.now()).over(before)
        for note in now.notes:
            self._say_once(note)
        events = history(now) if backfill else changes(before, now)
        if backfill:
            self.say(_cost(events))
        elif before is None:
            known = sum(len(project.versions) for project in now.projects)
            where = count(len(now.projects), "project")
            self.say(f"Watching {where} with {count(known, 'version')}: what is there already is not announced.")
        for event in events:
            self.accept(event)
        self.watermark.write(now)
        return events

    def run(self, every: float, wait: Callable[[float], bool], *, backfill: bool = False) -> None:
        """Polls every ``every`` seconds until ``wait``, which is given seconds to wait, returns false.

        What may pass by itself (no answer, 429, 5xx, a door that is closed) is said once and tried again after pauses
        that double up to an hour; what does not (``InputError``) is raised.
        """
        failures = 0
        while True:
            try:
                self.poll(backfill=backfill)
                if failures:
                    self.say("It works again.")
                failures, pause, backfill = 0, every, False
            except InputError:
                raise
            except (SourceError, NotAcceptedError) as error:
                failures += 1
                pause = pause_after(failures, every, getattr(error, "retry_after", None))
                if failures == 1:
                    self.say(f"{error} Watching goes on, with longer pauses until it works again.")
            if not wait(pause):
                return

    def _say_once(self, note: str) -> None:
        if note not in self._said:
            self._said.add(note)
            self.say(note)


def pause_after(failures: int, every: float, asked: float | None = None) -> float:
    """Seconds to wait after so many failures in a row: ``every``, doubling up to an hour; at least what was asked for.

    >>> [pause_after(failures, 300.0) for failures in (1, 2, 5, 50)], pause_after(1, 10.0, asked=60.0)
    ([300.0, 600.0, 3600.0, 3600.0], 60.0)
    """
    doubled = every * 2.0 ** min(failures - 1, 20)
    return max(min(doubled, max(every, LONGEST_PAUSE_SECONDS)), min(asked or 0.0, LONGEST_PAUSE_SECONDS))


def _cost(events: tuple[Event, ...]) -> str:
    kinds = Counter(event.type for event in events)
    versions, models = kinds[EventType.VERSION_CREATED], kinds[EventType.MODEL_TRAINED]
    return (
        f"Backfill sends {count(len(events), 'event')}: {count(versions, 'version')} and {count(models, 'model')}."
        " Every version among them is downloaded and judged."
    )
