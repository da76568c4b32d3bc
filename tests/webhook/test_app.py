from __future__ import annotations

from pathlib import Path

import pytest

from tests.webhook.serving import created, running, served


def test_a_signed_delivery_leads_to_a_report(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            token = service.token()
            answer = await service.deliver(created("yard-safety", 5))
            assert answer.status_code == 202
            run = await service.ended(answer.json()["run"], token)
            assert (run["state"], run["problem"]) == ("succeeded", None)
            assert run["report_id"]

    running(test)


def test_the_same_delivery_and_the_same_content_are_computed_once(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            first = (await service.deliver(created("yard-safety", 5))).json()
            again = (await service.deliver(created("yard-safety", 5))).json()
            other = (await service.deliver(created("yard-safety", 5), delivery_id="from-the-watcher")).json()
            assert first["new"]
            assert not again["new"]
            assert not other["new"]
            assert {first["run"], again["run"], other["run"]} == {first["run"]}

    running(test)


@pytest.mark.parametrize("headers", [{}, {"webhook-id": "a"}, {"webhook-id": "a.b", "webhook-timestamp": "x"}])
def test_what_is_not_signed_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            answer = await service.client.post("/webhooks/roboflow", content=b"{}", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"

    running(test)
