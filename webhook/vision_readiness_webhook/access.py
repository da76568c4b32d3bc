"""Who is asking, and what they may do: a token belongs to one person in one workspace."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from starlette.requests import Request

from vision_readiness.ports import Clock
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.schema import tokens

PREFIX = "vr_"


class Role(StrEnum):
    """What somebody may do; support sees what a viewer sees but no pictures."""

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
    """A person as one workspace knows them."""

    workspace: str
    person: str
    role: Role


Authenticate = Callable[[Request], Awaitable[Actor | None]]
"""Says who sends a request, ``None`` for nobody that is known."""


def digest(token: str) -> str:
    """What is kept of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


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


def actor_of(connection: sa.Connection, token: str, now: float) -> Actor | None:
    """Whom the token belongs to, unless it expired or was revoked."""
    asked = sa.select(tokens).where(tokens.c.digest == digest(token), tokens.c.revoked_at.is_(None))
    row = connection.execute(asked).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Actor(row.workspace, row.person, Role(row.role))


def by_token(database: Database, clock: Clock) -> Authenticate:
    """Knows people by the token in ``Authorization: Bearer``."""

    async def authenticate(request: Request) -> Actor | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.startswith(PREFIX):
            return None
        with database.read() as connection:
            return actor_of(connection, token.strip(), clock.now().timestamp())

    return authenticate


async def require(request: Request, role: Role, workspace: str | None = None) -> Actor:
    """Who is asking, if they may; raises ``ProblemError``: 401 for nobody, 403 for too small a role, 404 elsewhere.

    Another workspace is answered as one that is not there, so that nobody learns which there are.
    """
    authenticate: Authenticate = request.app.state.authenticate
    actor = await authenticate(request)
    if actor is None:
        raise ProblemError(
            401,
            "not-signed-in",
            "Send a token of the workspace as `Authorization: Bearer vr_…`.",
            headers={"www-authenticate": "Bearer"},
        )
    if workspace is not None and actor.workspace != workspace:
        raise ProblemError(404, "not-found", "There is no such thing here, or it is not yours to see.")
    if not actor.role.covers(role):
        raise ProblemError(
            403, "role-too-small", f"This takes the role {role}; yours is {actor.role}. Ask for another token."
        )
    return actor
