from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webhook.workbench import Workbench
from vision_readiness import Policy
from vision_readiness.errors import InputError
from vision_readiness_webhook.errors import DatabaseError
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.replaying import replay_log
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.given import save_spec
from vision_readiness_webhook.store.runs import REDECIDE, Run
from vision_readiness_webhook.store.schema import deliveries, reports, runs

SPEC = "project: acme/line-1\nclasses:\n  package: {critical: true, min_recall: 0.5, min_precision: 0.5}\n"


def _rows(database: Database, table: sa.Table) -> list[tuple[object, ...]]:
    with database.read() as connection:
        rows = connection.execute(sa.select(table)).all()
    return sorted((tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in rows), key=repr)


def _a_history(bench: Workbench) -> Run:
    """Runs of every kind: looked at, decided again, said twice, made void, failed; the last run."""
    for project, version in (("line-1", 1), ("line-2", 1), ("line-1", 2)):
        bench.worker.run(bench.ask(project, version))
        bench.clock.advance(60)
    bench.ask("line-2", 2)
    bench.worker.run(bench.ask("line-2", 3))
    bench.registry.troubles.append(InputError("there is no such version"))
    bench.worker.run(bench.ask("line-3", 9))
    with bench.database.write() as connection:
        save_spec(connection, "acme", "line-1", SPEC, "neha", bench.clock.now().timestamp())
    redecided = bench.ask("line-1", 2, REDECIDE)
    bench.worker.run(redecided)
    bench.clock.advance(60)
    intake = Intake(bench.database, bench.jobs, bench.clock)
    intake.start()
    again = intake.accept(Arrival(bench.found(redecided).again(), "by-hand", "{}")).run_id
    twice = intake.accept(Arrival(bench.found(bench.ask("line-2", 4)).again())).run_id
    intake.stop()
    for run_id in (again, twice):
        bench.worker.run(run_id)
    return bench.found(again)


def test_the_log_replayed_from_evidence_gives_the_same_bytes(bench: Workbench, tmp_path: Path) -> None:
    again = _a_history(bench)
    empty = open_database(f"sqlite:///{tmp_path / 'replayed.sqlite3'}")
    replayed = replay_log(bench.database, empty, Policy())
    assert replayed.different == ()
    assert replayed.reports >= 6
    assert replayed.runs > replayed.reports
    for table in (runs, reports, deliveries):
        assert _rows(empty, table) == _rows(bench.database, table)
    with pytest.raises(DatabaseError, match="not empty"):
        replay_log(bench.database, empty, Policy())
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with bench.database.write() as connection:  # a report that was not decided from what is kept
        packed = sa.select(reports.c.packed).where(reports.c.run_id != again.run_id).limit(1).scalar_subquery()
        connection.execute(reports.update().where(reports.c.run_id == again.run_id).values(packed=packed))
    assert again.run_id in replay_log(bench.database, other, Policy()).different
    empty.close()
    other.close()


def test_a_log_replayed_into_postgres_goes_on_there(bench: Workbench, postgres: Path) -> None:
    from tests.webhook.postgres import new_database

    _a_history(bench)
    database = open_database(new_database(postgres))
    assert replay_log(bench.database, database, Policy()).different == ()
    intake = Intake(database, bench.jobs, bench.clock)
    intake.start()
    assert intake.accept(Arrival(bench.found(bench.ask("line-9", 1)).again())).is_new
    intake.stop()
    database.close()
