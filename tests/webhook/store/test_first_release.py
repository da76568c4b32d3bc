"""A database of the first release, with runs in its queue: upgraded, replayed, worked off and looked at."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.webhook.crashing.service import ManyProjects
from tests.webhook.serving import Served, running, served, settings_in
from vision_readiness import Policy
from vision_readiness.report import Report
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.replaying import replay_log
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.reports import load_evidence, report_of_run
from vision_readiness_webhook.store.schema import reports, runs

DUMPS = Path(__file__).parent / "first_release"
"""Made by the first release at step 0003: one project judged under two specifications, with a risk accepted and a fix
opened; a run that failed; and two runs in the queue, of which one decides again and one looks at a new project."""

PAGES = ("", "/spec", "/risks", "/compare", "/what-if", "/rollout")


@pytest.fixture
def first_release(database_url: str) -> str:
    """The URL of a database as the first release left it, of both kinds."""
    where = sa.make_url(database_url)
    if where.get_backend_name() == "sqlite":
        with sqlite3.connect(str(where.database)) as connection:
            connection.executescript((DUMPS / "sqlite.sql").read_text())
    else:
        with psycopg.connect(host=str(where.query["host"]), user="postgres", dbname=where.database) as opened:
            opened.execute((DUMPS / "postgres.sql").read_bytes())
    return database_url


def _reports(database: Database) -> dict[str, Report]:
    """Every report that is kept, by its run."""
    with database.read() as connection:
        ids = connection.execute(sa.select(reports.c.run_id)).scalars().all()
        kept = {run_id: report_of_run(connection, run_id) for run_id in ids}
    return {run_id: one.report() for run_id, one in kept.items() if one is not None}


def test_its_reports_and_its_evidence_are_read_under_their_old_names(first_release: str) -> None:
    database = open_database(first_release)
    assert [str(report.readiness_state) for report in _reports(database).values()] == ["blocked", "blocked"]
    with database.read() as connection:
        keys = connection.execute(sa.select(reports.c.evidence_key, reports.c.workspace).distinct()).all()
        for key, workspace in keys:
            known = load_evidence(connection, workspace, key)
            assert known is not None
            assert known.digest == key
    database.close()


def test_its_log_is_replayed_and_decides_as_it_did(first_release: str, tmp_path: Path) -> None:
    log = open_database(first_release)
    into = open_database(f"sqlite:///{tmp_path / 'replayed.sqlite3'}")
    replayed = replay_log(log, into, Policy())
    assert (replayed.runs, replayed.reports) == (5, 2)
    before, now = _reports(log), _reports(into)
    assert before.keys() == now.keys()
    for run_id, report in now.items():
        assert _decided(report) == _decided(before[run_id])
        assert report.figures.evaluation["evidence_digest"] == before[run_id].figures.evaluation["evidence_digest"]
    log.close()
    into.close()


def _decided(report: Report) -> dict[str, Any]:
    """What a release rests on, without the words."""
    return {
        "state": report.readiness_state,
        "requirements": [
            (one.requirement.metric, one.requirement.label, one.outcome, one.measured) for one in report.requirements
        ],
        "findings": sorted((one.code, one.subject) for one in report.findings),
    }


def test_what_it_left_in_the_queue_is_done_and_its_pages_open(first_release: str, small: Path, tmp_path: Path) -> None:
    async def test() -> None:
        settings = settings_in(tmp_path / "data", database_url=first_release)
        async with served(tmp_path, settings=settings, registry=ManyProjects(small)) as service:
            token = service.token(Role.DEPLOYER)
            with service.app.state.service.database.read() as connection:
                asked = sa.select(runs.c.run_id, runs.c.project).order_by(runs.c.sequence).offset(3)
                queued = connection.execute(asked).all()
            assert [project for _, project in queued] == ["line-1", "line-2"]
            for run_id, _ in queued:
                ended = await service.ended(run_id, token)
                assert ended["state"] == "succeeded", ended
            await _looked_at(service, token)

    running(test)


async def _looked_at(service: Served, token: str) -> None:
    """Every page of what was there, and what there is now, as a person and as a program see it."""
    assert (await service.client.post("/login", data={"token": token})).status_code == 303
    kept = _reports(service.app.state.service.database)
    assert len(kept) == 4
    addresses = ["/", *(f"/app/line-1{page}" for page in PAGES), "/app/line-2"]
    for address in addresses:
        answer = await service.client.get(address)
        assert answer.status_code == 200, (address, answer.text[:300])
    history = (await service.client.get("/app/line-1")).text
    for report in kept.values():
        page = await service.client.get(f"/app/{report.subject.project}/reports/{report.id}")
        assert page.status_code == 200, page.text[:300]
        assert report.subject.project == "line-2" or f"/app/line-1/reports/{report.id}" in history
        headers = {"authorization": f"Bearer {token}"}
        plain = await service.client.get(f"/reports/{report.id}", headers=headers)
        assert json.loads(plain.text)["id"] == report.id
