"""The ``Cache`` port on this machine's disk: one SQLite file that several processes may share."""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "vision-readiness-cache.sqlite3"
DEFAULT_LIMIT = 10**9

_PAGE_BYTES = 4096
_TABLE = "CREATE TABLE IF NOT EXISTS entries (key TEXT UNIQUE, checksum INTEGER, value BLOB)"
_OLDEST_TENTH = "DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries ORDER BY rowid LIMIT ?)"


@dataclass(frozen=True, slots=True)
class Usage:
    """How much a cache holds; ``bytes`` is the size on disk."""

    entries: int
    bytes: int


class DiskCache:
    """Values by key in ``folder``; at ``limit`` bytes the oldest tenth makes room for new ones.

    Caching is never in the way: in a folder that cannot be written, or on a full disk, nothing is remembered; an
    entry that is damaged is a miss, and a damaged file is begun anew. Safe in several threads and processes, and
    picklable: each process opens the file for itself.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = DEFAULT_LIMIT) -> None:
        self._lock = threading.Lock()
        self._opened: tuple[int, sqlite3.Connection | None] | None = None
        self.folder = default_folder(os.environ) if folder is None else folder
        self.limit = limit

    def __repr__(self) -> str:
        return f"DiskCache({str(self.folder)!r})"

    def __reduce__(self) -> tuple[Callable[..., DiskCache], tuple[Path, int]]:
        return _reopen, (self.folder, self.limit)

    def __del__(self) -> None:
        self.close()

    def get(self, key: str) -> bytes | None:
        """What was put under ``key``, or ``None``."""
        row = self._try(lambda db: db.execute("SELECT value, checksum FROM entries WHERE key = ?", (key,)).fetchone())
        if row is None or not isinstance(row[0], bytes) or zlib.crc32(row[0]) != row[1]:
            return None
        return row[0]

    def put(self, key: str, value: bytes) -> None:
        """Remember ``value`` under ``key``; one larger than a tenth of the limit is not remembered."""
        if len(value) <= self.limit // 10:
            self._try(lambda db: _put(db, key, value))

    def usage(self) -> Usage:
        """What is held now."""
        if not (self.folder / FILE_NAME).is_file():
            return Usage(0, 0)
        row = self._try(lambda db: db.execute("SELECT COUNT(*) FROM entries").fetchone())
        files = [self.folder / (FILE_NAME + suffix) for suffix in ("", "-wal")]
        return Usage(0 if row is None else row[0], sum(_size(file) for file in files))

    def clear(self) -> None:
        """Forget everything and give the space back."""
        if (self.folder / FILE_NAME).is_file():
            self._try(_empty)

    def close(self) -> None:
        """Close the file; it is opened again when needed."""
        with self._lock:
            self._close()

    def _try(self, action: Callable[[sqlite3.Connection], Any]) -> Any:
        """The result of ``action``, ``None`` where the disk fails."""
        with self._lock:
            try:
                db = self._connection()
                return None if db is None else action(db)
            except sqlite3.OperationalError:  # locked for too long, read-only, full
                return None
            except sqlite3.DatabaseError:
                self._close()
                self._delete()
                return None

    def _connection(self) -> sqlite3.Connection | None:
        # A connection must not cross a fork: the child leaves its parent's alone and opens its own.
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), None)
            with suppress(OSError, sqlite3.OperationalError):
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._opened = (os.getpid(), _open(self.folder / FILE_NAME, self.limit))
        return self._opened[1]

    def _close(self) -> None:
        if self._opened is not None and self._opened[0] == os.getpid() and self._opened[1] is not None:
            self._opened[1].close()
        self._opened = None

    def _delete(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                (self.folder / (FILE_NAME + suffix)).unlink()


def default_folder(environment: Mapping[str, str]) -> Path:
    """Where to cache: ``VISION_READINESS_CACHE``, else ``vision-readiness`` in ``XDG_CACHE_HOME`` or ``~/.cache``.

    >>> default_folder({"XDG_CACHE_HOME": "/var/cache"}).as_posix()
    '/var/cache/vision-readiness'
    """
    if chosen := environment.get("VISION_READINESS_CACHE"):
        return Path(chosen)
    shared = Path(environment.get("XDG_CACHE_HOME", ""))
    if shared.is_absolute():  # the XDG specification has relative paths ignored
        return shared / "vision-readiness"
    try:
        return Path.home() / ".cache" / "vision-readiness"
    except RuntimeError:
        return Path(os.devnull, "vision-readiness")  # a user without a home, as in some containers: nothing is cached


def _reopen(folder: Path, limit: int) -> DiskCache:
    return DiskCache(folder, limit=limit)


def _open(path: Path, limit: int) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        for statement in (
            f"PRAGMA page_size = {_PAGE_BYTES}",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            f"PRAGMA max_page_count = {max(8, limit // _PAGE_BYTES)}",
            _TABLE,
        ):
            db.execute(statement).fetchall()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _put(db: sqlite3.Connection, key: str, value: bytes) -> None:
    try:
        _replace(db, key, value)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        held = db.execute("SELECT COUNT(*) FROM entries").fetchone()[0]
        db.execute(_OLDEST_TENTH, (held // 10 + 1,))
        _replace(db, key, value)


def _replace(db: sqlite3.Connection, key: str, value: bytes) -> None:
    db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (key, zlib.crc32(value), value))


def _empty(db: sqlite3.Connection) -> None:
    for statement in ("DELETE FROM entries", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        db.execute(statement).fetchall()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
