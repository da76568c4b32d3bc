"""A Postgres server of a test's own: no network, no password, gone with its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

NOBODY = "nobody"
"""Who runs the server where the tests are run by root, for whom it refuses to."""


def postgres_programs() -> Path | None:
    """The folder of the newest server that is installed."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[Path]:
    """A running server, as the folder of its socket."""
    root = os.geteuid() == 0
    folder = Path(mkdtemp(prefix="vr-postgres-"))  # not below pytest's folder, which only its owner may enter
    become = ["runuser", "-u", NOBODY, "--"] if root else []
    if root:
        shutil.chown(folder, NOBODY)

    def run(program: str, *words: str) -> None:
        command = [*become, str(programs / program), *words]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)  # noqa: S603 - our own words

    data = folder / "data"
    try:
        run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -h ''", "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(socket: Path) -> str:
    """The URL of an empty database on the server."""
    import psycopg

    name = f"test_{uuid4().hex}"
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql+psycopg://postgres@/{name}?host={socket}"
