"""The offline projects that come with the package, so that it can be tried without a key or a data set."""

from __future__ import annotations

from pathlib import Path

READY = "acme/dock-packages/3"
BLOCKED = "acme/yard-safety/5"


def bundled_workspace() -> Path:
    """The folder of the bundled workspace."""
    return Path(__file__).parent / "bundled"
