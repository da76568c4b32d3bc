"""The command ``vision-readiness-webhook``: serves, and does what a service needs done now and then."""

from __future__ import annotations

import os
import sys

import typer

from vision_readiness.errors import ReadinessError
from vision_readiness_webhook.commands import audits, backups, replays, sending, tokens
from vision_readiness_webhook.commands.first_start import first_words
from vision_readiness_webhook.logs import log_as_json, secrets_of
from vision_readiness_webhook.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.add_typer(tokens.app, name="token")
app.add_typer(audits.app, name="audit")
app.add_typer(sending.app, name="send")
app.add_typer(replays.app, name="replay")
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)


@app.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Serve readiness: receive deliveries, recompute, and tell people what is ready to ship.

    Without any setting it keeps a SQLite database in your data folder and serves the bundled workspace acme at
    http://127.0.0.1:8000. Variables VISION_READINESS_… set it up: docs/service.md lists them. It logs JSON to stderr.
    """
    if context.invoked_subcommand is not None:
        return
    from vision_readiness_webhook.app import create_app
    from vision_readiness_webhook.listening import server_of

    settings = Settings.from_environment()
    log_as_json(settings.log_level, secrets_of(os.environ, [settings.webhook_secrets]))
    made = create_app(settings)
    for line in first_words(made.state.service):
        typer.echo(line)
    server_of(made, settings).run()


def main() -> None:
    """Run the command; an error that is ours is one line."""
    try:
        app()
    except ReadinessError as error:
        sys.stderr.write(f"vision-readiness-webhook: {' '.join(str(error).split())}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
