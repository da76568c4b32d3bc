from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from vision_readiness_webhook.audit import START, add_entry, entries, verify_log
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.schema import audit, audit_heads


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/log.sqlite3")
    yield opened
    opened.close()


def written(database: Database, rows: int = 5) -> list[str]:
    with database.write() as connection:
        return [add_entry(connection, "acme", "neha", "looked", f"row {row}", 1e9 + row) for row in range(rows)]


def without_guards(connection: sa.Connection) -> None:
    for verb in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(f"DROP TRIGGER audit_keeps_{verb}")


def test_a_log_that_nobody_touched_verifies(database: Database) -> None:
    digests = written(database)
    with database.read() as connection:
        found = verify_log(connection, "acme")
        assert (found.length, found.digest, found.broken) == (5, digests[-1], None)
        assert verify_log(connection, "acme", expected=digests[2]).broken is None
        assert verify_log(connection, "nobody").digest == START
        assert [entry.subject for entry in entries(connection, "acme", most=2)] == ["row 4", "row 3"]


@pytest.mark.parametrize("change", [audit.delete(), audit.update().values(person="somebody else")])
def test_the_database_lets_no_row_be_changed(database: Database, change: sa.UpdateBase) -> None:
    written(database)
    with pytest.raises(sa.exc.IntegrityError, match="only added to"), database.write() as connection:
        connection.execute(change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (audit.update().where(audit.c.position == 3).values(person="mallory"), "row 3 was changed"),
        (audit.update().where(audit.c.position == 3).values(at=0.0), "row 3 was changed"),
        (audit.delete().where(audit.c.position == 2), "row 2 is missing"),
        (audit.delete().where(audit.c.position == 5), "ends at row 4"),
    ],
)
def test_whoever_gets_around_the_database_is_seen(database: Database, change: sa.UpdateBase, said: str) -> None:
    written(database)
    with database.write() as connection:
        without_guards(connection)
        connection.execute(change)
        assert said in (verify_log(connection, "acme").broken or "")


def test_a_log_cut_off_whole_is_seen_by_a_digest_noted_elsewhere(database: Database) -> None:
    digests = written(database)
    with database.write() as connection:
        without_guards(connection)
        connection.execute(audit.delete().where(audit.c.position > 3))
        connection.execute(audit_heads.update().values(length=3, digest=digests[2]))
        assert verify_log(connection, "acme").broken is None
        assert "noted elsewhere" in (verify_log(connection, "acme", expected=digests[4]).broken or "")
