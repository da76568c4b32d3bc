"""Requests sent twice: with the same key the second is answered as the first was, and nothing is done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from vision_readiness_webhook.access import Actor
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.schema import idempotency

KEPT_SECONDS = 24 * 3600.0
ABANDONED_SECONDS = 60.0
"""A process that has not answered for this long is presumed dead."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it travels."""

    status: int
    body: str
    headers: Mapping[str, str]


def fingerprint(method: str, target: str, body: bytes) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(json.dumps([method, target]).encode() + body).hexdigest()


def once(database: Database, actor: Actor, key: str, request: str, now: float, answer: Callable[[], Sent]) -> Sent:
    """What ``answer`` gives, or gave when the same ``request`` of the person came with this key before.

    Raises ``ProblemError`` for a key of another request, or of one that has not ended. A refusal is not kept, so that
    it can be mended and sent with the same key.
    """
    mine = sa.and_(
        idempotency.c.workspace == actor.workspace,
        idempotency.c.person == actor.person,
        idempotency.c.idempotency_key == key,
    )
    known = _begun(database, actor, key, request, now, mine)
    if known is not None:
        return known
    try:
        sent = answer()
    except BaseException:
        with database.write() as connection:
            connection.execute(idempotency.delete().where(mine, idempotency.c.begun_at == now))
        raise
    kept = {"status": sent.status, "answer": sent.body, "headers": json.dumps(dict(sent.headers), sort_keys=True)}
    with database.write() as connection:
        connection.execute(idempotency.update().where(mine, idempotency.c.begun_at == now).values(**kept))
    return sent


def _begun(
    database: Database, actor: Actor, key: str, request: str, now: float, mine: sa.ColumnElement[bool]
) -> Sent | None:
    row = {
        "workspace": actor.workspace,
        "person": actor.person,
        "idempotency_key": key,
        "fingerprint": request,
        "begun_at": now,
    }
    with database.write() as connection:
        connection.execute(idempotency.delete().where(idempotency.c.begun_at < now - KEPT_SECONDS))
        if insert_new(connection, idempotency, row):
            return None
        known = connection.execute(sa.select(idempotency).where(mine)).one()
        if known.fingerprint != request:
            raise ProblemError(422, "key-of-another", "This key was used for another request: make a new one.")
        if known.status is not None:
            return Sent(known.status, known.answer, json.loads(known.headers))
        if known.begun_at > now - ABANDONED_SECONDS:
            busy = "The request that came with this key first is still being answered."
            raise ProblemError(409, "key-in-use", busy, headers={"retry-after": "5"})
        connection.execute(idempotency.update().where(mine).values(begun_at=now))
        return None
