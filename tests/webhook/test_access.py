from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request

from tests.apart import apart
from tests.webhook.serving import created, running, served
from vision_readiness.testing import StillClock
from vision_readiness_webhook.access import (
    COOKIE,
    PREFIX,
    SESSION_SECONDS,
    Actor,
    Role,
    actor_of,
    actor_of_session,
    begin_session,
    by_token,
    create_token,
    end_session,
    require,
    revoke_tokens,
)
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.links import HOLD_SECONDS, Links
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.schema import sessions, tokens


def test_a_token_is_kept_only_as_a_digest_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with database.write() as connection:
        token = create_token(connection, "acme", "neha", Role.EDITOR, 100.0, expires_at=200.0)
        assert token not in str(connection.execute(tokens.select()).all())
        actor = actor_of(connection, token, 199.0)
        assert actor is not None
        assert (actor.workspace, actor.person, actor.role) == ("acme", "neha", Role.EDITOR)
        assert actor_of(connection, token, 200.0) is None
        assert actor_of(connection, token[:-1], 150.0) is None
        assert revoke_tokens(connection, "acme", "neha", 160.0) == 1
        assert actor_of(connection, token, 161.0) is None
    database.close()


def test_a_session_ends_by_itself_with_its_token_and_when_left(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with database.write() as connection:
        token = create_token(connection, "acme", "neha", Role.EDITOR, 0.0)
        begun = begin_session(connection, token, 10.0)
        assert begun is not None
        cookie, actor = begun
        assert actor_of_session(connection, cookie, 10.0 + SESSION_SECONDS - 1) == actor
        assert actor_of_session(connection, cookie, 10.0 + SESSION_SECONDS) is None
        assert begin_session(connection, "vr_nothing", 10.0) is None
        end_session(connection, cookie)
        assert actor_of_session(connection, cookie, 11.0) is None
        second = begin_session(connection, token, 20.0)
        assert second is not None
        revoke_tokens(connection, "acme", "neha", 21.0)
        assert actor_of_session(connection, second[0], 22.0) is None
    database.close()


def test_another_workspace_is_answered_as_one_that_is_not_there(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            run = (await service.deliver(created("yard-safety", 5))).json()["run"]
            stranger = {"authorization": f"Bearer {service.token(workspace='globex')}"}
            theirs = await service.client.get(f"/runs/{run}", headers=stranger)
            nothing = await service.client.get("/runs/0123456789abcdef0123456789abcdef", headers=stranger)
            assert theirs.status_code == nothing.status_code == 404
            assert theirs.text == nothing.text

    running(test)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer vr_x", "Basic dXNlcjpwYXNz"])
def test_who_is_not_known_gets_nothing(tmp_path: Path, header: str) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            sent = {"authorization": header} if header.isascii() and header else {}
            answer = await service.client.get("/runs/x", headers={**sent, "cookie": f"{COOKIE}=x"})
            assert answer.status_code == 401

    running(test)


def test_a_link_opens_its_own_path_until_it_expires() -> None:
    links = Links(b"k" * 32)
    path, _, query = links.signed("/pictures/acme/e/p", 1000.0).partition("?")
    until, signature = (part.split("=")[1] for part in query.split("&"))
    assert links.opens(path, until, signature, 1000.0 + HOLD_SECONDS)
    assert not links.opens(path, until, signature, float(until))
    assert not links.opens("/pictures/acme/e/q", until, signature, 1000.0)
    assert not links.opens(path, str(int(until) + 1), signature, 1000.0)
    assert not Links(b"x" * 32).opens(path, until, signature, 1000.0)
    assert "kkk" not in repr(links)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    yield database
    database.close()


ROLES = (Role.SUPPORT, Role.VIEWER, Role.EDITOR, Role.DEPLOYER)


def test_each_role_may_all_that_those_before_it_may_and_no_more() -> None:
    assert tuple(Role) == ROLES
    covered = {role: [needed for needed in ROLES if role.covers(needed)] for role in ROLES}
    assert covered == {role: list(ROLES[: place + 1]) for place, role in enumerate(ROLES)}


def asked(method: str = "GET", headers: dict[str, str] | None = None, actor: Actor | None = None) -> Request:
    """A request of ``actor``, as the service sees it."""
    app = Starlette()

    async def authenticate(_: Request) -> Actor | None:
        return actor

    app.state.authenticate = authenticate
    sent = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "app": app, "method": method, "path": "/", "headers": sent, "query_string": b""})


def required(request: Request, role: Role, form: Any = None) -> Actor | tuple[int, str]:
    """Who is let in, or the status and the problem of the refusal."""
    try:
        return apart(lambda: asyncio.run(require(request, role, form=form)))
    except ProblemError as refused:
        return refused.status, refused.problem


def test_nobody_is_asked_to_sign_in() -> None:
    with pytest.raises(ProblemError) as refused:
        apart(lambda: asyncio.run(require(asked(), Role.SUPPORT)))
    assert (refused.value.status, refused.value.problem) == (401, "not-signed-in")
    assert refused.value.headers == {"www-authenticate": "Bearer"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("needed", ROLES)
def test_a_role_too_small_is_refused_and_any_other_is_let_in(role: Role, needed: Role) -> None:
    actor = Actor("acme", "neha", role)
    refused = ROLES.index(role) < ROLES.index(needed)
    assert required(asked("POST", actor=actor), needed) == ((403, "role-too-small") if refused else actor)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_a_cookie_alone_changes_nothing(method: str) -> None:
    actor = Actor("acme", "neha", Role.DEPLOYER, csrf="word")
    safe = method in ("GET", "HEAD", "OPTIONS")
    for form, header, holds in (
        (None, None, False),
        ({}, None, False),
        ({"csrf": "word"}, None, True),
        ({"csrf": "other"}, None, False),
        ({"csrf": ""}, "word", True),
        (None, "word", True),
        (None, "other", False),
        (None, "wörd", False),
        ({"csrf": "word"}, "other", True),
        ({"csrf": "other"}, "word", False),
    ):
        request = asked(method, {} if header is None else {"x-csrf-token": header}, actor)
        expected = actor if safe or holds else (403, "form-expired")
        assert required(request, Role.VIEWER, form) == expected, (form, header)


def test_who_sends_a_token_needs_no_word_of_a_session() -> None:
    actor = Actor("acme", "neha", Role.DEPLOYER)
    assert required(asked("DELETE", actor=actor), Role.DEPLOYER) == actor


def known(database: Database, **headers: str) -> Actor | None:
    """Whom the service takes the sender of these headers for, a hundred seconds after its clock began."""
    clock = StillClock()
    clock.advance(100)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    async def ask() -> Actor | None:
        return await by_token(database, clock)(asked(headers=sent))

    return apart(lambda: asyncio.run(ask()))


def test_people_are_known_by_their_token_and_browsers_by_their_cookie(database: Database) -> None:
    now = StillClock().now().timestamp()
    with database.write() as connection:
        token = create_token(connection, "acme", "neha", Role.EDITOR, now)
        other = create_token(connection, "globex", "ravi", Role.SUPPORT, now)
        ended = create_token(connection, "acme", "ravi", Role.EDITOR, now, expires_at=now + 100)
        begun = begin_session(connection, other, now)
    assert begun is not None
    neha, ravi, cookie = Actor("acme", "neha", Role.EDITOR), begun[1], f"{COOKIE}={begun[0]}"
    assert (ravi.workspace, ravi.person, ravi.role) == ("globex", "ravi", Role.SUPPORT)
    assert ravi.csrf
    for said in (f"Bearer {token}", f"bearer  {token} ", f"BEARER {token}"):
        assert known(database, authorization=said) == neha
    assert known(database, cookie=cookie) == ravi
    assert known(database, cookie=cookie, authorization=f"Bearer {token}") == neha
    assert known(database, cookie=cookie, authorization="Bearer vr_wrong") is None
    assert known(database, cookie=cookie, authorization="Basic bmVoYTo=") == ravi
    assert known(database, cookie=f"{COOKIE}=x") is None
    assert known(database, authorization=f"Bearer {ended}") is None
    assert known(database, authorization=f"Basic {token}") is None
    assert known(database) is None


def test_a_token_has_256_bits_and_its_digest_is_all_that_is_kept(database: Database) -> None:
    with database.write() as connection:
        made = [create_token(connection, "acme", "neha", Role.EDITOR, 7.0) for _ in range(2)]
        rows = connection.execute(sa.select(tokens)).all()
    assert len(set(made)) == 2
    assert {len(token) for token in made} == {len(PREFIX) + 43}  # 32 bytes in base 64
    assert {row.digest for row in rows} == {hashlib.sha256(token.encode()).hexdigest() for token in made}
    assert {(row.created_at, row.expires_at, row.revoked_at) for row in rows} == {(7.0, None, None)}


def test_only_the_tokens_of_the_person_in_the_workspace_end_and_only_once(database: Database) -> None:
    with database.write() as connection:
        mine = [create_token(connection, "acme", "neha", Role.EDITOR, 0.0) for _ in range(2)]
        others = [
            create_token(connection, *whose, Role.EDITOR, 0.0) for whose in (("acme", "ravi"), ("globex", "neha"))
        ]
        assert revoke_tokens(connection, "acme", "neha", 10.0) == 2
        assert revoke_tokens(connection, "acme", "neha", 11.0) == 0
        assert [actor_of(connection, token, 12.0) for token in mine] == [None, None]
        assert None not in [actor_of(connection, token, 12.0) for token in others]
        ended = connection.execute(sa.select(tokens.c.revoked_at).where(tokens.c.revoked_at.is_not(None)))
        assert ended.scalars().all() == [10.0, 10.0]


def test_sessions_that_ended_are_cleared_away_when_another_begins(database: Database) -> None:
    with database.write() as connection:
        token = create_token(connection, "acme", "neha", Role.EDITOR, 0.0)
        begun = [begin_session(connection, token, moment) for moment in (0.0, 1.0, SESSION_SECONDS)]
        assert None not in begun
        rows = connection.execute(sa.select(sessions.c.created_at, sessions.c.expires_at)).all()
    assert sorted(map(tuple, rows)) == [
        (1.0, 1.0 + SESSION_SECONDS),
        (SESSION_SECONDS, 2 * SESSION_SECONDS),
    ]
    assert SESSION_SECONDS == 12 * 60 * 60


def test_a_session_belongs_to_its_token_and_its_word_to_its_cookie(database: Database) -> None:
    with database.write() as connection:
        token = create_token(connection, "acme", "neha", Role.EDITOR, 0.0, expires_at=100.0)
        first, second = (begin_session(connection, token, 1.0) for _ in range(2))
        assert first is not None
        assert second is not None
        assert len(first[0]) == len(second[0]) == 43
        assert len({first[0], second[0], first[1].csrf, second[1].csrf}) == 4
        assert len(first[1].csrf or "") == 64
        assert actor_of_session(connection, first[0], 2.0) == first[1]
        end_session(connection, first[0])
        assert actor_of_session(connection, first[0], 2.0) is None
        assert actor_of_session(connection, second[0], 99.0) == second[1]
        assert actor_of_session(connection, second[0], 100.0) is None
        assert begin_session(connection, token, 100.0) is None
