from __future__ import annotations

import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import REPOSITORY
from vision_readiness_webhook.errors import DatabaseError
from vision_readiness_webhook.store import open_database, schema
from vision_readiness_webhook.store.database import Database, engine_of
from vision_readiness_webhook.store.migrate import migrate
from vision_readiness_webhook.store.schema import metadata

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal"
    ),
}


def _described(engine: sa.Engine) -> dict[str, Any]:
    """Every table as the database itself tells of it."""
    inspector = sa.inspect(engine)
    with engine.connect() as connection:
        triggers = connection.execute(sa.text(TRIGGERS[engine.dialect.name])).all()
    return {
        "triggers": sorted(map(tuple, triggers)),
        **{
            name: {
                "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)},
                "key": inspector.get_pk_constraint(name)["constrained_columns"],
                "unique": sorted(
                    (one["name"] or "", one["column_names"]) for one in inspector.get_unique_constraints(name)
                ),
                "indexes": sorted(
                    (one["name"], one["column_names"], bool(one["unique"]), _where(one))
                    for one in inspector.get_indexes(name)
                ),
            }
            for name in inspector.get_table_names()
            if name != "alembic_version"
        },
    }


def _where(index: Mapping[str, Any]) -> list[str]:
    return [str(text) for name, text in sorted(index.get("dialect_options", {}).items()) if name.endswith("_where")]


def _at(url: str, step: str) -> Database:
    database = Database(url, engine_of(url))
    with database.write() as connection:
        migrate(connection, step)
    return database


def test_the_steps_lead_to_the_tables_of_the_schema(database_url: str) -> None:
    stepwise = open_database(database_url)
    found = _described(stepwise.engine)
    with stepwise.write() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    at_once = _described(stepwise.engine)
    stepwise.close()
    assert found == at_once, "write the step: make migration ARGS='what it changes'"


OLD = {
    "evidence": {"evidence_key": "e1", "workspace": "acme", "created_at": 1.5, "packed": b"zip"},
    "deliveries": {"delivery_id": "d1", "workspace": "acme", "received_at": 2.5, "event": "{}", "run_id": "r1"},
}


def test_an_old_database_keeps_its_rows(database_url: str) -> None:
    old = _at(database_url, "0001")
    with old.write() as connection:
        for name, row in OLD.items():
            connection.execute(sa.table(name, *map(sa.column, row)).insert().values(**row))
    old.close()
    new = open_database(database_url)
    with new.read() as connection:
        kept = {
            name: connection.execute(sa.select(*map(sa.column, row)).select_from(sa.table(name))).mappings().all()
            for name, row in OLD.items()
        }
    new.close()
    assert kept == {name: [row] for name, row in OLD.items()}


def test_reports_that_are_there_end_with_the_risks_they_accept(database_url: str) -> None:
    plain = (REPOSITORY / "tests/sdk/report/golden/report-1-blocked.json").read_bytes()
    old = _at(database_url, "0003")
    tables = {name: sa.Table(name, sa.MetaData(), autoload_with=old.engine) for name in ("reports", "projects")}
    with old.write() as connection:
        for number, waivers in enumerate(("[]", '[{"code": "DATA107"}]')):
            row = {"run_id": f"r{number}", "project": f"p{number}", "waivers": waivers, "packed": zlib.compress(plain)}
            for table in tables.values():
                empty = {one.name: 0 if one.type.python_type in (int, float) else "" for one in table.c}
                connection.execute(table.insert().values(**{**empty, **{n: v for n, v in row.items() if n in empty}}))
    old.close()
    new = open_database(database_url)
    with new.read() as connection:
        for table in (schema.reports, schema.projects):
            found = connection.execute(sa.select(table.c.valid_until).order_by(table.c.project)).scalars().all()
            assert found == [None, date(2026, 6, 30)]
    new.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(database_url: str) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer release"):
        open_database(database_url)
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    database.close()


def test_processes_that_start_together_do_not_trip_over_each_other(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for database in list(pool.map(open_database, [database_url] * 4)):
            database.close()
