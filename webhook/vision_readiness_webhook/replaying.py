"""The log of all runs, replayed: each decided again from the evidence that was kept, in an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from vision_readiness import Policy
from vision_readiness.advisor import decide
from vision_readiness.report import Report
from vision_readiness_webhook.errors import DatabaseError
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.given import unpack_spec, unpack_waivers
from vision_readiness_webhook.store.reports import (
    Kept,
    keep_evidence,
    keep_report,
    load_evidence,
    newest_report,
    report_of_run,
)
from vision_readiness_webhook.store.schema import deliveries, projects, runs

TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many runs and reports there are again, and what is not byte for byte as it was, by run or project."""

    runs: int
    reports: int
    different: tuple[str, ...]


def replay_log(log: Database, into: Database, policy: Policy) -> Replayed:
    """The result of replaying the log into the empty database ``into``; nothing is fetched, no image read.

    Raises ``DatabaseError`` where ``into`` holds runs already.
    """
    with into.read() as connection:
        if connection.execute(sa.select(runs.c.run_id).limit(1)).first() is not None:
            raise DatabaseError("the database to replay into is not empty: give the URL of a new one.")
    ran, reported, different = 0, 0, []
    for page in _pages(log, runs.c.sequence):
        with log.read() as source, into.write() as target:
            for row in page:
                ran += 1
                target.execute(runs.insert().values(**row))
                kept = report_of_run(source, row["run_id"])
                if kept is not None:
                    reported += 1
                    text = _replay(source, target, kept, policy)
                    different += [] if text == kept.text else [row["run_id"]]
    _copy_deliveries(log, into)
    _count_on(into)
    return Replayed(ran, reported, (*different, *_standing_otherwise(log, into)))


def _replay(source: sa.Connection, target: sa.Connection, kept: Kept, policy: Policy) -> str:
    """The report of a run as it is decided now, kept in ``target``."""
    row = kept.row
    known = load_evidence(source, row.workspace, row.evidence_key)
    if known is None:
        return ""
    known = keep_evidence(target, known, row.workspace, row.created_at)
    as_of = datetime.fromtimestamp(row.created_at, UTC)
    waivers = unpack_waivers(kept.waivers)
    report: Report = decide(known, unpack_spec(kept.spec_text), as_of=as_of, policy=policy, waivers=waivers)
    keep_report(
        target,
        report,
        run_id=row.run_id,
        sequence=row.sequence,
        evidence_key=row.evidence_key,
        spec=kept.spec_text,
        waivers=kept.waivers,
        now=row.created_at,
    )
    again = report_of_run(target, row.run_id)
    return again.text if again is not None else ""


def _pages(log: Database, by: sa.Column[Any], *more: sa.Column[Any]) -> Iterator[list[dict[Any, Any]]]:
    """The rows of the table of ``by`` in its order, ``TOGETHER`` at a time."""
    order, last = [by, *more], None
    while True:
        asked = sa.select(by.table).order_by(*order).limit(TOGETHER)
        if last is not None:
            asked = asked.where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, last)))
        with log.read() as connection:
            page = [dict(row) for row in connection.execute(asked).mappings()]
        if not page:
            return
        yield page
        last = [page[-1][column.name] for column in order]


def _copy_deliveries(log: Database, into: Database) -> None:
    for page in _pages(log, deliveries.c.workspace, deliveries.c.delivery_id):
        with into.write() as target:
            target.execute(deliveries.insert(), page)


def _count_on(into: Database) -> None:
    """Have Postgres number new runs after those that came with their numbers; SQLite does by itself."""
    if not into.is_sqlite:
        with into.write() as target:
            last = sa.select(sa.func.max(runs.c.sequence)).scalar_subquery()
            target.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("runs", "sequence"), last)))


def _standing_otherwise(log: Database, into: Database) -> list[str]:
    """The projects of which another report stands."""
    with log.read() as source, into.read() as target:
        places = source.execute(sa.select(projects.c.workspace, projects.c.project)).all()
        pairs = [(place, newest_report(source, *place), newest_report(target, *place)) for place in places]
    return ["/".join(place) for place, then, now in pairs if then is None or now is None or then.row != now.row]
