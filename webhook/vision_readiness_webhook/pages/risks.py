"""Accepted risks: what a named person lives with until a day, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.words import harmless
from vision_readiness.report import Report, digest_of
from vision_readiness.requirement import Outcome
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.newest import newest, report_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.given import waivers_in_force

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that stands against a release, as a waiver names it.

    One that is about all of a class ``covers`` requirements, whose sentences these are.
    """

    code: str
    subject: str
    sentence: str
    waivable: bool
    covers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A name for it that can stand in an address, whatever the subject is called."""
        return digest_of(self.code, self.subject)


def risks_of(report: Report) -> tuple[Risk, ...]:
    """What stands against a release, what can be accepted first: requirements, also all of a class, and findings."""
    found = {(risk.code, risk.subject): risk for risk in (*_of_classes(report), *_risks(report))}
    return tuple(sorted(found.values(), key=lambda risk: not risk.waivable))


def show(visit: Visit) -> Response:
    """What is accepted, and what could be."""
    return _page(visit, {"risk": visit.asked("risk")}, {})


def change(visit: Visit) -> Response:
    """A risk is accepted, or one is taken back; either decides again at once."""
    if visit.form.get("do") == "withdraw":
        return visit.follow(visit.actions.withdraw_risk(visit.project, visit.form.get("waiver", "")))
    form = {name: visit.form.get(name, "").strip() for name in ("risk", "reason", "expires", "person")}
    wrong = {}
    if not form["reason"]:
        wrong["reason"] = "Say why it is accepted; it is printed on every report."
    if not form["person"]:
        wrong["person"] = "Name who accepts it."
    expires = _day(form["expires"])
    if expires is None or expires < visit.service.clock.now().date():
        wrong["expires"] = "Give a day that is still to come, such as 2027-01-31."
    risk = next((one for one in risks_of(report_of(newest(visit))) if one.id == form["risk"]), None)
    if risk is None:
        wrong["risk"] = "This no longer blocks the release: choose again."
    if wrong or risk is None or expires is None:
        return _page(visit, form, wrong, 422)
    try:
        _, receipt = visit.actions.accept_risk(
            visit.project, risk.code, risk.subject, form["reason"], expires, person=form["person"]
        )
    except ProblemError as error:
        return _page(visit, form, {"risk": error.detail}, error.status)
    return visit.follow(receipt)


def _page(visit: Visit, form: dict[str, str], wrong: dict[str, str], status: int = 200) -> Response:
    kept = newest(visit)
    report = report_of(kept)
    risks = risks_of(report)
    with visit.service.database.read() as connection:
        accepted = waivers_in_force(connection, visit.actor.workspace, visit.project)
    today = visit.service.clock.now().date()
    usual = {"reason": "", "expires": (today + timedelta(days=USUAL_DAYS)).isoformat(), "person": visit.actor.person}
    chosen = next((risk for risk in risks if risk.id == form["risk"]), None)
    covered = {(risk.code, sentence) for risk in risks for sentence in risk.covers}
    folded = [risk for risk in risks if (risk.code, risk.sentence) in covered]
    values: dict[str, Any] = {"accepted": accepted, "chosen": chosen, "form": {**usual, **form}, "wrong": wrong}
    values |= {"risks": risks, "folded": folded, "today": today.isoformat()}
    return visit.page("risks.html.j2", status, project=visit.project, report=report, **values)


def _of_classes(report: Report) -> Iterator[Risk]:
    together: dict[tuple[str, str], list[str]] = {}
    for result in report.requirements:
        label = result.requirement.label
        if result.outcome is not Outcome.PASS and label is not None and result.code in REASONS:
            together.setdefault((result.code, label), []).append(result.because)
    for (code, label), sentences in together.items():
        if len(sentences) > 1:
            said = f"{len(sentences)} requirements of `{label}` do not pass, in one situation or another."
            yield replace(_risk(code, label, said), covers=tuple(sentences))


def _risks(report: Report) -> Iterator[Risk]:
    for result in report.requirements:
        if result.outcome is not Outcome.PASS and result.code in REASONS:
            yield _risk(result.code, result.requirement.name, result.because)
    for finding in report.findings:
        if finding.code in REASONS and finding.severity is not Severity.P2:
            yield _risk(finding.code, finding.subject, finding.sentence)


def _risk(code: str, subject: str, sentence: str) -> Risk:
    """A subject that holds half a character cannot be written into a waiver."""
    return Risk(code, subject, sentence, REASONS[code].waivable and "\ufffd" not in harmless(subject))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
