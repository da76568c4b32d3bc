from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.webhook.api.asking import asking
from tests.webhook.serving import running
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.store.schema import idempotency

SCAN = "/vision-readiness/scan"
AGAIN = {"dataset": "yard-safety", "version": 5, "again": True}


def test_the_same_request_with_the_same_key_is_answered_as_the_first_time(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            first, second = [await client.post(SCAN, AGAIN, **{"idempotency-key": "one"}) for _ in range(2)]
            assert (first.status_code, first.json()["new"]) == (202, True)
            assert (second.status_code, second.content) == (202, first.content)
            assert second.headers["location"] == first.headers["location"]
            without = await client.post(SCAN, AGAIN)
            assert without.json()["new"] is False

    running(test)


def test_another_request_with_the_same_key_is_refused(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            await client.post(SCAN, AGAIN, **{"idempotency-key": "one"})
            other = await client.post(SCAN, {**AGAIN, "version": 6}, **{"idempotency-key": "one"})
            assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "key-of-another")

    running(test)


def test_the_same_key_of_another_person_is_another_key(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            await client.post(SCAN, AGAIN, **{"idempotency-key": "one"})
            token = client.service.token(Role.EDITOR, person="raj@acme.example")
            headers = {"authorization": f"Bearer {token}", "idempotency-key": "one"}
            other = await client.service.client.post(SCAN, json={**AGAIN, "version": 6}, headers=headers)
            assert other.status_code == 202

    running(test)


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            headers = {"idempotency-key": "one"}
            wrong = {"dataset": "yard-safety", "version": 5, "task": "classification"}
            assert (await client.post(SCAN, wrong, **headers)).status_code == 422
            assert (await client.post(SCAN, {**wrong, "task": "object-detection"}, **headers)).status_code == 200

    running(test)


def test_of_requests_at_the_same_moment_one_is_done(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            asked = [client.post(SCAN, AGAIN, **{"idempotency-key": "one"}) for _ in range(8)]
            answers = await asyncio.gather(*asked)
            assert {one.status_code for one in answers} <= {202, 409}
            assert len({one.json()["run"] for one in answers if one.status_code == 202}) == 1

    running(test)


def test_a_key_is_forgotten_after_a_day_and_one_that_was_given_up_is_taken_over(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            database = client.service.app.state.service.database
            for age, status in ((30, 409), (3600, 202), (100_000, 202)):
                await client.post(SCAN, AGAIN, **{"idempotency-key": "one"})
                with database.write() as connection:
                    left = idempotency.update().values(status=None, begun_at=idempotency.c.begun_at - age)
                    connection.execute(left)
                assert (await client.post(SCAN, AGAIN, **{"idempotency-key": "one"})).status_code == status
                with database.write() as connection:
                    connection.execute(idempotency.delete())

    running(test)


@pytest.mark.parametrize("key", ["", "a b", "\u00e9", "x" * 201])
def test_a_key_that_cannot_be_one_is_refused(judged: Path, key: str) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            headers = {b"authorization": f"Bearer {client.token}".encode(), b"idempotency-key": key.encode("latin-1")}
            answer = await client.service.client.post(SCAN, json=AGAIN, headers=list(headers.items()))
            assert answer.json()["type"].endswith("bad-idempotency-key")

    running(test)
