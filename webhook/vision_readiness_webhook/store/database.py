"""The database: reading and writing transactions that behave alike on SQLite and Postgres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from tenacity import Retrying, retry_if_exception_message, stop_after_delay, wait_random

from vision_readiness_webhook.errors import DatabaseError
from vision_readiness_webhook.store.migrate import migrate

BUSY_SECONDS = 30


class Database:
    """An engine, and the two ways of using it. ``write`` holds SQLite's one write lock from its first word."""

    def __init__(self, url: str, engine: sa.Engine) -> None:
        self.url = url
        self.engine = engine

    def __repr__(self) -> str:
        return f"Database({self.engine.url.render_as_string(hide_password=True)!r})"

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading: one consistent state, nothing kept."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is committed when the block ends well, and else undone."""
        with self.engine.begin() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at ``url``, its tables brought up to date; raises ``DatabaseError`` if it cannot be had."""
    engine: sa.Engine | None = None
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = engine_of(url)
        database = Database(url, engine)
        with database.write() as connection:
            migrate(connection)
    except (SQLAlchemyError, OSError, DatabaseError) as error:
        if engine is not None:
            engine.dispose()
        if isinstance(error, DatabaseError):
            raise
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DatabaseError(
            f"the database cannot be opened ({said:.200}): check VISION_READINESS_DATABASE_URL."
        ) from None
    return database


_WHILE_LOCKED = Retrying(
    retry=retry_if_exception_message(match=".*locked"),
    wait=wait_random(0.01, 0.1),
    stop=stop_after_delay(BUSY_SECONDS),
    reraise=True,
)
"""SQLite does not wait by itself where several processes turn the write-ahead log on at once."""


def engine_of(url: str, *, synchronous: str = "FULL", begins: str | None = None) -> sa.Engine:
    """An engine on ``url``; with SQLite a write-ahead log, where FULL also outlives a power cut.

    ``begins`` is how Python's SQLite begins a transaction by itself; ``None`` leaves it to ``Database``.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = begins
        cursor = connection.cursor()
        _WHILE_LOCKED(cursor.execute, "PRAGMA journal_mode = WAL")
        for pragma in (f"synchronous = {synchronous}", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def insert_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Whether the row was new: one that breaks a unique rule is left out, and nothing else is."""
    written = _insert_new(table, connection.dialect.name, tuple(values))
    return connection.execute(written, values).first() is not None  # psycopg does not count the rows of an INSERT


@cache
def _insert_new(table: sa.Table, dialect: str, columns: tuple[str, ...]) -> sa.Executable:
    """Made once, because making a statement takes longer than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    named: dict[str, Any] = {column: sa.bindparam(column) for column in columns}
    return insert(table).values(named).on_conflict_do_nothing().returning(sa.literal_column("1"))
