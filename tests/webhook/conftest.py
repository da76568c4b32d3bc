from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_workspace import small_workspace
from tests.webhook.jobs_on_paper import JobsOnPaper
from tests.webhook.postgres import new_database, postgres_programs, postgres_server
from tests.webhook.workbench import Told, Troubled, Workbench
from vision_readiness import Policy
from vision_readiness.testing import StillClock
from vision_readiness_webhook.outbox import Outbox
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.work import Worker


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The socket's folder of a server that lives as long as the tests; skipped where none is installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no Postgres server is installed: apt-get install postgresql")
    with postgres_server(programs) as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.sqlite3'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workspace(tmp_path_factory.mktemp("small"), 3)


@pytest.fixture
def bench(database_url: str, small: Path) -> Iterator[Workbench]:
    database, jobs, told, clock = open_database(database_url), JobsOnPaper(), Told(), StillClock()
    registry = Troubled(small)
    out = Outbox(database, registry, jobs, clock, {"told": told})
    yield Workbench(database, registry, jobs, told, clock, Worker(database, registry, jobs, out, clock, Policy()))
    database.close()
