"""One trial: a storm of deliveries, services killed at random points, and the count of what went wrong."""

from __future__ import annotations

import random
import shutil
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.conftest import REPOSITORY
from tests.small_workspace import small_workspace
from tests.webhook.crashing.fleet import Heard, Host, Sending, a_storm, deliver, environment_of, free_port, receiver
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.runs import RunState
from vision_readiness_webhook.store.schema import deliveries, outbox, projects, runs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to: counts, of which ``lost``, ``unpublished``, ``twice`` and ``stale`` should be zero."""

    deliveries: int
    runs: int
    computed: int
    kills: int
    edits: int
    repeated_sends: int
    lost: list[str]
    unpublished: list[str]
    twice: list[str]
    stale: list[str]
    seconds: float

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.unpublished, *self.twice, *self.stale]


def trial(url: str, folder: Path, *, sent: int, kills: int, seed: int, two_hosts: bool = False) -> Outcome:
    """The outcome of ``sent`` deliveries while services are killed ``kills`` times; code is edited on the way.

    With two hosts the second is killed for good half-way, while jobs are in its hands.
    """
    begun = time.monotonic()
    rng = random.Random(seed)  # noqa: S311 - a plan that can be repeated
    workspace = small_workspace(folder / "workspace", 3)
    with receiver() as (address, heard):
        hosts = [_host(name, folder, url, [str(workspace), address]) for name in ("a", "b")[: 1 + two_hosts]]
        storm = a_storm(sent, seed)
        answered: dict[str, set[str]] = {}
        allowed, stop = threading.Semaphore(0), threading.Event()
        try:
            for host in hosts:
                host.start()
            for host in hosts:
                host.ready()
            database = open_database(url)
            living = list(hosts)
            sender = threading.Thread(target=lambda: answered.update(deliver(living, storm, allowed, stop)))
            sender.start()
            for number in range(kills):
                allowed.release(sent // (kills + 1))
                if two_hosts and number == kills // 2:
                    _kill_for_good(living, database, allowed)
                else:
                    _kill_and_begin_again(rng.choice(living), rng)
            allowed.release(sent)
            sender.join()
            _wait(lambda: _all_done(database))
        finally:
            stop.set()
            for host in hosts:
                if host.process is not None and host.process.poll() is None:
                    host.kill()
        outcome = _count(database, storm, answered, heard)
        database.close()
        return Outcome(
            **outcome, kills=kills, edits=sum(host.edits for host in hosts), seconds=time.monotonic() - begun
        )


def _host(name: str, folder: Path, url: str, words: Sequence[str]) -> Host:
    code = folder / f"code-{name}"
    package = "vision_readiness_webhook"
    shutil.copytree(REPOSITORY / "webhook" / package, code / package, ignore=shutil.ignore_patterns("__pycache__"))
    port = free_port()
    return Host(name, folder, environment_of(name, folder, code, url, port), words, code, port)


def _kill_and_begin_again(host: Host, rng: random.Random) -> None:
    """At any point: while it starts, receives, computes or sends."""
    if rng.random() < 0.75:
        host.ready()
        time.sleep(rng.uniform(0, 1.5))
    else:
        time.sleep(rng.uniform(0, 3))
    host.kill()
    if rng.random() < 0.5:
        host.edit()
    host.start()


def _kill_for_good(living: list[Host], database: Database, allowed: threading.Semaphore) -> None:
    """Kill the last host while it certainly has a job: it is stopped, looked at, and then killed or let go on."""
    doomed = living[-1]
    doomed.ready()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if _in_hands_of(doomed.name, database):
            doomed.signal(signal.SIGSTOP)
            if _in_hands_of(doomed.name, database):
                doomed.kill()
                living.remove(doomed)
                return
            doomed.signal(signal.SIGCONT)
        allowed.release()
        time.sleep(0.1)
    raise AssertionError(f"{doomed.name} was never seen with a job in its hands")


def _in_hands_of(name: str, database: Database) -> int:
    asked = "SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id = :name"
    with database.read() as connection:
        return int(connection.execute(sa.text(asked), {"name": name}).scalar_one())


def _all_done(database: Database) -> bool:
    open_runs = sa.select(sa.func.count()).where(runs.c.state.in_([RunState.QUEUED, RunState.RUNNING]))
    to_send = sa.select(sa.func.count()).where(outbox.c.state == MessageState.PENDING)
    with database.read() as connection:
        return connection.execute(open_runs).scalar() == 0 and connection.execute(to_send).scalar() == 0


def _wait(done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return  # what is not done by then is counted as lost
        time.sleep(0.05)


def _count(database: Database, storm: Sequence[Sending], answered: dict[str, set[str]], heard: Heard) -> dict[str, Any]:
    with database.read() as connection:
        inbox = {row.delivery_id: row.run_id for row in connection.execute(sa.select(deliveries))}
        ended = {row.run_id: row for row in connection.execute(sa.select(runs))}
        standing = {row.project: row for row in connection.execute(sa.select(projects))}
    lost = []
    for sending in storm:
        about, name = sending.event.data, sending.delivery_id
        run = ended.get(inbox.get(name, ""))
        newest = standing.get(about.project)
        if answered.get(name) != {inbox.get(name)}:
            lost.append(f"{name} was answered {answered.get(name)}, and {inbox.get(name)} is written down")
        elif run is None or run.state not in {RunState.SUCCEEDED, RunState.SUPERSEDED}:
            lost.append(f"{name}: its run is {run and run.state}")
        elif newest is None or newest.version < about.version:
            lost.append(f"{name}: {about.project}/{about.version} has no report as new")
    told: dict[str, dict[str, Any]] = {}
    by_run: dict[object, set[str]] = defaultdict(set)
    by_content: dict[object, set[str]] = defaultdict(set)
    last: dict[object, tuple[int, int]] = {}
    stale = []
    for message_id, body in heard.told:
        by_run[body["run"]].add(message_id)
        by_content[body["project"], body["version"]].add(message_id)
        place = (body["version"], body["sequence"])
        if message_id not in told and place < last.get(body["project"], (0, 0)):
            stale.append(f"{body['project']}/{body['version']} came after {last[body['project']]}")
        last[body["project"]] = max(place, last.get(body["project"], (0, 0)))
        told[message_id] = body
    twice = [f"{key}: {len(ids)} messages" for key, ids in [*by_run.items(), *by_content.items()] if len(ids) > 1]
    unpublished = [f"{name}: {row.run_id}" for name, row in standing.items() if row.run_id not in by_run]
    return {
        "deliveries": len(storm),
        "runs": len(ended),
        "computed": sum(row.state == RunState.SUCCEEDED for row in ended.values()),
        "repeated_sends": len(heard.told) - len(told),
        "lost": lost,
        "unpublished": unpublished,
        "twice": twice,
        "stale": stale,
    }
