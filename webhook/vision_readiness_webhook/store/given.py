"""What people said: specifications and accepted risks. Nothing is overwritten; the last word is in force."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from pydantic import TypeAdapter

from vision_readiness import DeploymentSpec, Waiver
from vision_readiness.report import digest_of
from vision_readiness_webhook.store.schema import specs, waivers

_WAIVER = TypeAdapter(Waiver)
_WAIVERS = TypeAdapter(tuple[Waiver, ...])


@dataclass(frozen=True, slots=True)
class SavedSpec:
    """A specification as it was saved, in YAML."""

    text: str
    digest: str
    author: str
    created_at: float


def save_spec(connection: sa.Connection, workspace: str, project: str, text: str, author: str, now: float) -> SavedSpec:
    """The specification, in force from now on."""
    saved = SavedSpec(text, digest_of(text), author, now)
    connection.execute(
        specs.insert().values(
            workspace=workspace, project=project, text=text, digest=saved.digest, author=author, created_at=now
        )
    )
    return saved


def saved_spec(connection: sa.Connection, workspace: str, project: str) -> SavedSpec | None:
    """The specification that was saved last for the project."""
    shown = sa.select(specs.c.text, specs.c.digest, specs.c.author, specs.c.created_at)
    asked = shown.where(specs.c.workspace == workspace, specs.c.project == project)
    row = connection.execute(asked.order_by(specs.c.sequence.desc()).limit(1)).first()
    return None if row is None else SavedSpec(*row)


def add_waiver(connection: sa.Connection, workspace: str, project: str, waiver: Waiver, author: str, now: float) -> str:
    """The id of the waiver, in force from now on until it expires or is withdrawn."""
    waiver_id = uuid4().hex
    connection.execute(
        waivers.insert().values(
            waiver_id=waiver_id,
            workspace=workspace,
            project=project,
            text=_WAIVER.dump_json(waiver).decode(),
            author=author,
            created_at=now,
        )
    )
    return waiver_id


def withdraw_waiver(connection: sa.Connection, workspace: str, project: str, waiver_id: str, now: float) -> bool:
    """Whether there was such a waiver in force."""
    mine = [waivers.c.waiver_id == waiver_id, waivers.c.workspace == workspace, waivers.c.project == project]
    ended = waivers.update().where(*mine, waivers.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    return connection.execute(ended).rowcount == 1


def waivers_in_force(connection: sa.Connection, workspace: str, project: str) -> dict[str, Waiver]:
    """The waivers of a project that nobody withdrew, by id, in the order they were given."""
    asked = sa.select(waivers.c.waiver_id, waivers.c.text).where(
        waivers.c.workspace == workspace, waivers.c.project == project, waivers.c.withdrawn_at.is_(None)
    )
    rows = connection.execute(asked.order_by(waivers.c.created_at, waivers.c.waiver_id))
    return {row.waiver_id: _WAIVER.validate_json(row.text) for row in rows}


def pack_spec(spec: DeploymentSpec) -> str:
    """The specification as JSON that gives the same value back."""
    return spec.model_dump_json()


def unpack_spec(text: str) -> DeploymentSpec:
    """The specification that was packed."""
    return DeploymentSpec.model_validate_json(text)


def pack_waivers(given: tuple[Waiver, ...]) -> str:
    """Waivers as JSON that gives the same values back."""
    return _WAIVERS.dump_json(given).decode()


def unpack_waivers(text: str) -> tuple[Waiver, ...]:
    """The waivers that were packed."""
    return _WAIVERS.validate_json(text)
