"""The audit log: shown, and verified."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from vision_readiness_webhook.audit import entries, verify_log
from vision_readiness_webhook.commands.tokens import opened

app = typer.Typer(no_args_is_help=True, help="The audit log: every decision, and every access to one.")

Workspace = Annotated[str, typer.Argument(help="Whose log.")]


@app.command()
def verify(
    workspace: Workspace,
    expect: Annotated[str | None, typer.Option(help="A digest noted earlier; it must still be in the chain.")] = None,
) -> None:
    """Say whether every row is as it was written and none is missing; exit code 1 if not.

    Note the digest that is printed somewhere else: only that shows a log that was cut off and mended.
    """
    with opened() as (_, database), database.read() as connection:
        found = verify_log(connection, workspace, expected=expect)
    if found.broken is not None:
        typer.echo(f"The log of {workspace} is broken: {found.broken}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{found.length} rows, whole. The last is {found.digest}")


@app.command()
def show(
    workspace: Workspace,
    most: Annotated[int, typer.Option(min=1, help="How many rows, newest first.")] = 50,
) -> None:
    """Print the newest rows, one JSON object a line."""
    with opened() as (_, database), database.read() as connection:
        for entry in entries(connection, workspace, most=most):
            told = {
                "position": entry.position,
                "at": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="seconds"),
                "person": entry.person,
                "action": entry.action,
                "subject": entry.subject,
                "detail": entry.told(),
            }
            typer.echo(json.dumps(told, sort_keys=True))
