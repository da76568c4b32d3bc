"""The actions of people: every change in one transaction with its line in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from vision_readiness import DeploymentSpec, Report, Waiver, explain, read_spec
from vision_readiness.advisor import decide
from vision_readiness.errors import InputError, SpecError
from vision_readiness_webhook.access import Actor
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.intake import Arrival, Receipt
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.risks import can_name
from vision_readiness_webhook.rollout import Gate, gate_of
from vision_readiness_webhook.service import Service
from vision_readiness_webhook.store.given import (
    SavedSpec,
    add_waiver,
    save_spec,
    saved_spec,
    waivers_in_force,
    withdraw_waiver,
)
from vision_readiness_webhook.store.people import (
    FixStep,
    RolloutDecision,
    Step,
    fix_key,
    keep_decision,
    keep_step,
    new_decision_id,
    sign,
)
from vision_readiness_webhook.store.reports import Kept, find_report, load_evidence, newest_report
from vision_readiness_webhook.store.runs import REDECIDE, Asked

MAX_SPEC_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Actions:
    """What ``actor``, whose role was checked, can do in their own workspace."""

    service: Service
    actor: Actor

    def scan(self, project: str, version: int | None, model: str | None = None, *, again: str | None = None) -> Receipt:
        """The run that looks at the version; ``again`` is any word that tells this look from an earlier one."""
        content = (again,) if again else ()
        asked = Asked(self.actor.workspace, project, version, model, "scan", content)
        receipt = self.service.intake.accept(Arrival(asked))
        with self.service.database.write() as connection:
            self._log(connection, "scan", f"{project}/{version or 'newest'}", {"run": receipt.run_id})
        return receipt

    def preview_spec(self, project: str, text: str) -> Report:
        """The report that the specification would lead to, decided from the evidence there is; nothing is kept."""
        spec = _read(text)
        with self.service.database.read() as connection:
            kept = self._newest(connection, project)
            known = load_evidence(connection, self.actor.workspace, kept.row.evidence_key)
            accepted = tuple(waivers_in_force(connection, self.actor.workspace, project).values())
        if known is None:
            raise ProblemError(409, "no-evidence", "The evidence of this project is not kept any more; scan it again.")
        now, policy = self.service.clock.now(), self.service.policy
        return decide(known, spec, as_of=now, policy=policy, waivers=accepted)

    def save_spec(self, project: str, text: str, *, expected: str | None = None) -> tuple[SavedSpec, Receipt]:
        """The specification, in force, and the run that decides again under it.

        ``expected`` is the digest of the one it is to replace (``""`` for none): raises ``ProblemError`` 409 where
        somebody else was faster.
        """
        _read(text)
        with self.service.database.write() as connection:
            self._known(connection, project)
            before = saved_spec(connection, self.actor.workspace, project)
            if expected is not None and expected != (before.digest if before else ""):
                said = "Somebody saved another specification meanwhile: look at theirs, and save again."
                raise ProblemError(409, "changed-meanwhile", said)
            saved = save_spec(connection, self.actor.workspace, project, text, self.actor.person, self._now())
            was = before.digest if before else None
            self._log(connection, "spec.saved", project, {"digest": saved.digest, "replaces": was})
        return saved, self._decide_again(project, f"spec {saved.digest} {saved.created_at}")

    def accept_risk(
        self, project: str, code: str, subject: str, reason: str, expires: date, *, person: str | None = None
    ) -> tuple[str, Receipt]:
        """The id of the waiver, and the run that decides again under it. INPUT and leakage cannot be waived."""
        try:
            known = explain(code)
        except InputError as error:
            raise ProblemError(422, "no-such-reason", str(error)) from None
        if not known.waivable:
            raise ProblemError(422, "not-waivable", f"{code} cannot be accepted as a risk: {known.meaning}")
        if expires < self.service.clock.now().date():
            raise ProblemError(422, "already-expired", "A risk is accepted until a day that is still to come.")
        if not reason.strip():
            raise ProblemError(422, "no-reason", "Say why the risk is accepted; it is printed on every report.")
        waiver = Waiver(code, subject, person or self.actor.person, " ".join(reason.split()), expires)
        with self.service.database.write() as connection:
            if not can_name(self._newest(connection, project).report(), code, subject):
                said = "The report that stands holds no such code and subject: take both from it."
                raise ProblemError(404, "no-such-risk", said)
            waiver_id = add_waiver(connection, self.actor.workspace, project, waiver, self.actor.person, self._now())
            detail = {"code": code, "subject": subject, "reason": waiver.reason, "expires": expires.isoformat()}
            self._log(connection, "risk.accepted", project, {**detail, "waiver": waiver_id, "person": waiver.person})
        return waiver_id, self._decide_again(project, f"waiver {waiver_id}")

    def withdraw_risk(self, project: str, waiver_id: str) -> Receipt:
        """The run that decides again without the waiver."""
        with self.service.database.write() as connection:
            if not withdraw_waiver(connection, self.actor.workspace, project, waiver_id, self._now()):
                raise ProblemError(404, "not-found", "Accepted risk not found, or it was withdrawn.")
            self._log(connection, "risk.withdrawn", project, {"waiver": waiver_id})
        return self._decide_again(project, f"withdrawn {waiver_id}")

    def gate(self, report_id: str) -> Gate:
        """Every question that stands between the report and a rollout, answered as of now."""
        with self.service.database.read() as connection:
            kept = self._report(connection, report_id)
            return gate_of(connection, self._workspace(), kept, self.service.clock, self.service.policy)

    def sign_off(self, report_id: str) -> Gate:
        """The gate once the actor has signed the report; 403 for whom the specification does not name, 409 if shut."""
        with self.service.database.write() as connection:
            kept = self._report(connection, report_id)
            gate = gate_of(connection, self._workspace(), kept, self.service.clock, self.service.policy)
            if self.actor.person not in (*gate.missing, *gate.signed):
                raise ProblemError(403, "not-named", "The specification does not name you among those who sign.")
            if not gate.opens_once_signed:
                raise ProblemError(409, "not-deployable", _first_no(gate), path=gate.path())
            if sign(connection, self.actor.workspace, kept.row.run_id, self.actor.person, self._now()):
                self._log(connection, "rollout.signed", kept.row.project, {"report": report_id})
            return gate_of(connection, self._workspace(), kept, self.service.clock, self.service.policy)

    def roll_out(self, report_id: str, *, confirmed: str = "") -> RolloutDecision:
        """The decision to roll out what the report is about. A refusal is kept too, and raises 409 with its path.

        ``confirmed`` is what the actor gave their word for; it stands at the end of the path.
        """
        with self.service.database.write() as connection:
            kept = self._report(connection, report_id)
            gate = gate_of(connection, self._workspace(), kept, self.service.clock, self.service.policy)
            row = kept.row
            word = [{"name": "confirmed", "holds": True, "answer": confirmed}] if confirmed else []
            path = [*gate.path(), *word]
            made = RolloutDecision(
                new_decision_id(),
                row.project,
                row.run_id,
                row.report_id,
                "rollout" if gate.opens else "refused",
                self.actor.person,
                path,
                self._now(),
            )
            keep_decision(connection, self.actor.workspace, made)
            detail = {"report": report_id, "decision": made.decision_id, "path": path}
            self._log(connection, f"rollout.{'decided' if gate.opens else 'refused'}", row.project, detail)
        if not gate.opens:
            raise ProblemError(409, "not-deployable", _first_no(gate), path=gate.path())
        return made

    def fix_step(self, report_id: str, fix: str, step: FixStep) -> None:
        """Somebody did something about a fix of the report."""
        with self.service.database.write() as connection:
            kept = self._report(connection, report_id)
            row = kept.row
            named = next((one for one in kept.report().fixes if one.title[:300] == fix[:300]), None)
            if named is None:
                raise ProblemError(404, "no-such-fix", "The report proposes no such fix: take its title from there.")
            done = Step(row.run_id, fix_key(named), step, self.actor.person, self._now())
            keep_step(connection, self.actor.workspace, row.project, done)
            self._log(connection, f"fix.{step}", row.project, {"report": report_id, "fix": fix[:300]})

    def look_at(self, report_id: str) -> Kept:
        """The report; that it was looked at is on record."""
        with self.service.database.write() as connection:
            kept = self._report(connection, report_id)
            self._log(connection, "report.viewed", kept.row.project, {"report": report_id})
        return kept

    def _decide_again(self, project: str, content: str) -> Receipt:
        asked = Asked(self.actor.workspace, project, None, None, REDECIDE, (content,))
        return self.service.intake.accept(Arrival(asked))

    def _report(self, connection: sa.Connection, report_id: str) -> Kept:
        kept = find_report(connection, self.actor.workspace, report_id)
        if kept is None:
            raise ProblemError(404, "not-found", "Report not found, or you have no access.")
        return kept

    def _newest(self, connection: sa.Connection, project: str) -> Kept:
        kept = newest_report(connection, self.actor.workspace, project)
        if kept is None:
            raise ProblemError(404, "not-found", "Project not found, or it was never scanned.")
        return kept

    def _known(self, connection: sa.Connection, project: str) -> None:
        self._newest(connection, project)

    def _workspace(self) -> Workspace:
        workspace = self.service.registry.workspace(self.actor.workspace)
        if workspace is None:
            raise ProblemError(404, "not-found", "The workspace is not served any more.")
        return workspace

    def _log(self, connection: sa.Connection, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        add_entry(connection, self.actor.workspace, self.actor.person, action, subject, self._now(), detail)

    def _now(self) -> float:
        return self.service.clock.now().timestamp()


def _read(text: str) -> DeploymentSpec:
    if len(text.encode()) > MAX_SPEC_BYTES:
        raise ProblemError(413, "too-large", f"A specification has at most {MAX_SPEC_BYTES} bytes.")
    try:
        spec = read_spec(text)
    except SpecError as error:
        raise ProblemError(422, "not-a-specification", str(error)) from None
    return spec


def _first_no(gate: Gate) -> str:
    return next(question.answer for question in gate.questions if not question.holds)
