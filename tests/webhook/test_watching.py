from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from tests.webhook.serving import Served, running, served, settings_in
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_webhook.registry import StaticRegistry, Workspace
from vision_readiness_webhook.store.schema import runs, watermarks
from vision_readiness_webhook.watching import StoredWatermark


def watching(tmp_path: Path, workspace: Path):
    known = {"acme": Workspace(name="acme", source=str(workspace), latency_calls=20)}
    settings = settings_in(tmp_path / "data", watch_seconds=0.3)
    return served(tmp_path, settings=settings, registry=StaticRegistry(known))


async def until(service: Served, question: sa.Select, rows: int, seconds: float = 60) -> list:
    for _ in range(int(seconds / 0.1)):
        with service.app.state.service.database.read() as connection:
            found = connection.execute(question).all()
        if len(found) >= rows:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


def test_what_is_there_is_not_new_and_what_comes_is(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(bundled_workspace() / "acme" / "yard-safety", workspace / "acme" / "yard-safety")

    async def test() -> None:
        async with watching(tmp_path, workspace) as service:
            await until(service, sa.select(watermarks).where(watermarks.c.snapshot != ""), 1)
            await asyncio.sleep(0.7)
            with service.app.state.service.database.read() as connection:
                assert connection.execute(sa.select(runs)).all() == []
            new = workspace / "acme" / "yard-safety" / "6"
            shutil.copytree(new.with_name("5"), tmp_path / "being-copied")
            (tmp_path / "being-copied").rename(new)
            ended = sa.select(runs).where(runs.c.version == 6, runs.c.state == "succeeded")
            assert {run.because for run in await until(service, ended, 1)} <= {"version.created", "model.trained"}
            spec = new / "spec.yaml"
            spec.write_text(spec.read_text().replace("approved_by: ", "approved_by: null #"))
            again = sa.select(runs).where(runs.c.because == "spec.changed", runs.c.state == "succeeded")
            found = (await until(service, again, 1))[0]
            assert (found.version, found.evidence_key is not None) == (6, True)

    running(test)


def test_a_workspace_sees_nothing_of_another_in_the_same_folder(tmp_path: Path) -> None:
    for name in ("acme", "other"):
        shutil.copytree(bundled_workspace() / "acme" / "yard-safety", tmp_path / name / "yard-safety")
    acme = Workspace(name="acme", source=str(tmp_path))
    seen = StaticRegistry({"acme": acme}).watched(acme).snapshot(datetime(2026, 11, 20, tzinfo=UTC))
    assert [project.name for project in seen.projects] == [("acme", "yard-safety")]


def test_of_several_processes_one_looks(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            database = service.app.state.service.database
            first, second = StoredWatermark(database, "acme"), StoredWatermark(database, "acme")
            assert first.hold(10.0, 100.0)
            assert not second.hold(10.0, 105.0)
            assert second.hold(10.0, 110.0)

    running(test)
