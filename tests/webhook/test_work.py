from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.small_workspace import WORKSPACE
from tests.webhook.jobs_on_paper import JobsOnPaper
from tests.webhook.workbench import PowerCutError, Workbench
from vision_readiness.errors import SourceError
from vision_readiness.testing import StillClock
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.reports import history, newest_report
from vision_readiness_webhook.store.runs import Asked, RunState
from vision_readiness_webhook.store.schema import runs
from vision_readiness_webhook.work import MOST_ATTEMPTS, RETRY_SECONDS


def test_a_run_that_takes_its_process_down_again_and_again_ends_dead(bench: Workbench) -> None:
    run_id = bench.ask("line", 1)
    for number in range(MOST_ATTEMPTS + len(RETRY_SECONDS)):
        if number >= MOST_ATTEMPTS:
            bench.worker.run(run_id)
            assert bench.found(run_id).state is RunState.QUEUED
            assert bench.jobs.pauses[-1] == RETRY_SECONDS[number - MOST_ATTEMPTS]
        bench.registry.troubles.append(PowerCutError())
        with pytest.raises(PowerCutError):
            bench.worker.run(run_id)
    bench.worker.run(run_id)
    ended = bench.found(run_id)
    assert (ended.state, ended.problem) == (RunState.DEAD, "poison-run")
    assert bench.ask("line", 1) != run_id  # whoever asks again is not answered with it


def test_a_source_that_does_not_answer_is_asked_again_later(bench: Workbench) -> None:
    run_id = bench.ask("line", 1)
    bench.registry.troubles.append(SourceError("Roboflow does not answer"))
    bench.worker.run(run_id)
    assert bench.found(run_id).state is RunState.QUEUED
    assert (bench.jobs.jobs[-1][1], bench.jobs.pauses[-1]) == (run_id, RETRY_SECONDS[0])
    bench.worker.run(run_id)
    assert bench.found(run_id).state is RunState.SUCCEEDED


def test_a_newer_version_makes_void_what_is_queued_and_nothing_else(bench: Workbench) -> None:
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
    bench.ask("line", None)
    assert bench.found(newest).state is RunState.SUPERSEDED


def test_the_newest_version_stands_whichever_was_looked_at_last(bench: Workbench) -> None:
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


def test_a_run_that_two_workers_hold_is_reported_and_told_once(bench: Workbench) -> None:
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
