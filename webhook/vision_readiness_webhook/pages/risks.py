"""Accepted risks: what a named person lives with until a day, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.newest import newest, report_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.risks import risks_of
from vision_readiness_webhook.store.given import waivers_in_force

USUAL_DAYS = 30


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
    covered = {key for risk in risks for key in risk.covers}
    folded = [risk for risk in risks if risk.key in covered]
    sentences = {risk.key: risk.sentence for risk in risks}
    values: dict[str, Any] = {"accepted": accepted, "chosen": chosen, "form": {**usual, **form}, "wrong": wrong}
    values |= {"risks": risks, "folded": folded, "sentences": sentences, "today": today.isoformat()}
    return visit.page("risks.html.j2", status, project=visit.project, report=report, **values)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
