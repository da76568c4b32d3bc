from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.small_workspace import WORKSPACE, small_workspace
from tests.webhook.crashing.service import ManyProjects
from tests.webhook.jobs_on_paper import JobsOnPaper
from vision_readiness import Policy
from vision_readiness.advisor import Advisor
from vision_readiness.errors import SourceError
from vision_readiness.ports import Model, Progress
from vision_readiness.project import ProjectVersion
from vision_readiness.report import Report
from vision_readiness.testing import StillClock
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.outbox import Message, MessageState, Outbox, Sent
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.reports import Kept, history, newest_report
from vision_readiness_webhook.store.runs import Asked, Run, RunState, find_run
from vision_readiness_webhook.store.schema import outbox, runs
from vision_readiness_webhook.work import MOST_ATTEMPTS, RETRY_SECONDS, Worker


class Told:
    """A ``Channel`` that keeps what it was to send."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        return ["everybody"]

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        self.sent.append(message)
        return Sent(MessageState.DELIVERED)


class PowerCutError(BaseException):
    """Ends the work where it is, as a process that dies would."""


@dataclass(frozen=True, slots=True)
class Troubled(ManyProjects):
    """Projects whose source fails as often as it is told to."""

    troubles: list[BaseException] = field(default_factory=list)
    meet: threading.Barrier | None = None

    def advisor(self, workspace: Workspace, progress: Progress) -> Advisor:
        if self.troubles:
            raise self.troubles.pop(0)
        return ManyProjects.advisor(self, workspace, progress)

    def model(self, workspace: Workspace, version: ProjectVersion) -> Model | None:
        if self.meet is not None:
            self.meet.wait(30)
        return None


@dataclass(frozen=True, slots=True)
class Bench:
    """A worker on a database, with nobody beside it."""

    database: Database
    registry: Troubled
    jobs: JobsOnPaper
    told: Told
    clock: StillClock
    worker: Worker

    def ask(self, project: str, version: int | None, **more: Any) -> str:
        """The run for a version, as the intake makes it."""
        intake = Intake(self.database, self.jobs, self.clock)
        intake.start()
        receipt = intake.accept(Arrival(Asked(WORKSPACE, project, version, None, "version.created", **more)))
        intake.stop()
        return receipt.run_id

    def found(self, run_id: str) -> Run:
        with self.database.read() as connection:
            run = find_run(connection, run_id)
        assert run is not None
        return run

    def send_all(self) -> None:
        for kind, subject, _ in list(self.jobs.jobs):
            if kind == "send":
                self.worker.outbox.send(subject)

    def messages(self) -> Mapping[str, str]:
        with self.database.read() as connection:
            return {row.run_id: row.state for row in connection.execute(sa.select(outbox))}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workspace(tmp_path_factory.mktemp("small"), 3)


@pytest.fixture
def bench(database_url: str, small: Path) -> Iterator[Bench]:
    database, jobs, told, clock = open_database(database_url), JobsOnPaper(), Told(), StillClock()
    registry = Troubled(small)
    out = Outbox(database, registry, jobs, clock, {"told": told})
    yield Bench(database, registry, jobs, told, clock, Worker(database, registry, jobs, out, clock, Policy()))
    database.close()


def test_a_run_that_takes_its_process_down_again_and_again_ends_dead(bench: Bench) -> None:
    run_id = bench.ask("line", 1)
    for _ in range(MOST_ATTEMPTS):
        bench.registry.troubles.append(PowerCutError())
        with pytest.raises(PowerCutError):
            bench.worker.run(run_id)
    bench.worker.run(run_id)
    ended = bench.found(run_id)
    assert (ended.state, ended.problem) == (RunState.DEAD, "poison-run")
    assert bench.ask("line", 1) != run_id  # whoever asks again is not answered with it


def test_a_source_that_does_not_answer_is_asked_again_later(bench: Bench) -> None:
    run_id = bench.ask("line", 1)
    bench.registry.troubles.append(SourceError("Roboflow does not answer"))
    bench.worker.run(run_id)
    assert bench.found(run_id).state is RunState.QUEUED
    assert (bench.jobs.jobs[-1][1], bench.jobs.pauses[-1]) == (run_id, RETRY_SECONDS[0])
    bench.worker.run(run_id)
    assert bench.found(run_id).state is RunState.SUCCEEDED


def test_a_newer_version_makes_void_what_is_queued_and_nothing_else(bench: Bench) -> None:
    running = bench.ask("line", 1)
    with bench.database.write() as connection:
        connection.execute(runs.update().where(runs.c.run_id == running).values(state=RunState.RUNNING))
    queued, elsewhere = bench.ask("line", 2), bench.ask("other", 1)
    newest = bench.ask("line", 3)
    states = {run: bench.found(run).state for run in (running, queued, elsewhere, newest)}
    assert states == {
        running: RunState.RUNNING,
        queued: RunState.SUPERSEDED,
        elsewhere: RunState.QUEUED,
        newest: RunState.QUEUED,
    }
    bench.worker.run(queued)
    assert bench.found(queued).report_id is None


def test_the_newest_version_stands_whichever_was_looked_at_last(bench: Bench) -> None:
    newer = bench.ask("line", 2)
    older = bench.ask("line", 1)
    bench.worker.run(older)
    bench.worker.run(newer)
    with bench.database.read() as connection:
        standing = newest_report(connection, WORKSPACE, "line")
    assert standing is not None
    assert standing.row.run_id == newer
    bench.send_all()
    assert bench.messages() == {older: MessageState.STALE, newer: MessageState.DELIVERED}


def test_a_run_that_two_workers_hold_is_reported_and_told_once(bench: Bench) -> None:
    run_id = bench.ask("line", 1)
    both = replace(bench.worker, registry=replace(bench.registry, meet=threading.Barrier(2)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both.run, [run_id, run_id]))
    bench.send_all()
    bench.send_all()
    with bench.database.read() as connection:
        assert len(history(connection, WORKSPACE, "line", before=None, most=10)) == 1
    assert [message.run_id for message in bench.told.sent] == [run_id]


def test_the_same_content_asked_for_at_once_from_two_processes_is_one_run(database_url: str) -> None:
    intakes = [Intake(open_database(database_url), JobsOnPaper(), StillClock()) for _ in range(2)]
    for intake in intakes:
        intake.start()
    asked = [Arrival(Asked("acme", f"line-{number % 5}", 1, None, "version.created")) for number in range(200)]
    receipts = [intakes[number % 2].submit(arrival) for number, arrival in enumerate(asked)]
    answers = [receipt.result(30) for receipt in receipts]
    for intake in intakes:
        intake.stop()
        intake._database.close()
    assert len({answer.run_id for answer in answers}) == 5
    assert sum(answer.is_new for answer in answers) == 5
