from __future__ import annotations

from pathlib import Path

import pytest

from tests.webhook.serving import created, running, served
from vision_readiness_webhook.access import (
    COOKIE,
    SESSION_SECONDS,
    Role,
    actor_of,
    actor_of_session,
    begin_session,
    create_token,
    end_session,
    revoke_tokens,
)
from vision_readiness_webhook.links import HOLD_SECONDS, Links
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.schema import tokens


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
