from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.webhook.serving import SECRET, Served, created, running, served, settings_in
from vision_readiness.deliveries import Secret, sign, sink_block
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_webhook.keyring import open_keyring
from vision_readiness_webhook.registry import StaticRegistry, Workspace
from vision_readiness_webhook.settings import Settings

HINTER = "a token that Roboflow shows"
OTHER = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90"
NAMED = {"ACME_HINTS": HINTER.replace(" ", "-"), "GLOBEX_SECRET": OTHER}


def two_workspaces(monkeypatch: pytest.MonkeyPatch) -> StaticRegistry:
    for name, value in NAMED.items():
        monkeypatch.setenv(name, value)
    source = str(bundled_workspace())
    acme = Workspace(name="acme", source=source, hints_variable="ACME_HINTS")
    globex = Workspace(name="globex", source=source, secrets_variable="GLOBEX_SECRET")
    return StaticRegistry({"acme": acme, "globex": globex})


async def hint(service: Served, body: object, place: str = "acme/yard-safety", token: str = NAMED["ACME_HINTS"]):
    sent = {"authorization": f"Bearer {token}"}
    return await service.client.post(f"/webhooks/roboflow/{place}", content=json.dumps(body), headers=sent)


def test_a_hint_is_weak_and_leads_to_a_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = {"type": "roboflow-batch-job-notification-v1", "event_id": "e1", "job_state": "success"}

    async def test() -> None:
        async with served(tmp_path, registry=two_workspaces(monkeypatch)) as service:
            first = await hint(service, batch)
            assert first.status_code == 202
            assert (await hint(service, batch)).json()["run"] == first.json()["run"]
            failed = await hint(service, {**batch, "event_id": "e2", "job_state": "fail"})
            assert (failed.status_code, failed.json()["run"]) == (202, None)
            sink = sink_block("https://x.example", "acme", "yard-safety")["json_payload"]
            assert (await hint(service, sink)).status_code == 202
            assert (await hint(service, sink, "acme/dock-packages")).status_code == 400
            for place, token in (("globex/x", NAMED["ACME_HINTS"]), ("acme/yard-safety", "nothing"), ("nobody/x", "")):
                assert (await hint(service, batch, place, token)).status_code == 401

    running(test)


def test_a_secret_of_one_workspace_speaks_of_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with served(tmp_path, registry=two_workspaces(monkeypatch)) as service:
            now = datetime.now(UTC)
            for workspace, status in (("acme", 404), ("globex", 202), ("nobody", 404)):
                event = created("yard-safety", 5, workspace)
                headers = dict(sign(Secret.parse(OTHER), event.id, now, event.to_bytes()))
                answer = await service.client.post("/webhooks/roboflow", content=event.to_bytes(), headers=headers)
                assert answer.status_code == status

    running(test)


@pytest.mark.parametrize("minutes", [-5.1, 5.1])
def test_clocks_may_not_be_far_apart(tmp_path: Path, minutes: float) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            event = created("yard-safety", 5)
            then = datetime.now(UTC) + timedelta(minutes=minutes)
            headers = dict(sign(Secret.parse(SECRET), event.id, then, event.to_bytes()))
            answer = await service.client.post("/webhooks/roboflow", content=event.to_bytes(), headers=headers)
            assert answer.status_code == 401

    running(test)


def test_a_body_too_long_is_not_read(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path, settings=settings_in(tmp_path, max_body_bytes=2000)) as service:
            answer = await service.client.post("/webhooks/roboflow", content=b"x" * 2001)
            assert answer.status_code == 413

            async def drip():
                for _ in range(30):
                    yield b"x" * 100

            assert (await service.client.post("/webhooks/roboflow", content=drip())).status_code == 413

    running(test)


def test_without_a_secret_one_is_made_and_kept(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    first = open_keyring(settings, StaticRegistry(), {})
    assert open_keyring(settings, StaticRegistry(), {}).secrets == first.secrets
    assert (tmp_path / "webhook-secret").stat().st_mode & 0o077 == 0
