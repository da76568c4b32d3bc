"""The way in: events that were verified become runs, each in one transaction with its job, many a commit.

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
        while (first := self._waiting.get()) is not None:
            together = [first]
            ended = False
            with suppress(queue.Empty):
                while len(together) < MOST_TOGETHER and not ended:
                    following = self._waiting.get_nowait()
                    if following is None:
                        ended = True
                    else:
                        together.append(following)
            self._write_together(together)
            if ended:
                return

    def _write_together(self, together: Sequence[tuple[Arrival, Future[Receipt]]], attempt: int = 1) -> None:
        try:
            with self._database.write() as connection:
                receipts = [self._write(connection, arrival) for arrival, _ in together]
                self._sweep(connection, len(together))
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of it, whatever it is
            if len(together) > 1:  # one that cannot be written must not take the others along
                for one in together:
                    self._write_together([one])
            elif isinstance(error, sa.exc.OperationalError) and attempt < MOST_ATTEMPTS:  # locked out by another
                self._write_together(together, attempt + 1)
            else:
                together[0][1].set_exception(error)
            return
        for (_, future), receipt in zip(together, receipts, strict=True):
            future.set_result(receipt)

    def _write(self, connection: sa.Connection, arrival: Arrival) -> Receipt:
        now = self._clock.now().timestamp()
        if arrival.delivery_id is not None:
            row = {
                "delivery_id": arrival.delivery_id,
                "workspace": arrival.asked.workspace,
                "received_at": now,
                "event": arrival.event,
            }
            if not insert_new(connection, deliveries, row):
                known = sa.select(deliveries.c.run_id).where(*_same(arrival))
                return Receipt(str(connection.execute(known).scalar_one()), is_new=False)
        run_id, is_new = add_run(connection, arrival.asked, now)
        if is_new:
            supersede_older(connection, arrival.asked, run_id, now)
            self._jobs.enqueue(connection, RUN, run_id, run_id)
        if arrival.delivery_id is not None:
            mark = deliveries.update().where(*_same(arrival)).values(run_id=run_id)
            connection.execute(mark)
        return Receipt(run_id, is_new)

    def _sweep(self, connection: sa.Connection, written: int) -> None:
        """Forget deliveries that nobody repeats any more, now and then."""
        before, self._written = self._written // SWEEP_EVERY, self._written + written
        if self._written // SWEEP_EVERY != before:
            late = self._clock.now().timestamp() - KEPT_SECONDS
            connection.execute(deliveries.delete().where(deliveries.c.received_at < late))


def _same(arrival: Arrival) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The row of the delivery; an id that another workspace's senders chose is another delivery."""
    return deliveries.c.workspace == arrival.asked.workspace, deliveries.c.delivery_id == arrival.delivery_id
