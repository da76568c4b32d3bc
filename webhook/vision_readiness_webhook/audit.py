"""The audit log: who did what, when, in a chain of hashes that shows when a row was changed, left out or cut off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from vision_readiness_webhook.store.database import insert_new
from vision_readiness_webhook.store.schema import audit, audit_heads

START = "0" * 64
"""What the first row of a log is chained to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a workspace's log."""

    workspace: str
    position: int
    at: float
    person: str
    action: str
    subject: str
    detail: str
    previous: str
    digest: str

    def told(self) -> dict[str, Any]:
        """What was done, for people."""
        detail: dict[str, Any] = json.loads(self.detail)
        return detail


def add_entry(
    connection: sa.Connection,
    workspace: str,
    person: str,
    action: str,
    subject: str,
    now: float,
    detail: Mapping[str, Any] | None = None,
) -> str:
    """The digest of the row that is now the end of the workspace's log; it stands if the transaction does."""
    insert_new(connection, audit_heads, {"workspace": workspace, "length": 0, "digest": START})
    mine = audit_heads.c.workspace == workspace
    held = audit_heads.update().where(mine).values(length=audit_heads.c.length + 1)
    length, previous = connection.execute(held.returning(audit_heads.c.length, audit_heads.c.digest)).one()
    row = {
        "workspace": workspace,
        "position": length,
        "at": now,
        "person": person,
        "action": action,
        "subject": subject[:300],
        "detail": json.dumps(detail or {}, sort_keys=True),
        "previous": previous,
    }
    digest = _digest(row)
    connection.execute(audit.insert().values(**row, digest=digest))
    connection.execute(audit_heads.update().where(mine).values(digest=digest))
    return digest


def entries(
    connection: sa.Connection, workspace: str, *, before: int | None = None, most: int = 100
) -> tuple[Entry, ...]:
    """The rows of a log, newest first."""
    asked = sa.select(audit).where(audit.c.workspace == workspace)
    if before is not None:
        asked = asked.where(audit.c.position < before)
    rows = connection.execute(asked.order_by(audit.c.position.desc()).limit(most)).mappings()
    return tuple(Entry(**row) for row in rows)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at a whole log found; ``broken`` says where it is wrong, ``None`` for nowhere."""

    workspace: str
    length: int
    digest: str
    broken: str | None


def verify_log(connection: sa.Connection, workspace: str, *, expected: str | None = None) -> Verified:
    """Whether every row is as it was written, and none is missing.

    A log that was cut off and given a matching end verifies by itself; only a digest that was noted elsewhere, given
    as ``expected``, shows that: it must still be in the chain.
    """
    previous, length, seen = START, 0, expected in (None, START)
    for entry in _in_order(connection, workspace):
        length += 1
        row = {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name != "digest"}
        if entry.position != length:
            return Verified(workspace, length, previous, f"row {length} is missing")
        if entry.previous != previous or _digest(row) != entry.digest:
            return Verified(workspace, length, previous, f"row {length} was changed, or the one before it")
        previous = entry.digest
        seen = seen or previous == expected
    head = connection.execute(sa.select(audit_heads).where(audit_heads.c.workspace == workspace)).first()
    end = (0, START) if head is None else (head.length, head.digest)
    if end != (length, previous):
        return Verified(workspace, length, previous, f"the log ends at row {length}, and {end[0]} were written")
    broken = None if seen else "the digest that was noted elsewhere is not in the chain"
    return Verified(workspace, length, previous, broken)


def _in_order(connection: sa.Connection, workspace: str) -> Iterator[Entry]:
    asked = sa.select(audit).where(audit.c.workspace == workspace).order_by(audit.c.position)
    for row in connection.execution_options(yield_per=1000).execute(asked).mappings():
        yield Entry(**row)


def _digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over the row, which names the digest of the one before it."""
    text = json.dumps({**row, "at": repr(float(row["at"]))}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
