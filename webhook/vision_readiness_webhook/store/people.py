"""What people did about reports: agreed, rolled out, began to mend."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from vision_readiness.guide.fix import Fix
from vision_readiness.report import digest_of
from vision_readiness_webhook.store.database import insert_new
from vision_readiness_webhook.store.schema import decisions, fix_steps, sign_offs


class FixStep(StrEnum):
    """How far somebody went with a fix."""

    OPENED = "opened"
    RELABEL_STARTED = "relabel_started"
    RETRAIN_STARTED = "retrain_started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RolloutDecision:
    """A rollout that was allowed or refused; ``path`` is every question that was asked, with its answer."""

    decision_id: str
    project: str
    run_id: str
    report_id: str
    decided: str
    person: str
    path: Sequence[Mapping[str, Any]]
    decided_at: float


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody did about a fix, by its ``fix_key``; the first release kept titles."""

    run_id: str
    fix: str
    step: FixStep
    person: str
    at: float


def fix_key(fix: Fix) -> str:
    """What tells a fix from others in every report: what is to be done, and what that answers."""
    return f"{fix.kind}:{digest_of(*fix.answers)}" if fix.answers else fix.title[:300]


def sign(connection: sa.Connection, workspace: str, run_id: str, person: str, now: float) -> bool:
    """Whether the person had not signed that report before."""
    row = {"workspace": workspace, "run_id": run_id, "person": person, "signed_at": now}
    return insert_new(connection, sign_offs, row)


def signed_by(connection: sa.Connection, workspace: str, run_id: str) -> dict[str, float]:
    """Who signed the report of a run, and when."""
    asked = sa.select(sign_offs.c.person, sign_offs.c.signed_at)
    here = asked.where(sign_offs.c.workspace == workspace, sign_offs.c.run_id == run_id)
    return {row.person: row.signed_at for row in connection.execute(here.order_by(sign_offs.c.signed_at))}


def keep_decision(connection: sa.Connection, workspace: str, made: RolloutDecision) -> None:
    """Remember the decision."""
    row = {name: getattr(made, name) for name in RolloutDecision.__dataclass_fields__}
    row |= {"workspace": workspace, "path": json.dumps(list(made.path))}
    connection.execute(decisions.insert().values(**row))


def decisions_of(
    connection: sa.Connection, workspace: str, project: str, *, most: int = 20
) -> tuple[RolloutDecision, ...]:
    """The decisions on a project, newest first."""
    asked = sa.select(decisions).where(decisions.c.workspace == workspace, decisions.c.project == project)
    rows = connection.execute(asked.order_by(decisions.c.decided_at.desc()).limit(most)).mappings()
    return tuple(_decision(row) for row in rows)


def _decision(row: Mapping[Any, Any]) -> RolloutDecision:
    plain = {name: row[name] for name in RolloutDecision.__dataclass_fields__}
    return RolloutDecision(**{**plain, "path": json.loads(plain["path"])})


def new_decision_id() -> str:
    return uuid4().hex


def keep_step(connection: sa.Connection, workspace: str, project: str, done: Step) -> None:
    """Remember what somebody did about a fix."""
    row = {name: getattr(done, name) for name in Step.__dataclass_fields__}
    connection.execute(fix_steps.insert().values(workspace=workspace, project=project, **row))


def steps_of(connection: sa.Connection, workspace: str, project: str, *, most: int = 200) -> tuple[Step, ...]:
    """What was done about the fixes of a project, newest first."""
    asked = sa.select(fix_steps).where(fix_steps.c.workspace == workspace, fix_steps.c.project == project)
    rows = connection.execute(asked.order_by(fix_steps.c.sequence.desc()).limit(most)).mappings()
    return tuple(Step(row["run_id"], row["fix"], FixStep(row["step"]), row["person"], row["at"]) for row in rows)
