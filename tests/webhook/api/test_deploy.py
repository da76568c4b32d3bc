from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.webhook.api.asking import Asking, asking
from tests.webhook.jobs_on_paper import JobsOnPaper
from tests.webhook.serving import Served, bundled, created, running, served, settings_in
from vision_readiness import Waiver
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_webhook.registry import Mode, StaticRegistry
from vision_readiness_webhook.store.given import add_waiver, save_spec
from vision_readiness_webhook.store.schema import evidence, projects, reports, runs, watermarks


def test_a_deployment_that_is_proven_is_ready_and_says_what_to_watch(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            plain = await _deploy(client, model="dock-packages/3")
            assert (plain["ready"], plain["state"], plain["blockers"]) == (True, "ready", [])
            assert plain["guardrails"]["thresholds"] == {
                one["label"]: one["threshold"] for one in plain["monitor"]["expected"]
            }
            assert plain["monitor"]["expected_runtime"]["measured"]

    running(test)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"threshold": 0.9999}, "MODEL401"),
        ({"thresholds": {"package": 0.9999}}, "MODEL401"),
        ({"target": "jetson-orin-nano"}, "TARGET503"),
        ({"latency_ms": 0.001}, "TARGET501"),
    ],
)
def test_target_and_scores_are_applied_before_anything_is_called_ready(
    judged: Path, asked: dict[str, Any], code: str
) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            plain = await _deploy(client, model="dock-packages/3", **asked)
            assert not plain["ready"]
            assert not plain["deployable"]
            assert code in {one["code"] for one in plain["blockers"]}

    running(test)


def test_a_specification_saved_since_decides_too(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            strict = "project: acme/dock-packages\nclasses: {package: {min_recall: 0.9999}}\n"
            with client.service.app.state.service.database.write() as connection:
                save_spec(connection, "acme", "dock-packages", strict, "neha@acme.example", time.time())
            assert not (await _deploy(client, model="dock-packages/3"))["deployable"]

    running(test)


def test_a_risk_accepted_since_counts_until_it_expires(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            before = await _deploy(client, model="yard-safety/5")
            assert not before["deployable"]
            found = before["blockers"][0]
            today = datetime.now(UTC).date()
            for days, counts in ((-2, False), (9, True)):
                day = today + timedelta(days=days)
                waiver = Waiver(found["code"], found["subject"], "Neha", "seen by a person", day)
                with client.service.app.state.service.database.write() as connection:
                    add_waiver(connection, "acme", "yard-safety", waiver, "neha@acme.example", time.time())
                after = await _deploy(client, model="yard-safety/5")
                assert (len(after["blockers"]) < len(before["blockers"])) is counts

    running(test)


def test_nothing_is_decided_about_what_is_stale_or_being_computed(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            other = await client.post("/vision-readiness/deploy", {"model": "dock-packages/3", "artefact": "x@1"})
            assert other.status_code == 409
            assert other.json()["newest"]["version"] == 3
            await client.service.deliver(created("dock-packages", 4))
            busy = await client.post("/vision-readiness/deploy", {"model": "dock-packages/3"})
            assert busy.status_code == 409
            assert busy.json()["type"].endswith("being-recomputed")
            assert (await client.get(f"/runs/{busy.json()['run']}")).json()["version"] == 4

    running(test)


def test_the_old_is_not_deployed_once_something_newer_is_seen_at_the_source(judged: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(bundled_workspace() / "acme" / "dock-packages", source / "acme" / "dock-packages")
    registry = StaticRegistry({"acme": bundled(source=str(source))})
    settings = settings_in(judged, watch_seconds=0.2)

    async def test() -> None:
        async with served(judged, settings=settings, registry=registry, job_engine=JobsOnPaper()) as service:
            client = Asking(service, service.token())
            await _until(lambda: _rows(service, watermarks.c.snapshot != ""))
            assert (await _deploy(client, model="dock-packages/3"))["deployable"]
            shutil.copytree(source / "acme" / "dock-packages" / "3", tmp_path / "being-copied")
            (tmp_path / "being-copied").rename(source / "acme" / "dock-packages" / "4")
            await _until(lambda: _rows(service, runs.c.version == 4))
            answer = await client.post("/vision-readiness/deploy", {"model": "dock-packages/3"})
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "being-recomputed")
            shown = (await client.get("/projects/dock-packages")).json()
            assert [one["version"] for one in shown["unfinished"]] == [4]

    running(test)


def _rows(service: Served, condition: sa.ColumnElement[bool]) -> int:
    with service.app.state.service.database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).where(condition)).scalar_one()


async def _until(reached: Callable[[], object], tries: int = 600) -> None:
    for _ in range(tries):
        if reached():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come")


def test_an_older_version_is_explained_and_not_deployed(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            database = client.service.app.state.service.database
            with database.write() as connection:  # as if version 4 had been judged since
                row = dict(connection.execute(sa.select(reports).where(reports.c.version == 3)).mappings().one())
                row |= {"run_id": "f" * 32, "report_id": "e" * 16, "version": 4, "sequence": 99}
                connection.execute(reports.insert(), row)
                stands = projects.update().where(projects.c.project == "dock-packages")
                connection.execute(stands.values(run_id="f" * 32, version=4, sequence=99))
            answer = await client.post("/vision-readiness/deploy", {"model": "dock-packages/3"})
            assert answer.status_code == 409
            assert answer.json()["type"].endswith("/problems/stale-model")
            assert answer.json()["newest"]["version"] == 4
            plain = (await client.get("/vision-readiness/model?train=dock-packages/3")).json()
            assert not plain["is_newest"]

    running(test)


def test_without_its_evidence_nothing_is_decided_again(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            with client.service.app.state.service.database.write() as connection:
                connection.execute(evidence.delete())
            answer = await client.post("/vision-readiness/deploy", {"model": "dock-packages/3"})
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "no-evidence")
            assert (await client.get("/vision-readiness/model?train=dock-packages/3")).status_code == 200

    running(test)


async def _deploy(client: Asking, **asked: Any) -> dict[str, Any]:
    answer = await client.post("/vision-readiness/deploy", asked)
    assert answer.status_code == 200, answer.text
    plain: dict[str, Any] = answer.json()
    return plain


@pytest.mark.parametrize(("mode", "status"), [(Mode.OBSERVE, 200), (Mode.WARN, 200), (Mode.ENFORCE, 409)])
def test_a_workspace_that_enforces_refuses_what_is_not_deployable(judged: Path, mode: Mode, status: int) -> None:
    async def test() -> None:
        registry = StaticRegistry({"acme": bundled(mode=mode)})
        settings = settings_in(judged)
        async with served(judged, settings=settings, registry=registry, job_engine=JobsOnPaper()) as service:
            client = Asking(service, service.token())
            for model, expected in (("yard-safety/5", status), ("dock-packages/3", 200)):
                answer = await client.post("/vision-readiness/deploy", {"model": model})
                assert answer.status_code == expected, answer.text
                decided = answer.json() if expected == 200 else answer.json()["decision"]
                assert (decided["mode"], decided["deployable"]) == (mode, model == "dock-packages/3")

    running(test)
