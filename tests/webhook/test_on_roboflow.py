"""The whole path against a fake Roboflow: a delivery, a report from what it serves, an event written back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.testing.hasty import KEY
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from tests.webhook.serving import created, running, served, settings_in
from tests.webhook.test_channels import settled
from vision_readiness_adapters.testing import serve
from vision_readiness_webhook.registry import StaticRegistry, Workspace


def test_a_report_from_roboflow_is_written_back_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {WORKSPACE: Workspace(name=WORKSPACE, source="roboflow:", publish=True)}

    async def test(told: list[dict[str, object]]) -> None:
        async with served(tmp_path, settings=settings_in(tmp_path / "data"), registry=StaticRegistry(known)) as service:
            token = service.token(workspace=WORKSPACE)
            answer = await service.deliver(created(PROJECT, NUMBER, WORKSPACE))
            run = await service.ended(answer.json()["run"], token)
            assert (run["state"], run["detail"]) == ("succeeded", None)
            assert await settled(service) == {"roboflow": ["delivered"]}
            assert len(told) == 1

    with serve(small_workspace(tmp_path / "small", images=12), key=KEY) as serving:
        monkeypatch.setenv("ROBOFLOW_API_URL", serving.url)
        monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
        monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
        running(lambda: test(serving.fake.service.state.events))
