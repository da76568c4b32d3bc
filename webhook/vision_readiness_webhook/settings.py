"""How the service is set up: one value, read from the environment, with one documented table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision_readiness_webhook.errors import SettingsError

PREFIX = "VISION_READINESS_"


class Settings(BaseModel):
    """Everything the service can be told; each field is the environment variable of its name behind the prefix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path | None = Field(
        default=None, description="folder of the database, the secret and the cache; made if absent"
    )
    database_url: str = Field(
        default="", description="SQLite in the data folder, or `postgresql+psycopg://…` for several workers", repr=False
    )
    workspaces: Path | None = Field(
        default=None, description="YAML file of the workspaces served; the bundled one without it"
    )
    webhook_secrets: str = Field(
        default="",
        description="secrets that sign deliveries, `whsec_…`, several by spaces; one is made without",
        repr=False,
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on")
    public_url: str = Field(
        default="", description="address as people see it, for links; `http://HOST:PORT` without it"
    )
    workers: int = Field(
        default=2, ge=0, description="runs at a time in this process; 0 leaves them to other processes"
    )
    worker_name: str = Field(default="", description="name among the workers; host and a free number without it")
    poll_seconds: float = Field(default=0.2, gt=0, description="how often the queue is looked at")
    silent_seconds: float = Field(
        default=30.0, gt=0, description="after how long a silent process's runs go to another"
    )
    watch_seconds: float = Field(
        default=300.0, ge=0, description="how often watched workspaces are looked at; 0 for never"
    )
    callback_inside: str = Field(
        default="",
        description="origins such as `http://hooks.lan:8080`, by spaces, that callbacks may reach inside",
    )
    max_body_bytes: int = Field(default=262_144, ge=1024, description="largest request that is read")
    log_level: str = Field(default="INFO", description="how much is logged")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings in ``environment``; raises ``SettingsError`` for a value that does not fit."""
        given = os.environ if environment is None else environment
        named = {name: given.get(PREFIX + name.upper(), "").strip() for name in cls.model_fields}
        try:
            return cls.model_validate({name: text for name, text in named.items() if text})
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(f"{PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}.") from None

    @property
    def folder(self) -> Path:
        """The folder of what is kept, by the habits of the system where none is set."""
        if self.data is not None:
            return self.data
        base = os.environ.get("XDG_DATA_HOME")
        return Path(base or Path.home() / ".local" / "share") / "vision-readiness"

    @property
    def database(self) -> str:
        """The URL of the database."""
        return self.database_url or f"sqlite:///{self.folder.absolute() / 'service.sqlite3'}"

    @property
    def url(self) -> str:
        """Where people reach the service, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def settings_table() -> Iterator[tuple[str, str, str]]:
    """Variable, default and meaning of every setting, in order."""
    for name, one in Settings.model_fields.items():
        default = "" if one.default in (None, "") else str(one.default)
        yield PREFIX + name.upper(), default, one.description or ""
