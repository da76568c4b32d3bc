"""Runs: asked for once for the same content, begun, followed, ended; a newer one makes an older queued one void."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from vision_readiness.report import digest_of
from vision_readiness_webhook.store.database import insert_new
from vision_readiness_webhook.store.schema import runs


class RunState(StrEnum):
    """Where a run is. ``dead`` is a run that took its process down time and again."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    DEAD = "dead"

    @property
    def is_over(self) -> bool:
        return self not in {RunState.QUEUED, RunState.RUNNING}


REDECIDE = "spec.changed"
"""The reason for a run that decides again from what is known, and looks at no image."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: readiness of a version (``None`` for the newest) with a model, and why.

    ``content`` is whatever else makes it another question than the last: the specification, the policy, a revision.
    """

    workspace: str
    project: str
    version: int | None
    model: str | None
    because: str
    content: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content_key(self) -> str:
        redecides = self.because == REDECIDE
        return digest_of(self.workspace, self.project, self.version, self.model, redecides, self.content, self.options)


@dataclass(frozen=True, slots=True)
class Run:
    """One row of ``runs``; times are UTC seconds, ``done`` of ``total`` are what the stage counts."""

    sequence: int
    run_id: str
    workspace: str
    project: str
    version: int | None
    model: str | None
    because: str
    options: Mapping[str, Any]
    state: RunState
    stage: str
    done: int | None
    total: int | None
    attempts: int
    accepted_at: float
    started_at: float | None
    stage_at: float | None
    finished_at: float | None
    report_id: str | None
    evidence_key: str | None
    problem: str | None
    detail: str | None

    def again(self) -> Asked:
        """What asks for the same once more; asked twice before it ended well, that is one run."""
        content = ("replay", self.run_id)
        return Asked(self.workspace, self.project, self.version, self.model, self.because, content, self.options)

    def eta_seconds(self, now: float) -> float | None:
        """How long the stage still takes at the pace so far; ``None`` where that is not known."""
        if self.state is not RunState.RUNNING or not self.done or not self.total or self.stage_at is None:
            return None
        return max(0.0, (now - self.stage_at) / self.done * (self.total - self.done))


_LIVE = sa.select(runs.c.run_id).where(
    runs.c.content_key == sa.bindparam("content_key"),
    runs.c.state.in_([RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]),
)


def add_run(connection: sa.Connection, asked: Asked, now: float) -> tuple[str, bool]:
    """The id of the run for what is asked, and whether it is new: the same content is not computed twice."""
    run_id = uuid4().hex
    values = {
        "run_id": run_id,
        "workspace": asked.workspace,
        "project": asked.project,
        "version": asked.version,
        "model": asked.model,
        "because": asked.because,
        "content_key": asked.content_key,
        "options": json.dumps(asked.options, sort_keys=True),
        "state": RunState.QUEUED,
        "stage": "queued",
        "attempts": 0,
        "accepted_at": now,
    }
    while not insert_new(connection, runs, values):
        found = connection.execute(_LIVE, {"content_key": values["content_key"]}).scalar()
        if found is not None:  # else it failed in between, and the question is open again
            return str(found), False
    return run_id, True


def supersede_older(connection: sa.Connection, asked: Asked, run_id: str, now: float) -> list[str]:
    """The queued runs ``run_id`` makes void, now marked so: a later look at the project says all they would.

    A run that only decides again looks at nothing, so it makes no run void that would.
    """
    told = {
        "here": asked.workspace,
        "there": asked.project,
        "newer": run_id,
        "finished_at": now,
        "detail": f"Replaced by a newer run: {run_id}.",
    }
    void = _supersede(only_redecides=asked.because == REDECIDE, every_version=asked.version is None)
    versions = {} if asked.version is None else {"version_up_to": asked.version}
    return [row.run_id for row in connection.execute(void, {**told, **versions})]


@cache
def _supersede(*, only_redecides: bool, every_version: bool) -> sa.Executable:
    """Made once, because making a statement takes longer than running it."""
    older = [
        runs.c.workspace == sa.bindparam("here"),
        runs.c.project == sa.bindparam("there"),
        runs.c.state == RunState.QUEUED,
        runs.c.run_id != sa.bindparam("newer"),
    ]
    if only_redecides:
        older.append(runs.c.because == REDECIDE)
    if not every_version:
        older.append(runs.c.version <= sa.bindparam("version_up_to"))
    ended = {"state": RunState.SUPERSEDED, "stage": "superseded"}
    given: dict[str, Any] = {name: sa.bindparam(name) for name in ("finished_at", "detail")}
    return runs.update().where(*older).values(**ended, **given).returning(runs.c.run_id)


def change_run(connection: sa.Connection, run_id: str, *, only: Sequence[RunState] = (), **values: Any) -> bool:
    """Whether the run, in one of the states ``only``, was there to be changed."""
    changed = runs.update().where(runs.c.run_id == run_id).values(**values)
    if only:
        changed = changed.where(runs.c.state.in_(only))
    return connection.execute(changed).rowcount == 1


def find_run(connection: sa.Connection, run_id: str) -> Run | None:
    """The run of that id."""
    row = connection.execute(sa.select(runs).where(runs.c.run_id == run_id)).mappings().first()
    return None if row is None else run_of(row)


def list_runs(
    connection: sa.Connection,
    workspace: str,
    *,
    project: str | None = None,
    states: Sequence[RunState] = (),
    before: int | None = None,
    most: int,
) -> Sequence[Run]:
    """The runs of a workspace, the last asked for first, those before the sequence number ``before``."""
    asked = sa.select(runs).where(runs.c.workspace == workspace)
    if project is not None:
        asked = asked.where(runs.c.project == project)
    if states:
        asked = asked.where(runs.c.state.in_(states))
    if before is not None:
        asked = asked.where(runs.c.sequence < before)
    rows = connection.execute(asked.order_by(runs.c.sequence.desc()).limit(most)).mappings()
    return [run_of(row) for row in rows]


def run_of(row: Mapping[Any, Any]) -> Run:
    """A row as a value."""
    plain = {name: row[name] for name in Run.__dataclass_fields__}
    return Run(**{**plain, "state": RunState(plain["state"]), "options": json.loads(plain["options"])})
