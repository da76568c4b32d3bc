"""Brings a database to the tables of this release: step by step, in one transaction, one process at a time."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from vision_readiness_webhook.errors import DatabaseError

LOCK = 0x5EED_0001
"""The number of Postgres's lock for whoever changes the tables; SQLite has one lock for all that write."""

STEPS = Path(__file__).parent / "migrations"


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Bring the tables to the step ``to``, in the open transaction of ``connection``.

    Raises ``DatabaseError`` for the database of a newer release, which is left as it is.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    scripts = ScriptDirectory(str(STEPS))
    context = MigrationContext.configure(connection)
    stands = context.get_current_revision()
    if stands == scripts.get_current_head():
        return
    if stands is not None and stands not in {step.revision for step in scripts.walk_revisions()}:
        raise DatabaseError(
            f"the database is of a newer release (its tables stand at {stands}): start that release, or restore a "
            "backup that was made before it."
        )
    for step in reversed(list(scripts.iterate_revisions(to, stands or "base"))):
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(scripts, step.revision)
