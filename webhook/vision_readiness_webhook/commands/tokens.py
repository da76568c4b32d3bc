"""Tokens of people: made, listed and ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import sqlalchemy as sa
import typer

from vision_readiness.errors import InputError
from vision_readiness_adapters.this_machine import SystemClock
from vision_readiness_webhook.access import Role, create_token, revoke_tokens
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.registry import read_registry
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.store.schema import tokens

app = typer.Typer(no_args_is_help=True, help="Tokens of people: who may do what in which workspace.")

OPERATOR = "operator"
"""Who acts in the audit log when it is done on the machine itself."""

Workspace = Annotated[str, typer.Argument(help="The workspace it opens.")]
Person = Annotated[str, typer.Argument(help="Whose it is: a name or an address, as the audit log will show it.")]


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings of the environment, and the database that they name."""
    settings = Settings.from_environment()
    database = open_database(settings.database)
    try:
        yield settings, database
    finally:
        database.close()


@app.command()
def create(
    workspace: Workspace,
    person: Person,
    role: Annotated[Role, typer.Option(help="What they may do; each role all that those before it may.")] = Role.VIEWER,
    days: Annotated[int | None, typer.Option(min=1, help="When it ends by itself; never without it.")] = None,
) -> None:
    """Make a token and print it: it is shown this once, and kept only as a digest."""
    with opened() as (settings, database), database.write() as connection:
        if read_registry(settings.workspaces).workspace(workspace) is None:
            raise InputError(f"there is no workspace {workspace!r} here: check VISION_READINESS_WORKSPACES")
        now = SystemClock().now().timestamp()
        until = None if days is None else now + days * 86_400.0
        token = create_token(connection, workspace, person, role, now, expires_at=until)
        add_entry(connection, workspace, OPERATOR, "token.created", person, now, {"role": str(role), "until": until})
    typer.echo(token)


@app.command("list")
def listed(workspace: Workspace) -> None:
    """List the tokens that open a workspace; not the tokens themselves, which nobody knows."""
    with opened() as (_, database), database.read() as connection:
        held = tokens.c.revoked_at.is_(None)
        asked = sa.select(tokens).where(tokens.c.workspace == workspace, held).order_by(tokens.c.created_at)
        for row in connection.execute(asked):
            until = "no end" if row.expires_at is None else f"until {_day(row.expires_at)}"
            typer.echo(f"{row.person}\t{row.role}\tsince {_day(row.created_at)}\t{until}")


@app.command()
def revoke(workspace: Workspace, person: Person) -> None:
    """End every token and session of a person in a workspace, at once."""
    with opened() as (_, database), database.write() as connection:
        now = SystemClock().now().timestamp()
        ended = revoke_tokens(connection, workspace, person, now)
        add_entry(connection, workspace, OPERATOR, "token.revoked", person, now, {"tokens": ended})
    typer.echo(f"{ended} ended.")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
