"""Where Roboflow is and with which key, found as its own tools find it: argument, environment, then its config file."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, final
from urllib.parse import urlsplit

from vision_readiness.errors import InputError

REGIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "us": ("https://api.roboflow.com", "https://serverless.roboflow.com"),
        "eu": ("https://api.roboflow.eu", "https://serverless.roboflow.eu"),
    }
)
"""Management and inference by ``ROBOFLOW_REGION``: roboflow-python, config.py (2026-08)."""


@final
class Secret:
    """A key that no repr, log or traceback shows. Raises ``InputError`` for one that no header could carry."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        held = value.strip()
        if not held or not held.isascii() or not held.isprintable() or " " in held:
            raise InputError(
                "The Roboflow API key is empty, or has characters that no key has: copy it again"
                " from app.roboflow.com -> Settings -> API Keys."
            )
        self._value = held

    def __repr__(self) -> str:
        return "Secret(redacted)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._value


@dataclass(frozen=True, slots=True)
class Settings:
    """The addresses, without a slash at their end, and the key; ``None`` where none is to be sent."""

    api_url: str = REGIONS["us"][0]
    inference_url: str = REGIONS["us"][1]
    key: Secret | None = None

    def __post_init__(self) -> None:
        for url in (self.api_url, self.inference_url):
            _check(url, carries_key=self.key is not None)

    def with_key(self, api_key: str) -> Settings:
        """The same addresses with another key."""
        return replace(self, key=Secret(api_key))


def read_settings(
    workspace: str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    config: Path | None = None,
) -> Settings:
    """What the environment says, and where it is silent Roboflow's config file.

    Key: ``ROBOFLOW_API_KEY``, else that of ``workspace`` in the file, else of its default workspace
    (``RF_WORKSPACE``). Addresses: ``ROBOFLOW_API_URL`` or ``API_URL``, and ``SERVERLESS_URL``, else the region's
    (``ROBOFLOW_REGION``). A file that is missing or damaged says nothing. Raises ``InputError`` for an address that
    is none. The file and its names: roboflow-python, config.py (2026-08).
    """
    env = os.environ if environment is None else environment
    file = _read(config or config_path(env))

    def said(*names: str) -> str | None:
        found = next((value for name in names for value in (env.get(name), file.get(name)) if value), None)
        return found.strip() if isinstance(found, str) else None

    api, inference = REGIONS.get((said("ROBOFLOW_REGION") or "us").lower(), REGIONS["us"])
    key = env.get("ROBOFLOW_API_KEY", "").strip() or _key_in(file, workspace, said("RF_WORKSPACE"))
    return Settings(
        api_url=(said("ROBOFLOW_API_URL", "API_URL") or api).rstrip("/"),
        inference_url=(said("ROBOFLOW_INFERENCE_URL", "SERVERLESS_URL") or inference).rstrip("/"),
        key=Secret(key) if key else None,
    )


def default_workspace(environment: Mapping[str, str] | None = None, config: Path | None = None) -> str | None:
    """The workspace that is meant when none is named (``RF_WORKSPACE``), where one is set."""
    env = os.environ if environment is None else environment
    named = env.get("RF_WORKSPACE") or _read(config or config_path(env)).get("RF_WORKSPACE")
    return named if isinstance(named, str) else None


def config_path(environment: Mapping[str, str]) -> Path | None:
    """Where ``roboflow login`` keeps its file; ``ROBOFLOW_CONFIG_DIR`` names the file itself, whatever it is called.

    >>> config_path({"HOME": "/home/ada"}).as_posix()
    '/home/ada/.config/roboflow/config.json'
    """
    if chosen := environment.get("ROBOFLOW_CONFIG_DIR"):
        return Path(chosen)
    if os.name == "nt":
        home, below = environment.get("USERPROFILE"), "roboflow/config.json"
    else:
        home, below = environment.get("HOME"), ".config/roboflow/config.json"
    return Path(home, below) if home else None


def _read(path: Path | None) -> Mapping[str, Any]:
    try:
        read = json.loads(path.read_bytes()) if path is not None else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _key_in(file: Mapping[str, Any], wanted: str | None, default: str | None) -> str | None:
    held = file.get("workspaces")
    rows = [row for row in held.values() if isinstance(row, dict)] if isinstance(held, dict) else []
    for name in (wanted, default):
        for row in rows:
            if name is not None and row.get("url") == name and isinstance(row.get("apiKey"), str):
                return row["apiKey"].strip() or None
    return None


def _check(url: str, *, carries_key: bool) -> None:
    try:
        address = urlsplit(url)
        host, _ = address.hostname or "", address.port
    except ValueError:
        host = ""
    if not host or address.scheme not in ("http", "https") or address.username or address.query or address.fragment:
        raise InputError("A Roboflow address is not usable: ROBOFLOW_API_URL must be like https://api.roboflow.com.")
    if carries_key and address.scheme == "http" and not _is_near(host):
        raise InputError(f"http://{host} would carry the API key in clear text: use https, or give no key.")


def _is_near(host: str) -> bool:
    """Whether a name stays in this machine or its own network: loopback, private, or without a dot."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
    return found.is_loopback or found.is_private
