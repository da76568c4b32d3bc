from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webhook.postgres import new_database, postgres_programs, postgres_server


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
