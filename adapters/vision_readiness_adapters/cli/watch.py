"""The command ``watch``: new versions, models, specs and data become signed events."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from vision_readiness.deliveries import Event, Secret
from vision_readiness.deliveries.watcher import Watcher
from vision_readiness.errors import InputError
from vision_readiness_adapters.cli.console import say
from vision_readiness_adapters.cli.given import close_in_the_end
from vision_readiness_adapters.this_machine import SystemClock

SECRETS = "VISION_READINESS_WEBHOOK_SECRETS"
"""The variable that the service reads too."""


def watch(
    workspace: Annotated[
        str,
        typer.Argument(
            help="A workspace or project on Roboflow (acme or acme/dock), or the folder of an offline workspace.",
            metavar="WORKSPACE[/PROJECT]",
        ),
    ],
    to: Annotated[str, typer.Option(help="The URL of the service: https://…/webhooks/roboflow.", metavar="URL")],
    secret_file: Annotated[
        Path | None, typer.Option(help=f"The secret that signs, whsec_…; else {SECRETS}.", show_default=False)
    ] = None,
    every: Annotated[
        float, typer.Option(min=1, help="Seconds between checks; each calls Roboflow twice per project.")
    ] = 300,
    once: Annotated[bool, typer.Option("--once", help="Check once, and exit.")] = False,
    backfill: Annotated[
        bool,
        typer.Option("--backfill", help="Announce everything already there, after saying how much it is."),
    ] = False,
    state: Annotated[
        Path | None, typer.Option(help="The file that remembers what was seen; chosen by default.", show_default=False)
    ] = None,
) -> None:
    """Look for new versions, models, specs and data, and send a signed event to the service for each.

    The first look announces nothing. Each event that was taken is a line of JSON on standard output.
    """
    from vision_readiness_adapters.watched import HttpDoor, WatchedFolder, WatermarkFile, open_watched

    clock, watched = SystemClock(), close_in_the_end(open_watched(workspace))
    door = HttpDoor.at(to, _secrets(secret_file), clock.now)
    if isinstance(watched, WatchedFolder) and not workspace.lower().startswith("folder:"):
        say(f"{workspace} is a folder, so Roboflow is not watched.")
    name = f"{watched} for {to.partition('?')[0]}"

    def accept(event: Event) -> None:
        door.accept(event)
        sys.stdout.write(event.to_bytes().decode() + "\n")
        sys.stdout.flush()

    def wait(seconds: float) -> bool:
        time.sleep(seconds)
        return True

    watcher = Watcher(
        watched=watched,
        watermark=WatermarkFile(state or _default_state(name), name),
        accept=accept,
        now=clock.now,
        say=say,
    )
    if once:
        watcher.poll(backfill=backfill)
    else:
        watcher.run(every, wait, backfill=backfill)


def _secrets(file: Path | None) -> tuple[Secret, ...]:
    try:
        text = os.environ.get(SECRETS, "") if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{file} cannot be read as text: give the file that holds the secret.") from None
    if file is None and not text.strip():
        raise InputError(f"events are signed: give --secret-file, or set {SECRETS} to what the service has.")
    return Secret.parse_all(text)


def _default_state(name: str) -> Path:
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "vision-readiness" / f"watch-{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
