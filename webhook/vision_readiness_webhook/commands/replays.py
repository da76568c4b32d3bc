"""Once more: a run, a message that nobody took, or the whole log in an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import sqlalchemy as sa
import typer

from vision_readiness import Policy
from vision_readiness.errors import InputError
from vision_readiness_adapters.this_machine import SystemClock
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.commands.tokens import OPERATOR, opened
from vision_readiness_webhook.intake import Arrival
from vision_readiness_webhook.replaying import replay_log
from vision_readiness_webhook.service import Service, build_service
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.runs import find_run
from vision_readiness_webhook.store.schema import outbox

app = typer.Typer(no_args_is_help=True, help="Once more: a run, a message that nobody took, or the whole log.")


@contextmanager
def _door() -> Iterator[Service]:
    """The service of the environment, which takes jobs and leaves them to the processes that run."""
    settings = Settings.from_environment().model_copy(update={"workers": 0, "watch_seconds": 0.0})
    service = build_service(settings)
    service.start()
    try:
        yield service
    finally:
        service.stop()


@app.command()
def run(run_id: Annotated[str, typer.Argument(help="The run that is over.")]) -> None:
    """Have the same computed again, and print the new run; the service does it when it is running."""
    with _door() as service:
        with service.database.read() as connection:
            known = find_run(connection, run_id)
        if known is None or not known.state.is_over:
            raise InputError(f"there is no run {run_id!r} that is over")
        receipt = service.intake.accept(Arrival(known.again()))
        with service.database.write() as connection:
            told = {"run": run_id, "again": receipt.run_id}
            add_entry(connection, known.workspace, OPERATOR, "run.replayed", known.project, _now(), told)
    typer.echo(receipt.run_id)


@app.command()
def message(message_id: Annotated[str, typer.Argument(help="The dead letter.")]) -> None:
    """Have a dead letter sent once more; one that a newer report has made stale is not."""
    with _door() as service, service.database.write() as connection:
        row = connection.execute(sa.select(outbox).where(outbox.c.message_id == message_id)).first()
        if row is None or not service.outbox.again(connection, message_id):
            raise InputError(f"there is no dead letter {message_id!r}")
        told = {"message": message_id}
        add_entry(connection, row.workspace, OPERATOR, "message.replayed", row.project, _now(), told)
    typer.echo(f"{message_id} is sent again.")


@app.command()
def log(
    into: Annotated[str, typer.Argument(help="URL of an empty database, as in VISION_READINESS_DATABASE_URL.")],
) -> None:
    """Decide every run again from the evidence that was kept; exit code 1 where a report is not the same bytes."""
    with opened() as (_, database):
        target = open_database(into)
        try:
            replayed = replay_log(database, target, Policy())
        finally:
            target.close()
    for name in replayed.different:
        typer.echo(f"{name} is not as it was.", err=True)
    typer.echo(f"{replayed.runs} runs, {replayed.reports} reports, {len(replayed.different)} different.")
    if replayed.different:
        raise typer.Exit(1)


def _now() -> float:
    return SystemClock().now().timestamp()
