"""The rollout: shown only for what may be deployed, decided by a person, and written down with the way there."""

from __future__ import annotations

from starlette.responses import Response

from vision_readiness.render.html import page_values
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.newest import newest
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.rollout import to_confirm
from vision_readiness_webhook.store.given import unpack_spec
from vision_readiness_webhook.store.people import decisions_of


def show(visit: Visit) -> Response:
    """Every question that stands before a rollout with its answer, and the one button if all hold."""
    kept = newest(visit)
    gate = visit.actions.gate(kept.row.report_id)
    spec = unpack_spec(kept.spec_text)
    with visit.service.database.read() as connection:
        decided = decisions_of(connection, visit.actor.workspace, visit.project)
    made = next((one for one in decided if one.decision_id == visit.asked("decision")), None)
    return visit.page(
        "rollout_gate.html.j2",
        **page_values(gate.report, on=visit.service.clock.now().date()),
        project=visit.project,
        row=kept.row,
        gate=gate,
        spec=spec,
        wanted=spec.rollout.sign_off if spec.rollout else (),
        to_confirm=to_confirm(gate.report),
        made=made,
        decided=decided,
    )


def decide(visit: Visit) -> Response:
    """Sign, or roll out; both are of the very report that was looked at."""
    report_id = visit.form.get("report", "")
    if newest(visit).row.report_id != report_id:
        raise ProblemError(409, "changed-meanwhile", "A newer report stands for the project: look at that one first.")
    if visit.form.get("do") == "sign":
        visit.actions.sign_off(report_id)
        return visit.go("app", visit.project, "rollout")
    if not visit.actor.role.covers(Role.DEPLOYER):
        raise ProblemError(403, "role-too-small", f"To roll out needs the role deployer; yours is {visit.actor.role}.")
    confirmed = to_confirm(visit.actions.gate(report_id).report)
    if confirmed and visit.form.get("confirmed") != "on":
        raise ProblemError(422, "not-confirmed", f"Confirm it first: {confirmed}")
    made = visit.actions.roll_out(report_id, confirmed=confirmed)
    return visit.go("app", visit.project, "rollout", decision=made.decision_id)
