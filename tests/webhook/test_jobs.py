from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from vision_readiness_webhook.jobs import DurableJobs
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.schema import workers


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


def _jobs(database: Database, name: str = "a", *, at_a_time: int = 2) -> DurableJobs:
    return DurableJobs(database, name=name, at_a_time=at_a_time, poll_seconds=0.05, silent_seconds=1.0)


def _until(reached: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not reached() and time.monotonic() < until:
        time.sleep(0.02)
    assert reached()


def test_what_is_committed_runs_once_and_what_is_undone_never(database: Database) -> None:
    done: list[str] = []
    jobs = _jobs(database)
    jobs.start({"note": done.append})
    try:
        with suppress(ZeroDivisionError), database.write() as connection:
            jobs.enqueue(connection, "note", "undone", "1")
            _ = 1 / 0
        with database.write() as connection:
            jobs.enqueue(connection, "note", "done", "2")
            jobs.enqueue(connection, "note", "later", "3", delay_seconds=2)
        with database.write() as connection:
            jobs.enqueue(connection, "note", "again", "2")
        _until(lambda: "later" in done)
        assert jobs.is_alive()
    finally:
        jobs.stop(5)
    assert done == ["done", "later"]
    assert not jobs.is_alive()


def test_a_process_that_runs_none_leaves_its_jobs_to_the_next(database: Database) -> None:
    door = _jobs(database, at_a_time=0)
    door.start({})
    with database.write() as connection:
        door.enqueue(connection, "note", "kept", "1")
    door.stop(5)
    done: list[str] = []
    jobs = _jobs(database)
    jobs.start({"note": done.append})
    _until(lambda: done)
    jobs.stop(5)
    assert done == ["kept"]


def test_a_job_that_does_not_end_in_time_is_handed_over(database: Database) -> None:
    begun, let_go = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(subject: str) -> None:
        begun.set()
        let_go.wait(30)
        done.append("late")

    first = _jobs(database)
    first.start({"note": slow})
    with database.write() as connection:
        first.enqueue(connection, "note", "handed over", "1")
    assert begun.wait(20)
    first.stop(0)
    try:
        second = _jobs(database, "b")
        second.start({"note": done.append})
        _until(lambda: done)
        second.stop(5)
    finally:
        let_go.set()
    assert done[0] == "handed over"


def test_the_jobs_of_one_that_was_never_heard_of_are_taken_over(database: Database) -> None:
    begun, let_go = threading.Event(), threading.Event()
    first = _jobs(database)
    first.start({"note": lambda _: (begun.set(), let_go.wait(30), None)[-1]})
    with database.write() as connection:
        first.enqueue(connection, "note", "orphan", "1")
    assert begun.wait(20)
    first.stop(0)
    with database.write() as connection:
        connection.execute(workers.delete())
    done: list[str] = []
    try:
        second = _jobs(database, "b")
        second.start({"note": done.append})
        _until(lambda: done)
        second.stop(5)
    finally:
        let_go.set()
    assert done == ["orphan"]


def test_jobs_that_were_over_long_ago_are_forgotten(database: Database) -> None:
    done: list[str] = []
    jobs = _jobs(database)
    jobs.start({"note": done.append})
    with database.write() as connection:
        jobs.enqueue(connection, "note", "first", "1")
    _until(lambda: done)
    jobs.stop(5)
    short = DurableJobs(database, name="a", at_a_time=1, poll_seconds=0.05, silent_seconds=1.0, kept_seconds=0.0)
    short.start({"note": done.append})

    def taken() -> bool:
        with database.write() as connection:
            short.enqueue(connection, "note", "as new", "1")
        return len(done) == 2

    _until(taken)
    short.stop(5)
    assert done == ["first", "as new"]


def test_a_name_is_this_process_s_alone_and_found_again(tmp_path: Path, database: Database) -> None:
    def named() -> DurableJobs:
        return DurableJobs(database, name="", at_a_time=1, poll_seconds=1, folder=tmp_path)

    first, second = named(), named()
    assert repr(first) != repr(second)
    second.stop(0)
    third = named()
    assert repr(third) == repr(second)
    first.stop(0)
    third.stop(0)
