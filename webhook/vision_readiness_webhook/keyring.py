"""The secrets that sign deliveries, of the whole service or one workspace, and tokens of those who cannot sign."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vision_readiness.deliveries import Secret
from vision_readiness_webhook.errors import SettingsError
from vision_readiness_webhook.registry import Registry
from vision_readiness_webhook.settings import Settings

FILE_NAME = "webhook-secret"


@dataclass(frozen=True, slots=True)
class Keyring:
    """Secrets in a row, and for each the workspace that alone it may speak of, ``None`` for all.

    ``hint_tokens`` are what senders show who cannot sign, by the workspace that they may hint about.
    """

    secrets: tuple[Secret, ...]
    speaks_for: tuple[str | None, ...]
    hint_tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def may_speak_of(self, index: int, workspace: str) -> bool:
        """Whether what the secret at ``index`` signed may name ``workspace``."""
        return self.speaks_for[index] in (None, workspace)


def open_keyring(settings: Settings, registry: Registry, environment: Mapping[str, str] | None = None) -> Keyring:
    """The secrets of the settings and of each workspace; without any, one that is made and kept in the data folder."""
    given = os.environ if environment is None else environment
    found: list[tuple[Secret, str | None]] = []
    if settings.webhook_secrets:
        found += [(one, None) for one in Secret.parse_all(settings.webhook_secrets)]
    for workspace in registry.workspaces():
        variable = workspace.secrets_variable
        if variable is None:
            continue
        if not given.get(variable, "").strip():
            raise SettingsError(f"workspace {workspace.name} is signed for by {variable}, which is not set.")
        found += [(one, workspace.name) for one in Secret.parse_all(given[variable])]
    if not found:
        found = [(one, None) for one in _own(settings.folder)]
    tokens = {one.name: tuple(given.get(one.hints_variable or "", "").split()) for one in registry.workspaces()}
    return Keyring(tuple(one for one, _ in found), tuple(name for _, name in found), tokens)


def _own(folder: Path) -> Sequence[Secret]:
    path = folder / FILE_NAME
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        beside = folder / f"{FILE_NAME}.{os.getpid()}"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(made + "\n")
        try:
            os.link(beside, path)  # the first process wins, and all read the same
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return Secret.parse_all(path.read_text("ascii"))
