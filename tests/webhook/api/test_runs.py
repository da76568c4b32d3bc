from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.webhook.api.asking import Asking, asking
from tests.webhook.serving import created, running
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.store.schema import outbox


def test_runs_are_listed_the_last_first_and_by_state(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            run = (await client.service.deliver(created("yard-safety", 6))).json()["run"]
            items = (await client.get("/runs")).json()["items"]
            assert items[0]["run_id"] == run
            assert len(items) == 3
            queued = (await client.get("/runs?state=queued&project=yard-safety")).json()["items"]
            assert [one["run_id"] for one in queued] == [run]
            assert (await client.get("/runs?state=nowhere")).status_code == 422

    running(test)


def test_a_run_that_is_over_is_done_again_once(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            (old,) = (await client.get("/runs?project=yard-safety")).json()["items"]
            first, second = [await client.post(f"/runs/{old['run_id']}/replay") for _ in range(2)]
            assert first.status_code == 202
            assert first.json()["run"] == second.json()["run"] != old["run_id"]
            again = (await client.get(f"/runs/{first.json()['run']}")).json()
            assert (again["version"], again["because"], again["state"]) == (5, old["because"], "queued")
            early = await client.post(f"/runs/{first.json()['run']}/replay")
            assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "not-replayable")

    running(test)


def test_a_dead_letter_is_sent_once_more_and_its_address_is_not_shown(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            message = _letter(client, MessageState.DEAD)
            (shown,) = (await client.get("/outbox?state=dead")).json()["items"]
            assert shown["host"] == "hooks.example"
            assert "secret" not in str(shown)
            answer = await client.post(f"/outbox/{message}/replay")
            assert (answer.status_code, answer.json()["state"]) == (202, "pending")
            assert client.service.app.state.service.jobs.jobs[-1] == ("send", message, f"{message}-3")
            assert (await client.post(f"/outbox/{message}/replay")).status_code == 409
            assert (await client.get("/outbox?state=dead")).json()["items"] == []

    running(test)


@pytest.mark.parametrize("place", ["/runs/{0}/replay", "/outbox/{0}/replay"])
def test_who_may_only_look_does_nothing_again(judged: Path, place: str) -> None:
    async def test() -> None:
        async with asking(judged, Role.VIEWER) as client:
            answer = await client.post(place.format("0" * 32))
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "role-too-small")

    running(test)


def _letter(client: Asking, state: MessageState) -> str:
    row: dict[str, Any] = {
        "message_id": "a" * 32,
        "workspace": "acme",
        "project": "yard-safety",
        "run_id": "b" * 32,
        "channel": "callback",
        "address": "https://user:secret@hooks.example/secret?token=secret",
        "state": state,
        "attempts": 3,
        "created_at": 1.0,
        "finished_at": 2.0,
    }
    with client.service.app.state.service.database.write() as connection:
        connection.execute(outbox.insert().values(**row))
    return str(row["message_id"])
