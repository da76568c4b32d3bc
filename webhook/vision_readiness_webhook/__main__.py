"""The command ``vision-readiness-webhook``: serves, and does what a service needs done now and then."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from vision_readiness.errors import ReadinessError
from vision_readiness_webhook.access import Role, create_token
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store import open_database

app = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Serve readiness: receive deliveries, recompute, and tell people. Set up by VISION_READINESS_… variables."""
    if context.invoked_subcommand is not None:
        return
    import uvicorn

    from vision_readiness_webhook.app import create_app

    settings = Settings.from_environment()
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level=settings.log_level.lower())


@app.command()
def token(
    workspace: Annotated[str, typer.Argument(help="The workspace it opens.")],
    person: Annotated[str, typer.Argument(help="Whose it is: a name or an address.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.VIEWER,
) -> None:
    """Make a token for a person in a workspace; it is shown once."""
    import time

    database = open_database(Settings.from_environment().database)
    with database.write() as connection:
        typer.echo(create_token(connection, workspace, person, role, time.time()))


def main() -> None:
    """Run the command; an error that is ours is one line."""
    try:
        app()
    except ReadinessError as error:
        sys.stderr.write(f"vision-readiness-webhook: {' '.join(str(error).split())}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
