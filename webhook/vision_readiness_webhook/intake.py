"""Intake: verified events become runs, each in one transaction with its job, many per commit.

Deliveries that wait at the same moment share a commit, because the disk's answer is what each waits for.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from vision_readiness.ports import Clock
from vision_readiness_webhook.jobs import JobEngine
from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.runs import Asked, add_run, supersede_older
from vision_readiness_webhook.store.schema import deliveries

RUN = "run"
"""The kind of job that a run is."""

MOST_TOGETHER = 64
MOST_ATTEMPTS = 3
"""Postgres lets one of two that wait for each other go; what it wanted is then tried again."""

KEPT_SECONDS = 7 * 24 * 3600.0
"""Longer than any sender goes on repeating (Standard Webhooks: 27 hours in its example)."""

SWEEP_EVERY = 1000


IDLE_SECONDS = 1.0
"""When nothing comes in for so long, what can wait is done."""

_RUN_OF = sa.select(deliveries.c.run_id).where(
    deliveries.c.workspace == sa.bindparam("workspace"), deliveries.c.delivery_id == sa.bindparam("delivery_id")
)
"""An id that another workspace's senders chose is another delivery."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something verified that asks for a run; one with a ``delivery_id`` seen before is answered as it was then."""

    asked: Asked
    delivery_id: str | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The run that was asked for; ``is_new`` is false where an earlier one says the same."""

    run_id: str
    is_new: bool


class Intake:
    """Writes arrivals down, and returns only when the disk has them."""

    def __init__(self, database: Database, jobs: JobEngine, clock: Clock) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock
        self._waiting: queue.SimpleQueue[tuple[Arrival, Future[Receipt]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._written = 0
        self._void: list[str] = []

    def start(self) -> None:
        """Open the door."""
        self._thread = threading.Thread(target=self._write_all, name="intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write down what is waiting, and close."""
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def submit(self, arrival: Arrival) -> Future[Receipt]:
        """The receipt, once the arrival is on disk; raises what the database raises."""
        receipt: Future[Receipt] = Future()
        self._waiting.put((arrival, receipt))
        return receipt

    def accept(self, arrival: Arrival) -> Receipt:
        """As ``submit``, waited for."""
        return self.submit(arrival).result()

    def _write_all(self) -> None:
        ended = False
        while not ended:
            together: list[tuple[Arrival, Future[Receipt]]] = []
            with suppress(queue.Empty):
                while len(together) < MOST_TOGETHER and not ended:
                    following = self._waiting.get_nowait() if together else self._waiting.get(timeout=IDLE_SECONDS)
                    if following is None:
                        ended = True
                    else:
                        together.append(following)
            if together:
                self._write_together(together)
            if ended or not together or len(self._void) >= MOST_TOGETHER:
                self._cancel_void()

    def _write_together(self, together: Sequence[tuple[Arrival, Future[Receipt]]], attempt: int = 1) -> None:
        void: list[str] = []
        try:
            with self._database.write() as connection:
                receipts = [self._write(connection, arrival, void) for arrival, _ in together]
                self._sweep(connection, len(together))
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of it, whatever it is
            if len(together) > 1:  # one that cannot be written must not take the others along
                for one in together:
                    self._write_together([one])
            elif isinstance(error, OperationalError) and attempt < MOST_ATTEMPTS:  # locked out by another
                self._write_together(together, attempt + 1)
            else:
                together[0][1].set_exception(error)
            return
        for (_, future), receipt in zip(together, receipts, strict=True):
            future.set_result(receipt)
        self._void += void

    def _cancel_void(self) -> None:
        """Keep the queue short: a void run that is begun all the same ends at once, but takes its turn."""
        with suppress(Exception):
            self._jobs.cancel(self._void)
        self._void = []

    def _write(self, connection: sa.Connection, arrival: Arrival, void: list[str]) -> Receipt:
        now = self._clock.now().timestamp()
        named = {"workspace": arrival.asked.workspace, "delivery_id": arrival.delivery_id}
        if arrival.delivery_id is not None and (known := connection.execute(_RUN_OF, named).scalar()) is not None:
            return Receipt(str(known), is_new=False)
        run_id, is_new = add_run(connection, arrival.asked, now)
        if is_new:
            void += supersede_older(connection, arrival.asked, run_id, now)
            self._jobs.enqueue(connection, RUN, run_id, run_id)
        row = {**named, "received_at": now, "event": arrival.event, "run_id": run_id}
        if arrival.delivery_id is not None and not insert_new(connection, deliveries, row):
            return Receipt(str(connection.execute(_RUN_OF, named).scalar_one()), is_new=False)  # another process had it
        return Receipt(run_id, is_new)

    def _sweep(self, connection: sa.Connection, written: int) -> None:
        """Forget deliveries that nobody repeats any more, now and then."""
        before, self._written = self._written // SWEEP_EVERY, self._written + written
        if self._written // SWEEP_EVERY != before:
            late = self._clock.now().timestamp() - KEPT_SECONDS
            connection.execute(deliveries.delete().where(deliveries.c.received_at < late))
