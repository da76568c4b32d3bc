"""Authentication and roles: a token belongs to one person in one workspace, a session to a token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from vision_readiness.ports import Clock
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.schema import sessions, tokens

PREFIX = "vr_"
COOKIE = "vision_readiness_session"
SESSION_SECONDS = 12 * 3600.0
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(StrEnum):
    """What somebody may do, each role all that those before it may; support sees reports, and no pictures."""

    SUPPORT = "support"
    VIEWER = "viewer"
    EDITOR = "editor"
    DEPLOYER = "deployer"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what ``needed`` may.

        >>> Role.DEPLOYER.covers(Role.EDITOR), Role.SUPPORT.covers(Role.VIEWER)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as one workspace knows them. ``csrf`` is what their forms must hold; ``None`` where no cookie spoke."""

    workspace: str
    person: str
    role: Role
    csrf: str | None = None


Authenticate = Callable[[Request], Awaitable[Actor | None]]
"""Says who sends a request, ``None`` for nobody that is known. It may block on nothing."""


def digest(secret: str) -> str:
    """What is kept of a token or a session; their 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def create_token(
    connection: sa.Connection, workspace: str, person: str, role: Role, now: float, *, expires_at: float | None = None
) -> str:
    """A new token, which is shown this once and kept only as a digest."""
    token = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        tokens.insert().values(
            token_id=uuid4().hex,
            workspace=workspace,
            person=person,
            role=role,
            digest=digest(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def revoke_tokens(connection: sa.Connection, workspace: str, person: str, now: float) -> int:
    """How many tokens of the person in the workspace ended with this, and their sessions with them."""
    mine = [tokens.c.workspace == workspace, tokens.c.person == person, tokens.c.revoked_at.is_(None)]
    return connection.execute(tokens.update().where(*mine).values(revoked_at=now)).rowcount


def actor_of(connection: sa.Connection, token: str, now: float) -> Actor | None:
    """Whom the token belongs to, unless it expired or was revoked."""
    row = connection.execute(_living(now).where(tokens.c.digest == digest(token))).first()
    return None if row is None else Actor(row.workspace, row.person, Role(row.role))


def begin_session(connection: sa.Connection, token: str, now: float) -> tuple[str, Actor] | None:
    """The cookie of a new session and whom it belongs to; ``None`` for a token that opens nothing."""
    row = connection.execute(_living(now).where(tokens.c.digest == digest(token))).first()
    if row is None:
        return None
    cookie = secrets.token_urlsafe(32)
    connection.execute(sessions.delete().where(sessions.c.expires_at <= now))
    connection.execute(
        sessions.insert().values(
            digest=digest(cookie), token_id=row.token_id, created_at=now, expires_at=now + SESSION_SECONDS
        )
    )
    return cookie, Actor(row.workspace, row.person, Role(row.role), _csrf(cookie))


def end_session(connection: sa.Connection, cookie: str) -> None:
    """The cookie opens nothing any more."""
    connection.execute(sessions.delete().where(sessions.c.digest == digest(cookie)))


def actor_of_session(connection: sa.Connection, cookie: str, now: float) -> Actor | None:
    """Whom the cookie belongs to, while it and its token hold."""
    asked = _living(now).join(sessions, sessions.c.token_id == tokens.c.token_id)
    row = connection.execute(asked.where(sessions.c.digest == digest(cookie), sessions.c.expires_at > now)).first()
    return None if row is None else Actor(row.workspace, row.person, Role(row.role), _csrf(cookie))


def by_token(database: Database, clock: Clock) -> Authenticate:
    """Knows people by the token in ``Authorization: Bearer``, and browsers by the cookie of their session."""

    def look(token: str | None, cookie: str | None) -> Actor | None:
        now = clock.now().timestamp()
        with database.read() as connection:
            if token is not None:
                return actor_of(connection, token, now)
            return actor_of_session(connection, cookie or "", now)

    async def authenticate(request: Request) -> Actor | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else None
        cookie = request.cookies.get(COOKIE)
        if given is None and cookie is None:
            return None
        return await run_in_threadpool(look, given, cookie)

    return authenticate


async def require(request: Request, role: Role, *, form: Any = None) -> Actor:
    """Who is asking, if they may; raises ``ProblemError``: 401 for nobody, 403 for too small a role.

    What a browser sends by itself, its cookie, changes nothing: a change also takes the session's own word, in
    ``form`` as ``csrf`` or in the header ``X-CSRF-Token``.
    """
    authenticate: Authenticate = request.app.state.authenticate
    actor = await authenticate(request)
    if actor is None:
        said = "Send a token of the workspace as `Authorization: Bearer vr_…`, or sign in."
        raise ProblemError(401, "not-signed-in", said, headers={"www-authenticate": "Bearer"})
    if not actor.role.covers(role):
        said = f"This needs the role {role}; yours is {actor.role}. Ask for another token."
        raise ProblemError(403, "role-too-small", said)
    if request.method not in SAFE and actor.csrf is not None:
        given = str((form or {}).get("csrf") or request.headers.get("x-csrf-token", ""))
        if not hmac.compare_digest(actor.csrf.encode(), given.encode("utf-8", "replace")):
            raise ProblemError(403, "form-expired", "The form is not from this session; load the page again.")
    return actor


def _living(now: float) -> sa.Select[Any]:
    """The tokens that open something."""
    holds = sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now)
    return sa.select(tokens).where(tokens.c.revoked_at.is_(None), holds)


def _csrf(cookie: str) -> str:
    """A word for the forms of a session: whoever has not its cookie cannot know it."""
    return hmac.new(cookie.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()
