"""Reports and the evidence they rest on: kept whole, found by project, replayed byte for byte."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from vision_readiness.evidence import Evidence
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.render.words import harmless
from vision_readiness.report import Report, report_from_dict
from vision_readiness_webhook.store.database import insert_new
from vision_readiness_webhook.store.schema import evidence, projects, reports
from vision_readiness_webhook.unblock import effort_of

NOT_PROVEN, EXPIRED = "not_proven", "expired"
"""The state of a project that nothing but missing evidence blocks; and of one that was deployable until a day."""

_DEPLOYABLE = [str(state) for state in ReadinessState if state.deployable]

_SHOWN = tuple(column for column in reports.c if column.name not in {"packed", "spec_text", "waivers"})


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists show it."""

    run_id: str
    report_id: str
    sequence: int
    workspace: str
    project: str
    version: int | None
    model: str | None
    evidence_key: str
    created_at: float
    state: str
    blocked_by: str | None
    score: int | None
    headline: str
    next_action: str
    next_sentence: str
    valid_until: date | None

    @property
    def readiness_state(self) -> ReadinessState:
        return ReadinessState(self.state)


@dataclass(frozen=True, slots=True)
class Kept:
    """A report with all it was decided from: the JSON of the specification and of the waivers, and its own."""

    row: ReportRow
    spec_text: str
    waivers: str
    text: str

    def report(self) -> Report:
        """The report as a value, whichever release wrote it."""
        return report_from_dict(json.loads(self.text))


def keep_evidence(connection: sa.Connection, known: Evidence, workspace: str, now: float) -> Evidence:
    """The evidence as it is kept: where the same was found out before, with the times that were noted then."""
    values = {"evidence_key": known.digest, "workspace": workspace, "created_at": now, "packed": known.to_bytes()}
    if insert_new(connection, evidence, values):
        return known
    return load_evidence(connection, workspace, known.digest) or known


def load_evidence(connection: sa.Connection, workspace: str, key: str) -> Evidence | None:
    """The evidence of that key, if the workspace has it."""
    asked = sa.select(evidence.c.packed).where(evidence.c.evidence_key == key, evidence.c.workspace == workspace)
    packed = connection.execute(asked).scalar()
    return None if packed is None else Evidence.from_bytes(packed)


def keep_report(
    connection: sa.Connection,
    report: Report,
    *,
    run_id: str,
    sequence: int,
    evidence_key: str,
    spec: str,
    waivers: str,
    now: float,
) -> bool:
    """Whether the report is the newest of its project: one that a slower run brings later is kept, and is not."""
    subject = report.subject
    text = report.to_json()
    place = {"workspace": subject.workspace or "", "project": subject.project}
    insert_new(
        connection,
        reports,
        {
            **place,
            "run_id": run_id,
            "report_id": report.id,
            "sequence": sequence,
            "version": subject.version,
            "model": subject.model and harmless(subject.model),
            "evidence_key": evidence_key,
            "spec_text": spec,
            "waivers": waivers,
            "created_at": now,
            "state": str(report.readiness_state),
            "blocked_by": report.blocked_by and str(report.blocked_by),
            "score": report.score,
            "headline": harmless(report.headline),
            "next_action": str(report.next_action.action),
            "next_sentence": harmless(report.next_action.sentence),
            "valid_until": report.valid_until,
            "packed": zlib.compress(text.encode(), 6),
        },
    )
    return _point_at(connection, place, report, run_id, sequence)


def _point_at(connection: sa.Connection, place: Mapping[str, str], report: Report, run_id: str, sequence: int) -> bool:
    values = {
        "run_id": run_id,
        "sequence": sequence,
        "version": report.subject.version,
        "state": NOT_PROVEN if report.blocked_by is BlockedBy.EVIDENCE else str(report.readiness_state),
        "effort": effort_of(report),
        "valid_until": report.valid_until,
    }
    if insert_new(connection, projects, {**place, **values}):
        return True
    same = [projects.c[name] == value for name, value in place.items()]
    version = report.subject.version
    older = projects.c.sequence <= sequence
    if version is not None:  # the newer version stands in front, whichever was asked for, or looked at, later
        known = projects.c.version.is_not(None)
        older = (known & (projects.c.version < version)) | (
            older & (projects.c.version.is_(None) | (projects.c.version == version))
        )
    return connection.execute(projects.update().where(*same, older).values(**values)).rowcount == 1


def newest_report(connection: sa.Connection, workspace: str, project: str) -> Kept | None:
    """The report that stands for the project now."""
    here = sa.and_(projects.c.run_id == reports.c.run_id)
    asked = (
        sa.select(reports).join(projects, here).where(projects.c.workspace == workspace, projects.c.project == project)
    )
    return _kept(connection.execute(asked).mappings().first())


def find_report(connection: sa.Connection, workspace: str, report_id: str) -> Kept | None:
    """The report of that id in the workspace; the last run's where several gave the same."""
    asked = sa.select(reports).where(reports.c.workspace == workspace, reports.c.report_id == report_id)
    return _kept(connection.execute(asked.order_by(reports.c.sequence.desc()).limit(1)).mappings().first())


def report_of_version(connection: sa.Connection, workspace: str, project: str, version: int) -> Kept | None:
    """The last report on a version of the project."""
    here = [reports.c.workspace == workspace, reports.c.project == project, reports.c.version == version]
    asked = sa.select(reports).where(*here).order_by(reports.c.sequence.desc()).limit(1)
    return _kept(connection.execute(asked).mappings().first())


def report_of_run(connection: sa.Connection, run_id: str) -> Kept | None:
    """The report that a run ended in."""
    return _kept(connection.execute(sa.select(reports).where(reports.c.run_id == run_id)).mappings().first())


def history(
    connection: sa.Connection, workspace: str, project: str, *, before: int | None, most: int
) -> Sequence[ReportRow]:
    """The reports of a project, newest first, those before the sequence number ``before``."""
    asked = sa.select(*_SHOWN).where(reports.c.workspace == workspace, reports.c.project == project)
    if before is not None:
        asked = asked.where(reports.c.sequence < before)
    rows = connection.execute(asked.order_by(reports.c.sequence.desc()).limit(most)).mappings()
    return [ReportRow(**row) for row in rows]


def overview(
    connection: sa.Connection,
    workspace: str,
    *,
    after: tuple[float, str] | None,
    most: int,
    today: date,
    state: str | None = None,
    named: str = "",
) -> Sequence[tuple[ReportRow, float]]:
    """The newest report of each project with what its way out costs, the cheapest first.

    Only those in ``state``, which may be ``NOT_PROVEN`` or ``EXPIRED``, and with ``named`` in the name.
    """
    asked = sa.select(*_SHOWN, projects.c.effort).join(projects, projects.c.run_id == reports.c.run_id)
    asked = asked.where(projects.c.workspace == workspace)
    if state == EXPIRED:
        asked = asked.where(_expired(today))
    elif state is not None:
        asked = asked.where(projects.c.state == state)
        if state in _DEPLOYABLE:
            asked = asked.where(projects.c.valid_until.is_(None) | (projects.c.valid_until >= today))
    if named:
        asked = asked.where(projects.c.project.contains(named, autoescape=True))
    if after is not None:
        asked = asked.where(sa.tuple_(projects.c.effort, projects.c.project) > sa.tuple_(*map(sa.literal, after)))
    rows = connection.execute(asked.order_by(projects.c.effort, projects.c.project).limit(most)).mappings()
    return [(ReportRow(**{name: row[name] for name in ReportRow.__dataclass_fields__}), row["effort"]) for row in rows]


def count_states(connection: sa.Connection, workspace: str, *, today: date, named: str = "") -> Mapping[str, int]:
    """How many projects stand in each state that any stands in, as ``overview`` takes them."""
    asked = sa.select(projects.c.state, sa.func.count()).where(projects.c.workspace == workspace)
    if named:
        asked = asked.where(projects.c.project.contains(named, autoescape=True))
    asked = asked.group_by(projects.c.state)
    counts = {row[0]: row[1] for row in connection.execute(asked)}
    for state, expired in connection.execute(asked.where(_expired(today))).all():
        counts |= {state: counts[state] - expired, EXPIRED: counts.get(EXPIRED, 0) + expired}
    return {state: number for state, number in counts.items() if number}


def run_out(connection: sa.Connection, workspace: str, today: date) -> list[str]:
    """The projects whose newest report holds no longer."""
    late = projects.c.valid_until < today
    asked = sa.select(projects.c.project).where(projects.c.workspace == workspace, late)
    return list(connection.execute(asked.order_by(projects.c.project)).scalars())


def _expired(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(projects.c.valid_until < today, projects.c.state.in_(_DEPLOYABLE))


def _kept(row: Mapping[Any, Any] | None) -> Kept | None:
    if row is None:
        return None
    shown = ReportRow(**{name: row[name] for name in ReportRow.__dataclass_fields__})
    return Kept(shown, row["spec_text"], row["waivers"], zlib.decompress(row["packed"]).decode())
