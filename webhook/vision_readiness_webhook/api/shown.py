"""What answers are made of: runs, reports and messages as clients see them. Moments are ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from vision_readiness.readiness import BlockedBy, NextAction, ReadinessState
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Finding
from vision_readiness.report import Report, deployable_on
from vision_readiness.report.blockers import Blocker as ReportBlocker
from vision_readiness_webhook.api.operation import Call, Shown
from vision_readiness_webhook.store.reports import ReportRow
from vision_readiness_webhook.store.runs import Run, RunState


class RunShown(Shown):
    """One recomputation: where it is, how far, and what came of it."""

    run_id: str
    url: str
    project: str
    version: int | None
    model: str | None
    because: str
    state: RunState
    stage: str
    done: int | None
    total: int | None
    eta_seconds: float | None
    attempts: int
    accepted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    report_id: str | None
    report_url: str | None
    problem: str | None
    detail: str | None


class Ticket(Shown):
    """The run that will answer; ``new`` is false where one that was asked for before says the same."""

    run: str
    url: str
    new: bool


class HintTicket(Shown):
    """The run that a hint led to; ``null`` where it tells of nothing new. ``because`` says why."""

    run: str | None
    url: str | None
    new: bool
    because: str


class ReportShown(Shown):
    """A report as lists have it."""

    report_id: str
    url: str
    run_id: str
    project: str
    version: int | None
    model: str | None
    created_at: datetime
    state: str
    deployable: bool = Field(description="today; what has run out is not, until it is decided again")
    valid_until: date | None = Field(description="the last day on which the decision holds; null for no end")
    blocked_by: str | None
    score: int | None
    headline: str
    next_action: str
    next_sentence: str


class Blocker(Shown):
    """A reason that occurred; ``about`` is the page of its code."""

    key: str = Field(description="the id of a requirement, or code and subject of a finding")
    code: str
    name: str
    severity: str
    subject: str
    sentence: str
    fix: str
    owner: str
    examples: tuple[str, ...] = Field(description="ids of images that show it")
    about: str


class Decided(Shown):
    """A decision in short."""

    state: ReadinessState
    deployable: bool
    blocked_by: BlockedBy | None
    score: int
    risk_score: float
    headline: str
    next_action: NextAction
    thresholds: Mapping[str, float]
    blockers: tuple[Blocker, ...]


def moment(seconds: float) -> datetime:
    """UTC seconds as a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def run_shown(call: Call[Any, Any], run: Run) -> RunShown:
    """The run as clients see it."""
    report_url = call.url(f"/reports/{run.report_id}") if run.report_id else None
    return RunShown(
        run_id=run.run_id,
        url=call.url(f"/runs/{run.run_id}"),
        project=run.project,
        version=run.version,
        model=run.model,
        because=run.because,
        state=run.state,
        stage=run.stage,
        done=run.done,
        total=run.total,
        eta_seconds=run.eta_seconds(call.now.timestamp()),
        attempts=run.attempts,
        accepted_at=moment(run.accepted_at),
        started_at=None if run.started_at is None else moment(run.started_at),
        finished_at=None if run.finished_at is None else moment(run.finished_at),
        report_id=run.report_id,
        report_url=report_url,
        problem=run.problem,
        detail=run.detail,
    )


def report_shown(call: Call[Any, Any], row: ReportRow) -> ReportShown:
    """The row as clients see it."""
    return ReportShown(
        report_id=row.report_id,
        url=call.url(f"/reports/{row.report_id}"),
        run_id=row.run_id,
        project=row.project,
        version=row.version,
        model=row.model,
        created_at=moment(row.created_at),
        state=row.state,
        deployable=deployable_on(row, call.now.date()),
        valid_until=row.valid_until,
        blocked_by=row.blocked_by,
        score=row.score,
        headline=row.headline,
        next_action=row.next_action,
        next_sentence=row.next_sentence,
    )


def blockers(call: Call[Any, Any], report: Report) -> tuple[Blocker, ...]:
    """What blocks the release, as clients see it: critical requirements first, then findings."""
    names = {one.requirement.id: one.requirement.name for one in report.requirements}
    found = {one.key: one for one in report.findings}
    return tuple(
        _finding(call, found[one.key]) if one.key in found else _unmet(call, one, names[one.key])
        for one in report.blockers
    )


def findings(call: Call[Any, Any], given: Iterable[Finding]) -> tuple[Blocker, ...]:
    """Findings as clients see them, each with the page of its reason."""
    return tuple(_finding(call, one) for one in given)


def _finding(call: Call[Any, Any], one: Finding) -> Blocker:
    return Blocker(
        key=one.key,
        code=one.code,
        name=one.name,
        severity=str(one.severity),
        subject=one.subject,
        sentence=one.sentence,
        fix=one.fix,
        owner=str(one.owner),
        examples=one.examples,
        about=reason_url(call, one.code),
    )


def _unmet(call: Call[Any, Any], one: ReportBlocker, requirement: str) -> Blocker:
    reason = REASONS[one.code]
    return Blocker(
        key=one.key,
        code=one.code,
        name=reason.name,
        severity=str(reason.severity),
        subject=requirement,
        sentence=one.sentence,
        fix=reason.fix,
        owner=str(reason.owner),
        examples=(),
        about=reason_url(call, one.code),
    )


def decided(call: Call[Any, Any], report: Report) -> Decided:
    """The report in short."""
    return Decided(
        state=report.readiness_state,
        deployable=deployable_on(report, call.now.date()),
        blocked_by=report.blocked_by,
        score=report.score,
        risk_score=report.failure_probability,
        headline=report.headline,
        next_action=report.next_action,
        thresholds=report.scores.thresholds,
        blockers=blockers(call, report),
    )


def reason_url(call: Call[Any, Any], code: str) -> str:
    """The page of a reason code."""
    return call.url(f"/reasons/{code}")
