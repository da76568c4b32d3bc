from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from vision_readiness.deliveries.errors import NotAcceptedError
from vision_readiness.deliveries.watch import ProjectSeen, Snapshot, VersionSeen
from vision_readiness.deliveries.watcher import Watcher
from vision_readiness.errors import InputError
from vision_readiness.roboflow.errors import KeyRejectedError, NoAnswerError, RateLimitedError
from vision_readiness.testing import StillClock

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def look(*numbers, notes=()):
    versions = tuple(VersionSeen(number=number, created=NOW) for number in numbers)
    return Snapshot(
        taken=NOW, projects=(ProjectSeen(workspace="acme", project="dock", versions=versions),), notes=notes
    )


@dataclass
class World:
    """What is looked at, remembered and accepted, each in memory; an exception among ``looks`` is raised."""

    looks: list[Snapshot | Exception]
    kept: Snapshot | None = None
    accepted: list[str] = field(default_factory=list)
    refusals: dict[int, Exception] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    asked: int = 0

    def snapshot(self, taken):
        found = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(found, Exception):
            raise found
        return found

    def read(self):
        return self.kept

    def write(self, snapshot):
        self.kept = snapshot

    def accept(self, event):
        self.asked += 1
        if self.asked in self.refusals:
            raise self.refusals[self.asked]
        self.accepted.append(event.id)

    def watcher(self):
        return Watcher(watched=self, watermark=self, accept=self.accept, now=StillClock(NOW).now, say=self.said.append)

    def run(self, looks, every=300.0, **more):
        def wait(seconds):
            self.waited.append(seconds)
            return len(self.waited) < looks

        self.watcher().run(every, wait, **more)


def test_the_first_look_sets_the_watermark_and_the_next_ones_send_what_is_new():
    world = World([look(1, 2), look(1, 2, 3), look(1, 2, 3)])
    watcher = world.watcher()
    assert [len(watcher.poll()) for _ in range(3)] == [0, 1, 0]
    assert len(world.accepted) == 1
    assert world.said == ["Watching 1 project with 2 versions: what is there already is not announced."]


def test_backfill_says_what_it_will_cost_before_it_sends():
    world = World([look(1, 2)], refusals={1: NotAcceptedError("closed")})
    with pytest.raises(NotAcceptedError):
        world.watcher().poll(backfill=True)
    assert world.said == [
        "Backfill sends 2 events: 2 versions and 0 models. Every version among them is downloaded and judged."
    ]
    assert world.kept is None


def test_backfill_is_done_once_in_a_run():
    world = World([look(1, 2)])
    world.run(3, backfill=True)
    assert len(world.accepted) == 2


def test_whoever_is_stopped_in_between_sends_the_same_ids_again_and_leaves_nothing_out():
    world = World([look(1, 2, 3)], kept=look(), refusals={3: NotAcceptedError("closed")})
    with pytest.raises(NotAcceptedError):
        world.watcher().poll()
    assert world.kept == look()
    world.watcher().poll()
    assert world.accepted[:2] == world.accepted[2:4]
    assert len(set(world.accepted)) == 3


def test_trouble_is_said_once_and_tried_again_with_longer_pauses():
    trouble = [RateLimitedError("429"), NoAnswerError("offline"), NoAnswerError("offline")]
    world = World([look(1), *trouble, look(1, 2)])
    world.run(6)
    assert world.waited == [300.0, 300.0, 600.0, 1200.0, 300.0, 300.0]
    assert world.said[1:] == ["429 Watching goes on, with longer pauses until it works again.", "It works again."]
    assert len(world.accepted) == 1


def test_a_door_that_asks_to_wait_is_waited_for():
    world = World([look(1), look(1, 2)], refusals={1: NotAcceptedError("busy", retry_after=900.0)})
    world.run(3)
    assert world.waited == [300.0, 900.0, 300.0]
    assert len(world.accepted) == 1


@pytest.mark.parametrize("error", [KeyRejectedError("no such key"), InputError("a wrong path")])
def test_what_waiting_does_not_mend_ends_it(error):
    world = World([look(1), error])
    with pytest.raises(InputError, match=str(error)):
        world.run(5)
    assert world.waited == [300.0]


def test_a_note_is_said_once():
    world = World([look(1, notes=("acme/yard is not watched.",))])
    world.run(3)
    assert world.said.count("acme/yard is not watched.") == 1
