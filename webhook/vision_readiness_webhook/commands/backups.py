"""The database put aside, while the service runs, and brought back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from vision_readiness_webhook.errors import DatabaseError
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store import open_database

File = Annotated[Path, typer.Argument(help="The file of the backup.")]


def backup(file: File) -> None:
    """Write the database to a file, as it is at one moment; the service may run. The secret beside it is not in it."""
    url = sa.make_url(Settings.from_environment().database)
    if file.exists():
        raise DatabaseError(f"{file} is there already: name a new file.")
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if url.get_backend_name() == "sqlite":
        from_file = sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)
        with closing(from_file) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
    else:
        _run("pg_dump", "--format=custom", f"--file={file}", url=url)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes.")


def restore(file: File) -> None:
    """Bring a backup back into the database of the settings, which must be empty; stop the service first."""
    settings = Settings.from_environment()
    url = sa.make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        place = Path(url.database or "")
        if place.exists():
            raise DatabaseError(f"{place} is there already: move it away first.")
        if not _is_whole(file):
            raise DatabaseError(f"{file} is damaged, or no backup: take another one.")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(file, place)
        place.chmod(0o600)
    else:
        _run("pg_restore", "--exit-on-error", "--no-owner", "--single-transaction", str(file), url=url)
    open_database(settings.database).close()
    typer.echo(f"{file} is back.")


def _is_whole(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            return bool(source.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _run(program: str, *words: str, url: sa.URL) -> None:
    """Run a program of Postgres on the database; the password is not among its words, which every user can list."""
    found = shutil.which(program)
    if found is None:
        raise DatabaseError(f"{program} is not installed: install the client programs of Postgres.")
    plain = url._replace(drivername="postgresql", password=None).render_as_string()
    secret: Mapping[str, str] = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    ran = subprocess.run(  # noqa: S603 - a program of the system, on what the operator configured
        [found, f"--dbname={plain}", *words], env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise DatabaseError(f"{program} failed: {ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else ''}")
