"""The bundled projects, judged once by the service; every test works on a copy of that database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.webhook.serving import created, running, served


@pytest.fixture(scope="session")
def judged_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")

    async def judge() -> None:
        async with served(folder) as service:
            token = service.token()
            for project, version in (("yard-safety", 5), ("dock-packages", 3)):
                run = (await service.deliver(created(project, version))).json()["run"]
                assert (await service.ended(run, token))["state"] == "succeeded"

    running(judge)
    return folder


@pytest.fixture
def judged(judged_once: Path, tmp_path: Path) -> Path:
    """A data folder in which both bundled projects have a report."""
    return Path(shutil.copytree(judged_once, tmp_path / "data"))
