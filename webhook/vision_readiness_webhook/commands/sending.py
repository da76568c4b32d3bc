"""What others have to send, made ready: a signed delivery, and the step of a Workflow."""

from __future__ import annotations

import json
import shlex
from typing import Annotated

import httpx
import typer

from vision_readiness.deliveries import Event, EventType, Subject, sign, sink_block
from vision_readiness.errors import InputError, SourceError
from vision_readiness.project import VersionId
from vision_readiness_adapters.this_machine import SystemClock
from vision_readiness_webhook.keyring import open_keyring
from vision_readiness_webhook.registry import read_registry
from vision_readiness_webhook.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What others have to send here, made ready.")


@app.command()
def deliver(
    version: Annotated[str, typer.Argument(help="workspace/project/3")],
    kind: Annotated[EventType, typer.Option("--type", help="What happened.")] = EventType.VERSION_CREATED,
    to: Annotated[str, typer.Option(help="The service; by the settings without it.")] = "",
    curl: Annotated[bool, typer.Option("--curl", help="Print the curl line instead, good for five minutes.")] = False,
) -> None:
    """Send a signed delivery to this service, as a CI job would, and print the answer."""
    settings = Settings.from_environment()
    event = _event(version, kind)
    keyring = open_keyring(settings, read_registry(settings.workspaces))
    usable = [one for place, one in enumerate(keyring.secrets) if keyring.may_speak_of(place, event.data.workspace)]
    if not usable:
        raise InputError(f"no secret here signs for the workspace {event.data.workspace!r}")
    body = event.to_bytes()
    headers = dict(sign(usable[0], event.id, event.timestamp, body))
    url = f"{(to or settings.url).rstrip('/')}/webhooks/roboflow"
    if curl:
        given = " ".join(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items())
        typer.echo(f"curl -sS {shlex.quote(url)} {given} --data-raw {shlex.quote(body.decode())}")
        return
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=30)
    except httpx.HTTPError as error:
        raise SourceError(f"{url} does not answer ({type(error).__name__}): is the service running?") from None
    typer.echo(answer.text)
    raise typer.Exit(0 if answer.is_success else 1)


@app.command()
def sink(
    project: Annotated[str, typer.Argument(help="workspace/project")],
    to: Annotated[str, typer.Option(help="The service; by the settings without it.")] = "",
) -> None:
    """Print the Webhook Sink step for a Roboflow Workflow that hints at a project."""
    named = VersionId.parse(project)
    if named.workspace is None or named.number is not None:
        raise InputError(f"{project!r:.120} names no project: give workspace/project")
    base = (to or Settings.from_environment().url).rstrip("/")
    url = f"{base}/webhooks/roboflow/{named.workspace}/{named.project}"
    typer.echo(json.dumps(sink_block(url, named.workspace, named.project), indent=1))


def _event(version: str, kind: EventType) -> Event:
    named = VersionId.parse(version)
    if named.workspace is None:
        raise InputError(f"{version!r:.120} names no version: give workspace/project/3")
    subject = Subject(workspace=named.workspace, project=named.project, version=named.number)
    return Event(type=kind, timestamp=SystemClock().now(), data=subject)
