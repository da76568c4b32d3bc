from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webhook.api.asking import asking
from tests.webhook.hostile.fuzzed import Header, ask_raw, damaged, deliver_raw
from tests.webhook.serving import SECRET, created, running
from vision_readiness.deliveries import Secret, sign
from vision_readiness_webhook.store.schema import deliveries, runs


def test_of_damaged_deliveries_none_gets_in_and_none_makes_the_service_fall(tmp_path: Path) -> None:
    async def test() -> None:
        async with asking(tmp_path) as client:
            app = client.service.app
            for headers, body in islice(damaged(seed=1), 2000):
                status = await deliver_raw(app, headers, body)
                assert status in {400, 401, 404, 413}, (status, headers, body[:200])
            assert await deliver_raw(app, *_whole()) == 202
            with app.state.service.database.read() as connection:
                for table in (deliveries, runs):
                    assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 1

    running(test)


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-298, 202), (0, 202), (298, 202), (302, 401)])
def test_a_clock_may_be_five_minutes_off_and_no_more(tmp_path: Path, seconds: int, status: int) -> None:
    async def test() -> None:
        async with asking(tmp_path) as client:
            body = created("yard-safety", 5).to_bytes()
            when = datetime.now(UTC) + timedelta(seconds=seconds)
            headers = dict(sign(Secret.parse(SECRET), "evt_1", when, body))
            answer = await client.service.client.post("/webhooks/roboflow", content=body, headers=headers)
            assert answer.status_code == status

    running(test)


def test_headers_of_every_kind_leave_the_api_standing(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            values = [
                b"",
                b"\xff\xfe",
                b"Bearer",
                b"Bearer ",
                b"Bearer vr_\xff",
                b"Basic YTpi",
                b"x" * 20_000,
                b'"',
                b"*",
            ]
            names = [b"authorization", b"cookie", b"if-none-match", b"idempotency-key", b"content-type", b"accept"]
            for name in names:
                for value in values:
                    for method, path in (("GET", "/projects"), ("POST", "/vision-readiness/deploy"), ("GET", "/")):
                        given = [(b"authorization", f"Bearer {client.token}".encode()), (name, value)]
                        status = await ask_raw(client.service.app, method, path, given, b"{}")
                        assert status < 500, (name, value, method, path)

    running(test)


def _whole() -> tuple[list[Header], bytes]:
    body = created("yard-safety", 5).to_bytes()
    headers = sign(Secret.parse(SECRET), "evt_1", datetime.now(UTC), body)
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()], body
