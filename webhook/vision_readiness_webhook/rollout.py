"""Whether a report may be rolled out now: every question asked in order, and every answer kept.

A report was right on its day. Before anything is deployed it is decided again as of today, and what came later counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from vision_readiness import Policy, Report
from vision_readiness.advisor import decide
from vision_readiness.numbers import count
from vision_readiness.ports import Clock
from vision_readiness.readiness import ReadinessState
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.phrases import state_words
from vision_readiness.report import deployable_on, has_run_out
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store.given import SavedSpec, saved_spec, unpack_spec, waivers_in_force
from vision_readiness_webhook.store.people import signed_by
from vision_readiness_webhook.store.reports import Kept, load_evidence, newest_report
from vision_readiness_webhook.store.runs import RunState
from vision_readiness_webhook.store.schema import runs


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that has to hold before a rollout; ``answer`` says in a sentence what was found."""

    name: str
    holds: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Every question about rolling out one report, and what the people are who still have to sign it."""

    report: Report
    questions: tuple[Question, ...]
    missing: tuple[str, ...]
    signed: tuple[str, ...]

    @property
    def opens(self) -> bool:
        return all(question.holds for question in self.questions)

    @property
    def opens_once_signed(self) -> bool:
        """Whether nothing but signatures is missing."""
        return all(question.holds for question in self.questions if question.name != "signed")

    def path(self) -> list[dict[str, Any]]:
        """The questions as plain values, for the log."""
        return [asdict(question) for question in self.questions]


def to_confirm(report: Report) -> str:
    """What whoever rolls out has to confirm in the state of the report; empty where that is nothing.

    A warning is read by the person who ships in spite of it, and monitoring is vouched for by name.
    """
    if report.readiness_state is ReadinessState.MONITOR_REQUIRED:
        return "Monitoring is set up, and somebody watches it from the first day on."
    warnings = sum(finding.severity is not Severity.P2 for finding in report.findings) + len(report.waived)
    if report.readiness_state is ReadinessState.WARNING:
        return f"I have read {count(warnings, 'warning')} and ship in spite of {'it' if warnings == 1 else 'them'}."
    return ""


def gate_of(connection: sa.Connection, workspace: Workspace, kept: Kept, clock: Clock, policy: Policy) -> Gate:
    """The gate in front of the report as it stands at this moment."""
    row = kept.row
    accepted = tuple(waivers_in_force(connection, row.workspace, row.project).values())
    spec = unpack_spec(kept.spec_text)
    known = load_evidence(connection, row.workspace, row.evidence_key)
    again = None if known is None else decide(known, spec, as_of=clock.now(), policy=policy, waivers=accepted)
    report = kept.report()
    signed = tuple(signed_by(connection, row.workspace, row.run_id))
    wanted = spec.rollout.sign_off if spec.rollout else ()
    missing = tuple(person for person in wanted if person not in signed)
    saved = saved_spec(connection, row.workspace, row.project)
    questions = (
        *_about_the_report(report, again, clock.now().date()),
        _newest(connection, kept),
        _spec_unchanged(saved, row.created_at),
        _signed(wanted, missing),
    )
    return Gate(report if again is None else again, questions, missing, signed)


def _about_the_report(report: Report, again: Report | None, today: date) -> Iterator[Question]:
    said = f"The report says {state_words(report.readiness_state)}: {report.headline}"
    if has_run_out(report, today):
        said = f"{said} It held until {report.valid_until}."
    yield Question("deployable", deployable_on(report, today), said)
    if again is None:
        yield Question("decided again today", holds=False, answer="Its evidence is not kept any more: scan again.")
    else:
        answer = f"Decided again as of today, it is {state_words(again.readiness_state)}."
        yield Question("decided again today", holds=deployable_on(again, today), answer=answer)


def _newest(connection: sa.Connection, kept: Kept) -> Question:
    row = kept.row
    newest = newest_report(connection, row.workspace, row.project)
    if newest is None or newest.row.run_id != row.run_id:
        return Question("newest", holds=False, answer="A newer report stands for the project: look at that one.")
    waiting = sa.select(runs.c.run_id).where(
        runs.c.workspace == row.workspace,
        runs.c.project == row.project,
        runs.c.sequence > row.sequence,
        runs.c.state.in_([RunState.QUEUED, RunState.RUNNING]),
    )
    if connection.execute(waiting.limit(1)).first() is not None:
        return Question("newest", holds=False, answer="A newer run is in progress: wait for its report.")
    return Question("newest", holds=True, answer="No newer report, version or model is known.")


def _spec_unchanged(saved: SavedSpec | None, decided_at: float) -> Question:
    if saved is not None and saved.created_at > decided_at:
        answer = "The specification was changed since: wait until it is decided again."
        return Question("specification", holds=False, answer=answer)
    return Question("specification", holds=True, answer="Decided under the specification in force.")


def _signed(wanted: tuple[str, ...], missing: tuple[str, ...]) -> Question:
    if missing:
        return Question("signed", holds=False, answer=f"Still to sign: {', '.join(missing)}.")
    answer = f"Signed by {', '.join(wanted)}." if wanted else "The specification asks for nobody's signature."
    return Question("signed", holds=True, answer=answer)
