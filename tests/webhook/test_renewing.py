from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.sdk.decide.cases import a_spec, gathered
from tests.webhook.jobs_on_paper import JobsOnPaper
from tests.webhook.serving import Served, running, served, settings_in
from vision_readiness import Waiver
from vision_readiness.advisor import decide
from vision_readiness.testing import StillClock
from vision_readiness_webhook.access import Actor, Role
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.intake import RUN
from vision_readiness_webhook.service import Service
from vision_readiness_webhook.store.given import add_waiver, pack_spec, pack_waivers
from vision_readiness_webhook.store.reports import count_states, keep_evidence, keep_report
from vision_readiness_webhook.store.runs import Asked, RunState, add_run, change_run

EVIDENCE, SPEC = gathered(missed={"forklift": 14}), a_spec(seasons={})
"""Forklifts are not proven, and nothing else stands against a release."""

LAST_DAY = 3


def accept_and_report(service: Service) -> str:
    """The id of the report on ``EVIDENCE`` whose only blocker is accepted for ``LAST_DAY`` days."""
    now, at = service.clock.now(), service.clock.now().timestamp()
    (code,) = {one.code for one in decide(EVIDENCE, SPEC, as_of=now).blockers}
    waiver = Waiver(code, "forklift", "Neha Kapoor", "a pilot", now.date() + timedelta(days=LAST_DAY))
    report = decide(EVIDENCE, SPEC, as_of=now, waivers=(waiver,))
    with service.database.write() as connection:
        keep_evidence(connection, EVIDENCE, "acme", at)
        add_waiver(connection, "acme", "dock", waiver, "neha@acme.example", at)
        run_id, _ = add_run(connection, Asked("acme", "dock", 3, None, "version.created"), at)
        change_run(connection, run_id, state=RunState.SUCCEEDED)
        key, spec, waivers = EVIDENCE.digest, pack_spec(SPEC), pack_waivers((waiver,))
        keep_report(connection, report, run_id=run_id, sequence=1, evidence_key=key, spec=spec, waivers=waivers, now=at)
    return report.id


async def told(service: Served) -> tuple[bool, str, bool, dict[str, int]]:
    """Whether it is deployable in the list, its state there, whether the gate opens, and what the overview counts."""
    inside, client = service.app.state.service, service.client
    token = {"authorization": f"Bearer {service.token()}"}
    (row,) = (await client.get("/projects", headers=token)).json()["items"]
    history = (await client.get("/projects/dock/history", headers=token)).json()["items"]
    assert history[0]["deployable"] == row["deployable"]
    deployed = await client.post("/vision-readiness/deploy", headers=token, json={"model": "dock/3"})
    assert deployed.json().get("deployable", False) == row["deployable"]
    page = await client.get("/app/dock", headers=token)
    assert page.status_code == 200, page.text
    assert ("/app/dock/rollout" in page.text) == row["deployable"]
    gate = Actions(inside, Actor("acme", "neha@acme.example", Role.DEPLOYER)).gate(row["report_id"])
    with inside.database.read() as connection:
        counts = count_states(connection, "acme", today=inside.clock.now().date())
    return row["deployable"], row["state"], gate.opens, dict(counts)


def test_a_waiver_ends_with_its_last_day_everywhere_and_the_day_after_it_is_decided_again(tmp_path: Path) -> None:
    async def test() -> None:
        clock, jobs = StillClock(), JobsOnPaper()
        async with served(
            tmp_path, settings=settings_in(tmp_path, workers=0), job_engine=jobs, channels={}, clock=clock
        ) as service:
            inside = service.app.state.service
            accept_and_report(inside)
            clock.advance(LAST_DAY * 86400.0)
            assert inside.renewing.renew() == 0
            assert await told(service) == (True, "warning", True, {"warning": 1})
            clock.advance(86400.0)
            assert (await told(service))[:3] == (False, "warning", False)
            assert (await told(service))[3] == {"expired": 1}
            assert [inside.renewing.renew(), inside.renewing.renew()] == [1, 0]
            (run,) = (subject for kind, subject, _ in jobs.jobs if kind == RUN)
            inside.worker.run(run)
            assert (await told(service))[:3] == (False, "blocked", False)
            assert (await told(service))[3] == {"not_proven": 1}
            clock.advance(86400.0)
            assert inside.renewing.renew() == 0

    running(test)
