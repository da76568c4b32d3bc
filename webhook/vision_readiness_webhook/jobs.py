"""Jobs that outlive the process: the port, and DBOS behind it. DBOS is named in this file and nowhere else.

A job is a kind and an id; what it does is idempotent, so that it may be begun again after a crash.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Protocol
from uuid import uuid4

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from vision_readiness_webhook.store.database import Database, engine_of, insert_new
from vision_readiness_webhook.store.schema import workers

Work = Mapping[str, Callable[[str], None]]
"""What each kind of job does with an id."""

APPLICATION_VERSION = "1"
"""Of what lies in the queue, not of the code: DBOS leaves the jobs of another version alone."""

QUEUE = "readiness"
WORKFLOW = "readiness-job"
MAX_RECOVERIES = 5
OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
FORGET_EVERY_SECONDS = 600.0
KEPT_SECONDS = 7 * 24 * 3600.0
"""For so long a job that is over is known by its id, so that it is not taken twice."""

BEATS = 6
"""How often a worker says that it lives in the time after which its silence counts."""


class JobEngine(Protocol):
    """Runs jobs. What is enqueued in a transaction runs at least once after it is committed, and never if it is not."""

    def start(self, work: Work) -> None:
        """Begin running jobs, those first that a crash interrupted."""
        ...

    def stop(self, grace_seconds: float) -> None:
        """Begin nothing more, and let what runs end within ``grace_seconds``; what does not is begun again."""
        ...

    def cancel(self, jobs: Sequence[str]) -> None:
        """Do not begin these; one that is begun all the same does no harm."""
        ...

    def is_alive(self) -> bool:
        """Whether jobs are taken, and run where this process runs any."""
        ...

    def enqueue(
        self, connection: sa.Connection, kind: str, subject: str, job: str, *, delay_seconds: float = 0
    ) -> None:
        """Have ``kind`` done to ``subject`` once this transaction is committed; the same ``job`` is not taken twice."""
        ...


class DurableJobs:
    """The ``JobEngine`` on DBOS, in the service's own database.

    With ``at_a_time`` of 0 this process only enqueues. Processes that share the database take over the jobs of one that
    stopped responding: DBOS by itself gives a job back only to a process of the same name.
    """

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        at_a_time: int,
        poll_seconds: float,
        silent_seconds: float = 30.0,
        kept_seconds: float = KEPT_SECONDS,
        folder: Path | None = None,
    ) -> None:
        self._database = database
        self._at_a_time = at_a_time
        self._poll_seconds = poll_seconds
        self._silent_seconds = silent_seconds
        self._kept_seconds = kept_seconds
        self._forgot_at = time.monotonic() - FORGET_EVERY_SECONDS
        self._name, self._lock = _own_name(name, folder)
        self._engine = engine_of(database.url, synchronous="NORMAL", begins="IMMEDIATE")
        self._client: DBOSClient | None = None
        self._stopping = threading.Event()
        self._beating: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"DurableJobs({self._name!r})"

    def start(self, work: Work) -> None:
        config = DBOSConfig(
            name="vision-readiness",
            system_database_url=self._database.url,
            system_database_engine=self._engine,
            application_version=APPLICATION_VERSION,
            executor_id=self._name if self._at_a_time else uuid4().hex,  # who runs none gets none back
            log_level="WARNING",
            use_listen_notify=False,
        )
        _log_as_all_do()
        DBOS(config=config)

        def job(kind: str, subject: str) -> None:
            DBOS.run_step({"name": kind}, work[kind], subject)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES)(job)
        if self._at_a_time:
            self._say_alive()  # before the first job: one that died with jobs and was never heard of would keep them
        DBOS.listen_queues([QUEUE] if self._at_a_time else [])
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=max(1, self._at_a_time), polling_interval_sec=self._poll_seconds)
        self._client = DBOSClient(
            system_database_url=self._database.url,
            system_database_engine=self._database.engine,
            use_listen_notify=False,
        )
        if self._at_a_time:
            self._beating = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
            self._beating.start()

    def stop(self, grace_seconds: float) -> None:
        self._stopping.set()
        if self._beating is not None:
            self._beating.join(timeout=self._silent_seconds)
        if self._client is not None:
            DBOS.destroy(workflow_completion_timeout_sec=int(grace_seconds), destroy_registry=True)
            with suppress(SQLAlchemyError):  # then the others wait until its silence is noticed
                self._hand_over(self._client)
            self._client = None
        if self._lock is not None:
            self._lock.close()
        self._engine.dispose()

    def cancel(self, jobs: Sequence[str]) -> None:
        if self._client is not None and jobs:
            self._client.cancel_workflows(list(jobs))

    def is_alive(self) -> bool:
        beats = self._beating is not None and self._beating.is_alive()
        return self._client is not None and (beats or not self._at_a_time)

    def enqueue(
        self, connection: sa.Connection, kind: str, subject: str, job: str, *, delay_seconds: float = 0
    ) -> None:
        assert self._client is not None  # noqa: S101 - the service starts its engine before it opens its door
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": job,
            "app_version": APPLICATION_VERSION,
        }
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        self._client.enqueue_in_transaction(connection, options, kind, subject)

    def _beat(self) -> None:
        """Say every few seconds that this process lives, and take over from those that say it no more."""
        while True:
            with suppress(SQLAlchemyError):  # a database that is away for a while is no reason to fall silent
                self._say_alive()
                self._note_unknown()
                for silent in self._silent():
                    self._adopt(silent)
                self._forget()
            if self._stopping.wait(self._silent_seconds / BEATS):
                return

    def _say_alive(self) -> None:
        now = time.time()
        with self._database.write() as connection:
            alive = workers.update().where(workers.c.name == self._name)
            if connection.execute(alive.values(beat_at=now, adopted_by=None, adopted_at=None)).rowcount == 0:
                connection.execute(workers.insert().values(name=self._name, beat_at=now))

    def _note_unknown(self) -> None:
        """Count from now the silence of who has jobs and was never heard of."""
        holders = {one.executor_id for one in DBOS.list_workflows(status="PENDING", load_input=False)}
        with self._database.write() as connection:
            for name in filter(None, holders):
                insert_new(connection, workers, {"name": name, "beat_at": time.time()})

    def _forget(self) -> None:
        """Delete jobs that were over long ago, some at a time: DBOS keeps them for ever."""
        if time.monotonic() - self._forgot_at < FORGET_EVERY_SECONDS:
            return
        late = (datetime.now(UTC) - timedelta(seconds=self._kept_seconds)).isoformat()
        old = DBOS.list_workflows(status=OVER, end_time=late, limit=1000, load_input=False, load_output=False)
        if old:
            DBOS.delete_workflows([one.workflow_id for one in old])
        if len(old) < 1000:
            self._forgot_at = time.monotonic()

    def _hand_over(self, client: DBOSClient) -> None:
        """Leave the workers; with jobs that did not end in time, as one that has been silent for long."""
        left = client.list_workflows(status="PENDING", executor_id=self._name, load_input=False)
        mine = workers.c.name == self._name
        with self._database.write() as connection:
            connection.execute(
                workers.update().where(mine).values(beat_at=0.0) if left else workers.delete().where(mine)
            )

    def _silent(self) -> list[str]:
        """The workers that stopped responding, whose jobs this one may take over now."""
        now = time.time()
        late = now - self._silent_seconds
        free = (workers.c.adopted_at.is_(None)) | (workers.c.adopted_at < late)
        taken = (
            workers.update()
            .where(workers.c.name != self._name, workers.c.beat_at < late, free)
            .values(adopted_by=self._name, adopted_at=now)
            .returning(workers.c.name)
        )
        with self._database.write() as connection:
            return [row.name for row in connection.execute(taken)]

    def _adopt(self, silent: str) -> None:
        left = DBOS.list_workflows(status="PENDING", executor_id=silent)
        if left:
            DBOS.resume_workflows([one.workflow_id for one in left], queue_name=QUEUE)
        with self._database.write() as connection:
            connection.execute(workers.delete().where(workers.c.name == silent, workers.c.adopted_by == self._name))


def _log_as_all_do() -> None:
    """Have DBOS log as the process is told to, and not through the handler that it makes for itself when imported."""
    own = logging.getLogger("dbos")
    own.handlers[:] = [logging.NullHandler()]  # with none it would make its own again
    own.propagate = True
    own.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a record of DBOS says more than that a job was cancelled, which we had it do."""
    return not (record.exc_info and isinstance(record.exc_info[1], dbos_error.DBOSAwaitedWorkflowCancelledError))


def _own_name(name: str, folder: Path | None) -> tuple[str, IO[str] | None]:
    """A name that no other process here has, and the lock that keeps it so; a process begun again finds its old one."""
    if name or folder is None:
        return name or socket.gethostname(), None
    import fcntl

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1
    while True:
        lock = (folder / f"worker-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            number += 1
            continue
        return f"{socket.gethostname()}-{number}", lock
